//! How many tasks, where, and how they are replaced.

use std::time::Duration;

/// How many tasks of a service run, and on which nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheduling {
    /// A number of long-running tasks, on any node the placement allows.
    Replicated {
        /// Wanted tasks; 0 keeps the service defined but stopped, `None` was not said and means 1.
        replicas: Option<u32>,
    },
    /// One long-running task on every eligible node.
    Global,
    /// Tasks that run to completion.
    ReplicatedJob {
        /// Tasks that must succeed before the job is done, all at once; `None` means 1.
        completions: Option<u32>,
    },
    /// One run-to-completion task on every eligible node.
    GlobalJob,
}

/// How tasks are replaced by new ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UpdatePolicy {
    /// Tasks replaced at the same time.
    pub parallelism: Option<Amount>,
    /// Time between two groups.
    pub delay: Option<Duration>,
    /// What happens when it fails.
    pub on_failure: Option<FailureAction>,
    /// Time a new task is watched before it counts as working.
    pub monitor: Option<Duration>,
    /// The part of new tasks that may fail, 0 to 1.
    pub maximum_failure: Option<f64>,
    /// Whether the new task starts before the old one stops.
    pub order: Option<UpdateOrder>,
}

/// A number of tasks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// This many.
    Count(u32),
    /// This part of all, 0 to 1.
    Fraction(f64),
    /// All at once.
    All,
}

/// What happens when an update fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureAction {
    /// It stops where it is.
    Pause,
    /// It goes on.
    Continue,
    /// The tasks before it come back.
    Rollback,
}

/// The order in which an old and a new task change places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UpdateOrder {
    /// The old one stops first.
    StopFirst,
    /// The new one starts first.
    StartFirst,
}

/// On which nodes tasks run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// What a node must be.
    pub constraints: Vec<Constraint>,
    /// What tasks are spread over.
    pub preferences: Vec<SpreadPreference>,
    /// Most tasks on one node.
    pub maximum_per_node: Option<u64>,
}

/// What a node must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// A property of the node, such as `node.role`, compared with a value.
    Attribute {
        /// The property: `node.id`, `node.hostname`, `node.role`, `node.platform.os`,
        /// `node.platform.arch`, `node.labels.<key>`, `engine.labels.<key>`.
        attribute: String,
        /// How it is compared.
        operator: ConstraintOperator,
        /// The value.
        value: String,
    },
    /// One that could not be taken apart, as written.
    Unparsed(String),
}

/// How a property is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConstraintOperator {
    /// It has the value.
    Equal,
    /// It does not have the value.
    NotEqual,
}

/// A property of nodes over whose values tasks are spread evenly, such as `node.labels.zone`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpreadPreference(pub String);
