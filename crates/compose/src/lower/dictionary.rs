//! The model's words for compose's keys, where they differ.
//!
//! Only words that always mean the same key stand here, or the usual key where there are several;
//! [`super::Origins`] knows the exceptions.

use tranship_model::FieldPath;

/// A field of the model and the key it has in compose.
struct Word {
    model: &'static str,
    /// Empty for a field that adds no step in compose.
    config: &'static str,
    /// What is inside, behind an index if there is one.
    inside: Inside,
}

/// How what is inside a value is called.
#[derive(Clone, Copy)]
enum Inside {
    /// As in the model, but for these words.
    Words(&'static [Word]),
    /// Compose has one value for all of it.
    Nothing,
}

const fn word(model: &'static str, config: &'static str) -> Word {
    within(model, config, &[])
}

const fn within(model: &'static str, config: &'static str, inside: &'static [Word]) -> Word {
    Word {
        model,
        config,
        inside: Inside::Words(inside),
    }
}

/// A field with more inside, for which compose has one value.
const fn whole(model: &'static str, config: &'static str) -> Word {
    Word {
        model,
        config,
        inside: Inside::Nothing,
    }
}

const TASK: &[Word] = &[
    // What runs.
    whole("image", "image"),
    word("arguments", "command"),
    word("working_directory", "working_dir"),
    word("supplementary_groups", "group_add"),
    // How it meets others.
    word("mode", "networks"),
    word("domain_name", "domainname"),
    within(
        "dns",
        "",
        &[
            word("servers", "dns"),
            word("search", "dns_search"),
            word("options", "dns_opt"),
        ],
    ),
    within("ports", "ports", PORT),
    whole("exposed", "expose"),
    whole("links", "links"),
    whole("external_links", "external_links"),
    // What it finds in its file system.
    within("mounts", "volumes", &[within("source", "", MOUNT_SOURCE)]),
    word("shared_memory", "shm_size"),
    word("storage_options", "storage_opt"),
    // What it may use.
    word("cpu_limit", "deploy.resources.limits.cpus"),
    word("memory_limit", "deploy.resources.limits.memory"),
    word("cpu_reservation", "deploy.resources.reservations.cpus"),
    word("memory_reservation", "deploy.resources.reservations.memory"),
    word(
        "generic_reservations",
        "deploy.resources.reservations.generic_resources",
    ),
    word("device_requests", "gpus"),
    word("swap_limit", "memswap_limit"),
    word("swappiness", "mem_swappiness"),
    within("cpu_scheduler", "", CPU_SCHEDULER),
    within("block_io", "blkio_config", BLOCK_IO),
    // What it may do.
    word("read_only_root", "read_only"),
    within(
        "capabilities",
        "",
        &[word("added", "cap_add"), word("dropped", "cap_drop")],
    ),
    word("options", "security_opt"),
    within("namespaces", "", &[word("user", "userns_mode")]),
    word("credential_specification", "credential_spec"),
    word("engine_socket", "use_api_socket"),
    word("oom_score_adjustment", "oom_score_adj"),
    word("oom_kill_disabled", "oom_kill_disable"),
    // How it lives.
    word("health_check", "healthcheck"),
    whole("restart", "restart"),
    word("dependencies", "depends_on"),
    within(
        "hooks",
        "",
        &[
            within("pre_start", "pre_start", HOOK),
            within("post_start", "post_start", HOOK),
            within("pre_stop", "pre_stop", HOOK),
        ],
    ),
    // How many there are and where.
    whole("scheduling", "deploy.mode"),
    within(
        "placement",
        "deploy.placement",
        &[word("maximum_per_node", "max_replicas_per_node")],
    ),
    within("update", "deploy.update_config", UPDATE),
    within("rollback", "deploy.rollback_config", UPDATE),
    word("balancing", "deploy.endpoint_mode"),
    word("routes", "x-tranship.routes"),
    within("provider", "provider", &[word("kind", "type")]),
    // What starts a job.
    within(
        "triggers",
        "triggers",
        &[within(
            "schedules",
            "schedule",
            &[
                word("time_zone", "timezone"),
                word("missed", "missed_fires"),
            ],
        )],
    ),
];

const PORT: &[Word] = &[
    word("scope", "host_ip"),
    word("application_protocol", "app_protocol"),
];

const MOUNT_SOURCE: &[Word] = &[
    word("volume", "source"),
    word("path", "source"),
    word("reference", "source"),
    word("labels", "volume.labels"),
    word("no_copy", "volume.nocopy"),
    word("create", "bind.create_host_path"),
    word("propagation", "bind.propagation"),
    word("selinux", "bind.selinux"),
    word("recursive", "bind.recursive"),
    within("options", "bind", &[word("create", "create_host_path")]),
    word("size", "tmpfs.size"),
    word("mode", "tmpfs.mode"),
];

const CPU_SCHEDULER: &[Word] = &[
    word("shares", "cpu_shares"),
    word("period", "cpu_period"),
    word("quota", "cpu_quota"),
    word("realtime_period", "cpu_rt_period"),
    word("realtime_runtime", "cpu_rt_runtime"),
    word("cores", "cpuset"),
    word("count", "cpu_count"),
    word("percent", "cpu_percent"),
];

const BLOCK_IO: &[Word] = &[
    word("device_weights", "weight_device"),
    word("read_bytes", "device_read_bps"),
    word("read_operations", "device_read_iops"),
    word("write_bytes", "device_write_bps"),
    word("write_operations", "device_write_iops"),
];

const HOOK: &[Word] = &[
    word("working_directory", "working_dir"),
    word("per_task", "per_replica"),
];

const UPDATE: &[Word] = &[
    word("on_failure", "failure_action"),
    word("maximum_failure", "max_failure_ratio"),
];

const NETWORK: &[Word] = &[
    word("driver_options", "driver_opts"),
    word("ipv4", "enable_ipv4"),
    word("ipv6", "enable_ipv6"),
    within(
        "ipam",
        "ipam",
        &[within(
            "pools",
            "config",
            &[word("range", "ip_range"), word("reserved", "aux_addresses")],
        )],
    ),
];

const VOLUME: &[Word] = &[
    word("driver_options", "driver_opts"),
    word("scope", "x-tranship.scope"),
    word("size", "x-tranship.size"),
];

const MODEL: &[Word] = &[word("reference", "model")];

/// The words of a top-level section.
fn section(entry: &str) -> &'static [Word] {
    match entry.split('.').next() {
        Some("services" | "jobs") => TASK,
        Some("networks") => NETWORK,
        Some("volumes") => VOLUME,
        Some("models") => MODEL,
        Some(_) | None => &[],
    }
}

/// The path of the value at `inner` of `entry`, in compose's keys.
pub(super) fn spelled(entry: &str, inner: &str) -> FieldPath {
    let mut path = String::with_capacity(entry.len() + inner.len() + 24);
    path.push_str(entry);
    let mut inside = Inside::Words(section(entry));
    let mut rest = inner;
    while let Inside::Words(words) = inside {
        let Some((word, index, behind)) = next_word(words, rest) else {
            break;
        };
        if !word.config.is_empty() {
            path.push('.');
            path.push_str(word.config);
        }
        path.push_str(index);
        inside = word.inside;
        rest = behind;
    }
    if let (Inside::Words(_), false) = (inside, rest.is_empty()) {
        path.push('.');
        path.push_str(rest);
    }
    FieldPath::from(path)
}

/// The word `path` begins with, the index behind it and what follows.
fn next_word<'p>(
    words: &'static [Word],
    path: &'p str,
) -> Option<(&'static Word, &'p str, &'p str)> {
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (name, behind) = path.split_at(end);
    let word = words.iter().find(|word| word.model == name)?;
    let index_end = match behind.find(']') {
        Some(at) if behind.starts_with('[') => at + 1,
        Some(_) | None => 0,
    };
    let (index, behind) = behind.split_at(index_end);
    Some((word, index, behind.strip_prefix('.').unwrap_or(behind)))
}
