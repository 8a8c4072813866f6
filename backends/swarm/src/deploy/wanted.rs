//! What a translation wants to exist, with the mark of the stack.

use std::collections::HashMap;

use tranship_backend::deploy::{Role, Wanted};
use tranship_backend::{Object, Translation};
use tranship_model::{ObjectId, Stack};

use super::labels::{self, SERVICE, STACK};
use super::references;
use crate::translate::Context;

/// Everything that is to exist, foundations first: the order of a translation.
pub(super) fn wanted(stack: &Stack, translation: &Translation) -> Vec<Wanted> {
    let keys = Keys::of(stack);
    let objects: Vec<Object> = translation
        .objects
        .iter()
        .map(|object| marked(object, stack, &keys))
        .collect();
    let names: Vec<&ObjectId> = objects.iter().map(|object| &object.id).collect();
    objects
        .iter()
        .map(|object| Wanted {
            role: keys.role(&object.id),
            uses: references::used(&object.body)
                .filter(|used| names.contains(&used))
                .collect(),
            object: object.clone(),
        })
        .collect()
}

fn marked(object: &Object, stack: &Stack, keys: &Keys<'_>) -> Object {
    let mut object = object.clone();
    labels::set(&mut object.body, STACK, &stack.name);
    if let Some(key) = keys.services.get(&*object.id.name)
        && object.id.kind == "service"
    {
        labels::set(&mut object.body, SERVICE, key);
    }
    object
}

/// The keys in the stack of what is stored under each name.
struct Keys<'stack> {
    services: HashMap<String, &'stack str>,
    secrets: HashMap<String, &'stack str>,
}

impl<'stack> Keys<'stack> {
    fn of(stack: &'stack Stack) -> Self {
        let context = Context::new(stack);
        let services = stack.services.keys().chain(stack.jobs.keys());
        Self {
            services: services
                .map(|key| (context.service_name(key), key.as_str()))
                .collect(),
            secrets: stack
                .secrets
                .keys()
                .map(|key| (context.secret_name(key), key.as_str()))
                .collect(),
        }
    }

    fn role(&self, id: &ObjectId) -> Role {
        let key = |keys: &HashMap<String, &str>| {
            let key = keys.get(&*id.name).copied();
            key.unwrap_or(&id.name).to_owned()
        };
        match &*id.kind {
            "service" => Role::Workload {
                service: key(&self.services),
            },
            "secret" => Role::Secret {
                key: key(&self.secrets),
            },
            "config" => Role::Content,
            _ => Role::Foundation,
        }
    }
}
