//! The `deploy` key of a service.

use serde::Serialize;

use crate::engine::{Labels, is_default};

/// How a service is deployed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Deploy {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replicas: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint_mode: Option<&'static str>,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) placement: Placement,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) resources: Resources,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) restart_policy: Option<RestartPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) update_config: Option<UpdateConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rollback_config: Option<UpdateConfig>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
}

/// On which nodes tasks run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Placement {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) constraints: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) preferences: Vec<Preference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_replicas_per_node: Option<u64>,
}

/// What tasks are spread over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Preference {
    pub(crate) spread: String,
}

/// What a task may use and what is kept for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Resources {
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) limits: Limits,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) reservations: Reservations,
}

/// The most a task gets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Limits {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cpus: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memory: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pids: Option<i64>,
}

/// What is kept for a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Reservations {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cpus: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memory: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) generic_resources: Vec<GenericResource>,
}

/// A countable thing of a node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct GenericResource {
    pub(crate) discrete_resource_spec: Discrete,
}

/// A number of one kind of thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Discrete {
    pub(crate) kind: String,
    pub(crate) value: i64,
}

/// What happens when a task ends.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct RestartPolicy {
    pub(crate) condition: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delay: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_attempts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) window: Option<String>,
}

/// How tasks are replaced.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct UpdateConfig {
    pub(crate) parallelism: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delay: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failure_action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) monitor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_failure_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<&'static str>,
}
