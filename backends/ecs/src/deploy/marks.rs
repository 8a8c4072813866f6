//! The marks we put on what is ours, and the hash that says what it was made from.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The stack it belongs to.
pub(super) const STACK: &str = "tranship:stack";
/// The service or job it runs.
pub(super) const SERVICE: &str = "tranship:service";
/// What it was made from.
pub(super) const HASH: &str = "tranship:hash";
/// The tasks a job was run as.
pub(super) const RUN: &str = "tranship:run";

/// A hash of content, 32 hexadecimal digits; the order of members does not matter.
pub(super) fn hash(content: &Value) -> String {
    let mut text = String::new();
    canonical(content, &mut text);
    let digest = Sha256::digest(text);
    digest
        .iter()
        .take(16)
        .fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (key, value) in members {
                let _ = write!(text, "{key:?}:");
                canonical(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let _ = write!(text, "{value}");
        }
    }
}

/// The value of a tag, in either spelling of keys.
pub(super) fn tag<'a>(tags: &'a Value, key: &str) -> Option<&'a str> {
    let has_key = |tag: &&Value| {
        let own = tag.get("key").or_else(|| tag.get("Key"));
        own.and_then(Value::as_str) == Some(key)
    };
    let tag = tags.as_array()?.iter().find(has_key)?;
    tag.get("value").or_else(|| tag.get("Value"))?.as_str()
}

/// A tag as ECS takes it.
pub(super) fn pair(key: &str, value: &str) -> Value {
    json!({"key": key, "value": value})
}

/// Adds our tags to those of a request.
pub(super) fn add(request: &mut Value, ours: &[Value]) {
    let own = request.get("tags").and_then(Value::as_array).cloned();
    let mut tags = own.unwrap_or_default();
    tags.extend_from_slice(ours);
    if let Some(members) = request.as_object_mut() {
        members.insert("tags".to_owned(), Value::Array(tags));
    }
}

/// 32 hexadecimal digits nobody else has.
pub(super) fn token() -> String {
    let mut bytes = [0_u8; 16];
    // Without randomness two calls look like one, and the service says so.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_members_does_not_change_the_hash_and_content_does() {
        let one = hash(&json!({"a": 1, "b": [1, 2]}));
        assert_eq!(one, hash(&json!({"b": [1, 2], "a": 1})));
        assert_ne!(one, hash(&json!({"a": 1, "b": [2, 1]})));
    }
}
