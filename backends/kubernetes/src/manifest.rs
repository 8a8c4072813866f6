//! Objects as files.

use tranship_backend::{File, Object, RenderError, to_yaml};

/// One file for each object, in the order they would be made.
///
/// # Errors
///
/// [`RenderError`] when an object cannot be written, which is a bug.
pub(crate) fn files(objects: &[Object]) -> Result<Vec<File>, RenderError> {
    objects.iter().map(file).collect()
}

fn file(object: &Object) -> Result<File, RenderError> {
    let Object { id, body } = object;
    Ok(File {
        path: format!("{}-{}.yaml", id.name, id.kind.to_ascii_lowercase()),
        content: to_yaml(body)?,
    })
}
