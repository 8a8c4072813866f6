//! Services: `POST /services/create`.

use serde::Serialize;

use super::{ContainerSpec, Driver, Labels, is_default};

/// A service.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ServiceSpec {
    pub(crate) name: String,
    pub(crate) labels: Labels,
    pub(crate) task_template: TaskSpec,
    pub(crate) mode: Mode,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) update_config: Option<UpdateConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rollback_config: Option<UpdateConfig>,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) endpoint_spec: EndpointSpec,
}

/// What each task of a service is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TaskSpec {
    pub(crate) container_spec: ContainerSpec,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) resources: Resources,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) restart_policy: Option<RestartPolicy>,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) placement: Placement,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) networks: Vec<NetworkAttachment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) log_driver: Option<Driver>,
}

/// How many tasks, and of which kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) enum Mode {
    Replicated(ReplicatedMode),
    Global(GlobalMode),
    ReplicatedJob(JobMode),
    GlobalJob(GlobalMode),
}

impl Default for Mode {
    fn default() -> Self {
        Self::Replicated(ReplicatedMode::default())
    }
}

impl Mode {
    /// Whether tasks run to completion.
    pub(crate) const fn is_job(&self) -> bool {
        match self {
            Self::Replicated(_) | Self::Global(_) => false,
            Self::ReplicatedJob(_) | Self::GlobalJob(_) => true,
        }
    }
}

/// A number of tasks kept running.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ReplicatedMode {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replicas: Option<u32>,
}

/// A task on every node; it has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct GlobalMode {}

/// A number of tasks that run to completion.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct JobMode {
    pub(crate) max_concurrent: u32,
    pub(crate) total_completions: u32,
}

/// How tasks are replaced; times in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UpdateConfig {
    /// 0 is all at once.
    pub(crate) parallelism: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delay: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failure_action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) monitor: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_failure_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<&'static str>,
}

/// How a service is reached.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EndpointSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ports: Vec<PortConfig>,
}

/// A published port.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PortConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    pub(crate) protocol: &'static str,
    pub(crate) target_port: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) published_port: Option<u16>,
    pub(crate) publish_mode: &'static str,
}

/// What a task may use and what is kept for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Resources {
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) limits: Limits,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) reservations: Reservations,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) swap_bytes: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memory_swappiness: Option<i64>,
}

/// The most a task gets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Limits {
    #[serde(rename = "NanoCPUs", skip_serializing_if = "Option::is_none")]
    pub(crate) nano_cpus: Option<u64>,
    #[serde(rename = "MemoryBytes", skip_serializing_if = "Option::is_none")]
    pub(crate) memory_bytes: Option<u64>,
    #[serde(rename = "Pids", skip_serializing_if = "Option::is_none")]
    pub(crate) pids: Option<i64>,
}

/// What is kept for a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Reservations {
    #[serde(rename = "NanoCPUs", skip_serializing_if = "Option::is_none")]
    pub(crate) nano_cpus: Option<u64>,
    #[serde(rename = "MemoryBytes", skip_serializing_if = "Option::is_none")]
    pub(crate) memory_bytes: Option<u64>,
    #[serde(rename = "GenericResources", skip_serializing_if = "Vec::is_empty")]
    pub(crate) generic_resources: Vec<GenericResource>,
}

/// A countable thing of a node.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GenericResource {
    pub(crate) discrete_resource_spec: Discrete,
}

/// A number of one kind of thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Discrete {
    pub(crate) kind: String,
    pub(crate) value: i64,
}

/// What happens when a task ends; times in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RestartPolicy {
    pub(crate) condition: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delay: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_attempts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) window: Option<u64>,
}

/// On which nodes tasks run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Placement {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) constraints: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) preferences: Vec<Preference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_replicas: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) platforms: Vec<Platform>,
}

/// What tasks are spread over.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Preference {
    pub(crate) spread: Spread,
}

/// A property of nodes over whose values tasks are spread.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Spread {
    pub(crate) spread_descriptor: String,
}

/// A platform a node may have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Platform {
    #[serde(rename = "Architecture", skip_serializing_if = "Option::is_none")]
    pub(crate) architecture: Option<String>,
    #[serde(rename = "OS")]
    pub(crate) os: String,
}

/// A network a task is in.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NetworkAttachment {
    pub(crate) target: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) aliases: Vec<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) driver_opts: Labels,
}
