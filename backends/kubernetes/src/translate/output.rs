//! The objects of a translation, and their names.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{Metadata, Resource};
use serde::Serialize;
use serde_json::{Map, Value};
use tranship_backend::{NameConflict, NameTable, Object};
use tranship_model::{FieldPath, ObjectId};

/// Objects while they are made.
#[derive(Debug, Default)]
pub(super) struct Output {
    namespace: Option<String>,
    objects: Vec<Object>,
    names: NameTable,
}

impl Output {
    /// Objects for a namespace, or for the one they are applied in.
    pub(super) fn new(namespace: Option<&str>) -> Self {
        Self {
            namespace: namespace.map(str::to_owned),
            ..Self::default()
        }
    }

    /// Keeps an object that stands for `owner`.
    pub(super) fn emit<K>(&mut self, owner: &FieldPath, object: &K)
    where
        K: Resource + Metadata<Ty = ObjectMeta> + Serialize,
    {
        let name = object.metadata().name.as_deref().unwrap_or_default();
        self.names.claim(K::KIND, name, owner);
        // A typed object has text keys only, and nothing else keeps it from being plain data.
        let mut body = serde_json::to_value(object).unwrap_or_default();
        if let (Some(namespace), Some(metadata)) = (&self.namespace, body.get_mut("metadata"))
            && let Some(metadata) = metadata.as_object_mut()
        {
            metadata.insert("namespace".to_owned(), namespace.as_str().into());
        }
        if let Some(mapping) = body.as_object_mut() {
            put_in_front(mapping, 2, "metadata");
        }
        name_first(&mut body);
        self.objects.push(Object {
            id: ObjectId::new(K::KIND, name),
            body,
        });
    }

    /// The objects in the order they were made, and the names two of them have.
    pub(super) fn finish(self) -> (Vec<Object>, Vec<NameConflict>) {
        (self.objects, self.names.into_conflicts())
    }
}

/// Moves an entry of a mapping to the place people look for it, unless it is there.
fn put_in_front(mapping: &mut Map<String, Value>, place: usize, key: &str) {
    // Most mappings do not have the key, and looking is cheaper than hashing.
    let at = mapping.keys().position(|known| known == key);
    if at.is_none_or(|at| at == place) {
        return;
    }
    if let Some(entry) = mapping.shift_remove(key) {
        mapping.shift_insert(place, key.to_owned(), entry);
    }
}

/// The typed objects have their fields in the order of the alphabet; names come first, as people
/// write them.
fn name_first(value: &mut Value) {
    match value {
        Value::Object(mapping) => {
            put_in_front(mapping, 0, "name");
            mapping.values_mut().for_each(name_first);
        }
        Value::Array(items) => items.iter_mut().for_each(name_first),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
