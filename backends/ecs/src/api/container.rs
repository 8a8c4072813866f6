//! The container definition.

use indexmap::IndexMap;
use serde::Serialize;

use crate::late::Late;

/// `ContainerDefinition`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ContainerDefinition {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) essential: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) entry_point: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) command: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) working_directory: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) environment: Vec<Pair>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) secrets: Vec<SecretReference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) port_mappings: Vec<PortMapping>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) mount_points: Vec<MountPoint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) volumes_from: Vec<VolumeFrom>,
    /// CPU units, 1024 to a core.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cpu: Option<u64>,
    /// Hard limit in MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memory: Option<u64>,
    /// Soft limit in MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memory_reservation: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resource_requirements: Vec<ResourceRequirement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) health_check: Option<HealthCheck>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) depends_on: Vec<ContainerDependency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) restart_policy: Option<RestartPolicy>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stop_timeout: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hostname: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) dns_servers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) dns_search_domains: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extra_hosts: Vec<HostEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) privileged: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) readonly_root_filesystem: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) docker_security_options: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) interactive: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pseudo_terminal: Option<bool>,
    #[serde(skip_serializing_if = "LinuxParameters::is_unset")]
    pub(crate) linux_parameters: LinuxParameters,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ulimits: Vec<Ulimit>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) system_controls: Vec<SystemControl>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) docker_labels: IndexMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) log_configuration: Option<LogConfiguration>,
}

/// `KeyValuePair`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// `Secret`: a variable whose value the agent fetches when the task starts.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SecretReference {
    pub(crate) name: String,
    pub(crate) value_from: Late,
}

/// `PortMapping`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PortMapping {
    pub(crate) container_port: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) host_port: Option<u16>,
    pub(crate) protocol: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) app_protocol: Option<&'static str>,
}

/// `MountPoint`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MountPoint {
    pub(crate) source_volume: String,
    pub(crate) container_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) read_only: Option<bool>,
}

/// `VolumeFrom`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct VolumeFrom {
    pub(crate) source_container: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) read_only: Option<bool>,
}

/// `ResourceRequirement`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ResourceRequirement {
    #[serde(rename = "Type")]
    pub(crate) kind: &'static str,
    pub(crate) value: String,
}

/// `HealthCheck`, times in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct HealthCheck {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) command: Vec<String>,
    pub(crate) interval: u64,
    pub(crate) timeout: u64,
    pub(crate) retries: u64,
    pub(crate) start_period: u64,
}

/// `ContainerDependency`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ContainerDependency {
    pub(crate) container_name: String,
    pub(crate) condition: &'static str,
}

/// `ContainerRestartPolicy`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RestartPolicy {
    pub(crate) enabled: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ignored_exit_codes: Vec<u8>,
    /// Seconds.
    pub(crate) restart_attempt_period: u64,
}

/// `HostEntry`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct HostEntry {
    pub(crate) hostname: String,
    pub(crate) ip_address: String,
}

/// `LinuxParameters`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LinuxParameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) capabilities: Option<Capabilities>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) devices: Vec<Device>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) init_process_enabled: Option<bool>,
    /// MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shared_memory_size: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tmpfs: Vec<Tmpfs>,
    /// MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_swap: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) swappiness: Option<i64>,
}

/// `KernelCapabilities`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Capabilities {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) add: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) drop: Vec<String>,
}

/// `Device`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Device {
    pub(crate) host_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) container_path: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) permissions: Vec<&'static str>,
}

/// `Tmpfs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Tmpfs {
    pub(crate) container_path: String,
    /// MiB.
    pub(crate) size: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) mount_options: Vec<String>,
}

/// `Ulimit`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Ulimit {
    pub(crate) name: String,
    pub(crate) soft_limit: i64,
    pub(crate) hard_limit: i64,
}

/// `SystemControl`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SystemControl {
    pub(crate) namespace: String,
    pub(crate) value: String,
}

/// `LogConfiguration`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LogConfiguration {
    pub(crate) log_driver: String,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) options: IndexMap<String, Late>,
}

impl LinuxParameters {
    fn is_unset(&self) -> bool {
        *self == Self::default()
    }
}
