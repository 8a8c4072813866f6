//! Mounts, volumes, configs and secrets.

use indexmap::IndexMap;

use crate::{ByteSize, FieldPath};

/// What a task finds in its file system beside its image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// Mounts, in order.
    pub mounts: Vec<Mount>,
    /// Configs as files.
    pub configs: Vec<FileGrant>,
    /// Secrets as files.
    pub secrets: Vec<FileGrant>,
    /// Whose mounts it takes over.
    pub volumes_from: Vec<VolumesFrom>,
    /// Size of `/dev/shm`.
    pub shared_memory: Option<ByteSize>,
    /// Options for the storage of the writable layer.
    pub storage_options: IndexMap<String, String>,
}

/// One mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The absolute path inside the task.
    pub target: String,
    /// What is mounted.
    pub source: MountSource,
    /// Whether the task may only read.
    pub read_only: Option<bool>,
    /// A hint how fresh both sides see writes, from an engine on a desktop.
    pub consistency: Option<String>,
}

/// What a mount shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountSource {
    /// A volume of the stack, by its key in [`crate::Stack::volumes`].
    Volume {
        /// The key.
        volume: String,
        /// The part of it that is mounted.
        subpath: Option<String>,
        /// Whether an empty volume is left empty instead of filled from the image.
        no_copy: Option<bool>,
        /// Labels for a volume made by this mount.
        labels: IndexMap<String, String>,
    },
    /// A volume without a name, new for every task.
    Anonymous {
        /// Whether it is left empty instead of filled from the image.
        no_copy: Option<bool>,
        /// Labels for the volume.
        labels: IndexMap<String, String>,
    },
    /// A file or directory of the node.
    HostPath {
        /// The absolute path on the node.
        path: String,
        /// How it is mounted.
        options: HostPathOptions,
    },
    /// Memory.
    Memory {
        /// The most it may hold.
        size: Option<ByteSize>,
        /// Permissions of the directory.
        mode: Option<FileMode>,
        /// Further mount options, such as `uid=1000`.
        options: Vec<String>,
    },
    /// The content of an image.
    Image {
        /// The image.
        reference: String,
        /// The part of it that is mounted.
        subpath: Option<String>,
    },
    /// A volume the cluster provides through a plugin.
    Cluster {
        /// The volume or, with `group:`, its group.
        volume: String,
    },
    /// A named pipe of a Windows node.
    NamedPipe {
        /// The pipe.
        path: String,
    },
}

/// How a file or directory of the node is mounted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostPathOptions {
    /// Whether a missing path is made, as a directory.
    pub create: Option<bool>,
    /// How mounts below are shared, such as `rslave`.
    pub propagation: Option<String>,
    /// The `SELinux` relabelling, `z` or `Z`.
    pub selinux: Option<String>,
    /// Whether mounts below are taken along, and how: `enabled`, `disabled`, `writable`, `readonly`.
    pub recursive: Option<String>,
}

/// Permission bits of a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileMode(pub u32);

/// A config or secret a task sees as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileGrant {
    /// Its key in [`crate::Stack::configs`] or [`crate::Stack::secrets`].
    pub source: String,
    /// The file's path or, for secrets, its name below the secrets' directory; `None` is the default.
    pub target: Option<String>,
    /// The owner, a name or number.
    pub uid: Option<String>,
    /// The group, a name or number.
    pub gid: Option<String>,
    /// The permissions.
    pub mode: Option<FileMode>,
}

/// Whose mounts a task takes over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumesFrom {
    /// Those of a service of the stack.
    Service {
        /// The service.
        service: String,
        /// Whether they may only be read.
        read_only: bool,
    },
    /// Those of a container outside the stack.
    Container {
        /// The container.
        container: String,
        /// Whether they may only be read.
        read_only: bool,
    },
}

/// A volume of the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// The name outside the stack.
    pub name: String,
    /// Where it stands.
    pub path: FieldPath,
    /// Whether it exists already and is not ours.
    pub external: bool,
    /// The driver, if one is asked for.
    pub driver: Option<String>,
    /// The driver's options.
    pub driver_options: IndexMap<String, String>,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// Who shares it.
    pub scope: VolumeScope,
    /// The size asked for.
    pub size: Option<ByteSize>,
}

/// Who shares a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VolumeScope {
    /// All tasks that mount it.
    Shared,
    /// None: every task has one of its own, and keeps it.
    PerTask,
}

/// A config of the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The name outside the stack.
    pub name: String,
    /// Where it stands.
    pub path: FieldPath,
    /// Where the content comes from.
    pub source: ConfigSource,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// The driver that fills in templates inside the content.
    pub template_driver: Option<String>,
}

/// Where a config's content comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigSource {
    /// A file that was read.
    File {
        /// The file.
        path: String,
        /// What it held; `None` when it could not be read.
        content: Option<Vec<u8>>,
    },
    /// Text of the stack's own.
    Inline(String),
    /// An environment variable of whoever converts.
    Environment {
        /// The variable.
        variable: String,
        /// Its value; `None` when it is not set.
        content: Option<String>,
    },
    /// It exists already and is not ours.
    External,
}

/// A secret of the stack: only where it comes from, never what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The name outside the stack.
    pub name: String,
    /// Where it stands.
    pub path: FieldPath,
    /// Where its value comes from when the stack is deployed.
    pub source: SecretSource,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// The driver that fills in templates inside the value.
    pub template_driver: Option<String>,
}

/// Where a secret's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// A file of whoever deploys.
    File(String),
    /// An environment variable of whoever deploys.
    Environment(String),
    /// A driver of the target.
    Driver {
        /// The driver.
        driver: String,
        /// Its options.
        options: IndexMap<String, String>,
    },
    /// It exists already and is not ours.
    External,
}
