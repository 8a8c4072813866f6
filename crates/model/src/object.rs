//! Names of what a target creates.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// What a target calls one of its objects, such as `Deployment web`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectId {
    /// The target's word for this kind of object.
    pub kind: Cow<'static, str>,
    /// The name, unique among objects of the kind within one translation.
    pub name: Arc<str>,
}

impl ObjectId {
    /// The object `name` of a kind.
    #[must_use]
    pub fn new(kind: &'static str, name: impl Into<Arc<str>>) -> Self {
        Self {
            kind: Cow::Borrowed(kind),
            name: name.into(),
        }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.kind, self.name)
    }
}
