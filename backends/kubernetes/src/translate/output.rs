//! The objects of a translation, and their names.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{Metadata, Resource};
use serde::Serialize;
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
