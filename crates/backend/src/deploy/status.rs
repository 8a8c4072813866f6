//! What runs, and what it says.

use serde::Serialize;

/// A service or job of a stack on a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceStatus {
    /// Its name in the stack.
    pub service: String,
    /// The image it runs.
    pub image: String,
    /// Tasks asked for.
    pub wanted: u64,
    /// Tasks that run.
    pub running: u64,
    /// Tasks that are ready: healthy where a health check says so.
    pub ready: u64,
    /// Published addresses, such as `8080->80/tcp`.
    pub ports: Vec<String>,
    /// Its tasks, newest first.
    pub tasks: Vec<TaskStatus>,
}

/// One task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskStatus {
    /// The target's name for it.
    pub name: String,
    /// The node it runs on, when the target says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// How it is.
    pub state: TaskState,
    /// The target's words for why, when it is not well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// How often its process was started again.
    pub restarts: u64,
}

/// How a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskState {
    /// Not started yet.
    Pending,
    /// It runs; whether it is well is not known yet.
    Starting,
    /// It runs, healthy where a health check says so.
    Running,
    /// It runs and its health check fails.
    Unhealthy,
    /// It ended well.
    Completed,
    /// It ended badly.
    Failed,
    /// It is being stopped.
    Stopping,
}

/// Which logs to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Of these services; of all when empty.
    pub services: Vec<String>,
    /// Whether to go on with what comes.
    pub follow: bool,
    /// Only the last lines of each task.
    pub tail: Option<u64>,
    /// Only lines younger than this many seconds.
    pub since_seconds: Option<u64>,
}

/// A line of a task's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// The service or job.
    pub service: String,
    /// The task's name.
    pub task: String,
    /// When it was written, RFC 3339, as far as the target says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The text, without its end of line.
    pub text: String,
}
