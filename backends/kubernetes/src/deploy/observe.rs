//! What there is: every object of the stack, and every wanted one, whoever owns it.

use std::collections::{BTreeMap, HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tranship_backend::deploy::{Fault, Live, Observation, Owner, Role, Secrets, Wanted};
use tranship_model::ObjectId;

use super::calls::{Call, Failure, Server};
use super::kinds::Kind;
use super::{lists, marks, version};
use crate::labels;

/// So many wanted objects of a kind may be asked for one by one; for more, the names of all are
/// cheaper.
const ONE_BY_ONE: usize = 8;

/// Reads every object of the stack, and every wanted one.
pub(super) async fn observe(
    server: &Server,
    stack: &str,
    wanted: &[Wanted],
    secrets: &Secrets,
) -> Result<Observation, Fault> {
    let selector = marks::selector(stack);
    let lists = Kind::ALL
        .into_iter()
        .map(|kind| marked(server, kind, &selector));
    let mut found: Vec<_> = lists::all(server, lists)
        .await?
        .into_iter()
        .flatten()
        .collect();
    let known: HashSet<_> = found.iter().map(|(id, _)| id.clone()).collect();
    found.extend(unmarked(server, wanted, &known).await?);
    Ok(observation(stack, wanted, secrets, found))
}

/// The objects of a kind with the mark of the stack, without those controllers made.
async fn marked(
    server: &Server,
    kind: Kind,
    selector: &str,
) -> Result<Vec<(ObjectId, Value)>, Failure> {
    let collection = kind.collection(&server.namespace);
    let objects = lists::objects(server, &collection, selector).await?;
    let ours = objects
        .into_iter()
        .filter(|object| !is_made_for_another(object));
    Ok(ours.filter_map(|object| identified(kind, object)).collect())
}

fn identified(kind: Kind, object: Value) -> Option<(ObjectId, Value)> {
    let name = object.pointer("/metadata/name")?.as_str()?;
    Some((kind.id(name), object))
}

/// Whether a controller made it for another object, whose labels it has.
fn is_made_for_another(object: &Value) -> bool {
    let owners = object.pointer("/metadata/ownerReferences");
    let is_controller = |owner: &Value| owner.get("controller") == Some(&Value::Bool(true));
    owners
        .and_then(Value::as_array)
        .is_some_and(|owners| owners.iter().any(is_controller))
}

/// The wanted objects that exist without the mark of the stack.
async fn unmarked(
    server: &Server,
    wanted: &[Wanted],
    known: &HashSet<ObjectId>,
) -> Result<Vec<(ObjectId, Value)>, Fault> {
    let mut missing: BTreeMap<Kind, Vec<&str>> = BTreeMap::new();
    for wanted in wanted {
        let id = &wanted.object.id;
        if let Some(kind) = Kind::of(id).filter(|_| !known.contains(id)) {
            missing.entry(kind).or_default().push(&id.name);
        }
    }
    let names = missing
        .into_iter()
        .map(|(kind, names)| existing(server, kind, names));
    let names = lists::all(server, names).await?;
    let mut reads = Vec::new();
    for (kind, names) in names {
        reads.extend(names.into_iter().map(|name| one(server, kind, name)));
    }
    let objects = lists::all(server, reads).await?;
    Ok(objects.into_iter().flatten().collect())
}

/// The names that may exist.
async fn existing<'name>(
    server: &Server,
    kind: Kind,
    names: Vec<&'name str>,
) -> Result<(Kind, Vec<&'name str>), Failure> {
    if names.len() <= ONE_BY_ONE {
        return Ok((kind, names));
    }
    let all = lists::names(server, &kind.collection(&server.namespace)).await?;
    let all: HashSet<_> = all.iter().map(String::as_str).collect();
    let there = names.into_iter().filter(|name| all.contains(name));
    Ok((kind, there.collect()))
}

/// One object, if it exists.
pub(super) async fn one(
    server: &Server,
    kind: Kind,
    name: &str,
) -> Result<Option<(ObjectId, Value)>, Failure> {
    let call = Call::get(kind.path(&server.namespace, name));
    match server.read(&call).await {
        Ok(object) => Ok(identified(kind, object)),
        Err(failure) if failure.is_missing() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// What was found, in the engine's words; pure.
pub(super) fn observation(
    stack: &str,
    wanted: &[Wanted],
    secrets: &Secrets,
    found: Vec<(ObjectId, Value)>,
) -> Observation {
    let versions = secret_versions(&found);
    let wanted: HashMap<_, _> = wanted
        .iter()
        .map(|wanted| (&wanted.object.id, wanted))
        .collect();
    let live = |(id, body): (ObjectId, Value)| {
        let kind = Kind::of(&id)?;
        let wanted = wanted.get(&id).copied();
        Some(Live {
            role: wanted.map_or_else(|| role(kind, &body), |wanted| wanted.role.clone()),
            owner: owner(stack, &body),
            version: version::version(kind, &body),
            secret_is_current: wanted.is_none_or(|wanted| is_current(wanted, &body, secrets)),
            body: cleaned(kind, body, &versions),
            id,
        })
    };
    Observation {
        objects: found.into_iter().filter_map(live).collect(),
    }
}

/// The version of each secret, by name.
fn secret_versions(found: &[(ObjectId, Value)]) -> HashMap<String, String> {
    let secrets = found
        .iter()
        .filter(|(id, _)| Kind::of(id) == Some(Kind::Secret));
    let version = |(id, body): &(ObjectId, Value)| {
        let version = body.pointer("/metadata/resourceVersion")?.as_str()?;
        Some((id.name.to_string(), version.to_owned()))
    };
    secrets.filter_map(version).collect()
}

fn role(kind: Kind, body: &Value) -> Role {
    let service = marks::annotation(body, marks::SERVICE)
        .or_else(|| marks::annotation(body, marks::FILE))
        .or_else(|| marks::label(body, labels::NAME))
        .unwrap_or_default();
    kind.role(service)
}

fn owner(stack: &str, body: &Value) -> Owner {
    let ours = labels::common(stack);
    let has = |(key, value): (&String, &String)| marks::label(body, key) == Some(value);
    if ours.iter().all(has) {
        Owner::Stack
    } else {
        Owner::Foreign(stranger(body))
    }
}

/// Whose an object is, as far as it says.
fn stranger(body: &Value) -> Option<String> {
    let part_of = marks::label(body, labels::PART_OF);
    if marks::label(body, labels::MANAGED_BY) == Some(marks::MANAGER) {
        return part_of.map(|stack| format!("the stack `{stack}`"));
    }
    let release = marks::annotation(body, "meta.helm.sh/release-name");
    if let Some(release) = release {
        return Some(format!("the Helm release `{release}`"));
    }
    let managers = body.pointer("/metadata/managedFields")?.as_array()?;
    let name = managers.first()?.get("manager")?.as_str()?;
    Some(format!("`{name}`"))
}

/// Whether a secret holds the value of this run. Without a value to compare with, it does: whoever
/// needs one notices.
fn is_current(wanted: &Wanted, body: &Value, secrets: &Secrets) -> bool {
    let Role::Secret { key } = &wanted.role else {
        return true;
    };
    let Some(value) = secrets.get(key) else {
        return true;
    };
    let file = marks::annotation(&wanted.object.body, marks::FILE).unwrap_or_default();
    let stored = body.get("data").and_then(|data| data.get(file)?.as_str());
    stored
        .and_then(|stored| STANDARD.decode(stored).ok())
        .as_deref()
        == Some(value.expose())
}

/// An object as plans and records may hold it: no secret, and of the managers of fields only us.
fn cleaned(kind: Kind, mut body: Value, versions: &HashMap<String, String>) -> Value {
    if let Some(body) = body.as_object_mut() {
        if kind == Kind::Secret {
            body.shift_remove("data");
        }
        // Lists leave out what every object of theirs is.
        body.insert("apiVersion".to_owned(), kind.api_version().into());
        body.insert("kind".to_owned(), kind.name().into());
    }
    if let Some(managers) = body
        .pointer_mut("/metadata/managedFields")
        .and_then(Value::as_array_mut)
    {
        managers.retain(is_our_entry);
    }
    if marks::task_annotation(&body, marks::SECRETS).is_some_and(|known| is_fresh(known, versions))
    {
        marks::annotate(
            &mut body,
            "/spec/template/metadata",
            marks::SECRETS,
            marks::CURRENT,
        );
    }
    body
}

/// Whether an entry of the managers of fields is what we applied.
fn is_our_entry(entry: &Value) -> bool {
    let is = |key: &str, value: &str| entry.get(key).and_then(Value::as_str) == Some(value);
    is("manager", marks::MANAGER) && is("operation", "Apply") && entry.get("subresource").is_none()
}

/// Whether tasks were started with the secrets as they are.
fn is_fresh(known: &str, versions: &HashMap<String, String>) -> bool {
    known.split(',').all(|pair| {
        let (name, version) = pair.split_once('=').unwrap_or_default();
        versions.get(name).is_some_and(|current| current == version)
    })
}
