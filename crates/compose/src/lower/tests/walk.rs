//! The path of every value that is set in a stack, as the model spells paths.

use std::time::Duration;

use indexmap::IndexMap;
#[allow(
    clippy::wildcard_imports,
    reason = "a walk over the model takes every type of it"
)]
use tranship_model::*;

/// The path of every set value of the stack.
pub(super) fn paths(stack: &Stack) -> Vec<FieldPath> {
    let Stack {
        name: _,
        services,
        jobs,
        networks,
        volumes,
        configs,
        secrets,
        models,
    } = stack;
    let mut paths = vec![FieldPath::root("name")];
    services.walk(&FieldPath::root("services"), &mut paths);
    jobs.walk(&FieldPath::root("jobs"), &mut paths);
    networks.walk(&FieldPath::root("networks"), &mut paths);
    volumes.walk(&FieldPath::root("volumes"), &mut paths);
    configs.walk(&FieldPath::root("configs"), &mut paths);
    secrets.walk(&FieldPath::root("secrets"), &mut paths);
    models.walk(&FieldPath::root("models"), &mut paths);
    paths
}

/// A value of the model.
trait Walk {
    fn walk(&self, at: &FieldPath, paths: &mut Vec<FieldPath>);
}

impl<T: Walk> Walk for Option<T> {
    fn walk(&self, at: &FieldPath, paths: &mut Vec<FieldPath>) {
        if let Some(value) = self {
            value.walk(at, paths);
        }
    }
}

impl<T: Walk> Walk for Vec<T> {
    fn walk(&self, at: &FieldPath, paths: &mut Vec<FieldPath>) {
        for (index, item) in self.iter().enumerate() {
            item.walk(&at.index(index), paths);
        }
    }
}

impl<T: Walk> Walk for IndexMap<String, T> {
    fn walk(&self, at: &FieldPath, paths: &mut Vec<FieldPath>) {
        for (key, value) in self {
            let before = paths.len();
            value.walk(&at.key(key), paths);
            if paths.len() == before {
                paths.push(at.key(key));
            }
        }
    }
}

/// Values with nothing inside.
macro_rules! leaves {
    ($($type:ty),* $(,)?) => {
        $(impl Walk for $type {
            fn walk(&self, at: &FieldPath, paths: &mut Vec<FieldPath>) {
                paths.push(at.clone());
            }
        })*
    };
}

leaves!(
    String,
    bool,
    u32,
    u64,
    i64,
    u16,
    f64,
    Duration,
    ByteSize,
    Cpus,
    Image,
    PullPolicy,
    Platform,
    ApplicationProtocol,
    PortRange,
    Protocol,
    PortMode,
    PublishScope,
    Tls,
    SwapLimit,
    DeviceCount,
    SecurityOption,
    Namespace,
    HealthTest,
    RestartCondition,
    Condition,
    Scheduling,
    Amount,
    FailureAction,
    UpdateOrder,
    Constraint,
    SpreadPreference,
    Balancing,
    FileMode,
    VolumeScope,
    ConfigSource,
    SecretSource,
    VolumesFrom,
    Ulimit,
);

/// Values with fields inside. Those behind `group` add no step, those behind `skip` stand for no
/// value of their own.
macro_rules! fields {
    ($($type:ident { $($field:ident),* } $(group { $($group:ident),* })? $(skip { $($skip:ident),* })?;)*) => {
        $(impl Walk for $type {
            fn walk(&self, at: &FieldPath, paths: &mut Vec<FieldPath>) {
                let Self { $($field,)* $($($group,)*)? $($($skip: _,)*)? } = self;
                // Something empty is still there.
                paths.push(at.clone());
                let before = paths.len();
                $($field.walk(&at.key(stringify!($field)), paths);)*
                $($($group.walk(at, paths);)*)?
                if paths.len() > before {
                    paths.remove(before - 1);
                }
            }
        })*
    };
}

fields! {
    Service { scheduling, labels, placement, update, rollback, balancing, routes, provider } group { task } skip { path };
    Job { triggers } group { task } skip { path };
    Provider { kind, options };
    Triggers { manual, schedules };
    Schedule { cron, time_zone, concurrency, missed };
    Task { models } group { process, networking, storage, resources, security, kernel, lifecycle };
    Model { name, reference, context_size, runtime_flags } skip { path };
    ModelBinding { endpoint_variable, model_variable };
    Process { image, pull_policy, platform, entrypoint, arguments, working_directory, user,
        supplementary_groups, environment, labels, annotations, tty, stdin_open, init, logging,
        container_name };
    Logging { driver, options };
    Networking { mode, hostname, domain_name, mac_address, dns, extra_hosts, links, external_links,
        ports, exposed };
    Attachment { aliases, service_name_alias, ipv4_address, ipv6_address, link_local_addresses,
        mac_address, interface_name, priority, gateway_priority, driver_options };
    HostEntry { addresses } skip { name };
    Link { target, alias };
    Port { target, published, protocol, mode, scope, name, application_protocol };
    Route { host, path, port, tls };
    Network { name, external, driver, driver_options, internal, attachable, ipv4, ipv6, ipam, labels } skip { path };
    Ipam { driver, options, pools };
    AddressPool { subnet, range, gateway, reserved };
    Storage { mounts, configs, secrets, volumes_from, shared_memory, storage_options };
    Mount { target, source, read_only, consistency };
    FileGrant { source, target, uid, gid, mode };
    Volume { name, external, driver, driver_options, labels, scope, size } skip { path };
    Config { name, source, labels, template_driver } skip { path };
    Secret { name, source, labels, template_driver } skip { path };
    Resources { cpu_limit, memory_limit, pids_limit, cpu_reservation, memory_reservation,
        generic_reservations, device_requests, devices, device_cgroup_rules, swap_limit, swappiness,
        cpu_scheduler, block_io };
    GenericResource { kind, amount };
    DeviceRequest { capabilities, driver, count, options };
    Device { source, target, permissions };
    BlockIo { weight, device_weights, read_bytes, read_operations, write_bytes, write_operations };
    DeviceWeight { path, weight };
    DeviceRate { path, rate };
    Security { privileged, read_only_root, capabilities, options, namespaces, credential_specification, engine_socket };
    Kernel { sysctls, ulimits, oom_score_adjustment, oom_kill_disabled, cgroup_parent, runtime, isolation, umask };
    Lifecycle { health_check, restart, stop_signal, stop_grace_period, dependencies, hooks };
    HealthCheck { test, interval, timeout, retries, start_period, start_interval };
    RestartPolicy { condition, delay, maximum_attempts, window };
    Dependency { service, condition, required, restart };
    Hook { command, image, user, working_directory, environment, privileged, per_task };
    UpdatePolicy { parallelism, delay, on_failure, monitor, maximum_failure, order };
}

/// Values with fields inside that are nothing when the fields are.
macro_rules! bare_fields {
    ($($type:ident { $($field:ident),* };)*) => {
        $(impl Walk for $type {
            fn walk(&self, at: &FieldPath, paths: &mut Vec<FieldPath>) {
                let Self { $($field,)* } = self;
                $($field.walk(&at.key(stringify!($field)), paths);)*
            }
        })*
    };
}

bare_fields! {
    HostPathOptions { create, propagation, selinux, recursive };
    Dns { servers, search, options };
    CpuScheduler { shares, period, quota, realtime_period, realtime_runtime, cores, count, percent };
    Capabilities { added, dropped };
    Namespaces { pid, ipc, uts, cgroup, user };
    Hooks { pre_start, post_start, pre_stop };
    Placement { constraints, preferences, maximum_per_node };
}

impl Walk for NetworkMode {
    fn walk(&self, at: &FieldPath, paths: &mut Vec<FieldPath>) {
        match self {
            Self::Attached(networks) => networks.walk(at, paths),
            Self::Host
            | Self::Bridge
            | Self::None
            | Self::Service(_)
            | Self::Container(_)
            | Self::Other(_) => paths.push(at.clone()),
        }
    }
}

impl Walk for MountSource {
    fn walk(&self, at: &FieldPath, paths: &mut Vec<FieldPath>) {
        paths.push(at.clone());
        match self {
            Self::Volume {
                volume,
                subpath,
                no_copy,
                labels,
            } => {
                volume.walk(&at.key("volume"), paths);
                subpath.walk(&at.key("subpath"), paths);
                no_copy.walk(&at.key("no_copy"), paths);
                labels.walk(&at.key("labels"), paths);
            }
            Self::Anonymous { no_copy, labels } => {
                no_copy.walk(&at.key("no_copy"), paths);
                labels.walk(&at.key("labels"), paths);
            }
            Self::HostPath { path, options } => {
                path.walk(&at.key("path"), paths);
                // The options are only a group, but they have a name.
                options.walk(at, paths);
                options.walk(&at.key("options"), paths);
            }
            Self::Memory {
                size,
                mode,
                options,
            } => {
                size.walk(&at.key("size"), paths);
                mode.walk(&at.key("mode"), paths);
                options.walk(&at.key("options"), paths);
            }
            Self::Image { reference, subpath } => {
                reference.walk(&at.key("reference"), paths);
                subpath.walk(&at.key("subpath"), paths);
            }
            Self::Cluster { volume } => volume.walk(&at.key("volume"), paths),
            Self::NamedPipe { path } => path.walk(&at.key("path"), paths),
        }
    }
}
