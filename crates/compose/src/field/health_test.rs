//! The command that tells whether a task is healthy.

use serde::{Serialize, Serializer};
use thiserror::Error;

/// What runs to check a task.
///
/// Source: [Compose specification, `healthcheck`](https://docs.docker.com/reference/compose-file/services/#healthcheck).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HealthTest {
    /// `NONE`: the image's own check is switched off.
    Disabled,
    /// `CMD`: a program and its arguments.
    Exec(Vec<String>),
    /// `CMD-SHELL`: a line for the image's shell; the engine reads the first item only.
    Shell(Vec<String>),
}

/// Why a list is not a check.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HealthTestError {
    /// The first item is none of the three words.
    #[error("a health check must start with `CMD`, `CMD-SHELL` or `NONE`, not with `{0}`")]
    UnknownKind(String),
}

impl HealthTest {
    /// A line for the image's shell, as the short syntax means.
    #[must_use]
    pub fn shell(line: &str) -> Self {
        Self::Shell(vec![line.to_owned()])
    }

    /// Reads the list form; an empty list says nothing.
    ///
    /// # Errors
    ///
    /// Returns [`HealthTestError`] when the first item is not one of the three words.
    pub fn from_list(items: Vec<String>) -> Result<Option<Self>, HealthTestError> {
        let mut items = items.into_iter();
        match items.next().as_deref() {
            None => Ok(None),
            Some("NONE") => Ok(Some(Self::Disabled)),
            Some("CMD") => Ok(Some(Self::Exec(items.collect()))),
            Some("CMD-SHELL") => Ok(Some(Self::Shell(items.collect()))),
            Some(other) => Err(HealthTestError::UnknownKind(other.to_owned())),
        }
    }

    /// The canonical list: the kind, then the command.
    fn parts(&self) -> (&'static str, &[String]) {
        match self {
            Self::Disabled => ("NONE", &[]),
            Self::Exec(command) => ("CMD", command),
            Self::Shell(line) => ("CMD-SHELL", line),
        }
    }
}

impl Serialize for HealthTest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, command) = self.parts();
        serializer.collect_seq(std::iter::once(kind).chain(command.iter().map(String::as_str)))
    }
}
