//! A service of the file.

use indexmap::IndexMap;
use serde::Serialize;

use super::Deploy;
use crate::engine::{Labels, MountType, is_default};

/// A service; times as Go writes them, such as `90s`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Service {
    pub(crate) image: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) entrypoint: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) command: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) working_dir: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hostname: Option<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) environment: IndexMap<String, Option<String>>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tty: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stdin_open: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) init: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) read_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) isolation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stop_signal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stop_grace_period: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) healthcheck: Option<HealthCheck>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ports: Vec<Port>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) networks: IndexMap<String, Option<NetworkAttachment>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extra_hosts: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) dns: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) dns_search: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) volumes: Vec<Mount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) configs: Vec<FileGrant>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) secrets: Vec<FileGrant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) credential_spec: Option<CredentialSpec>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) cap_add: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) cap_drop: Vec<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) sysctls: Labels,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) ulimits: IndexMap<String, Ulimit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) logging: Option<Logging>,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) deploy: Deploy,
}

/// How to learn whether a task works.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct HealthCheck {
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) disable: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) test: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) interval: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeout: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retries: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_period: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_interval: Option<String>,
}

/// A published port.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Port {
    pub(crate) target: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) published: Option<u16>,
    pub(crate) protocol: &'static str,
    pub(crate) mode: &'static str,
}

/// A network the service is in.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct NetworkAttachment {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) aliases: Vec<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) driver_opts: Labels,
}

/// One mount.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Mount {
    #[serde(rename = "type")]
    pub(crate) kind: MountType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
    pub(crate) target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) read_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) consistency: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) bind: BindOptions,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) volume: VolumeOptions,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) tmpfs: TmpfsOptions,
}

/// How a path of the node is mounted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct BindOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) propagation: Option<String>,
}

/// How a volume is mounted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct VolumeOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nocopy: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subpath: Option<String>,
}

/// How memory is mounted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct TmpfsOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) size: Option<u64>,
}

/// A config or secret the service sees as a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct FileGrant {
    pub(crate) source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<u32>,
}

/// A Windows account.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CredentialSpec {
    Config(String),
    File(String),
    Registry(String),
}

/// A limit of a process.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Ulimit {
    pub(crate) soft: i64,
    pub(crate) hard: i64,
}

/// Where output goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Logging {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) driver: Option<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) options: Labels,
}
