//! Typed objects as plain data, and what is asked of it.

use serde::Serialize;
use serde_json::Value;

/// Writes a typed value as plain data.
pub(crate) fn plain(value: &impl Serialize) -> Value {
    // Our types hold neither maps with keys other than text nor writers that fail.
    serde_json::to_value(value).unwrap_or_default()
}

/// Whether a map with this key alone would be read as a function of `CloudFormation`.
pub(crate) fn is_function(key: &str) -> bool {
    key == "Ref" || key == "Condition" || key.starts_with("Fn::")
}

/// How `CloudFormation` begins the name of a value that is kept elsewhere.
const DYNAMIC_REFERENCE: &str = "{{resolve:";

/// Whether some text in `value` would be read as a reference to a value kept elsewhere.
pub(crate) fn has_dynamic_reference(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().any(has_dynamic_reference),
        Value::Array(items) => items.iter().any(has_dynamic_reference),
        // The search for a single sign is much cheaper, and nearly always enough.
        Value::String(text) => text.contains('{') && text.contains(DYNAMIC_REFERENCE),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// About how many bytes `value` takes as YAML, `depth` levels below the top.
pub(crate) fn yaml_bytes(value: &Value, depth: usize) -> usize {
    let indent = 2 * depth;
    match value {
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                indent + key.len() + 3 + yaml_bytes(value, depth + 1)
            };
            members.iter().map(member).sum()
        }
        Value::Array(items) => items
            .iter()
            .map(|item| indent + 3 + yaml_bytes(item, depth + 1))
            .sum(),
        Value::String(text) => text.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 5,
    }
}
