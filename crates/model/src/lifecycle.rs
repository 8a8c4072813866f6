//! How tasks start, stop, restart and wait for each other.

use std::time::Duration;

use indexmap::IndexMap;

use crate::HealthCheck;

/// How a task lives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// How to learn whether it works.
    pub health_check: Option<HealthCheck>,
    /// What happens when it ends.
    pub restart: Option<RestartPolicy>,
    /// The signal that asks it to stop, such as `SIGTERM` or `15`.
    pub stop_signal: Option<String>,
    /// Time it gets to stop before it is killed.
    pub stop_grace_period: Option<Duration>,
    /// What must be there before it starts.
    pub dependencies: Vec<Dependency>,
    /// Commands run around it.
    pub hooks: Hooks,
}

/// What happens when a task ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestartPolicy {
    /// Which ends lead to a restart.
    pub condition: RestartCondition,
    /// Time to wait before each restart.
    pub delay: Option<Duration>,
    /// Restarts before giving up; `None` is without end.
    pub maximum_attempts: Option<u64>,
    /// Time a task must run to count as started.
    pub window: Option<Duration>,
}

/// Which ends of a task lead to a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RestartCondition {
    /// None: it runs once.
    Never,
    /// Those with an exit code other than 0.
    OnFailure,
    /// All.
    Always,
    /// All, but a task people stopped stays stopped when its node restarts.
    UnlessStopped,
}

/// Something that must be there first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The service waited for.
    pub service: String,
    /// What is waited for.
    pub condition: Condition,
    /// Whether its absence is an error.
    pub required: bool,
    /// Whether a restart of it restarts the dependent too.
    pub restart: bool,
}

/// What a dependent waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// Its tasks run.
    Started,
    /// Its tasks are healthy.
    Healthy,
    /// Its tasks ended with exit code 0.
    Completed,
}

/// Commands run around a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hooks {
    /// Before the process starts, each in a container of its own.
    pub pre_start: Vec<Hook>,
    /// In the container, after the process started.
    pub post_start: Vec<Hook>,
    /// In the container, before the process is asked to stop.
    pub pre_stop: Vec<Hook>,
}

/// One command run around a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Program and arguments.
    pub command: Vec<String>,
    /// The image it runs from, for hooks with a container of their own.
    pub image: Option<String>,
    /// The user it runs as.
    pub user: Option<String>,
    /// The directory it starts in.
    pub working_directory: Option<String>,
    /// Variables, beside the task's own.
    pub environment: IndexMap<String, Option<String>>,
    /// Whether it runs with all rights.
    pub privileged: Option<bool>,
    /// Whether it runs for every task of the service (`true`) or once (`false`).
    pub per_task: Option<bool>,
}
