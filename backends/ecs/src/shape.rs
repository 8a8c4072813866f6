//! From typed requests to the shapes they are written in.

use serde::Serialize;
use serde_json::{Map, Value};

/// Members whose keys are the user's, so that their case is not ours to change.
const USER_KEYED: [&str; 4] = ["dockerLabels", "options", "driverOpts", "labels"];

/// Members CloudFormation spells otherwise than with a capital in front.
const SPELLED_OTHERWISE: [(&str, &str); 4] = [
    ("efsVolumeConfiguration", "EFSVolumeConfiguration"),
    ("fileSystemId", "FilesystemId"),
    ("iam", "IAM"),
    ("placementStrategy", "PlacementStrategies"),
];

/// Writes a typed value as plain data.
pub(crate) fn plain(value: &impl Serialize) -> Value {
    // Our types hold neither maps with keys other than text nor writers that fail.
    serde_json::to_value(value).unwrap_or_default()
}

/// Writes a request of the API as the properties of its CloudFormation resource: the same
/// members, each with a capital in front.
pub(crate) fn properties(value: &impl Serialize) -> Value {
    capitalised(plain(value))
}

fn capitalised(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut capitals = Map::with_capacity(members.len());
            capitals.extend(members.into_iter().map(member));
            Value::Object(capitals)
        }
        Value::Array(items) => items.into_iter().map(capitalised).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

fn member((key, value): (String, Value)) -> (String, Value) {
    let value = if USER_KEYED.contains(&key.as_str()) {
        value
    } else {
        capitalised(value)
    };
    (capital(key), value)
}

fn capital(key: String) -> String {
    let otherwise = SPELLED_OTHERWISE.iter().find(|(ours, _)| *ours == key);
    if let Some((_, theirs)) = otherwise {
        return (*theirs).to_owned();
    }
    let mut key = key;
    if let Some(first) = key.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    key
}

/// Whether a map with this key alone would be read as a function of `CloudFormation`.
pub(crate) fn is_function(key: &str) -> bool {
    key == "Ref" || key == "Condition" || key.starts_with("Fn::")
}

/// Whether some text in `value` would be read as a reference to a value kept elsewhere.
pub(crate) fn has_dynamic_reference(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().any(has_dynamic_reference),
        Value::Array(items) => items.iter().any(has_dynamic_reference),
        Value::String(text) => text.contains("{{resolve:"),
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_get_a_capital_and_the_keys_of_users_do_not() {
        let request = json!({
            "dockerLabels": {"traefik.enable": "true"},
            "volumes": [{"efsVolumeConfiguration": {"fileSystemId": {"Ref": "Files"}}}],
            "environment": [{"name": "EMPTY", "value": ""}],
        });
        let expected = json!({
            "DockerLabels": {"traefik.enable": "true"},
            "Volumes": [{"EFSVolumeConfiguration": {"FilesystemId": {"Ref": "Files"}}}],
            "Environment": [{"Name": "EMPTY", "Value": ""}],
        });
        assert_eq!(properties(&request), expected);
    }
}
