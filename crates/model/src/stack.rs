//! The stack and what runs in it.

use indexmap::IndexMap;

use crate::{
    Config, FieldPath, Kernel, Lifecycle, Network, Networking, Placement, Process, Resources,
    Route, Scheduling, Secret, Security, Storage, UpdatePolicy, Volume,
};

/// Everything that is deployed together.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// The stack's name: lower-case letters, digits, `-`, `_`.
    pub name: String,
    /// What runs all the time, by name.
    pub services: IndexMap<String, Service>,
    /// What runs now and then, by name.
    pub jobs: IndexMap<String, Job>,
    /// Networks, by key.
    pub networks: IndexMap<String, Network>,
    /// Volumes, by key.
    pub volumes: IndexMap<String, Volume>,
    /// Configs, by key.
    pub configs: IndexMap<String, Config>,
    /// Secrets, by key.
    pub secrets: IndexMap<String, Secret>,
    /// Language models served beside the services, by key.
    pub models: IndexMap<String, Model>,
}

/// What runs all the time: tasks alike, kept at their number.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Where it stands: `services.<name>`.
    pub path: FieldPath,
    /// What each of its tasks is.
    pub task: Task,
    /// How many tasks, and of which kind.
    pub scheduling: Scheduling,
    /// Labels of the service itself, not of its containers.
    pub labels: IndexMap<String, String>,
    /// On which nodes.
    pub placement: Placement,
    /// How tasks are replaced by new ones.
    pub update: Option<UpdatePolicy>,
    /// How tasks are replaced when an update is taken back.
    pub rollback: Option<UpdatePolicy>,
    /// How others reach it by name: by one address or by those of its tasks.
    pub balancing: Option<Balancing>,
    /// Ways from outside by host name and path.
    pub routes: Vec<Route>,
    /// A program outside the stack that provides it instead of tasks.
    pub provider: Option<Provider>,
}

/// How others reach a service by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Balancing {
    /// The name gives one address, behind which tasks take turns.
    VirtualAddress,
    /// The name gives the addresses of all tasks.
    RoundRobinNames,
}

/// A program outside the stack that provides a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// The program's name.
    pub kind: String,
    /// Its options.
    pub options: IndexMap<String, Vec<String>>,
}

/// What runs now and then, to completion.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Where it stands: `jobs.<name>`.
    pub path: FieldPath,
    /// What its task is.
    pub task: Task,
    /// What starts it.
    pub triggers: Triggers,
}

/// What starts a job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Triggers {
    /// People.
    pub manual: Option<bool>,
    /// The clock.
    pub schedules: Vec<Schedule>,
}

/// When the clock starts a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Five fields, as in `crontab(5)`.
    pub cron: String,
    /// The time zone, as in the tz database.
    pub time_zone: Option<String>,
    /// What happens when the last run still goes on: `forbid` or `queue`.
    pub concurrency: Option<String>,
    /// What happens to runs that were missed: `one` or `skip`.
    pub missed: Option<String>,
}

/// One running copy of a service or job.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The process and its image.
    pub process: Process,
    /// Networks, names and ports.
    pub networking: Networking,
    /// Mounts, configs and secrets.
    pub storage: Storage,
    /// What it may use.
    pub resources: Resources,
    /// What it may do.
    pub security: Security,
    /// Kernel settings.
    pub kernel: Kernel,
    /// How it starts, stops and waits.
    pub lifecycle: Lifecycle,
    /// Language models it uses, by their key in [`Stack::models`].
    pub models: IndexMap<String, ModelBinding>,
}

/// A language model served beside the services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Where it stands: `models.<key>`.
    pub path: FieldPath,
    /// The name outside the stack.
    pub name: Option<String>,
    /// The model's reference, such as `ai/smollm2`.
    pub reference: String,
    /// The most tokens it sees at once.
    pub context_size: Option<i64>,
    /// Flags for the engine that serves it.
    pub runtime_flags: Vec<String>,
}

/// How a task learns of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelBinding {
    /// The variable that gets the model's address.
    pub endpoint_variable: Option<String>,
    /// The variable that gets the model's name.
    pub model_variable: Option<String>,
}
