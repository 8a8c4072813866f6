//! How what is wanted differs from what is there, in what we set.

use serde_json::{Map, Value, json};
use tranship_backend::deploy::{Change, Difference, Live, Wanted};

use super::values::{self, Values};
use super::{kinds, marks};

/// What of a service cannot be changed.
const FIXED: [&str; 2] = ["launchType", "schedulingStrategy"];

/// Compares one object.
pub(super) fn compare(wanted: &Wanted, live: &Live) -> Difference {
    let (to, from) = (&wanted.object.body, &live.body);
    let changes = match wanted.object.id.kind.as_ref() {
        kinds::STACK => of_stack(to, from),
        kinds::SERVICE => of_service(to, from),
        kinds::JOB => of_job(to, from),
        _secret => Vec::new(),
    };
    let fixed = changes.iter().find(|change| {
        let field = change.field.strip_prefix("service.");
        field.is_some_and(|field| FIXED.contains(&field))
    });
    match fixed {
        Some(change) => Difference::Recreate {
            reason: format!("`{}` of a service cannot be changed", change.field),
            changes,
        },
        None if changes.is_empty() => Difference::Same,
        None => Difference::InPlace(changes),
    }
}

fn of_stack(wanted: &Value, live: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    let at = |value: &Value, key: &str| value.get(key).cloned().unwrap_or_default();
    exact(
        "Template",
        &at(live, "Template"),
        &at(wanted, "Template"),
        &mut changes,
    );
    let none = Map::new();
    let parameters = wanted
        .get("Parameters")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    for (name, to) in parameters {
        let from = at(&at(live, "Parameters"), name);
        if !is_value(to, &from) {
            changes.push(change(format!("Parameters.{name}"), Some(&from), Some(to)));
        }
    }
    if !at(live, "Settled").as_bool().unwrap_or_default() {
        changes.push(change("Status".to_owned(), live.get("Status"), None));
    }
    changes
}

/// Whether a parameter has the value wanted: the text, or the address of the secret.
fn is_value(wanted: &Value, live: &Value) -> bool {
    match wanted.get("Secret").and_then(Value::as_str) {
        Some(name) => live
            .as_str()
            .is_some_and(|arn| arn.contains(&format!(":{name}")) || arn == name),
        None => wanted == live,
    }
}

/// Each place where two values differ, one member at a time.
fn exact(field: &str, live: &Value, wanted: &Value, changes: &mut Vec<Change>) {
    match (live, wanted) {
        (Value::Object(from), Value::Object(to)) => {
            let added = to.keys().filter(|key| !from.contains_key(*key));
            for key in from.keys().chain(added) {
                let field = format!("{field}.{key}");
                match (from.get(key), to.get(key)) {
                    (Some(from), Some(to)) => exact(&field, from, to, changes),
                    (from, to) => changes.push(change(field, from, to)),
                }
            }
        }
        _ if live == wanted => {}
        _ => changes.push(change(field.to_owned(), Some(live), Some(wanted))),
    }
}

fn of_service(wanted: &Value, live: &Value) -> Vec<Change> {
    let mut changes = of_definition(wanted, live);
    let to = resolved(wanted, live, "service");
    let from = live.get("service").cloned().unwrap_or_default();
    let before = changes.len();
    set(
        "service",
        &from,
        &without(&to, &["tags", "taskDefinition", "cluster"]),
        &mut changes,
    );
    let hash = live.get("serviceHash").cloned().unwrap_or_default();
    let now = Value::from(marks::hash(&to));
    if changes.len() == before && hash != now {
        changes.push(change(
            "service.tags.tranship:hash".to_owned(),
            Some(&hash),
            Some(&now),
        ));
    }
    changes
}

fn of_job(wanted: &Value, live: &Value) -> Vec<Change> {
    let mut changes = of_definition(wanted, live);
    if live.get("failed") == Some(&Value::Bool(true)) {
        changes.push(change(
            "exitCode".to_owned(),
            live.get("said"),
            Some(&json!(0)),
        ));
    }
    changes
}

/// A definition cannot be changed once it is there: what it was made from says what it is.
fn of_definition(wanted: &Value, live: &Value) -> Vec<Change> {
    let to = resolved(wanted, live, "taskDefinition");
    let hash = live.get("definitionHash").cloned().unwrap_or_default();
    let now = Value::from(marks::hash(&to));
    let mut changes = Vec::new();
    if hash == now {
        return changes;
    }
    let from = live.get("taskDefinition").cloned().unwrap_or_default();
    set(
        "taskDefinition",
        &from,
        &without(&to, &["tags"]),
        &mut changes,
    );
    if changes.is_empty() {
        changes.push(change(
            "taskDefinition.tags.tranship:hash".to_owned(),
            Some(&hash),
            Some(&now),
        ));
    }
    changes
}

fn resolved(wanted: &Value, live: &Value, key: &str) -> Value {
    let given: Values = live
        .get("values")
        .and_then(Value::as_object)
        .map(|values| {
            values
                .iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect()
        })
        .unwrap_or_default();
    values::resolve(wanted.get(key).unwrap_or(&Value::Null), &given)
}

/// A request without some of its members.
pub(super) fn without(request: &Value, keys: &[&str]) -> Value {
    let mut request = request.clone();
    if let Some(members) = request.as_object_mut() {
        members.retain(|key, _| !keys.contains(&key.as_str()));
    }
    request
}

/// Each place where what we set is not what is there; what is added there is no difference.
fn set(field: &str, live: &Value, wanted: &Value, changes: &mut Vec<Change>) {
    match (live, wanted) {
        (Value::Object(from), Value::Object(to)) => {
            for (key, to) in to {
                let field = format!("{field}.{key}");
                match from.get(key) {
                    Some(from) => set(&field, from, to, changes),
                    None if is_nothing(to) => {}
                    None => changes.push(change(field, None, Some(to))),
                }
            }
        }
        (Value::Array(from), Value::Array(to)) if from.len() == to.len() => {
            let (from, to) = (in_order(from), in_order(to));
            for (index, (from, to)) in from.iter().zip(&to).enumerate() {
                set(&format!("{field}[{index}]"), from, to, changes);
            }
        }
        _ if live == wanted => {}
        _ => changes.push(change(field.to_owned(), Some(live), Some(wanted))),
    }
}

/// Lists of ids and of named things have no order of their own.
fn in_order(items: &[Value]) -> Vec<Value> {
    let mut items = items.to_vec();
    items.sort_by_key(|item| {
        let name = item.get("name").or_else(|| item.get("containerPort"));
        name.unwrap_or(item).to_string()
    });
    items
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn change(field: String, from: Option<&Value>, to: Option<&Value>) -> Change {
    let some = |value: Option<&Value>| value.filter(|value| !value.is_null()).cloned();
    Change {
        field,
        from: some(from),
        to: some(to),
    }
}
