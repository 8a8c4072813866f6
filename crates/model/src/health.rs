//! Health checks.

use std::time::Duration;

/// How to learn whether a task works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    /// What is run; `None` keeps the image's own test and changes only its timing.
    pub test: Option<HealthTest>,
    /// Time between two runs.
    pub interval: Option<Duration>,
    /// Time after which a run counts as failed.
    pub timeout: Option<Duration>,
    /// Failures in a row that make a task unhealthy.
    pub retries: Option<u32>,
    /// Time after the start during which failures do not count.
    pub start_period: Option<Duration>,
    /// Time between two runs during the start period.
    pub start_interval: Option<Duration>,
}

/// What a health check runs inside the task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HealthTest {
    /// A program with its arguments.
    Exec(Vec<String>),
    /// A line for the image's shell.
    Shell(String),
    /// Nothing: the image's own check is switched off.
    Disabled,
}
