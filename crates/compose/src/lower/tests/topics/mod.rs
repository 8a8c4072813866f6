//! One topic at a time.

mod deployment;
mod sources;
mod task;

use tranship_model::{FieldPath, Service};

use super::front;
use crate::lower::Lowered;

pub(super) type Tested = Result<(), String>;

/// The service `web` of a file that holds these lines of it, and `other` beside it.
pub(super) fn web(attributes: &str) -> Result<(Service, Lowered), String> {
    let attributes = attributes.trim_matches('\n').replace('\n', "\n    ");
    let image = if attributes.contains("build:") {
        ""
    } else {
        "image: web\n    "
    };
    let text = format!(
        "name: shop\nservices:\n  other: {{ image: other, container_name: solo }}\n  web:\n    {image}{attributes}\n"
    );
    let lowered = front(&text)?;
    let service = lowered.stack.services.get("web").cloned();
    Ok((service.ok_or("no service")?, lowered))
}

/// Where a value of the service `web` came from.
pub(super) fn origins(lowered: &Lowered, inner: &str) -> Vec<String> {
    let path = FieldPath::root("services").key("web").key(inner);
    let origins = lowered.origins.resolve(&path);
    let inner = origins
        .iter()
        .map(|path| path.to_string().replace("services.web.", ""));
    inner.collect()
}

/// The notes, as `path code`.
pub(super) fn notes(lowered: &Lowered) -> Vec<String> {
    let entries = lowered.ledger.entries().iter();
    let notes = entries.map(|entry| {
        let code = entry.code.map_or("", |code| code.name);
        format!("{} {} {code}", entry.path, entry.outcome).replace("services.web.", "")
    });
    notes.collect()
}
