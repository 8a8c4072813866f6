//! From the engine's specifications to the file, so that both say the same.
//!
//! What the schema has no word for is left out here; the ledger has said so where the
//! specification was made.

use indexmap::IndexMap;

use super::{
    BindOptions, CredentialSpec, Deploy, Discrete, FileGrant, GenericResource, HealthCheck, Limits,
    Logging, Mount, NetworkAttachment, Placement, Port, Preference, Reservations, Resources,
    RestartPolicy, Service, TmpfsOptions, Ulimit, UpdateConfig, VolumeOptions,
};
use crate::engine::{self, Labels, Mode, MountType, ServiceSpec};

/// How the file calls what a specification names: keys of each kind, by name.
#[derive(Debug)]
pub(super) struct Keys<'stack> {
    pub(super) networks: IndexMap<String, &'stack str>,
    pub(super) volumes: IndexMap<String, &'stack str>,
    pub(super) configs: IndexMap<String, &'stack str>,
    pub(super) secrets: IndexMap<String, &'stack str>,
}

impl Keys<'_> {
    /// The key of a network; one that nobody declares gets its name, behind as many `_` as keep
    /// it apart from the declared ones.
    pub(super) fn network(&self, name: &str) -> String {
        if let Some(key) = self.networks.get(name) {
            return (*key).to_owned();
        }
        let mut key = name.to_owned();
        while self.networks.values().any(|declared| *declared == key) {
            key.insert(0, '_');
        }
        key
    }
}

/// A service of the file, called `key` there.
pub(super) fn service(spec: &ServiceSpec, key: &str, keys: &Keys<'_>) -> Service {
    let task = &spec.task_template;
    let container = &task.container_spec;
    Service {
        image: container.image.clone(),
        entrypoint: container.command.clone(),
        command: container.args.clone(),
        working_dir: container.dir.clone(),
        user: container.user.clone(),
        hostname: container.hostname.clone(),
        environment: container.env.iter().map(|line| variable(line)).collect(),
        labels: own_labels(&container.labels),
        tty: container.tty,
        stdin_open: container.open_stdin,
        init: container.init,
        read_only: container.read_only,
        isolation: container.isolation.clone(),
        stop_signal: container.stop_signal.clone(),
        stop_grace_period: container.stop_grace_period.map(go_duration),
        healthcheck: container.health_check.as_ref().map(health_check),
        ports: spec.endpoint_spec.ports.iter().map(port).collect(),
        networks: task
            .networks
            .iter()
            .map(|network| attachment(network, key, keys))
            .collect(),
        extra_hosts: container.hosts.iter().map(|line| host(line)).collect(),
        dns: container.dns_config.nameservers.clone(),
        dns_search: container.dns_config.search.clone(),
        volumes: container
            .mounts
            .iter()
            .map(|entry| mount(entry, keys))
            .collect(),
        configs: configs(container, keys),
        secrets: secrets(container, keys),
        credential_spec: credential_spec(container, keys),
        cap_add: container.capability_add.clone(),
        cap_drop: container.capability_drop.clone(),
        sysctls: container.sysctls.clone(),
        ulimits: container.ulimits.iter().map(ulimit).collect(),
        logging: task.log_driver.as_ref().map(logging),
        deploy: deploy(spec),
    }
}

fn deploy(spec: &ServiceSpec) -> Deploy {
    let (mode, replicas) = match &spec.mode {
        Mode::Replicated(replicated) => (None, replicated.replicas),
        Mode::Global(_) => (Some("global"), None),
        Mode::ReplicatedJob(job) => (Some("replicated-job"), Some(job.total_completions)),
        Mode::GlobalJob(_) => (Some("global-job"), None),
    };
    Deploy {
        mode,
        replicas,
        endpoint_mode: spec.endpoint_spec.mode,
        placement: placement(&spec.task_template.placement),
        resources: resources(&spec.task_template.resources),
        restart_policy: spec
            .task_template
            .restart_policy
            .as_ref()
            .map(restart_policy),
        update_config: spec.update_config.as_ref().map(update_config),
        rollback_config: spec.rollback_config.as_ref().map(update_config),
        labels: own_labels(&spec.labels),
    }
}

/// Labels but those the CLI adds itself.
pub(super) fn own_labels(labels: &Labels) -> Labels {
    let is_own = |(key, _): &(&String, &String)| !key.starts_with("com.docker.stack.");
    let own = labels.iter().filter(is_own);
    own.map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn variable(line: &str) -> (String, Option<String>) {
    match line.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (line.to_owned(), None),
    }
}

fn health_check(check: &engine::HealthConfig) -> HealthCheck {
    if check.test.first().is_some_and(|first| first == "NONE") {
        return HealthCheck {
            disable: true,
            ..HealthCheck::default()
        };
    }
    HealthCheck {
        disable: false,
        test: check.test.clone(),
        interval: check.interval.map(go_duration),
        timeout: check.timeout.map(go_duration),
        retries: check.retries,
        start_period: check.start_period.map(go_duration),
        start_interval: check.start_interval.map(go_duration),
    }
}

fn port(port: &engine::PortConfig) -> Port {
    Port {
        target: port.target_port,
        published: port.published_port,
        protocol: port.protocol,
        mode: port.publish_mode,
    }
}

/// A network by its key; the CLI adds the alias that is the service's own key.
fn attachment(
    attachment: &engine::NetworkAttachment,
    service: &str,
    keys: &Keys<'_>,
) -> (String, Option<NetworkAttachment>) {
    let others = attachment.aliases.iter().filter(|alias| *alias != service);
    let key = keys.network(&attachment.target);
    let attachment = NetworkAttachment {
        aliases: others.cloned().collect(),
        driver_opts: attachment.driver_opts.clone(),
    };
    let is_plain = attachment == NetworkAttachment::default();
    (key, (!is_plain).then_some(attachment))
}

fn host(line: &str) -> String {
    match line.split_once(' ') {
        Some((address, name)) => format!("{name}:{address}"),
        None => line.to_owned(),
    }
}

fn mount(mount: &engine::Mount, keys: &Keys<'_>) -> Mount {
    let name = mount.source.as_ref();
    let key = name
        .filter(|_| mount.kind == MountType::Volume)
        .and_then(|name| keys.volumes.get(name));
    Mount {
        kind: mount.kind,
        source: key.map(|key| (*key).to_owned()).or_else(|| name.cloned()),
        target: mount.target.clone(),
        read_only: mount.read_only,
        consistency: mount.consistency.clone(),
        bind: BindOptions {
            propagation: mount.bind_options.propagation.clone(),
        },
        volume: VolumeOptions {
            nocopy: mount.volume_options.no_copy,
            subpath: mount.volume_options.subpath.clone(),
        },
        tmpfs: TmpfsOptions {
            size: mount.tmpfs_options.size_bytes,
        },
    }
}

/// Configs as files; the one an account is read from is said elsewhere.
fn configs(container: &engine::ContainerSpec, keys: &Keys<'_>) -> Vec<FileGrant> {
    let grant = |reference: &engine::ConfigReference| {
        let file = reference.file.as_ref()?;
        Some(grant(&reference.config_name, file, &keys.configs))
    };
    container.configs.iter().filter_map(grant).collect()
}

fn secrets(container: &engine::ContainerSpec, keys: &Keys<'_>) -> Vec<FileGrant> {
    let grant = |reference: &engine::SecretReference| {
        grant(&reference.secret_name, &reference.file, &keys.secrets)
    };
    container.secrets.iter().map(grant).collect()
}

fn grant(name: &str, file: &engine::ReferencedFile, keys: &IndexMap<String, &str>) -> FileGrant {
    let source = keys.get(name).copied().unwrap_or(name);
    let said = |owner: &String| (owner != "0").then(|| owner.clone());
    FileGrant {
        source: source.to_owned(),
        target: (file.name != source).then(|| file.name.clone()),
        uid: said(&file.uid),
        gid: said(&file.gid),
        mode: (file.mode != 0o444).then_some(file.mode),
    }
}

fn credential_spec(container: &engine::ContainerSpec, keys: &Keys<'_>) -> Option<CredentialSpec> {
    let specification = container.privileges.credential_spec.as_ref()?;
    Some(match specification {
        engine::CredentialSpec::Config(name) => {
            let key = keys.configs.get(name).copied().unwrap_or(name);
            CredentialSpec::Config(key.to_owned())
        }
        engine::CredentialSpec::File(path) => CredentialSpec::File(path.clone()),
        engine::CredentialSpec::Registry(key) => CredentialSpec::Registry(key.clone()),
    })
}

fn ulimit(limit: &engine::Ulimit) -> (String, Ulimit) {
    let values = Ulimit {
        soft: limit.soft,
        hard: limit.hard,
    };
    (limit.name.clone(), values)
}

fn logging(driver: &engine::Driver) -> Logging {
    Logging {
        driver: Some(driver.name.clone()).filter(|name| !name.is_empty()),
        options: driver.options.clone(),
    }
}

/// The file asks for a platform by constraints, which compare what a node's kernel says.
fn placement(placement: &engine::Placement) -> Placement {
    let mut constraints = placement.constraints.clone();
    for platform in &placement.platforms {
        constraints.push(format!("node.platform.os=={}", platform.os));
        let architecture = platform
            .architecture
            .as_deref()
            .and_then(kernel_architecture);
        constraints.extend(architecture.map(|name| format!("node.platform.arch=={name}")));
    }
    let preference = |preference: &engine::Preference| Preference {
        spread: preference.spread.spread_descriptor.clone(),
    };
    Placement {
        constraints,
        preferences: placement.preferences.iter().map(preference).collect(),
        max_replicas_per_node: placement.max_replicas,
    }
}

/// What `uname -m` says on a processor Go calls `name`; 32-bit ARM says its generation.
fn kernel_architecture(name: &str) -> Option<&str> {
    match name {
        "amd64" => Some("x86_64"),
        "arm64" => Some("aarch64"),
        "386" => Some("i686"),
        "arm" => None,
        other => Some(other),
    }
}

fn resources(resources: &engine::Resources) -> Resources {
    let generic = |resource: &engine::GenericResource| GenericResource {
        discrete_resource_spec: Discrete {
            kind: resource.discrete_resource_spec.kind.clone(),
            value: resource.discrete_resource_spec.value,
        },
    };
    let reserved = &resources.reservations;
    Resources {
        limits: Limits {
            cpus: resources.limits.nano_cpus.map(cores),
            memory: resources.limits.memory_bytes.map(memory),
            pids: resources.limits.pids,
        },
        reservations: Reservations {
            cpus: reserved.nano_cpus.map(cores),
            memory: reserved.memory_bytes.map(memory),
            generic_resources: reserved.generic_resources.iter().map(generic).collect(),
        },
    }
}

fn restart_policy(policy: &engine::RestartPolicy) -> RestartPolicy {
    RestartPolicy {
        condition: policy.condition,
        delay: policy.delay.map(go_duration),
        max_attempts: policy.max_attempts,
        window: policy.window.map(go_duration),
    }
}

fn update_config(config: &engine::UpdateConfig) -> UpdateConfig {
    UpdateConfig {
        parallelism: config.parallelism,
        delay: config.delay.map(go_duration),
        failure_action: config.failure_action,
        monitor: config.monitor.map(go_duration),
        max_failure_ratio: config.max_failure_ratio,
        order: config.order,
    }
}

/// Nanoseconds as Go's `time.ParseDuration` reads them, in the largest unit without a fraction.
fn go_duration(nanoseconds: u64) -> String {
    let units = [(1_000_000_000_u64, "s"), (1_000_000, "ms"), (1_000, "us")];
    let unit = units
        .into_iter()
        .find(|(size, _)| nanoseconds.is_multiple_of(*size));
    let (size, name) = unit.unwrap_or((1, "ns"));
    format!("{}{name}", nanoseconds / size)
}

/// Billionths of a core as cores, such as `0.5`.
fn cores(nanos: u64) -> String {
    let text = format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Bytes as the CLI reads them, where `M` is a mebibyte.
fn memory(bytes: u64) -> String {
    let units = [(1_u64 << 30, "G"), (1 << 20, "M"), (1 << 10, "K")];
    let unit = units
        .into_iter()
        .find(|(size, _)| bytes >= *size && bytes.is_multiple_of(*size));
    let (size, name) = unit.unwrap_or((1, "B"));
    format!("{}{name}", bytes / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_their_value_in_the_largest_whole_unit() {
        assert_eq!(go_duration(90_000_000_000), "90s");
        assert_eq!(go_duration(1_500_000_000), "1500ms");
        assert_eq!(go_duration(1), "1ns");
        assert_eq!(go_duration(0), "0s");
    }

    #[test]
    fn amounts_are_written_as_the_cli_reads_them() {
        assert_eq!(cores(500_000_000), "0.5");
        assert_eq!(cores(2_000_000_000), "2");
        assert_eq!(cores(1_000_001), "0.001000001");
        assert_eq!(memory(512 << 20), "512M");
        assert_eq!(memory((4 << 20) + 1), "4194305B");
    }
}
