//! How a run ends when it does not end well.

use thiserror::Error;
use tranship_backend::deploy::{Cause, Fault};

use crate::{Holder, RecordError, Refusal};

/// What interrupted a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// A polite kill.
    Terminate,
}

/// Why a run did not do what was asked. None of these is ever reported as success.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RunError {
    /// The target.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// It could harm what people did not name.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Someone else deploys the stack.
    #[error("{0} deploys this stack now; `--lock-wait` waits for it")]
    Locked(Holder),
    /// Our lock was taken over: we had been silent for too long.
    #[error("another run took the lock over while this one was silent")]
    LockLost,
    /// Something changed since the plan was made.
    #[error("the plan is stale: what it saw has changed since; plan again")]
    Stale,
    /// The plan is for another place or by another version, or was edited.
    #[error("the plan cannot be used: {0}")]
    BadPlan(String),
    /// There is no earlier deployment to return to.
    #[error("no earlier deployment of this stack is recorded")]
    NothingToRollBack,
    /// Our record on the target cannot be read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Services do not come up.
    #[error("{}", describe(.0))]
    RolloutFailed(Vec<(String, Cause)>),
    /// The target took services back to what they were.
    #[error("rolled back: {}", describe(.0))]
    RolledBack(Vec<(String, Cause)>),
    /// The time is over, and nobody knows why.
    #[error("the time is over; still waiting for {}", .0.join(", "))]
    TimedOut(Vec<String>),
    /// Someone asked us to stop.
    #[error("interrupted")]
    Interrupted(Signal),
}

fn describe(services: &[(String, Cause)]) -> String {
    let texts: Vec<String> = services
        .iter()
        .map(|(service, cause)| format!("`{service}`: {}: {}", cause.kind.as_str(), cause.detail))
        .collect();
    texts.join("; ")
}

impl RunError {
    /// The outcome in a word, as events say it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Fault(_) | Self::Record(_) => "failed",
            Self::Refused(_) | Self::BadPlan(_) | Self::NothingToRollBack => "refused",
            Self::Locked(_) | Self::LockLost => "locked",
            Self::Stale => "stale",
            Self::RolloutFailed(_) => "rollout-failed",
            Self::RolledBack(_) => "rolled-back",
            Self::TimedOut(_) => "timed-out",
            Self::Interrupted(_) => "interrupted",
        }
    }
}
