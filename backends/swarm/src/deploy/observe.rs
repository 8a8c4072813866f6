//! What is there, in the words of a translation.

use serde_json::Value;
use tranship_backend::deploy::{Live, Observation, Owner, Role, Secrets, Wanted};
use tranship_model::ObjectId;

use super::compare;
use super::digest;
use super::inventory::{Inventory, Item, Kind};
use super::labels::{self, DIGEST, NAMESPACE, SALT, SERVICE, STACK};
use super::references;

/// Each wanted object that exists, and each with the mark of the stack.
pub(super) fn observation(
    stack: &str,
    wanted: &[Wanted],
    secrets: &Secrets,
    inventory: &Inventory,
) -> Observation {
    let mut objects = Vec::new();
    let mut seen = Vec::new();
    for wanted in wanted {
        let id = &wanted.object.id;
        let found = Kind::of(id).and_then(|kind| inventory.current(kind, stack, &id.name));
        let Some(item) = found else { continue };
        let mut live = live(stack, id.clone(), item, inventory);
        live.secret_is_current = is_current(item, wanted, secrets);
        live.role = wanted.role.clone();
        // What this run takes the place of has to go behind it, so it is there twice.
        if live.owner == Owner::Stack && takes_place(wanted, &live) {
            objects.push(replaced(stack, item, inventory));
        }
        seen.push(item.id.as_str());
        objects.push(live);
    }
    let left = inventory
        .of_stack(stack)
        .filter(|item| !seen.contains(&item.id.as_str()));
    objects.extend(left.map(|item| leftover(stack, item, inventory)));
    Observation { objects }
}

/// Whether sending a wanted object makes a new one beside the one that is there.
pub(super) fn takes_place(wanted: &Wanted, live: &Live) -> bool {
    let kind = Kind::of(&wanted.object.id);
    kind != Some(Kind::Service)
        && (!live.secret_is_current || compare::is_fixed(kind, &wanted.object.body, &live.body))
}

/// An object that is no longer wanted under the name it has in a translation, or under the one it
/// is stored under if another has that name.
fn leftover(stack: &str, item: &Item, inventory: &Inventory) -> Live {
    let current = inventory.current(item.kind, stack, item.logical());
    if current.is_some_and(|current| current.id == item.id) {
        let id = ObjectId::new(item.kind.as_str(), item.logical());
        return live(stack, id, item, inventory);
    }
    replaced(stack, item, inventory)
}

fn replaced(stack: &str, item: &Item, inventory: &Inventory) -> Live {
    let mut live = live(stack, item.replaced_id(), item, inventory);
    if item.kind == Kind::Network {
        // Like a config's old content, it is of no use to anyone once services have moved.
        live.role = Role::Content;
    }
    live
}

/// An object as it is, in the words of a translation.
pub(super) fn live(stack: &str, id: ObjectId, item: &Item, inventory: &Inventory) -> Live {
    let mut body = item.spec.clone();
    if item.kind == Kind::Service {
        references::to_names(&mut body, stack, inventory);
    }
    if let Some(body) = body.as_object_mut() {
        body.insert("Name".to_owned(), Value::from(item.logical()));
    }
    Live {
        role: role(stack, item),
        id,
        body,
        version: version(item),
        owner: owner(stack, item),
        secret_is_current: true,
    }
}

/// Changes when someone sets something; the engine's own count changes with each task, too.
pub(super) fn version(item: &Item) -> String {
    match item.kind {
        Kind::Service => digest::of_value(&item.spec),
        Kind::Network => item.id.clone(),
        Kind::Secret | Kind::Config => format!("{}:{}", item.id, item.version),
    }
}

fn owner(stack: &str, item: &Item) -> Owner {
    match item.stack() {
        Some(owner) if owner == stack => Owner::Stack,
        Some(owner) => Owner::Foreign(Some(format!("stack `{owner}`"))),
        None => {
            let owner = labels::label(&item.spec, NAMESPACE);
            Owner::Foreign(owner.map(|owner| format!("`docker stack deploy`, stack `{owner}`")))
        }
    }
}

/// What an object is for a run, from what it says itself.
fn role(stack: &str, item: &Item) -> Role {
    match item.kind {
        Kind::Network => Role::Foundation,
        Kind::Config => Role::Content,
        Kind::Secret => Role::Secret {
            key: item.logical().to_owned(),
        },
        Kind::Service => {
            let rest = item.name.strip_prefix(stack);
            let rest = rest.and_then(|rest| rest.strip_prefix('_'));
            let service = labels::label(&item.spec, SERVICE).or(rest);
            Role::Workload {
                service: service.unwrap_or(&item.name).to_owned(),
            }
        }
    }
}

/// Whether a secret's value is the one of this run, as far as the run has one.
fn is_current(item: &Item, wanted: &Wanted, secrets: &Secrets) -> bool {
    let Role::Secret { key } = &wanted.role else {
        return true;
    };
    let Some(value) = secrets.get(key) else {
        return true;
    };
    let salt = labels::label(&item.spec, SALT).unwrap_or_default();
    labels::label(&item.spec, DIGEST) == Some(&digest::of_secret(salt, value))
}

/// Whether an object has the mark of a stack.
pub(super) fn is_ours(stack: &str, item: &Item) -> bool {
    labels::label(&item.spec, STACK) == Some(stack)
}
