//! One step of a plan, as a backend sees it.

use serde::{Deserialize, Serialize};
use tranship_model::ObjectId;

use super::{Change, Wanted};

/// Where a plan holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The backend: `kubernetes`, `swarm`, `ecs`.
    pub backend: String,
    /// The endpoint: the API server, the engine's socket, the region.
    pub endpoint: String,
    /// The part of it: the namespace, the cluster; empty where there are none.
    pub scope: String,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It is not there yet.
    Create,
    /// It changes in place.
    Update,
    /// It is deleted and made again.
    Replace,
    /// It is no longer wanted.
    Delete,
    /// It is as wanted, or stays although it is not.
    Keep,
}

impl Action {
    /// Whether the target is written to.
    #[must_use]
    pub const fn writes(self) -> bool {
        match self {
            Self::Create | Self::Update | Self::Replace | Self::Delete => true,
            Self::Keep => false,
        }
    }

    /// The word people read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Keep => "keep",
        }
    }
}

/// One object's part of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// To what.
    pub object: ObjectId,
    /// What is to be there after it; none for a delete.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub wanted: Option<Wanted>,
    /// What differs.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub changes: Vec<Change>,
    /// Why it is replaced, kept although not wanted, or rolled without a change of its own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// The version of the live object the plan saw; none for one that was not there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
    /// In which wave it is done, from 0.
    pub wave: usize,
}
