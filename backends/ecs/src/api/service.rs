//! Services and single runs.

use serde::Serialize;

use super::Tag;
use crate::late::{Late, LateList};

/// `CreateService`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Service {
    pub(crate) cluster: Late,
    pub(crate) service_name: String,
    pub(crate) task_definition: Late,
    pub(crate) launch_type: &'static str,
    pub(crate) scheduling_strategy: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) desired_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) availability_zone_rebalancing: Option<&'static str>,
    pub(crate) deployment_configuration: DeploymentConfiguration,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) health_check_grace_period_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) network_configuration: Option<NetworkConfiguration>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) load_balancers: Vec<LoadBalancer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) service_registries: Vec<ServiceRegistry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) placement_constraints: Vec<PlacementConstraint>,
    #[serde(rename = "PlacementStrategies", skip_serializing_if = "Vec::is_empty")]
    pub(crate) placement_strategy: Vec<PlacementStrategy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) propagate_tags: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<Tag>,
}

/// `DeploymentConfiguration`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeploymentConfiguration {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deployment_circuit_breaker: Option<CircuitBreaker>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) maximum_percent: Option<u64>,
    pub(crate) minimum_healthy_percent: u64,
}

/// `DeploymentCircuitBreaker`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CircuitBreaker {
    pub(crate) enable: bool,
    pub(crate) rollback: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) threshold_configuration: Option<Threshold>,
}

/// `ThresholdConfiguration`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Threshold {
    #[serde(rename = "Type")]
    pub(crate) kind: &'static str,
    pub(crate) value: u64,
}

/// `NetworkConfiguration`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NetworkConfiguration {
    pub(crate) awsvpc_configuration: AwsvpcConfiguration,
}

/// `AwsVpcConfiguration`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AwsvpcConfiguration {
    pub(crate) subnets: LateList,
    pub(crate) security_groups: LateList,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) assign_public_ip: Option<Late>,
}

/// `LoadBalancer`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LoadBalancer {
    pub(crate) target_group_arn: Late,
    pub(crate) container_name: String,
    pub(crate) container_port: u16,
}

/// `ServiceRegistry`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ServiceRegistry {
    pub(crate) registry_arn: Late,
}

/// `PlacementConstraint`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PlacementConstraint {
    #[serde(rename = "Type")]
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expression: Option<String>,
}

/// `PlacementStrategy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PlacementStrategy {
    #[serde(rename = "Type")]
    pub(crate) kind: &'static str,
    pub(crate) field: String,
}

/// `RunTask`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RunTask {
    pub(crate) cluster: Late,
    pub(crate) task_definition: String,
    pub(crate) count: u32,
    pub(crate) launch_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) network_configuration: Option<NetworkConfiguration>,
    pub(crate) propagate_tags: &'static str,
}
