//! The objects of a translation, and their names.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{Metadata, Resource};
use serde::Serialize;
use serde_json::{Map, Value};
use tranship_backend::{File, NameConflict, NameTable, Object, RenderError};
use tranship_model::{FieldPath, ObjectId};

use crate::manifest;

/// Objects while they are made.
#[derive(Debug)]
pub(super) struct Output {
    namespace: Option<String>,
    form: Form,
    names: NameTable,
}

/// What objects are made into.
#[derive(Debug)]
pub(super) enum Form {
    /// Plain data, to be compared and sent.
    Objects(Vec<Object>),
    /// Files, without plain data between.
    Files(Result<Vec<File>, RenderError>),
}

/// What all objects became, and the names two of them have.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) form: Form,
    pub(super) conflicts: Vec<NameConflict>,
}

impl Output {
    /// Objects in `form`, for a namespace or for the one they are applied in.
    pub(super) fn new(namespace: Option<&str>, form: Form) -> Self {
        Self {
            namespace: namespace.map(str::to_owned),
            form,
            names: NameTable::default(),
        }
    }

    /// Keeps an object that stands for `owner`.
    pub(super) fn emit<K>(&mut self, owner: &FieldPath, object: &K)
    where
        K: Resource + Metadata<Ty = ObjectMeta> + Serialize + Clone,
    {
        let name = object.metadata().name.as_deref().unwrap_or_default();
        self.names.claim(K::KIND, name, owner);
        match &self.namespace {
            None => self.form.push(object),
            Some(namespace) => {
                let mut object = object.clone();
                object.metadata_mut().namespace = Some(namespace.clone());
                self.form.push(&object);
            }
        }
    }

    /// The objects in the order they were made, and the names two of them have.
    pub(super) fn finish(self) -> Made {
        Made {
            form: self.form,
            conflicts: self.names.into_conflicts(),
        }
    }
}

impl Form {
    fn push<K>(&mut self, object: &K)
    where
        K: Resource + Metadata<Ty = ObjectMeta> + Serialize,
    {
        let name = object.metadata().name.as_deref().unwrap_or_default();
        let id = ObjectId::new(K::KIND, name);
        match self {
            Self::Objects(objects) => objects.push(Object {
                id,
                body: body(object),
            }),
            Self::Files(files) => {
                if let Ok(made) = files {
                    match manifest::typed(&id, object) {
                        Ok(file) => made.push(file),
                        Err(error) => *files = Err(error),
                    }
                }
            }
        }
    }
}

/// An object as plain data, its entries where people look for them.
fn body(object: &impl Serialize) -> Value {
    // A typed object has text keys only, and nothing else keeps it from being plain data.
    let mut body = serde_json::to_value(object).unwrap_or_default();
    if let Some(mapping) = body.as_object_mut() {
        put_in_front(mapping, 2, "metadata");
    }
    name_first(&mut body);
    body
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
