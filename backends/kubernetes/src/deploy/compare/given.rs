//! Whether each field we want has our value.

use serde_json::{Map, Value};
use tranship_backend::deploy::Change;

use super::lists::{self, Listing};
use super::{Place, amounts};

/// Fields of an object that say who it is, which is the same already.
const IDENTITY: &[&str] = &["apiVersion", "kind"];

/// Mappings that belong to one manager as a whole, so that nothing may be added to them.
const WHOLE: &[&str] = &[
    "labelSelector",
    "matchLabels",
    "namespaceSelector",
    "nodeSelector",
    "podSelector",
    "selector",
];

/// Fields the API server keeps apart from "not set", although they say no or nothing.
///
/// All others are left out of an answer when they are `false`, `0` or empty.
const KEPT: &[&str] = &[
    "allowPrivilegeEscalation",
    "automountServiceAccountToken",
    "backoffLimit",
    "completions",
    "defaultMode",
    "enableServiceLinks",
    "fsGroup",
    "hostUsers",
    "mode",
    "parallelism",
    "replicas",
    "runAsGroup",
    "runAsUser",
    "terminationGracePeriodSeconds",
    "tolerationSeconds",
    "ttlSecondsAfterFinished",
];

/// Adds each wanted field whose live value is another.
pub(super) fn compare(wanted: &Value, live: &Value, changes: &mut Vec<Change>) {
    if let (Value::Object(wanted), Value::Object(live)) = (wanted, live) {
        let wanted = wanted
            .iter()
            .filter(|(key, _)| !IDENTITY.contains(&key.as_str()));
        for (key, value) in wanted {
            field(&Place::default().key(key), value, live.get(key), changes);
        }
    }
}

fn field(place: &Place, wanted: &Value, live: Option<&Value>, changes: &mut Vec<Change>) {
    match (wanted, live) {
        (wanted, None) if is_left_out(place.last(), wanted) => {}
        (Value::Object(wanted), Some(Value::Object(live))) => {
            mapping(place, wanted, live, changes);
        }
        (Value::Array(wanted), Some(Value::Array(live))) => {
            list(place, wanted, live, changes);
        }
        (wanted, Some(live)) if is_equal(place, wanted, live) => {}
        (wanted, live) => changes.push(place.change(live, Some(wanted))),
    }
}

/// Whether the API server leaves a field with this value out of its answers.
fn is_left_out(key: &str, wanted: &Value) -> bool {
    match wanted {
        Value::Null => true,
        Value::Bool(yes) => !yes && !KEPT.contains(&key),
        Value::Number(number) => number.as_f64() == Some(0.0) && !KEPT.contains(&key),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.iter().all(|(key, value)| is_left_out(key, value)),
    }
}

fn mapping(
    place: &Place,
    wanted: &Map<String, Value>,
    live: &Map<String, Value>,
    changes: &mut Vec<Change>,
) {
    for (key, value) in wanted {
        field(&place.key(key), value, live.get(key), changes);
    }
    if WHOLE.contains(&place.last()) {
        let added = live.iter().filter(|(key, _)| !wanted.contains_key(*key));
        changes.extend(added.map(|(key, value)| place.key(key).change(Some(value), None)));
    }
}

fn list(place: &Place, wanted: &[Value], live: &[Value], changes: &mut Vec<Change>) {
    match lists::listing(place.last(), wanted) {
        Listing::Keyed(keys) => {
            for item in wanted {
                let name = lists::name(keys, item);
                let twin = live.iter().find(|other| lists::name(keys, other) == name);
                field(&place.item(&name), item, twin, changes);
            }
        }
        Listing::Set => {
            let missing = wanted.iter().filter(|item| !live.contains(item));
            changes.extend(missing.map(|item| place.change(None, Some(item))));
        }
        Listing::Whole if wanted.len() == live.len() => {
            for (index, (wanted, live)) in wanted.iter().zip(live).enumerate() {
                field(&place.item(&index.to_string()), wanted, Some(live), changes);
            }
        }
        Listing::Whole => {
            let (wanted, live) = (Value::from(wanted), Value::from(live));
            changes.push(place.change(Some(&live), Some(&wanted)));
        }
    }
}

fn is_equal(place: &Place, wanted: &Value, live: &Value) -> bool {
    match (wanted, live) {
        (Value::Number(wanted), Value::Number(live)) => wanted.as_f64() == live.as_f64(),
        (wanted, live) if wanted == live => true,
        (wanted, live) => amounts::is_amount(&place.0) && amounts::are_equal(wanted, live),
    }
}
