//! What is to exist on a target, and what does.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tranship_model::ObjectId;

use crate::Object;

/// An object that is to exist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// The object, without any secret's value.
    pub object: Object,
    /// What it is for the run.
    pub role: Role,
    /// The objects whose new content or new name makes this one roll: the secrets and configs a
    /// service mounts.
    pub uses: Vec<ObjectId>,
}

/// What an object is for a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Role {
    /// What tasks need before they start: networks, policies, names.
    Foundation,
    /// A version of a config, named by its content: deleted as soon as no task can use it.
    Content,
    /// A secret; its value is added when it is sent.
    Secret {
        /// The secret's key in the stack.
        key: String,
    },
    /// What holds people's data: never deleted unless named.
    Storage,
    /// What runs the tasks of a service or job of the stack, and is waited for.
    Workload {
        /// The service's or job's name in the stack.
        service: String,
    },
}

/// An object as it is on a target.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// The same identity a translation gives it.
    pub id: ObjectId,
    /// Its content, in the shape of [`Object::body`] with the target's additions.
    pub body: Value,
    /// Changes when what people may set on it changes, and not when its tasks come and go.
    pub version: String,
    /// Whose it is.
    pub owner: Owner,
    /// What it is for the run, for objects no longer wanted.
    pub role: Role,
    /// For a secret: whether its value is the one of this run, or the run has none to compare.
    /// True for everything else.
    pub secret_is_current: bool,
}

/// Whose an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Of this stack, by our mark.
    Stack,
    /// Someone else's: without our mark, or with the mark of another stack.
    Foreign(
        /// Whose, as far as the target says.
        Option<String>,
    ),
}

/// Everything of a stack on a target: each wanted object that exists, and each object with our
/// mark.
///
/// Of a secret or config that is stored under a fresh name when its content changes, the current
/// one has the identity of the translation; one it took the place of has the name it is stored
/// under.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation {
    /// The objects, each once.
    pub objects: Vec<Live>,
}

impl Observation {
    /// The object of an identity.
    #[must_use]
    pub fn get(&self, id: &ObjectId) -> Option<&Live> {
        self.objects.iter().find(|live| live.id == *id)
    }
}

/// How a wanted object differs from the live one, in the fields we set.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// Not at all.
    Same,
    /// In fields that can be changed in place.
    InPlace(Vec<Change>),
    /// In fields that cannot: it has to be deleted and made again.
    Recreate {
        /// What differs.
        changes: Vec<Change>,
        /// Why it cannot be changed in place.
        reason: String,
    },
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The field, as the target's people write it: `spec.replicas`, `TaskTemplate.ContainerSpec.Image`.
    pub field: String,
    /// What is there; none when nothing is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<Value>,
    /// What is wanted; none when nothing is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<Value>,
}
