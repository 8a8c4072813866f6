//! Everything a swarm holds, in six calls.

use std::sync::Arc;

use hyper::Method;
use serde_json::Value;
use tokio::sync::Mutex;
use tranship_backend::deploy::Fault;
use tranship_model::ObjectId;

use super::labels::{self, NAME, NOTE, STACK, TEXT};
use super::transport::{Answer, Engine};

/// Kinds of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Network,
    Secret,
    Config,
    Service,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Network, Self::Secret, Self::Config, Self::Service];

    /// The word of translations.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Secret => "secret",
            Self::Config => "config",
            Self::Service => "service",
        }
    }

    /// Where the engine's API has them.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Network => "/networks",
            Self::Secret => "/secrets",
            Self::Config => "/configs",
            Self::Service => "/services",
        }
    }

    /// The kind of an object, if Swarm knows it.
    pub(super) fn of(object: &ObjectId) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == object.kind)
    }
}

/// An object as the engine keeps it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// The engine's identity for it.
    pub(super) id: String,
    /// The name it is stored under.
    pub(super) name: String,
    /// Needed to change it.
    pub(super) version: u64,
    /// When it was made, in the engine's words, which sort by time.
    pub(super) created: String,
    /// What people set on it, and for networks what the engine added.
    pub(super) spec: Value,
}

impl Item {
    /// Reads one out of an answer.
    pub(super) fn of(kind: Kind, item: &Value) -> Option<Self> {
        let text = |key: &str| Some(item.get(key)?.as_str()?.to_owned());
        let (id, created, spec) = match kind {
            Kind::Network => (text("Id")?, text("Created"), item),
            Kind::Secret | Kind::Config | Kind::Service => {
                (text("ID")?, text("CreatedAt"), item.get("Spec")?)
            }
        };
        Some(Self {
            kind,
            id,
            name: spec.get("Name")?.as_str()?.to_owned(),
            version: item
                .pointer("/Version/Index")
                .and_then(Value::as_u64)
                .unwrap_or_default(),
            created: created.unwrap_or_default(),
            spec: spec.clone(),
        })
    }

    /// The name it has in a translation.
    pub(super) fn logical(&self) -> &str {
        labels::label(&self.spec, NAME).unwrap_or(&self.name)
    }

    /// The stack whose mark it has.
    pub(super) fn stack(&self) -> Option<&str> {
        labels::label(&self.spec, STACK)
    }

    /// What people call one whose place was taken: the name it is stored under, or, where that is
    /// the one its successor has in the translation, with a part of its identity.
    pub(super) fn replaced_id(&self) -> ObjectId {
        if self.name == self.logical() {
            let short = self.id.get(..8).unwrap_or(&self.id);
            return ObjectId::new(self.kind.as_str(), format!("{}@{short}", self.name));
        }
        ObjectId::new(self.kind.as_str(), self.name.as_str())
    }
}

/// Everything a swarm holds, our own notes aside.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Inventory {
    pub(super) items: Vec<Item>,
}

impl Inventory {
    /// Reads all kinds.
    pub(super) async fn read(engine: &Engine) -> Result<Self, Fault> {
        let [networks, secrets, configs, services] = Kind::ALL.map(|kind| list(engine, kind));
        let all = tokio::try_join!(
            networks,
            secrets,
            configs,
            services,
            predefined(engine, "host"),
            predefined(engine, "bridge"),
        )?;
        let mut items = [all.0, all.1, all.2, all.3].concat();
        items.extend(all.4);
        items.extend(all.5);
        Ok(Self { items })
    }

    /// What services refer to.
    pub(super) async fn read_referenced(engine: &Engine) -> Result<Self, Fault> {
        let [networks, secrets, configs, _] = Kind::ALL.map(|kind| list(engine, kind));
        let all = tokio::try_join!(networks, secrets, configs)?;
        Ok(Self {
            items: [all.0, all.1, all.2].concat(),
        })
    }

    /// The object of a name in a translation: the newest of ours, or whoever has that very name.
    pub(super) fn current(&self, kind: Kind, stack: &str, name: &str) -> Option<&Item> {
        let of_kind = || self.items.iter().filter(move |item| item.kind == kind);
        let ours = of_kind().filter(|item| item.stack() == Some(stack) && item.logical() == name);
        let newest = ours.max_by(|one, other| one.created.cmp(&other.created));
        // Of networks, nodes may have one of their own under the same name.
        let is_wide = |item: &&Item| item.spec.get("Scope").is_none_or(|scope| scope == "swarm");
        newest
            .or_else(|| of_kind().filter(is_wide).find(|item| item.name == name))
            .or_else(|| of_kind().find(|item| item.name == name))
    }

    /// The name in a translation of an engine's identity, unless its place was taken.
    pub(super) fn name_of(&self, kind: Kind, stack: &str, id: &str) -> Option<&str> {
        let mut items = self.items.iter();
        let item = items.find(|item| item.kind == kind && item.id == id)?;
        let current = self.current(kind, stack, item.logical())?;
        (current.id == item.id).then(|| item.logical())
    }

    /// Everything with the mark of a stack.
    pub(super) fn of_stack(&self, stack: &str) -> impl Iterator<Item = &Item> {
        self.items
            .iter()
            .filter(move |item| item.stack() == Some(stack))
    }
}

/// What services refer to, read once for all that are sent side by side.
#[derive(Default)]
pub(super) struct Referenced(Mutex<Option<Arc<Inventory>>>);

impl Referenced {
    /// Reads it, unless it is known.
    pub(super) async fn read(&self, engine: &Engine) -> Result<Arc<Inventory>, Fault> {
        let mut known = self.0.lock().await;
        if let Some(inventory) = &*known {
            return Ok(Arc::clone(inventory));
        }
        let inventory = Arc::new(Inventory::read_referenced(engine).await?);
        *known = Some(Arc::clone(&inventory));
        Ok(inventory)
    }

    /// Forgets it: something of it was written.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

/// Every object of a kind.
pub(super) async fn list(engine: &Engine, kind: Kind) -> Result<Vec<Item>, Fault> {
    let answer = engine.call(Method::GET, kind.path(), None).await?;
    let items = succeeded(engine, answer)?;
    let items = items.as_array().into_iter().flatten();
    let items = items.filter_map(|item| Item::of(kind, item));
    Ok(items
        .filter(|item| !is_note(item) && !is_remains(item))
        .collect())
}

/// Whether it is a note of ours that says something. One that was emptied to be deleted, by a run
/// that did not get to it, is like any other object nobody wants any more.
fn is_note(item: &Item) -> bool {
    let text = labels::label(&item.spec, TEXT);
    labels::label(&item.spec, NOTE).is_some() && text.is_some_and(|text| !text.is_empty())
}

/// Whether a network is gone from the swarm, and its node only keeps it until the last task that
/// used it has ended. The list mixes both; only of its own the node tells the containers.
fn is_remains(item: &Item) -> bool {
    let said = |key| item.spec.get(key);
    item.kind == Kind::Network
        && said("Scope").is_some_and(|scope| scope == "swarm")
        && said("Containers").is_some_and(Value::is_object)
}

/// The swarm's own entry for a network every node has, which no list shows.
async fn predefined(engine: &Engine, name: &str) -> Result<Option<Item>, Fault> {
    let path = format!("/networks/{name}?scope=swarm");
    let answer = engine.call(Method::GET, &path, None).await?;
    if answer.status.as_u16() == 404 {
        return Ok(None);
    }
    Ok(Item::of(Kind::Network, &succeeded(engine, answer)?))
}

/// The body of a good answer.
pub(super) fn succeeded(engine: &Engine, answer: Answer) -> Result<Value, Fault> {
    if answer.status.is_success() {
        return Ok(answer.body);
    }
    Err(refusal(engine, &answer, None))
}

/// What a bad answer means.
pub(super) fn refusal(engine: &Engine, answer: &Answer, object: Option<&ObjectId>) -> Fault {
    refusal_at(&engine.host, answer, object)
}

fn refusal_at(host: &str, answer: &Answer, object: Option<&ObjectId>) -> Fault {
    let reason = answer.message();
    if matches!(answer.status.as_u16(), 401 | 403) {
        return Fault::Denied {
            place: host.to_owned(),
            missing: vec![reason],
        };
    }
    if answer.is_broken() {
        return Fault::Unreachable {
            place: host.to_owned(),
            reason: format!("it answers {}: {reason}", answer.status.as_u16()),
        };
    }
    match object {
        Some(object) => Fault::Refused {
            object: object.clone(),
            reason,
        },
        None => Fault::Other(format!("{host}: {reason}")),
    }
}

#[cfg(test)]
mod tests {
    use hyper::StatusCode;
    use serde_json::json;

    use super::*;

    fn network(containers: &Value) -> Item {
        let said = json!({"Id": "n1", "Name": "net", "Scope": "swarm", "Containers": containers});
        Item::of(Kind::Network, &said).unwrap()
    }

    #[test]
    fn a_network_only_a_node_still_knows_is_not_there() {
        assert!(is_remains(&network(&json!({}))));
        assert!(!is_remains(&network(&Value::Null)));
        let bridge = json!({"Id": "b", "Name": "bridge", "Scope": "local", "Containers": {}});
        assert!(!is_remains(&Item::of(Kind::Network, &bridge).unwrap()));
    }

    #[test]
    fn an_emptied_note_is_left_over_and_one_with_text_is_ours_alone() {
        let note = |text: &str| {
            let labels = json!({STACK: "shop", NOTE: "lock", TEXT: text});
            let spec = json!({"Name": "tranship_shop_lock", "Labels": labels});
            Item::of(Kind::Config, &json!({"ID": "c1", "Spec": spec})).unwrap()
        };
        assert!(is_note(&note("held")));
        assert!(!is_note(&note("")));
    }

    fn fault(status: u16, message: &str) -> Fault {
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            body: json!({"message": message}),
        };
        refusal_at("unix:///x", &answer, Some(&ObjectId::new("service", "web")))
    }

    #[test]
    fn an_engine_that_breaks_cannot_be_reached_and_one_that_decides_refuses() {
        let is_unreachable = |fault: &Fault| matches!(fault, Fault::Unreachable { .. });
        let is_refused = |fault: &Fault| matches!(fault, Fault::Refused { .. });
        assert!(is_unreachable(&fault(500, "injected")));
        assert!(is_unreachable(&fault(507, "")));
        let late = "rpc error: code = DeadlineExceeded desc = context deadline exceeded";
        assert!(is_unreachable(&fault(500, late)));
        let decided = "rpc error: code = Unknown desc = update out of sequence";
        assert!(is_refused(&fault(500, decided)));
        assert!(is_refused(&fault(400, "invalid resolution mode")));
        assert!(matches!(fault(403, "no"), Fault::Denied { .. }));
    }
}
