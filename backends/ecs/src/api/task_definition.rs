//! The task definition.

use indexmap::IndexMap;
use serde::Serialize;

use super::{ContainerDefinition, PlacementConstraint};
use crate::late::Late;

/// `RegisterTaskDefinition`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TaskDefinition {
    pub(crate) family: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) requires_compatibilities: Vec<&'static str>,
    pub(crate) network_mode: &'static str,
    /// CPU units, 1024 to a core.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cpu: Option<String>,
    /// MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memory: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) runtime_platform: Option<RuntimePlatform>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) execution_role_arn: Option<Late>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) task_role_arn: Option<Late>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pid_mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ipc_mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) placement_constraints: Vec<PlacementConstraint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) container_definitions: Vec<ContainerDefinition>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) volumes: Vec<Volume>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<Tag>,
}

/// `RuntimePlatform`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RuntimePlatform {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cpu_architecture: Option<&'static str>,
    pub(crate) operating_system_family: &'static str,
}

/// `Volume`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Volume {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) host: Option<HostVolume>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) docker_volume_configuration: Option<DockerVolume>,
    #[serde(
        rename = "EFSVolumeConfiguration",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) efs_volume_configuration: Option<EfsVolume>,
}

/// `HostVolumeProperties`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct HostVolume {
    pub(crate) source_path: String,
}

/// `DockerVolumeConfiguration`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DockerVolume {
    pub(crate) scope: &'static str,
    pub(crate) autoprovision: bool,
    pub(crate) driver: String,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) driver_opts: IndexMap<String, String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) labels: IndexMap<String, String>,
}

/// `EFSVolumeConfiguration`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EfsVolume {
    #[serde(rename = "FilesystemId")]
    pub(crate) file_system_id: Late,
    pub(crate) transit_encryption: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authorization_config: Option<EfsAuthorization>,
}

/// `EFSAuthorizationConfig`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EfsAuthorization {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_point_id: Option<Late>,
    #[serde(rename = "IAM")]
    pub(crate) iam: &'static str,
}

/// `Tag`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}
