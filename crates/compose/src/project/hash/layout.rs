//! In which order docker compose writes what it hashes, and what it writes for a missing value.
//!
//! Source: docker compose 5.7.0, `internal/confighash/hash.go` (the order of a service's own keys,
//! which is frozen there); compose-go 2.16.2, `types/types.go` (everything below them).

/// How a value is laid out.
#[derive(Clone, Copy)]
pub(super) enum Layout {
    /// As it is; the keys of its mappings in their order as bytes.
    Plain,
    /// A mapping with known keys; others are not written.
    Record(&'static [Field]),
    /// A mapping with free keys.
    Map(&'static [Field]),
    /// A list of mappings with known keys.
    List(&'static [Field]),
}

/// A known key.
#[derive(Clone, Copy)]
pub(super) struct Field {
    /// The key in our canonical form.
    pub(super) key: &'static str,
    /// The key as it is written.
    pub(super) written: &'static str,
    /// What stands behind it.
    pub(super) layout: Layout,
    /// What is written when it is missing; nothing, if this is empty.
    pub(super) absent: &'static str,
}

impl Field {
    const fn new(key: &'static str, layout: Layout) -> Self {
        Self {
            key,
            written: key,
            layout,
            absent: "",
        }
    }

    /// A key that is written even when it says nothing.
    const fn or(self, absent: &'static str) -> Self {
        Self { absent, ..self }
    }
}

const fn plain(key: &'static str) -> Field {
    Field::new(key, Layout::Plain)
}

const fn record(key: &'static str, fields: &'static [Field]) -> Field {
    Field::new(key, Layout::Record(fields))
}

const fn list(key: &'static str, fields: &'static [Field]) -> Field {
    Field::new(key, Layout::List(fields))
}

const fn map(key: &'static str, fields: &'static [Field]) -> Field {
    Field::new(key, Layout::Map(fields))
}

/// A key docker compose writes in another case.
const fn renamed(key: &'static str, written: &'static str) -> Field {
    Field {
        key,
        written,
        layout: Layout::Plain,
        absent: "",
    }
}

/// The keys of a service. What does not make a container another one is left out: its build,
/// dependencies, profiles, pull policy and number.
pub(super) static SERVICE: &[Field] = &[
    plain("annotations"),
    plain("attach"),
    record("develop", DEVELOP),
    record("blkio_config", BLKIO),
    plain("cap_add"),
    plain("cap_drop"),
    plain("cgroup_parent"),
    plain("cgroup"),
    plain("cpu_count"),
    plain("cpu_percent"),
    plain("cpu_period"),
    plain("cpu_quota"),
    plain("cpu_rt_period"),
    plain("cpu_rt_runtime"),
    plain("cpus"),
    plain("cpuset"),
    plain("cpu_shares"),
    plain("command").or("null"),
    list("configs", FILE),
    plain("container_name"),
    record("credential_spec", CREDENTIAL_SPEC),
    record("deploy", DEPLOY),
    plain("device_cgroup_rules"),
    list("devices", DEVICE_MAPPING),
    plain("dns"),
    plain("dns_opt"),
    plain("dns_search"),
    plain("domainname"),
    plain("entrypoint").or("null"),
    record("provider", PROVIDER),
    plain("environment"),
    plain("expose"),
    plain("external_links"),
    plain("extra_hosts"),
    plain("group_add"),
    list("gpus", DEVICE_REQUEST),
    plain("hostname"),
    record("healthcheck", HEALTH_CHECK),
    plain("image"),
    plain("init"),
    plain("ipc"),
    plain("isolation"),
    plain("labels"),
    plain("label_file"),
    plain("links"),
    record("logging", LOGGING),
    plain("mem_limit"),
    plain("mem_reservation"),
    plain("memswap_limit"),
    plain("mem_swappiness"),
    plain("mac_address"),
    map("models", MODEL),
    plain("network_mode"),
    map("networks", NETWORK),
    plain("oom_kill_disable"),
    plain("oom_score_adj"),
    plain("pid"),
    plain("pids_limit"),
    plain("platform"),
    list("ports", PORT),
    plain("privileged"),
    plain("read_only"),
    plain("restart"),
    plain("runtime"),
    list("secrets", FILE),
    plain("security_opt"),
    plain("shm_size"),
    plain("stdin_open"),
    plain("stop_grace_period"),
    plain("stop_signal"),
    plain("storage_opt"),
    plain("sysctls"),
    plain("tmpfs"),
    plain("tty"),
    map("ulimits", ULIMIT),
    plain("use_api_socket"),
    plain("user"),
    plain("userns_mode"),
    plain("uts"),
    list("volumes", MOUNT),
    plain("volumes_from"),
    plain("working_dir"),
    list("pre_start", PRE_START),
    list("post_start", HOOK),
    list("pre_stop", HOOK),
    plain("pull_refresh_after"),
    plain("umask"),
];

static PRE_START: &[Field] = &[
    plain("annotations"),
    record("blkio_config", BLKIO),
    plain("cap_add"),
    plain("cap_drop"),
    plain("cgroup_parent"),
    plain("cgroup"),
    plain("cpu_count"),
    plain("cpu_percent"),
    plain("cpu_period"),
    plain("cpu_quota"),
    plain("cpu_rt_period"),
    plain("cpu_rt_runtime"),
    plain("cpus"),
    plain("cpuset"),
    plain("cpu_shares"),
    plain("command").or("null"),
    list("configs", FILE),
    record("credential_spec", CREDENTIAL_SPEC),
    plain("device_cgroup_rules"),
    list("devices", DEVICE_MAPPING),
    plain("dns"),
    plain("dns_opt"),
    plain("dns_search"),
    plain("domainname"),
    plain("entrypoint").or("null"),
    plain("environment"),
    list("env_file", ENV_FILE),
    plain("extra_hosts"),
    plain("group_add"),
    list("gpus", DEVICE_REQUEST),
    plain("hostname"),
    plain("image"),
    plain("init"),
    plain("ipc"),
    plain("isolation"),
    plain("labels"),
    plain("label_file"),
    record("logging", LOGGING),
    plain("mem_limit"),
    plain("mem_reservation"),
    plain("memswap_limit"),
    plain("mem_swappiness"),
    plain("mac_address"),
    map("models", MODEL),
    plain("network_mode"),
    map("networks", NETWORK),
    plain("oom_kill_disable"),
    plain("oom_score_adj"),
    plain("pid"),
    plain("pids_limit"),
    plain("platform"),
    plain("privileged"),
    plain("pull_policy"),
    plain("pull_refresh_after"),
    plain("read_only"),
    plain("runtime"),
    list("secrets", FILE),
    plain("security_opt"),
    plain("shm_size"),
    plain("stop_grace_period"),
    plain("stop_signal"),
    plain("storage_opt"),
    plain("sysctls"),
    plain("tmpfs"),
    map("ulimits", ULIMIT),
    plain("umask"),
    plain("use_api_socket"),
    plain("user"),
    plain("userns_mode"),
    plain("uts"),
    list("volumes", MOUNT),
    plain("volumes_from"),
    plain("working_dir"),
    plain("per_replica"),
];

static DEVELOP: &[Field] = &[list("watch", WATCH)];
static WATCH: &[Field] = &[
    plain("path"),
    plain("action"),
    plain("target"),
    record("exec", HOOK).or("{\"command\":null}"),
    plain("include"),
    plain("ignore"),
    plain("initial_sync"),
];
static HOOK: &[Field] = &[
    plain("command").or("null"),
    plain("user"),
    plain("privileged"),
    plain("working_dir"),
    plain("environment"),
];

static DEPLOY: &[Field] = &[
    plain("mode"),
    plain("labels"),
    record("update_config", UPDATE),
    record("rollback_config", UPDATE),
    record("resources", RESOURCES).or("{}"),
    record("restart_policy", RESTART_POLICY),
    record("placement", PLACEMENT).or("{}"),
    plain("endpoint_mode"),
];
static UPDATE: &[Field] = &[
    plain("parallelism"),
    plain("delay"),
    plain("failure_action"),
    plain("monitor"),
    plain("max_failure_ratio"),
    plain("order"),
];
static RESOURCES: &[Field] = &[record("limits", RESOURCE), record("reservations", RESOURCE)];
static RESOURCE: &[Field] = &[
    plain("cpus"),
    plain("memory"),
    plain("pids"),
    list("devices", DEVICE_REQUEST),
    list("generic_resources", GENERIC_RESOURCE),
];
static GENERIC_RESOURCE: &[Field] = &[record("discrete_resource_spec", DISCRETE_RESOURCE)];
static DISCRETE_RESOURCE: &[Field] = &[plain("kind").or("\"\""), plain("value").or("0")];
static RESTART_POLICY: &[Field] = &[
    plain("condition"),
    plain("delay"),
    plain("max_attempts"),
    plain("window"),
];
static PLACEMENT: &[Field] = &[
    plain("constraints"),
    list("preferences", PREFERENCE),
    plain("max_replicas_per_node"),
];
static PREFERENCE: &[Field] = &[plain("spread")];

static BLKIO: &[Field] = &[
    plain("weight"),
    list("weight_device", WEIGHT),
    list("device_read_bps", THROTTLE),
    list("device_read_iops", THROTTLE),
    list("device_write_bps", THROTTLE),
    list("device_write_iops", THROTTLE),
];
static WEIGHT: &[Field] = &[
    renamed("path", "Path").or("\"\""),
    renamed("weight", "Weight").or("0"),
];
static THROTTLE: &[Field] = &[
    renamed("path", "Path").or("\"\""),
    renamed("rate", "Rate").or("\"0\""),
];

static FILE: &[Field] = &[
    plain("source"),
    plain("target"),
    plain("uid"),
    plain("gid"),
    plain("mode"),
];
static ENV_FILE: &[Field] = &[plain("path"), plain("required"), plain("format")];
static CREDENTIAL_SPEC: &[Field] = &[plain("config"), plain("file"), plain("registry")];
static PROVIDER: &[Field] = &[plain("type"), plain("options")];
static DEVICE_MAPPING: &[Field] = &[plain("source"), plain("target"), plain("permissions")];
static DEVICE_REQUEST: &[Field] = &[
    plain("capabilities"),
    plain("driver"),
    plain("count"),
    plain("device_ids"),
    plain("options"),
];
static HEALTH_CHECK: &[Field] = &[
    plain("test"),
    plain("timeout"),
    plain("interval"),
    plain("retries"),
    plain("start_period"),
    plain("start_interval"),
    plain("disable"),
];
static LOGGING: &[Field] = &[plain("driver"), plain("options")];
static MODEL: &[Field] = &[plain("endpoint_var"), plain("model_var")];
static NETWORK: &[Field] = &[
    plain("aliases"),
    plain("driver_opts"),
    plain("gw_priority"),
    plain("interface_name"),
    plain("ipv4_address"),
    plain("ipv6_address"),
    plain("link_local_ips"),
    plain("mac_address"),
    plain("priority"),
    plain("use_service_name_alias"),
];
static ULIMIT: &[Field] = &[plain("single"), plain("soft"), plain("hard")];
static PORT: &[Field] = &[
    plain("name"),
    plain("mode"),
    plain("host_ip"),
    plain("target"),
    plain("published"),
    plain("protocol"),
    plain("app_protocol"),
];
static MOUNT: &[Field] = &[
    plain("type"),
    plain("source"),
    plain("target"),
    plain("read_only"),
    plain("consistency"),
    record("bind", MOUNT_BIND),
    record("volume", MOUNT_VOLUME),
    record("tmpfs", MOUNT_TMPFS),
    record("image", MOUNT_IMAGE),
];
static MOUNT_BIND: &[Field] = &[
    plain("selinux"),
    plain("propagation"),
    plain("create_host_path"),
    plain("recursive"),
];
static MOUNT_VOLUME: &[Field] = &[plain("labels"), plain("nocopy"), plain("subpath")];
static MOUNT_TMPFS: &[Field] = &[plain("size"), plain("mode")];
static MOUNT_IMAGE: &[Field] = &[plain("subpath")];
