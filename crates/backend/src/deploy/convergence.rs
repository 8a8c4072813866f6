//! Whether what runs is what was asked for.

use serde::{Deserialize, Serialize};
use tranship_model::ObjectId;

/// What a run waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The workload.
    pub object: ObjectId,
    /// The service or job of the stack it runs.
    pub service: String,
    /// What the target called this rollout when it was asked for it: a generation, a version, a
    /// deployment. A rollout with another name is not ours.
    pub rollout: String,
}

/// How far a rollout is. A pure function of what a target says decides it, so that recorded
/// answers test it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Convergence {
    /// It goes on.
    Waiting(Waiting),
    /// Every task asked for runs, healthy where the stack says how to tell, and none of an older
    /// kind is left.
    Converged,
    /// A job ended well.
    Completed,
    /// It will not get there: several tries failed in the same way, or the target gave up, and the
    /// target is not about to take it back.
    Failed(Cause),
    /// The target took it back.
    RolledBack(Cause),
}

/// A rollout that goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Tasks of the new kind that run, and are healthy or started: what dependents that wait for
    /// `started` wait for.
    pub running: u64,
    /// Tasks of the new kind that are ready: healthy where a health check says so.
    pub ready: u64,
    /// Tasks asked for.
    pub wanted: u64,
    /// What seems to be wrong, as soon as it is known; it may still pass.
    pub cause: Option<Cause>,
}

/// Why a rollout does not get there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The kind, the same on all targets.
    pub kind: CauseKind,
    /// The target's words, with the task's name.
    pub detail: String,
}

/// Kinds of causes, the same on all targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CauseKind {
    /// The image is not there, or may not be pulled.
    ImageMissing,
    /// The process ends again and again.
    CrashLoop,
    /// The health check fails.
    Unhealthy,
    /// A quota or limit range refuses the tasks.
    Quota,
    /// No node takes the tasks.
    Unschedulable,
    /// A secret, config or volume a task needs is not there.
    ObjectMissing,
    /// A job's process failed.
    JobFailed,
    /// Another deployment took this one's place.
    Superseded,
    /// Something else the target says.
    Other,
}

impl CauseKind {
    /// The kind in people's words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ImageMissing => "the image is missing",
            Self::CrashLoop => "the process ends again and again",
            Self::Unhealthy => "the health check fails",
            Self::Quota => "a quota refuses tasks",
            Self::Unschedulable => "no node takes the tasks",
            Self::ObjectMissing => "something a task needs is not there",
            Self::JobFailed => "the job failed",
            Self::Superseded => "another deployment took its place",
            Self::Other => "it does not come up",
        }
    }
}
