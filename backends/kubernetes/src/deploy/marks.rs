//! What we write on objects beside their content, and how it is read again.

use serde_json::{Map, Value};

use crate::labels;

/// Our name as a manager of fields.
pub(super) const MANAGER: &str = "tranship";

/// The name in the stack, on a workload whose own name is another.
pub(super) const SERVICE: &str = "deploy.tranship/service";

/// On a job whose tasks may go on without end.
pub(super) const RUNS_ON: &str = "deploy.tranship/runs-on";

/// The key of the file in a secret.
pub(super) const FILE: &str = "deploy.tranship/file";

/// On the tasks of a workload: the versions of the secrets they mount, so that a new version rolls
/// them.
pub(super) const SECRETS: &str = "deploy.tranship/secrets";

/// What [`SECRETS`] says in a plan: whatever versions there are.
pub(super) const CURRENT: &str = "current";

/// Which of our notes a config map is.
pub(super) const NOTE: &str = "deploy.tranship/note";

/// Selects every object of a stack.
pub(super) fn selector(stack: &str) -> String {
    let pairs = labels::common(stack);
    let terms: Vec<_> = pairs
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    terms.join(",")
}

/// A label of an object.
pub(super) fn label<'body>(body: &'body Value, key: &str) -> Option<&'body str> {
    body.get("metadata")?.get("labels")?.get(key)?.as_str()
}

/// An annotation of an object.
pub(super) fn annotation<'body>(body: &'body Value, key: &str) -> Option<&'body str> {
    body.get("metadata")?.get("annotations")?.get(key)?.as_str()
}

/// An annotation of the tasks of a workload.
pub(super) fn task_annotation<'body>(body: &'body Value, key: &str) -> Option<&'body str> {
    let metadata = body.pointer("/spec/template/metadata")?;
    metadata.get("annotations")?.get(key)?.as_str()
}

/// Writes an annotation into the metadata at `place`, where there is such a place.
pub(super) fn annotate(body: &mut Value, place: &str, key: &str, value: &str) {
    let Some(metadata) = body.pointer_mut(place).and_then(Value::as_object_mut) else {
        return;
    };
    let annotations = metadata
        .entry("annotations")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.insert(key.to_owned(), value.into());
    }
}

/// The volumes of a workload's tasks.
pub(super) fn volumes(body: &Value) -> impl Iterator<Item = &Value> {
    let places = [
        "/spec/template/spec/volumes",
        "/spec/jobTemplate/spec/template/spec/volumes",
    ];
    places
        .into_iter()
        .filter_map(|place| body.pointer(place)?.as_array())
        .flatten()
}
