//! What a run tells while it runs.

use serde::Serialize;
use tranship_backend::deploy::{Action, Cause, Place};
use tranship_model::ObjectId;

use crate::Holder;

/// The version of the stream: a new event or member keeps it, a changed one does not.
pub(crate) const FORMAT: u32 = 1;

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum DeployEvent {
    /// A run began.
    Begun {
        /// The version of the stream.
        format: u32,
        /// The stack.
        stack: String,
        /// Where.
        place: Place,
    },
    /// Someone else deploys the stack now; this run waits.
    LockHeld {
        /// Who.
        holder: Holder,
    },
    /// Whoever held the lock is gone; this run has it.
    LockTakenOver {
        /// Who held it.
        holder: Holder,
    },
    /// What will be done.
    Planned {
        /// How many steps of each kind.
        counts: Counts,
    },
    /// A step began, was done or failed.
    Step {
        /// What it does.
        action: Action,
        /// To what.
        object: ObjectId,
        /// How far it is.
        state: StepState,
    },
    /// A rollout goes on.
    Waiting {
        /// The service.
        service: String,
        /// Tasks of the new kind that run.
        running: u64,
        /// Tasks of the new kind that are ready.
        ready: u64,
        /// Tasks asked for.
        wanted: u64,
    },
    /// Something seems wrong with a rollout; it may still pass.
    Trouble {
        /// The service.
        service: String,
        /// What.
        cause: Cause,
    },
    /// A service runs as asked, or a job ended well.
    Settled {
        /// The service.
        service: String,
        /// Whether it is a job that ended.
        completed: bool,
    },
    /// The run is over.
    Ended {
        /// In a word: `done`, `failed`, `rolled-back`, `timed-out`, `interrupted`, …
        outcome: &'static str,
        /// Why, unless it is done.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// What was written.
        done: Vec<ObjectId>,
        /// What was still to be written or waited for.
        pending: Vec<ObjectId>,
    },
}

/// How far a step is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// It was sent.
    Started,
    /// The target took it.
    Done,
    /// The target did not, and says why.
    Failed(String),
}

/// How many steps of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Objects that are made.
    pub create: usize,
    /// Objects that change in place.
    pub update: usize,
    /// Objects that are deleted and made again.
    pub replace: usize,
    /// Objects that are deleted.
    pub delete: usize,
    /// Objects that stay as they are.
    pub keep: usize,
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, action: Action) {
        let count = match action {
            Action::Create => &mut self.create,
            Action::Update => &mut self.update,
            Action::Replace => &mut self.replace,
            Action::Delete => &mut self.delete,
            Action::Keep => &mut self.keep,
        };
        *count += 1;
    }
}
