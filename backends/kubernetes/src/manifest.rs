//! Objects as files.

use serde::Serialize;
use tranship_backend::{File, Layout, Object, RenderError, to_yaml, to_yaml_as};
use tranship_model::ObjectId;

/// One file for each object, in the order they would be made.
///
/// # Errors
///
/// [`RenderError`] when an object cannot be written, which is a bug.
pub(crate) fn files(objects: &[Object]) -> Result<Vec<File>, RenderError> {
    objects.iter().map(file).collect()
}

/// The file of one object.
///
/// # Errors
///
/// [`RenderError`] when it cannot be written, which is a bug.
pub(crate) fn file(object: &Object) -> Result<File, RenderError> {
    let Object { id, body } = object;
    Ok(File {
        path: path(id),
        content: to_yaml(body)?,
    })
}

/// The file of a typed object: the same as that of its plain data.
///
/// # Errors
///
/// [`RenderError`] when it cannot be written, which is a bug.
pub(crate) fn typed(id: &ObjectId, object: &impl Serialize) -> Result<File, RenderError> {
    // The typed objects have their fields in the order of the alphabet.
    const LAYOUT: Layout = Layout::PLAIN.first("name").third("metadata");
    Ok(File {
        path: path(id),
        content: to_yaml_as(&LAYOUT, object)?,
    })
}

fn path(id: &ObjectId) -> String {
    format!("{}-{}.yaml", id.name, id.kind.to_ascii_lowercase())
}
