//! Rights, namespaces and kernel settings.

use indexmap::IndexMap;

/// What a task may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Security {
    /// All rights of the node's root.
    pub privileged: Option<bool>,
    /// Whether its root file system cannot be written.
    pub read_only_root: Option<bool>,
    /// Rights added and taken.
    pub capabilities: Capabilities,
    /// Further settings, in order.
    pub options: Vec<SecurityOption>,
    /// Whose namespaces it shares.
    pub namespaces: Namespaces,
    /// The Windows account it runs as, as `config://`, `file://` or `registry://` and a name.
    pub credential_specification: Option<String>,
    /// Whether the engine's own interface is handed to it.
    pub engine_socket: Option<bool>,
}

/// Rights added and taken, named as in `capabilities(7)`, with or without `CAP_`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Added.
    pub added: Vec<String>,
    /// Taken; `ALL` takes every one.
    pub dropped: Vec<String>,
}

/// A security setting of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecurityOption {
    /// Whether programs can gain rights their parent did not have.
    NoNewPrivileges(bool),
    /// The system-call filter: `unconfined` or a profile's name.
    Seccomp(String),
    /// The `AppArmor` profile: `unconfined` or its name.
    AppArmor(String),
    /// A part of the `SELinux` label, such as `type:svirt_t` or `disable`.
    Label(String),
    /// Any other, as written.
    Other(String),
}

/// Whose namespaces a task shares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespaces {
    /// Process numbers.
    pub pid: Option<Namespace>,
    /// Shared memory and semaphores.
    pub ipc: Option<Namespace>,
    /// Host and domain name.
    pub uts: Option<Namespace>,
    /// Control groups.
    pub cgroup: Option<Namespace>,
    /// Users and groups.
    pub user: Option<Namespace>,
}

/// Whose namespace it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// The node's.
    Host,
    /// Its own.
    Private,
    /// Its own, and others may join.
    Shareable,
    /// That of a service of the stack.
    Service(String),
    /// That of a container outside the stack.
    Container(String),
    /// Any other, as written.
    Other(String),
}

/// Kernel settings of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kernel {
    /// Kernel parameters of its namespaces.
    pub sysctls: IndexMap<String, String>,
    /// Limits of its processes, by name as in `setrlimit(2)`, lower case without `RLIMIT_`.
    pub ulimits: IndexMap<String, Ulimit>,
    /// How readily it is killed when memory runs out, -1000 to 1000.
    pub oom_score_adjustment: Option<i64>,
    /// Whether it is never killed when memory runs out.
    pub oom_kill_disabled: Option<bool>,
    /// The control group it is put below.
    pub cgroup_parent: Option<String>,
    /// The container runtime, such as `runsc`.
    pub runtime: Option<String>,
    /// How it is isolated on Windows.
    pub isolation: Option<String>,
    /// The file creation mask.
    pub umask: Option<u32>,
}

/// A limit of a process; -1 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ulimit {
    /// What holds at first.
    pub soft: i64,
    /// How far it may be raised.
    pub hard: i64,
}
