//! Why a target did not do what it was asked.

use serde::Serialize;
use thiserror::Error;
use tranship_model::ObjectId;

/// Why a call to a target, or a run against it, came to nothing.
///
/// No text in here ever holds a secret's value: it is shown and logged.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The target does not know us, or does not let us.
    #[error("{place} denies it: {}", missing.join("; "))]
    Denied {
        /// What denied it, in people's words.
        place: String,
        /// Everything that was denied, such as `create deployments.apps in namespace shop`.
        missing: Vec<String>,
    },
    /// The target does not answer, or only says that it cannot now.
    #[error("{place} cannot be reached: {reason}")]
    Unreachable {
        /// What cannot be reached.
        place: String,
        /// What the last try said.
        reason: String,
    },
    /// Fields or objects that belong to someone else.
    #[error("{}", conflicts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Conflict {
        /// Each of them.
        conflicts: Vec<Conflict>,
    },
    /// Someone changed what we were about to change, after we had looked.
    #[error("{object} was changed by someone else meanwhile")]
    Changed {
        /// What was changed.
        object: ObjectId,
    },
    /// The target says that an object is wrong.
    #[error("{object} is refused: {reason}")]
    Refused {
        /// The object.
        object: ObjectId,
        /// The target's words.
        reason: String,
    },
    /// A secret's value is not where the stack says.
    #[error("the secret `{secret}` has no value: {reason}")]
    SecretMissing {
        /// The secret's key in the stack.
        secret: String,
        /// Where it was looked for, and what was there.
        reason: String,
    },
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// A thing that belongs to someone else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The object.
    pub object: ObjectId,
    /// The field, as the target writes it; none when the whole object is someone else's.
    pub field: Option<String>,
    /// Whose it is, as far as the target says.
    pub owner: Option<String>,
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.field {
            Some(field) => write!(formatter, "{}: `{field}`", self.object)?,
            None => write!(formatter, "{} exists already", self.object)?,
        }
        match &self.owner {
            Some(owner) => write!(formatter, " belongs to {owner}"),
            None => formatter.write_str(" and is not ours"),
        }
    }
}
