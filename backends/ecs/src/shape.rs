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

/// Whether a text would be read as a reference to a value kept elsewhere.
pub(crate) fn is_dynamic_reference(text: &str) -> bool {
    // The search for a single sign is much cheaper, and nearly always enough.
    text.contains('{') && text.contains(DYNAMIC_REFERENCE)
}

/// Whether some text in `value` would be read as a reference to a value kept elsewhere.
pub(crate) fn has_dynamic_reference(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().any(has_dynamic_reference),
        Value::Array(items) => items.iter().any(has_dynamic_reference),
        Value::String(text) => is_dynamic_reference(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
