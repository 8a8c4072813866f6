//! What runs in a task: `TaskTemplate.ContainerSpec`.

use serde::Serialize;

use super::{Driver, Labels, is_default};

/// The container of a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ContainerSpec {
    pub(crate) image: String,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
    /// Replaces the image's entry point.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) command: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) args: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hostname: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) env: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dir: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) groups: Vec<String>,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) privileges: Privileges,
    #[serde(rename = "TTY", skip_serializing_if = "Option::is_none")]
    pub(crate) tty: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) open_stdin: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) read_only: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) mounts: Vec<Mount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stop_signal: Option<String>,
    /// In nanoseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stop_grace_period: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) health_check: Option<HealthConfig>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) hosts: Vec<String>,
    #[serde(rename = "DNSConfig", skip_serializing_if = "is_default")]
    pub(crate) dns_config: DnsConfig,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) secrets: Vec<SecretReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) oom_score_adj: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) configs: Vec<ConfigReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) isolation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) init: Option<bool>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) sysctls: Labels,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) capability_add: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) capability_drop: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ulimits: Vec<Ulimit>,
}

/// What a task may do.
#[expect(clippy::struct_field_names, reason = "the engine's own words")]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Privileges {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) credential_spec: Option<CredentialSpec>,
    #[serde(rename = "SELinuxContext", skip_serializing_if = "Option::is_none")]
    pub(crate) selinux_context: Option<SelinuxContext>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seccomp: Option<Seccomp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) app_armor: Option<AppArmor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) no_new_privileges: Option<bool>,
}

/// A Windows account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) enum CredentialSpec {
    Config(String),
    File(String),
    Registry(String),
}

/// Parts of the `SELinux` label.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SelinuxContext {
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) disable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<String>,
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level: Option<String>,
}

/// The system-call filter.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Seccomp {
    pub(crate) mode: &'static str,
}

/// The `AppArmor` profile.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AppArmor {
    pub(crate) mode: &'static str,
}

/// One mount.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Mount {
    #[serde(rename = "Type")]
    pub(crate) kind: MountType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
    pub(crate) target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) read_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) consistency: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) bind_options: BindOptions,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) volume_options: VolumeOptions,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) image_options: ImageOptions,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) tmpfs_options: TmpfsOptions,
}

/// What is mounted; the stack file uses the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MountType {
    Bind,
    Volume,
    Tmpfs,
    Image,
    Cluster,
    Npipe,
}

/// How a path of the node is mounted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct BindOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) propagation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) non_recursive: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) create_mountpoint: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) read_only_non_recursive: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) read_only_force_recursive: Option<bool>,
}

/// How a volume is mounted, and made where it is missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct VolumeOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) no_copy: Option<bool>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) driver_config: Option<Driver>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subpath: Option<String>,
}

/// How the content of an image is mounted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ImageOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subpath: Option<String>,
}

/// How memory is mounted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TmpfsOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) size_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<u32>,
    /// Each a name, or a name and a value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) options: Vec<Vec<String>>,
}

/// How to learn whether a task works; times in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct HealthConfig {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) test: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) interval: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeout: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retries: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_period: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_interval: Option<u64>,
}

/// How a task looks up names.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DnsConfig {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) nameservers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) search: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) options: Vec<String>,
}

/// A secret a task sees; its id is known once it is stored, and filled in then.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SecretReference {
    pub(crate) file: ReferencedFile,
    pub(crate) secret_name: String,
}

/// A config a task sees; its id is known once it is stored, and filled in then.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfigReference {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<ReferencedFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) runtime: Option<RuntimeTarget>,
    pub(crate) config_name: String,
}

/// Says that the engine reads a config itself; it has no settings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct RuntimeTarget {}

/// A file inside a task.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ReferencedFile {
    pub(crate) name: String,
    #[serde(rename = "UID")]
    pub(crate) uid: String,
    #[serde(rename = "GID")]
    pub(crate) gid: String,
    pub(crate) mode: u32,
}

/// A limit of a process.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Ulimit {
    pub(crate) name: String,
    pub(crate) soft: i64,
    pub(crate) hard: i64,
}
