//! The forms in which people keep objects.
//!
//! Each is a pure function of the same objects, and gives them back: a kustomize base as `kubectl
//! kustomize` reads it, a chart as Helm renders it with its own values.

mod helm;
mod kustomize;

use tranship_backend::{File, Object, RenderError};

use crate::manifest;

/// A form in which people keep objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// A file for each object.
    #[default]
    Plain,
    /// The same, and the list that makes them a base of kustomize.
    Kustomize,
    /// A chart of Helm, with images, numbers of tasks, resources and sizes as its values.
    Helm,
}

/// The files of all objects of the stack with this name.
///
/// # Errors
///
/// [`RenderError`] when an object cannot be written, which is a bug.
pub(crate) fn files(form: Form, stack: &str, objects: &[Object]) -> Result<Vec<File>, RenderError> {
    match form {
        Form::Plain => manifest::files(objects),
        Form::Kustomize => kustomize::files(objects),
        Form::Helm => helm::files(stack, objects),
    }
}
