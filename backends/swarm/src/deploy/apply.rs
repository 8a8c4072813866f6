//! One step of a plan, sent.
//!
//! The engine never changes a network, the data of a config or the value of a secret. Where one of
//! those is to change, a new object is made under a fresh name, and services move to it; the old
//! one is deleted by a step of its own, behind everything else.

use hyper::Method;
use serde_json::Value;
use tranship_backend::Object;
use tranship_backend::deploy::{Action, Conflict, Fault, Role, Secrets, Step, Wanted};
use tranship_model::ObjectId;

use super::inventory::{self, Inventory, Item, Kind, Referenced, refusal, succeeded};
use super::labels::{self, NAME};
use super::transport::{Answer, Engine};
use super::{compare, observe, references, remove, secret};
use crate::names::LONGEST_STORED;

/// Does one step, and returns what its rollout is known by.
pub(super) async fn apply(
    engine: &Engine,
    referenced: &Referenced,
    stack: &str,
    step: &Step,
    secrets: &Secrets,
) -> Result<String, Fault> {
    let unknown = || Fault::Refused {
        object: step.object.clone(),
        reason: "Swarm has no objects of this kind".to_owned(),
    };
    let kind = Kind::of(&step.object).ok_or_else(unknown)?;
    match (step.action, &step.wanted) {
        (Action::Keep, _) | (_, None) if step.action != Action::Delete => Ok(String::new()),
        (Action::Delete, _) | (_, None) => {
            remove::delete(engine, stack, kind, &step.object).await?;
            referenced.forget().await;
            Ok(String::new())
        }
        (action, Some(wanted)) => {
            if action == Action::Replace {
                remove::delete(engine, stack, kind, &step.object).await?;
            }
            let send = Send {
                engine,
                referenced,
                stack,
                step,
                wanted,
            };
            match kind {
                Kind::Service => send.service().await,
                Kind::Network | Kind::Secret | Kind::Config => {
                    send.stored(kind, secrets).await?;
                    referenced.forget().await;
                    Ok(String::new())
                }
            }
        }
    }
}

/// A wanted object on its way.
struct Send<'a> {
    engine: &'a Engine,
    referenced: &'a Referenced,
    stack: &'a str,
    step: &'a Step,
    wanted: &'a Wanted,
}

impl Send<'_> {
    const fn object(&self) -> &Object {
        &self.wanted.object
    }

    fn id(&self) -> &ObjectId {
        &self.wanted.object.id
    }

    /// Creates or updates a service, and names its rollout by what the engine then says.
    async fn service(&self) -> Result<String, Fault> {
        let inventory = self.referenced.read(self.engine).await?;
        let mut body = self.object().body.clone();
        references::to_identities(self.id(), &mut body, self.stack, &inventory)?;
        // What the plan did not see is created at once: the engine says when it is there.
        let live = match self.step.action {
            Action::Create | Action::Replace => None,
            Action::Update | Action::Keep | Action::Delete => self.present().await?,
        };
        match live {
            None => self.create_service(&body, &inventory).await?,
            Some(live) => self.update_service(&mut body, &live, &inventory).await?,
        }
        let now = self.present().await?;
        Ok(now.as_ref().map(observe::version).unwrap_or_default())
    }

    async fn present(&self) -> Result<Option<Item>, Fault> {
        find(self.engine, Kind::Service, &self.id().name).await
    }

    async fn create_service(&self, body: &Value, inventory: &Inventory) -> Result<(), Fault> {
        let path = "/services/create";
        let answer = self.engine.call(Method::POST, path, Some(body)).await?;
        if answer.status.as_u16() != 409 {
            return self.accepted(&answer);
        }
        // Our own first try may have come through, its answer not.
        let found = self.present().await?;
        match found.filter(|item| observe::is_ours(self.stack, item)) {
            Some(ours) => self.settled_already(&ours, inventory),
            None => self.already_there(None),
        }
    }

    async fn update_service(
        &self,
        body: &mut Value,
        live: &Item,
        inventory: &Inventory,
    ) -> Result<(), Fault> {
        let seen = self.step.version.as_deref();
        if seen.is_some_and(|seen| seen != observe::version(live)) {
            return self.settled_already(live, inventory);
        }
        keep_force(body, &live.spec);
        let path = format!("/services/{}/update?version={}", live.id, live.version);
        let answer = self.engine.call(Method::POST, &path, Some(body)).await?;
        if !answer.message().contains("out of sequence") {
            return self.accepted(&answer);
        }
        // The engine counts its own progress too; only a change of what is set is someone else's.
        let Some(now) = self.present().await? else {
            return Err(self.changed());
        };
        if observe::version(&now) != observe::version(live) {
            return self.settled_already(&now, inventory);
        }
        let path = format!("/services/{}/update?version={}", now.id, now.version);
        let answer = self.engine.call(Method::POST, &path, Some(body)).await?;
        self.accepted(&answer)
    }

    /// What is there is not what the plan saw: fine if it is what is wanted.
    fn settled_already(&self, live: &Item, inventory: &Inventory) -> Result<(), Fault> {
        let live = observe::live(self.stack, self.id().clone(), live, inventory);
        let kind = Some(Kind::Service);
        if compare::changes(kind, &self.object().body, &live.body).is_empty() {
            return Ok(());
        }
        Err(self.changed())
    }

    fn changed(&self) -> Fault {
        Fault::Changed {
            object: self.id().clone(),
        }
    }

    /// Something of this name is there: ours from a try whose answer was lost, or someone's.
    fn already_there(&self, found: Option<&Item>) -> Result<(), Fault> {
        match found {
            Some(item) if observe::is_ours(self.stack, item) => Ok(()),
            Some(_) | None => Err(Fault::Conflict {
                conflicts: vec![Conflict {
                    object: self.id().clone(),
                    field: None,
                    owner: None,
                }],
            }),
        }
    }

    fn accepted(&self, answer: &Answer) -> Result<(), Fault> {
        if answer.status.is_success() {
            return Ok(());
        }
        Err(refusal(self.engine, answer, Some(self.id())))
    }

    /// Stores a network, secret or config, under a fresh name where it takes another's place.
    async fn stored(&self, kind: Kind, secrets: &Secrets) -> Result<(), Fault> {
        let inventory = Inventory {
            items: inventory::list(self.engine, kind).await?,
        };
        let name = &*self.id().name;
        let mut body = self.object().body.clone();
        labels::set(&mut body, NAME, name);
        if let Some(item) = inventory.current(kind, self.stack, name) {
            let value = self.value(secrets);
            let live = observe::live(self.stack, self.id().clone(), item, &inventory);
            let is_same = value.is_none_or(|value| secret::is(&item.spec, value))
                && !compare::is_fixed(Some(kind), &body, &live.body);
            if is_same && observe::is_ours(self.stack, item) {
                return self.relabel(kind, item, &body).await;
            }
            let mut taken = inventory.items.iter();
            if taken.any(|item| item.name == name) {
                labels::put(&mut body, "Name", Value::from(fresh(name)?));
            }
        }
        if let Role::Secret { key } = &self.wanted.role {
            secret::fill(key, &mut body, secrets)?;
        }
        self.store(kind, &body).await
    }

    fn value<'s>(&self, secrets: &'s Secrets) -> Option<&'s tranship_backend::deploy::SecretValue> {
        match &self.wanted.role {
            Role::Secret { key } => secrets.get(key),
            Role::Foundation | Role::Content | Role::Storage | Role::Workload { .. } => None,
        }
    }

    async fn store(&self, kind: Kind, body: &Value) -> Result<(), Fault> {
        // Not with `CheckDuplicate` for networks: a swarm has each name once all the same, and an
        // engine asked to check refuses a name that its own node still remembers.
        let path = format!("{}/create", kind.path());
        let answer = self.engine.call(Method::POST, &path, Some(body)).await?;
        if answer.status.as_u16() != 409 {
            return self.accepted(&answer);
        }
        let name = body.get("Name").and_then(Value::as_str);
        let items = inventory::list(self.engine, kind).await?;
        let found = items.iter().find(|item| Some(&*item.name) == name);
        self.already_there(found)
    }

    /// Changes labels, the one thing the engine changes in what it stores.
    async fn relabel(&self, kind: Kind, item: &Item, body: &Value) -> Result<(), Fault> {
        let mut spec = item.spec.clone();
        let kept = item.spec.get("Labels").and_then(Value::as_object);
        let kept = kept.into_iter().flatten();
        let mut labels = body.get("Labels").cloned().unwrap_or_default();
        if let Some(labels) = labels.as_object_mut() {
            let internal = kept.filter(|(key, _)| labels::INTERNAL.contains(&key.as_str()));
            labels.extend(internal.map(|(key, value)| (key.clone(), value.clone())));
        }
        if kind == Kind::Network || spec.get("Labels") == Some(&labels) {
            return Ok(());
        }
        labels::put(&mut spec, "Labels", labels);
        let path = format!(
            "{}/{}/update?version={}",
            kind.path(),
            item.id,
            item.version
        );
        let answer = self.engine.call(Method::POST, &path, Some(&spec)).await?;
        self.accepted(&answer)
    }
}

/// An object by name, whoever it is of.
pub(super) async fn find(engine: &Engine, kind: Kind, name: &str) -> Result<Option<Item>, Fault> {
    let path = format!("{}/{name}", kind.path());
    let answer = engine.call(Method::GET, &path, None).await?;
    if answer.status.as_u16() == 404 {
        return Ok(None);
    }
    Ok(Item::of(kind, &succeeded(engine, answer)?))
}

/// A name nobody has yet: the one of the translation with eight digits of chance.
fn fresh(name: &str) -> Result<String, Fault> {
    let chance = super::digest::salt()?;
    let chance = super::digest::short(&chance, 8);
    let stem: String = name.chars().take(LONGEST_STORED - 10).collect();
    Ok(format!("{stem}_{chance}"))
}

/// People count up this field to start tasks anew; an update that forgot it would do so, too.
fn keep_force(body: &mut Value, live: &Value) {
    if let Some(force) = live.pointer("/TaskTemplate/ForceUpdate")
        && let Some(template) = body.get_mut("TaskTemplate").and_then(Value::as_object_mut)
    {
        template.insert("ForceUpdate".to_owned(), force.clone());
    }
}
