//! The client's own types read every body, and nothing is lost on the way.

use bollard_stubs::models::{ConfigSpec, NetworkCreateRequest, SecretSpec, ServiceSpec};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::attributes::OF_SERVICES;
use crate::sample::{translated, web};

/// What the client would send for a body.
fn sent<T: Serialize + DeserializeOwned>(body: &Value) -> Value {
    let read: T = serde_json::from_value(body.clone()).expect("the client reads it");
    serde_json::to_value(read).expect("the client writes it")
}

fn through_client(kind: &str, body: &Value) -> Value {
    match kind {
        "service" => sent::<ServiceSpec>(body),
        "network" => sent::<NetworkCreateRequest>(body),
        "secret" => sent::<SecretSpec>(body),
        "config" => sent::<ConfigSpec>(body),
        other => panic!("no such kind: {other}"),
    }
}

/// Every value of `ours` that is not in `theirs`.
fn lost(path: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, value) in ours {
                let other = theirs.get(key).unwrap_or(&Value::Null);
                lost(&format!("{path}.{key}"), value, other, found);
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (index, (value, other)) in ours.iter().zip(theirs).enumerate() {
                lost(&format!("{path}[{index}]"), value, other, found);
            }
        }
        (ours, theirs) if ours == theirs => {}
        (ours, theirs) => found.push(format!("{path}: {ours} became {theirs}")),
    }
}

#[test]
fn the_client_sends_every_field_as_it_stands() {
    let mut found = Vec::new();
    for values in OF_SERVICES {
        for line in values {
            for object in translated(&web(line)).objects {
                let theirs = through_client(&object.id.kind, &object.body);
                lost(&object.id.to_string(), &object.body, &theirs, &mut found);
            }
        }
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{found:#?}");
}
