//! Whether each field we once set is still wanted.
//!
//! The API server keeps the fields each manager applied (`metadata.managedFields`, format
//! `FieldsV1`); one of ours that is wanted no longer goes with the next apply.

use serde_json::{Map, Value};
use tranship_backend::deploy::Change;

use super::Place;

/// Adds each field we own, which is there and not wanted.
pub(super) fn compare(wanted: &Value, live: &Value, changes: &mut Vec<Change>) {
    let entries = live
        .pointer("/metadata/managedFields")
        .and_then(Value::as_array);
    for entry in entries.into_iter().flatten() {
        if let Some(fields) = entry.get("fieldsV1").and_then(Value::as_object) {
            walk(&Place::default(), fields, Some(wanted), live, changes);
        }
    }
}

/// Goes down the fields of an entry, beside what is wanted and what is there.
fn walk(
    place: &Place,
    fields: &Map<String, Value>,
    wanted: Option<&Value>,
    live: &Value,
    changes: &mut Vec<Change>,
) {
    for (name, below) in fields {
        let Some((place, wanted, live)) = step(place, name, wanted, live) else {
            continue;
        };
        match below.as_object().filter(|below| !below.is_empty()) {
            _ if wanted.is_none_or(Value::is_null) => changes.push(place.change(Some(live), None)),
            Some(below) => walk(&place, below, wanted, live, changes),
            None => {}
        }
    }
}

/// One step down; none where there is nothing any more, or the step is the place itself.
fn step<'value>(
    place: &Place,
    name: &str,
    wanted: Option<&'value Value>,
    live: &'value Value,
) -> Option<(Place, Option<&'value Value>, &'value Value)> {
    let (kind, name) = name.split_once(':')?;
    match kind {
        "f" => Some((
            place.key(name),
            wanted.and_then(|wanted| wanted.get(name)),
            live.get(name)?,
        )),
        "k" => {
            let keys: Value = serde_json::from_str(name).ok()?;
            let keys = keys.as_object()?;
            let title: Vec<_> = keys.values().map(plain).collect();
            Some((
                place.item(&title.join("/")),
                wanted.and_then(|wanted| item(wanted, keys)),
                item(live, keys)?,
            ))
        }
        "v" => {
            let value: Value = serde_json::from_str(name).ok()?;
            let found = |list: &'value Value| list.as_array()?.iter().find(|item| **item == value);
            Some((
                place.item(&plain(&value)),
                wanted.and_then(found),
                found(live)?,
            ))
        }
        _ => None,
    }
}

/// The item of a list that has the fields; a protocol that is not named is TCP.
fn item<'value>(list: &'value Value, keys: &Map<String, Value>) -> Option<&'value Value> {
    let has = |item: &&Value| {
        keys.iter().all(|(key, value)| match item.get(key) {
            Some(found) => found == value,
            None => key == "protocol" && value == "TCP",
        })
    };
    list.as_array()?.iter().find(has)
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
