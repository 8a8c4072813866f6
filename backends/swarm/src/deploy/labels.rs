//! The labels by which we know what is ours, and what we know about it.

use serde_json::Value;

/// The stack an object belongs to: our mark.
pub(super) const STACK: &str = "tranship.stack";
/// The service's or job's name in the stack.
pub(super) const SERVICE: &str = "tranship.service";
/// The name a network, secret or config has in the translation; the one it is stored under has
/// a suffix once its content changed.
pub(super) const NAME: &str = "tranship.name";
/// Chance, mixed into the digest of a secret's value.
pub(super) const SALT: &str = "tranship.salt";
/// The digest of a secret's value.
pub(super) const DIGEST: &str = "tranship.digest";
/// Which of our own notes a config is.
pub(super) const NOTE: &str = "tranship.note";
/// What a note says.
pub(super) const TEXT: &str = "tranship.text";
/// The label of the docker command's own stacks.
pub(super) const NAMESPACE: &str = "com.docker.stack.namespace";

/// Labels only a deployment knows; they are no part of a translation.
pub(super) const INTERNAL: [&str; 3] = [NAME, SALT, DIGEST];

/// A label of a specification.
pub(super) fn label<'spec>(spec: &'spec Value, key: &str) -> Option<&'spec str> {
    spec.get("Labels")?.get(key)?.as_str()
}

/// Sets a field of a specification.
pub(super) fn put(spec: &mut Value, field: &str, value: Value) {
    if let Some(spec) = spec.as_object_mut() {
        spec.insert(field.to_owned(), value);
    }
}

/// Sets a label of a specification.
pub(super) fn set(spec: &mut Value, key: &str, value: &str) {
    let Some(spec) = spec.as_object_mut() else {
        return;
    };
    let labels = spec
        .entry("Labels")
        .or_insert_with(|| Value::Object(serde_json::Map::new()));
    if let Some(labels) = labels.as_object_mut() {
        labels.insert(key.to_owned(), Value::from(value));
    }
}
