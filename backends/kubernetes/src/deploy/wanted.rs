//! Everything that is to exist, from a translation.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};
use tranship_backend::Object;
use tranship_backend::deploy::{Role, Wanted};
use tranship_model::{ObjectId, Stack};

use super::kinds::Kind;
use super::marks;
use crate::translate::facts::{self, Origin, OwnSecret};
use crate::{Kubernetes, labels};

/// The objects of a translation with what a deployment adds: secrets, and marks on workloads.
pub(super) fn wanted(target: &Kubernetes, stack: &Stack, objects: &[Object]) -> Vec<Wanted> {
    let secrets = facts::own_secrets(stack);
    let origins = facts::origins(target, stack);
    let ours: HashSet<ObjectId> = secrets
        .iter()
        .map(|secret| Kind::Secret.id(&secret.object))
        .chain(objects.iter().map(|object| object.id.clone()))
        .collect();
    let made = secrets.iter().map(|secret| self::secret(stack, secret));
    let rest = objects
        .iter()
        .filter_map(|object| self::object(object, &origins, &ours));
    made.chain(rest).collect()
}

/// A secret without its value, which is added when it is sent.
fn secret(stack: &Stack, secret: &OwnSecret) -> Wanted {
    let OwnSecret { key, object, file } = secret;
    let annotations = Map::from_iter([(marks::FILE.to_owned(), Value::from(file.as_str()))]);
    Wanted {
        object: Object {
            id: Kind::Secret.id(object),
            body: json!({
                "apiVersion": Kind::Secret.api_version(),
                "kind": Kind::Secret.name(),
                "metadata": {
                    "name": object,
                    "labels": labels::common(&stack.name),
                    "annotations": annotations,
                },
                "type": "Opaque",
            }),
        },
        role: Role::Secret { key: key.clone() },
        uses: Vec::new(),
    }
}

fn object(
    object: &Object,
    origins: &HashMap<String, Origin>,
    ours: &HashSet<ObjectId>,
) -> Option<Wanted> {
    let kind = Kind::of(&object.id)?;
    let mut object = object.clone();
    // Which namespace it is in is a matter of the connection.
    if let Some(metadata) = object.body.pointer_mut("/metadata") {
        metadata.as_object_mut()?.shift_remove("namespace");
    }
    let name = marks::label(&object.body, labels::NAME)
        .unwrap_or_default()
        .to_owned();
    let origin = origins.get(&name).cloned().unwrap_or_else(|| Origin {
        service: name.clone(),
        runs_on: false,
    });
    let mut uses = Vec::new();
    if kind.rolls() {
        uses = mounted(&object.body, ours);
    }
    if kind.is_workload() {
        mark(kind, &mut object.body, &origin, &name, &uses);
    }
    Some(Wanted {
        role: kind.role(&origin.service),
        object,
        uses,
    })
}

/// Notes on a workload what its cluster name does not say.
fn mark(kind: Kind, body: &mut Value, origin: &Origin, name: &str, uses: &[ObjectId]) {
    if origin.service != name {
        marks::annotate(body, "/metadata", marks::SERVICE, &origin.service);
    }
    if kind == Kind::Job && origin.runs_on {
        marks::annotate(body, "/metadata", marks::RUNS_ON, "true");
    }
    let has_secrets = uses.iter().any(|id| Kind::of(id) == Some(Kind::Secret));
    if has_secrets {
        marks::annotate(
            body,
            "/spec/template/metadata",
            marks::SECRETS,
            marks::CURRENT,
        );
    }
}

/// The secrets and configs of ours that tasks mount.
fn mounted(body: &Value, ours: &HashSet<ObjectId>) -> Vec<ObjectId> {
    let mut found = Vec::new();
    for volume in marks::volumes(body) {
        let secret = volume.pointer("/secret/secretName").and_then(Value::as_str);
        let config = volume.pointer("/configMap/name").and_then(Value::as_str);
        let ids = secret
            .map(|name| Kind::Secret.id(name))
            .into_iter()
            .chain(config.map(|name| Kind::ConfigMap.id(name)));
        for id in ids.chain(projected(volume)) {
            if ours.contains(&id) && !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found
}

/// What a volume of several sources holds.
fn projected(volume: &Value) -> Vec<ObjectId> {
    let sources = volume
        .pointer("/projected/sources")
        .and_then(Value::as_array);
    let id = |source: &Value| {
        let name = |pointer| source.pointer(pointer).and_then(Value::as_str);
        name("/secret/name")
            .map(|name| Kind::Secret.id(name))
            .or_else(|| name("/configMap/name").map(|name| Kind::ConfigMap.id(name)))
    };
    sources.into_iter().flatten().filter_map(id).collect()
}
