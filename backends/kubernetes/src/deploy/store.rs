//! Our notes about a stack: a config map each, written only as it was read.

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use tranship_backend::deploy::{Fault, Note, Store, Stored, Written};

use super::calls::{Call, Failure, Server};
use super::kinds::Kind;
use super::{Cluster, faults, marks, namespace};
use crate::{labels, names};

/// The key of the text in the config map.
const TEXT: &str = "text";

/// The name of a note. It does not have the mark of the stack, for it is none of its objects.
fn name(stack: &str, note: Note) -> String {
    let name = format!("tranship-{stack}-{}", note.as_str());
    names::label(&name, names::LABEL_LIMIT)
}

#[async_trait]
impl Store for Cluster {
    async fn read(&self, stack: &str, note: Note) -> Result<Option<Stored>, Fault> {
        stored(&self.server, &name(stack, note))
            .await
            .map_err(|failure| faults::of_call(&self.server, failure))
    }

    async fn write(
        &self,
        stack: &str,
        note: Note,
        text: &str,
        expected: Option<&str>,
    ) -> Result<Written, Fault> {
        let name = name(stack, note);
        let body = body(&name, note, text, expected);
        write(&self.server, &name, text, expected, &body)
            .await
            .map_err(|failure| fault(&self.server, failure))
    }

    async fn delete(&self, stack: &str, note: Note, expected: &str) -> Result<(), Fault> {
        let options = json!({
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "preconditions": {"resourceVersion": expected},
        });
        let path = Kind::ConfigMap.path(&self.server.namespace, &name(stack, note));
        let call = Call::new(Method::DELETE, path).sending("application/json", &options);
        match self.server.send(&call).await {
            Ok(_) => Ok(()),
            Err(failure) if failure.is_missing() || failure.is_conflict() => Ok(()),
            Err(failure) => Err(faults::of_call(&self.server, failure)),
        }
    }
}

fn fault(server: &Server, failure: Failure) -> Fault {
    match failure {
        Failure::Refused(status) if faults::is_of_namespace(&status) => {
            faults::missing_namespace(&server.namespace)
        }
        other @ (Failure::Refused(_) | Failure::Cut(_)) => faults::of_call(server, other),
    }
}

async fn stored(server: &Server, name: &str) -> Result<Option<Stored>, Failure> {
    let call = Call::get(Kind::ConfigMap.path(&server.namespace, name));
    let map: Value = match server.read(&call).await {
        Err(failure) if failure.is_missing() => return Ok(None),
        map => map?,
    };
    let text = map
        .pointer(&format!("/data/{TEXT}"))
        .and_then(Value::as_str);
    Ok(Some(Stored {
        text: text.unwrap_or_default().to_owned(),
        version: version(&map),
    }))
}

fn version(map: &Value) -> String {
    let version = map
        .pointer("/metadata/resourceVersion")
        .and_then(Value::as_str);
    version.unwrap_or_default().to_owned()
}

fn body(name: &str, note: Note, text: &str, expected: Option<&str>) -> Value {
    let mut metadata = json!({
        "name": name,
        "labels": {labels::MANAGED_BY: marks::MANAGER, marks::NOTE: note.as_str()},
    });
    if let (Some(version), Some(metadata)) = (expected, metadata.as_object_mut()) {
        metadata.insert("resourceVersion".to_owned(), version.into());
    }
    json!({
        "apiVersion": "v1",
        "kind": Kind::ConfigMap.name(),
        "metadata": metadata,
        "data": {TEXT: text},
    })
}

async fn write(
    server: &Server,
    name: &str,
    text: &str,
    expected: Option<&str>,
    body: &Value,
) -> Result<Written, Failure> {
    let call = match expected {
        Some(_) => Call::new(Method::PUT, Kind::ConfigMap.path(&server.namespace, name)),
        None => Call::new(Method::POST, Kind::ConfigMap.collection(&server.namespace)),
    };
    let call = call.sending("application/json", body);
    loop {
        match server.read::<Value>(&call).await {
            Ok(map) => {
                return Ok(Written::Done {
                    version: version(&map),
                });
            }
            Err(Failure::Refused(status))
                if faults::is_of_namespace(&status) && namespace::create(server).await? => {}
            Err(failure)
                if failure.is_conflict() || (expected.is_some() && failure.is_missing()) =>
            {
                return lost(server, name, text).await;
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// Who lost to a writer of the same words wrote them: the answer to the first try was cut off.
///
/// A note says who wrote it and when, so no two writers write the same.
async fn lost(server: &Server, name: &str, text: &str) -> Result<Written, Failure> {
    let stored = stored(server, name).await?;
    Ok(match stored {
        Some(stored) if stored.text == text => Written::Done {
            version: stored.version,
        },
        Some(_) | None => Written::Lost,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_has_a_name_of_its_stack_and_not_its_mark() {
        assert_eq!(name("shop", Note::Lock), "tranship-shop-lock");
        assert_ne!(name("a_b", Note::Lock), name("a-b", Note::Lock));
        let body = body("n", Note::Record, "{}", None);
        assert_eq!(marks::label(&body, labels::PART_OF), None);
    }

    #[test]
    fn a_note_is_replaced_only_as_it_was_read() {
        let body = |expected| body("n", Note::Lock, "{}", expected);
        assert_eq!(version(&body(Some("7"))), "7");
        assert_eq!(version(&body(None)), "");
    }
}
