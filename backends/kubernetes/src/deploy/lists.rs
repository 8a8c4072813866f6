//! Lists of objects, page by page.

use futures_util::future::join_all;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tranship_backend::deploy::Fault;

use super::calls::{Call, Failure, Server};
use super::faults;

/// Objects per page: what the API server's own clients ask for.
const PAGE: &str = "500";

/// The answer with names and labels only.
const METADATA_ONLY: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/// Reads every object of a collection that a selector of labels takes; all with an empty one.
///
/// A collection the API server does not have is empty.
pub(super) async fn objects(
    server: &Server,
    collection: &str,
    selector: &str,
) -> Result<Vec<Value>, Failure> {
    let mut call = Call::get(collection.to_owned()).with("limit", PAGE);
    if !selector.is_empty() {
        call = call.with("labelSelector", selector);
    }
    pages(server, call).await
}

/// Reads the objects a call lists, as values of some type.
pub(super) async fn typed<T: DeserializeOwned>(
    server: &Server,
    collection: &str,
    selector: &str,
) -> Result<Vec<T>, Failure> {
    let objects = objects(server, collection, selector).await?;
    let typed = objects.into_iter().map(serde_json::from_value);
    typed
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::Cut(format!("its answer is no JSON we know: {error}")))
}

/// Reads the names of every object of a collection.
pub(super) async fn names(server: &Server, collection: &str) -> Result<Vec<String>, Failure> {
    let call = Call::get(collection.to_owned())
        .with("limit", PAGE)
        .accepting(METADATA_ONLY);
    let objects = pages(server, call).await?;
    let name = |object: &Value| Some(object.pointer("/metadata/name")?.as_str()?.to_owned());
    Ok(objects.iter().filter_map(name).collect())
}

/// Reads the pages of a list.
pub(super) async fn pages(server: &Server, call: Call) -> Result<Vec<Value>, Failure> {
    let mut found = Vec::new();
    let mut next = call.clone();
    loop {
        let mut page: Value = match server.read(&next).await {
            Err(failure) if failure.is_missing() => return Ok(found),
            page => page?,
        };
        if let Some(Value::Array(items)) = page.get_mut("items").map(Value::take) {
            found.extend(items);
        }
        match page.pointer("/metadata/continue").and_then(Value::as_str) {
            Some(rest) if !rest.is_empty() => next = call.clone().with("continue", rest),
            Some(_) | None => return Ok(found),
        }
    }
}

/// Waits for calls made at the same time; every denial is reported, not only the first.
pub(super) async fn all<T>(
    server: &Server,
    calls: impl IntoIterator<Item = impl Future<Output = Result<T, Failure>>>,
) -> Result<Vec<T>, Fault> {
    let mut done = Vec::new();
    let mut faults = Vec::new();
    for end in join_all(calls).await {
        match end {
            Ok(value) => done.push(value),
            Err(failure) => faults.push(faults::of_call(server, failure)),
        }
    }
    match joined(faults) {
        Some(fault) => Err(fault),
        None => Ok(done),
    }
}

/// Several faults as one: denials and conflicts together, else the first.
pub(super) fn joined(faults: Vec<Fault>) -> Option<Fault> {
    let mut faults = faults.into_iter();
    let mut first = faults.next()?;
    for fault in faults {
        match (&mut first, fault) {
            (Fault::Denied { missing, .. }, Fault::Denied { missing: more, .. }) => {
                // Whose credentials have expired hears the same from every list.
                missing.extend(more);
                missing.dedup();
            }
            (Fault::Conflict { conflicts }, Fault::Conflict { conflicts: more }) => {
                conflicts.extend(more);
            }
            (Fault::Refused { reason, .. }, other @ Fault::Refused { .. }) => {
                reason.push_str("; ");
                reason.push_str(&other.to_string());
            }
            (_, _) => {}
        }
    }
    Some(first)
}
