//! What a service's specification refers to: networks, secrets and configs, by name in a
//! translation and by identity in the engine.

use std::collections::BTreeSet;

use serde_json::Value;
use tranship_backend::deploy::Fault;
use tranship_model::ObjectId;

use super::inventory::{Inventory, Kind};

/// A list of references in a specification.
struct List {
    kind: Kind,
    /// Where the list is.
    at: &'static str,
    /// The field with the name.
    name: &'static str,
    /// The field with the identity.
    identity: &'static str,
}

const LISTS: [List; 3] = [
    List {
        kind: Kind::Network,
        at: "/TaskTemplate/Networks",
        name: "Target",
        identity: "Target",
    },
    List {
        kind: Kind::Secret,
        at: "/TaskTemplate/ContainerSpec/Secrets",
        name: "SecretName",
        identity: "SecretID",
    },
    List {
        kind: Kind::Config,
        at: "/TaskTemplate/ContainerSpec/Configs",
        name: "ConfigName",
        identity: "ConfigID",
    },
];

/// The config with the Windows account of a service.
const CREDENTIALS: &str = "/TaskTemplate/ContainerSpec/Privileges/CredentialSpec/Config";

/// What a specification in the words of a translation refers to.
pub(super) fn used(spec: &Value) -> impl Iterator<Item = ObjectId> {
    LISTS.iter().flat_map(|list| {
        let items = spec.pointer(list.at).and_then(Value::as_array);
        let names = items
            .into_iter()
            .flatten()
            .filter_map(|item| item.get(list.name)?.as_str());
        names.map(|name| ObjectId::new(list.kind.as_str(), name))
    })
}

/// Puts the names of the translation where the engine says identities.
///
/// What an object's place was taken of keeps its identity, so that a comparison sees it.
pub(super) fn to_names(spec: &mut Value, stack: &str, inventory: &Inventory) {
    for list in &LISTS {
        let items = spec.pointer_mut(list.at).and_then(Value::as_array_mut);
        for item in items.into_iter().flatten().filter_map(Value::as_object_mut) {
            let identity = item.get(list.identity).and_then(Value::as_str);
            let name = identity.and_then(|id| inventory.name_of(list.kind, stack, id));
            if let Some(name) = name {
                item.remove(list.identity);
                item.insert(list.name.to_owned(), Value::from(name));
            }
        }
    }
    if let Some(config) = spec.pointer_mut(CREDENTIALS)
        && let Some(name) = config
            .as_str()
            .and_then(|id| inventory.name_of(Kind::Config, stack, id))
    {
        *config = Value::from(name);
    }
}

/// Puts the engine's identities where the translation says names.
///
/// # Errors
///
/// [`Fault::Refused`] with everything that is not there.
pub(super) fn to_identities(
    object: &ObjectId,
    spec: &mut Value,
    stack: &str,
    inventory: &Inventory,
) -> Result<(), Fault> {
    let mut missing = BTreeSet::new();
    for list in &LISTS {
        let items = spec.pointer_mut(list.at).and_then(Value::as_array_mut);
        for item in items.into_iter().flatten().filter_map(Value::as_object_mut) {
            let name = item.get(list.name).and_then(Value::as_str);
            let name = name.unwrap_or_default().to_owned();
            match inventory.current(list.kind, stack, &name) {
                Some(found) => {
                    item.insert(list.name.to_owned(), Value::from(found.name.as_str()));
                    item.insert(list.identity.to_owned(), Value::from(found.id.as_str()));
                }
                // Networks every node has, such as `host`, are known by name.
                None if list.kind == Kind::Network && is_predefined(&name) => {}
                None => {
                    missing.insert(format!("{} `{name}`", list.kind.as_str()));
                }
            }
        }
    }
    if let Some(config) = spec.pointer_mut(CREDENTIALS)
        && let Some(found) = config
            .as_str()
            .and_then(|name| inventory.current(Kind::Config, stack, name))
    {
        *config = Value::from(found.id.as_str());
    }
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<String> = missing.into_iter().collect();
    Err(Fault::Refused {
        object: object.clone(),
        reason: format!("not in the swarm: {}", missing.join(", ")),
    })
}

/// Networks that are on every node and in no list of the swarm.
pub(super) fn is_predefined(name: &str) -> bool {
    matches!(name, "host" | "bridge" | "none" | "ingress")
}
