//! Laws that hold for every stack.

use proptest::prelude::*;
use tranship_backend::{Translate, Translation};
use tranship_model::*;

use super::sample::{full, map, port, service, small, volume};
use super::translation;
use crate::{HostPaths, Kubernetes};

type Change = (&'static str, fn(&mut Stack));

fn full_service(stack: &mut Stack) -> &mut Service {
    &mut stack.services["full"]
}

fn full_task(stack: &mut Stack) -> &mut Task {
    &mut full_service(stack).task
}

fn check(stack: &mut Stack) -> &mut HealthCheck {
    full_task(stack)
        .lifecycle
        .health_check
        .as_mut()
        .expect("a check")
}

fn restart(stack: &mut Stack) -> &mut RestartPolicy {
    full_task(stack)
        .lifecycle
        .restart
        .as_mut()
        .expect("a restart policy")
}

fn update(stack: &mut Stack) -> &mut UpdatePolicy {
    full_service(stack)
        .update
        .as_mut()
        .expect("an update policy")
}

fn attachment(stack: &mut Stack) -> &mut Attachment {
    match &mut full_task(stack).networking.mode {
        NetworkMode::Attached(attachments) => &mut attachments["back"],
        NetworkMode::Host
        | NetworkMode::Bridge
        | NetworkMode::None
        | NetworkMode::Service(_)
        | NetworkMode::Container(_)
        | NetworkMode::Other(_) => unreachable!("the full service is attached"),
    }
}

const PROCESS: [Change; 18] = [
    ("image", |s| full_task(s).process.image.reference.push('2')),
    ("image.origin", |s| {
        full_task(s).process.image.origin = ImageOrigin::Built;
    }),
    ("pull_policy", |s| full_task(s).process.pull_policy = None),
    ("platform", |s| full_task(s).process.platform = None),
    ("entrypoint", |s| full_task(s).process.entrypoint = None),
    ("arguments", |s| full_task(s).process.arguments = None),
    ("working_directory", |s| {
        full_task(s).process.working_directory = None;
    }),
    ("user", |s| full_task(s).process.user = None),
    ("supplementary_groups", |s| {
        full_task(s).process.supplementary_groups.clear();
    }),
    ("environment.MODE", |s| {
        full_task(s).process.environment["MODE"] = Some("slow".into());
    }),
    ("environment.HOME", |s| {
        full_task(s).process.environment["HOME"] = Some("/".into());
    }),
    ("labels", |s| full_task(s).process.labels.clear()),
    ("annotations", |s| full_task(s).process.annotations.clear()),
    ("tty", |s| full_task(s).process.tty = None),
    ("stdin_open", |s| full_task(s).process.stdin_open = None),
    ("init", |s| full_task(s).process.init = None),
    ("logging", |s| full_task(s).process.logging = None),
    ("container_name", |s| {
        full_task(s).process.container_name = None;
    }),
];

const NETWORKING: [Change; 25] = [
    ("mode", |s| full_task(s).networking.mode = NetworkMode::Host),
    ("aliases", |s| attachment(s).aliases.clear()),
    ("service_name_alias", |s| {
        attachment(s).service_name_alias = None;
    }),
    ("ipv4_address", |s| attachment(s).ipv4_address = None),
    ("ipv6_address", |s| attachment(s).ipv6_address = None),
    ("link_local_addresses", |s| {
        attachment(s).link_local_addresses.clear();
    }),
    ("attachment mac_address", |s| {
        attachment(s).mac_address = None;
    }),
    ("interface_name", |s| attachment(s).interface_name = None),
    ("priority", |s| attachment(s).priority = None),
    ("gateway_priority", |s| {
        attachment(s).gateway_priority = None;
    }),
    ("attachment driver_options", |s| {
        attachment(s).driver_options.clear();
    }),
    ("hostname", |s| full_task(s).networking.hostname = None),
    ("domain_name", |s| {
        full_task(s).networking.domain_name = None;
    }),
    ("mac_address", |s| {
        full_task(s).networking.mac_address = None;
    }),
    ("dns.servers", |s| {
        full_task(s).networking.dns.servers.clear();
    }),
    ("dns.search", |s| full_task(s).networking.dns.search.clear()),
    ("dns.options", |s| {
        full_task(s).networking.dns.options.clear();
    }),
    ("extra_hosts", |s| {
        full_task(s).networking.extra_hosts.clear();
    }),
    ("links", |s| full_task(s).networking.links.clear()),
    ("external_links", |s| {
        full_task(s).networking.external_links.clear();
    }),
    ("ports", |s| full_task(s).networking.ports.clear()),
    ("ports.published", |s| {
        full_task(s).networking.ports[0].published = None;
    }),
    ("ports.scope", |s| {
        full_task(s).networking.ports[0].scope = PublishScope::Loopback("127.0.0.1".into());
    }),
    ("ports.name", |s| {
        full_task(s).networking.ports[0].name = None;
    }),
    ("exposed", |s| full_task(s).networking.exposed.clear()),
];

const STORAGE: [Change; 19] = [
    ("mounts", |s| full_task(s).storage.mounts.clear()),
    ("mounts.target", |s| {
        full_task(s).storage.mounts[0].target.push('x');
    }),
    ("mounts.read_only", |s| {
        full_task(s).storage.mounts[0].read_only = None;
    }),
    ("mounts.consistency", |s| {
        full_task(s).storage.mounts[0].consistency = None;
    }),
    ("configs", |s| full_task(s).storage.configs.clear()),
    ("configs.target", |s| {
        full_task(s).storage.configs[0].target = None;
    }),
    ("configs.mode", |s| {
        full_task(s).storage.configs[0].mode = None;
    }),
    ("secrets", |s| full_task(s).storage.secrets.clear()),
    ("secrets.uid", |s| {
        full_task(s).storage.secrets[0].uid = None;
    }),
    ("secrets.gid", |s| {
        full_task(s).storage.secrets[0].gid = None;
    }),
    ("volumes_from", |s| {
        full_task(s).storage.volumes_from.clear();
    }),
    ("shared_memory", |s| {
        full_task(s).storage.shared_memory = None;
    }),
    ("storage_options", |s| {
        full_task(s).storage.storage_options.clear();
    }),
    ("volume.driver", |s| s.volumes["files"].driver = None),
    ("volume.driver_options", |s| {
        s.volumes["files"].driver_options.clear();
    }),
    ("volume.labels", |s| s.volumes["files"].labels.clear()),
    ("volume.scope", |s| {
        s.volumes["files"].scope = VolumeScope::PerTask;
    }),
    ("volume.size", |s| s.volumes["files"].size = None),
    ("volume.external", |s| s.volumes["files"].external = true),
];

const RESOURCES: [Change; 21] = [
    ("cpu_limit", |s| full_task(s).resources.cpu_limit = None),
    ("memory_limit", |s| {
        full_task(s).resources.memory_limit = None;
    }),
    ("pids_limit", |s| full_task(s).resources.pids_limit = None),
    ("cpu_reservation", |s| {
        full_task(s).resources.cpu_reservation = None;
    }),
    ("memory_reservation", |s| {
        full_task(s).resources.memory_reservation = None;
    }),
    ("generic_reservations", |s| {
        full_task(s).resources.generic_reservations.clear();
    }),
    ("device_requests", |s| {
        full_task(s).resources.device_requests.clear();
    }),
    ("devices", |s| full_task(s).resources.devices.clear()),
    ("device_cgroup_rules", |s| {
        full_task(s).resources.device_cgroup_rules.clear();
    }),
    ("swap_limit", |s| full_task(s).resources.swap_limit = None),
    ("swappiness", |s| full_task(s).resources.swappiness = None),
    ("shares", |s| {
        full_task(s).resources.cpu_scheduler.shares = None;
    }),
    ("period", |s| {
        full_task(s).resources.cpu_scheduler.period = None;
    }),
    ("quota", |s| {
        full_task(s).resources.cpu_scheduler.quota = None;
    }),
    ("realtime_period", |s| {
        full_task(s).resources.cpu_scheduler.realtime_period = None;
    }),
    ("realtime_runtime", |s| {
        full_task(s).resources.cpu_scheduler.realtime_runtime = None;
    }),
    ("cores", |s| {
        full_task(s).resources.cpu_scheduler.cores = None;
    }),
    ("count", |s| {
        full_task(s).resources.cpu_scheduler.count = None;
    }),
    ("percent", |s| {
        full_task(s).resources.cpu_scheduler.percent = None;
    }),
    ("block_io", |s| full_task(s).resources.block_io = None),
    ("block_io.weight", |s| {
        full_task(s).resources.block_io = Some(BlockIo::default());
    }),
];

const SECURITY: [Change; 20] = [
    ("privileged", |s| full_task(s).security.privileged = None),
    ("read_only_root", |s| {
        full_task(s).security.read_only_root = None;
    }),
    ("capabilities.added", |s| {
        full_task(s).security.capabilities.added.clear();
    }),
    ("capabilities.dropped", |s| {
        full_task(s).security.capabilities.dropped.clear();
    }),
    ("options", |s| full_task(s).security.options.clear()),
    ("pid", |s| full_task(s).security.namespaces.pid = None),
    ("ipc", |s| full_task(s).security.namespaces.ipc = None),
    ("uts", |s| full_task(s).security.namespaces.uts = None),
    ("cgroup", |s| full_task(s).security.namespaces.cgroup = None),
    ("user namespace", |s| {
        full_task(s).security.namespaces.user = None;
    }),
    ("credential_specification", |s| {
        full_task(s).security.credential_specification = None;
    }),
    ("engine_socket", |s| {
        full_task(s).security.engine_socket = None;
    }),
    ("sysctls", |s| full_task(s).kernel.sysctls.clear()),
    ("ulimits", |s| full_task(s).kernel.ulimits.clear()),
    ("oom_score_adjustment", |s| {
        full_task(s).kernel.oom_score_adjustment = None;
    }),
    ("oom_kill_disabled", |s| {
        full_task(s).kernel.oom_kill_disabled = None;
    }),
    ("cgroup_parent", |s| {
        full_task(s).kernel.cgroup_parent = None;
    }),
    ("runtime", |s| full_task(s).kernel.runtime = None),
    ("isolation", |s| full_task(s).kernel.isolation = None),
    ("umask", |s| full_task(s).kernel.umask = None),
];

const LIFECYCLE: [Change; 20] = [
    ("health_check", |s| {
        full_task(s).lifecycle.health_check = None;
    }),
    ("test", |s| check(s).test = Some(HealthTest::Disabled)),
    ("interval", |s| check(s).interval = None),
    ("timeout", |s| check(s).timeout = None),
    ("retries", |s| check(s).retries = None),
    ("start_period", |s| check(s).start_period = None),
    ("start_interval", |s| check(s).start_interval = None),
    ("restart", |s| full_task(s).lifecycle.restart = None),
    ("restart.condition", |s| {
        restart(s).condition = RestartCondition::Always;
    }),
    ("restart.delay", |s| restart(s).delay = None),
    ("restart.maximum_attempts", |s| {
        restart(s).maximum_attempts = None;
    }),
    ("restart.window", |s| restart(s).window = None),
    ("stop_signal", |s| full_task(s).lifecycle.stop_signal = None),
    ("stop_grace_period", |s| {
        full_task(s).lifecycle.stop_grace_period = None;
    }),
    ("dependencies", |s| {
        full_task(s).lifecycle.dependencies.clear();
    }),
    ("dependencies.restart", |s| {
        full_task(s).lifecycle.dependencies[0].restart = false;
    }),
    ("pre_start", |s| {
        full_task(s).lifecycle.hooks.pre_start.clear();
    }),
    ("post_start", |s| {
        full_task(s).lifecycle.hooks.post_start.clear();
    }),
    ("pre_stop", |s| {
        full_task(s).lifecycle.hooks.pre_stop.clear();
    }),
    ("models", |s| full_task(s).models.clear()),
];

const SERVICE: [Change; 20] = [
    ("scheduling", |s| {
        full_service(s).scheduling = Scheduling::Global;
    }),
    ("replicas", |s| {
        full_service(s).scheduling = Scheduling::Replicated { replicas: Some(0) }
    }),
    ("labels", |s| full_service(s).labels.clear()),
    ("constraints", |s| {
        full_service(s).placement.constraints.clear();
    }),
    ("preferences", |s| {
        full_service(s).placement.preferences.clear();
    }),
    ("maximum_per_node", |s| {
        full_service(s).placement.maximum_per_node = None;
    }),
    ("update", |s| full_service(s).update = None),
    ("update.parallelism", |s| update(s).parallelism = None),
    ("update.delay", |s| update(s).delay = None),
    ("update.on_failure", |s| update(s).on_failure = None),
    ("update.monitor", |s| update(s).monitor = None),
    ("update.maximum_failure", |s| {
        update(s).maximum_failure = None;
    }),
    ("update.order", |s| update(s).order = None),
    ("rollback", |s| full_service(s).rollback = None),
    ("balancing", |s| full_service(s).balancing = None),
    ("routes", |s| full_service(s).routes.clear()),
    ("routes.tls", |s| full_service(s).routes[0].tls = None),
    ("routes.host", |s| full_service(s).routes[0].host = None),
    ("routes.path", |s| full_service(s).routes[0].path.push('x')),
    ("provider", |s| {
        full_service(s).provider = Some(Provider {
            kind: "cloud".into(),
            options: map([]),
        });
    }),
];

const TOP_LEVEL: [Change; 24] = [
    ("name", |s| s.name.push('x')),
    ("services", |s| s.services.retain(|key, _| key != "web")),
    ("jobs", |s| s.jobs.clear()),
    ("jobs.manual", |s| s.jobs["backup"].triggers.manual = None),
    ("jobs.cron", |s| {
        s.jobs["backup"].triggers.schedules[0].cron = "@daily".into();
    }),
    ("jobs.time_zone", |s| {
        s.jobs["backup"].triggers.schedules[0].time_zone = None;
    }),
    ("jobs.concurrency", |s| {
        s.jobs["backup"].triggers.schedules[0].concurrency = None;
    }),
    ("jobs.missed", |s| {
        s.jobs["backup"].triggers.schedules[0].missed = None;
    }),
    ("network.name", |s| s.networks["back"].name = "other".into()),
    ("network.external", |s| s.networks["back"].external = true),
    ("network.driver", |s| s.networks["back"].driver = None),
    ("network.driver_options", |s| {
        s.networks["back"].driver_options.clear();
    }),
    ("network.internal", |s| s.networks["back"].internal = None),
    ("network.attachable", |s| {
        s.networks["back"].attachable = None;
    }),
    ("network.ipv4", |s| s.networks["back"].ipv4 = None),
    ("network.ipv6", |s| s.networks["back"].ipv6 = None),
    ("network.ipam", |s| s.networks["back"].ipam = None),
    ("network.labels", |s| s.networks["back"].labels.clear()),
    ("config.source", |s| {
        s.configs["settings"].source = ConfigSource::Inline("b".into());
    }),
    ("config.labels", |s| s.configs["settings"].labels.clear()),
    ("config.template_driver", |s| {
        s.configs["settings"].template_driver = None;
    }),
    ("secret.source", |s| {
        s.secrets["password"].source = SecretSource::External;
    }),
    ("secret.labels", |s| s.secrets["password"].labels.clear()),
    ("models", |s| s.models.clear()),
];

#[test]
fn no_field_is_silent() {
    let before = translation(&full());
    let groups: [&[Change]; 8] = [
        &PROCESS,
        &NETWORKING,
        &STORAGE,
        &RESOURCES,
        &SECURITY,
        &LIFECYCLE,
        &SERVICE,
        &TOP_LEVEL,
    ];
    for (field, change) in groups.into_iter().flatten() {
        let mut changed = full();
        change(&mut changed);
        assert_ne!(translation(&changed), before, "{field}");
    }
}

#[test]
fn entries_name_only_objects_that_are_there() {
    for stack in [small(), full()] {
        let Translation {
            objects,
            ledger,
            conflicts,
        } = translation(&stack);
        assert_eq!(conflicts, []);
        for entry in ledger.entries() {
            for id in entry.objects.iter() {
                assert!(
                    objects.iter().any(|object| object.id == *id),
                    "{id} of {}",
                    entry.path
                );
            }
        }
    }
}

/// Names people use, and some they had better not.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]{1,2}", "[a-zA-Z0-9._-]{1,70}", "\\PC{0,12}"]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[$(){}a-z/:.]{0,12}",
        "\\PC{0,20}",
        Just("/var/run/docker.sock".to_owned())
    ]
}

fn any_port() -> impl Strategy<Value = Port> {
    let mode = prop_oneof![Just(PortMode::Balanced), Just(PortMode::PerNode)];
    let scope = prop_oneof![
        Just(PublishScope::Everywhere),
        Just(PublishScope::Loopback("127.0.0.1".to_owned())),
        text().prop_map(PublishScope::Address),
    ];
    let range = (any::<u16>(), 0_u16..200).prop_map(|(first, more)| PortRange {
        first,
        last: first.saturating_add(more.saturating_sub(190)),
    });
    let published = prop::option::of(range.clone());
    (range, published, mode, scope, prop::option::of(name())).prop_map(
        |(target, published, mode, scope, name)| Port {
            target,
            published,
            mode,
            scope,
            application_protocol: name.clone().map(ApplicationProtocol),
            name,
            ..port(1, None)
        },
    )
}

fn any_mount() -> impl Strategy<Value = Mount> {
    let source = prop_oneof![
        (name(), prop::option::of(text())).prop_map(|(volume, subpath)| MountSource::Volume {
            volume,
            subpath,
            no_copy: None,
            labels: map([]),
        }),
        text().prop_map(|path| MountSource::HostPath {
            path,
            options: HostPathOptions::default(),
        }),
        Just(MountSource::Anonymous {
            no_copy: None,
            labels: map([]),
        }),
        any::<u64>().prop_map(|size| MountSource::Memory {
            size: Some(ByteSize(size)),
            mode: None,
            options: Vec::new(),
        }),
    ];
    (text(), source, any::<Option<bool>>()).prop_map(|(target, source, read_only)| Mount {
        target,
        source,
        read_only,
        consistency: None,
    })
}

fn any_service() -> impl Strategy<Value = Service> {
    let scheduling = prop_oneof![
        any::<Option<u32>>().prop_map(|replicas| Scheduling::Replicated { replicas }),
        any::<Option<u32>>().prop_map(|completions| Scheduling::ReplicatedJob { completions }),
        Just(Scheduling::Global),
        Just(Scheduling::GlobalJob),
    ];
    let order = prop_oneof![Just(UpdateOrder::StopFirst), Just(UpdateOrder::StartFirst)];
    let update =
        (any::<u32>(), any::<f64>(), order).prop_map(|(count, part, order)| UpdatePolicy {
            parallelism: Some(if count % 2 == 0 {
                Amount::Count(count)
            } else {
                Amount::Fraction(part)
            }),
            order: Some(order),
            ..UpdatePolicy::default()
        });
    let texts = prop::collection::vec(text(), 0..3);
    let parts = (
        scheduling,
        prop::option::of(update),
        prop::collection::vec(any_port(), 0..4),
        prop::collection::vec(any_mount(), 0..4),
        prop::collection::vec((name(), prop::option::of(text())), 0..4),
        texts,
        prop::option::of(name()),
        prop::option::of(name()),
    );
    parts.prop_map(
        |(scheduling, update, ports, mounts, environment, words, alias, source)| {
            let mut service = service("any");
            service.scheduling = scheduling;
            service.update = update;
            let task = &mut service.task;
            task.networking.ports = ports;
            task.storage.mounts = mounts;
            task.process.labels = environment
                .iter()
                .map(|(key, _)| (key.clone(), key.clone()))
                .collect();
            task.process.environment = environment.into_iter().collect();
            task.process.arguments = Some(words);
            task.process.container_name = alias.clone();
            task.networking.hostname = alias;
            task.storage.secrets = source.iter().map(|source| grant(source)).collect();
            task.storage.configs = source.iter().map(|source| grant(source)).collect();
            service
        },
    )
}

fn grant(source: &str) -> FileGrant {
    FileGrant {
        source: source.to_owned(),
        target: None,
        uid: None,
        gid: None,
        mode: None,
    }
}

/// Stacks as odd as the model allows.
pub(super) fn any_stack() -> impl Strategy<Value = Stack> {
    let services = prop::collection::vec((name(), any_service()), 0..5);
    let volumes = prop::collection::vec((name(), any::<bool>(), any::<bool>()), 0..4);
    let files = prop::collection::vec((name(), prop::collection::vec(any::<u8>(), 0..9)), 0..3);
    (name(), services, volumes, files).prop_map(|(name, services, volumes, files)| {
        let mut stack = Stack { name, ..small() };
        stack.services = services.into_iter().collect();
        for (key, service) in &mut stack.services {
            service.path = FieldPath::root("services").key(key);
        }
        for (key, external, per_task) in volumes {
            let mut volume = volume(&key);
            volume.external = external;
            if per_task {
                volume.scope = VolumeScope::PerTask;
            }
            stack.volumes.insert(key, volume);
        }
        for (key, content) in files {
            let config = Config {
                name: key.clone(),
                path: FieldPath::root("configs").key(&key),
                source: ConfigSource::File {
                    path: String::new(),
                    content: Some(content),
                },
                labels: map([]),
                template_driver: None,
            };
            stack.configs.insert(key, config);
        }
        stack
    })
}

proptest! {
    #[test]
    fn every_stack_gives_objects_the_interface_takes(stack in any_stack()) {
        for host_paths in [HostPaths::Mount, HostPaths::Omit] {
            let backend = Kubernetes { host_paths, ..Kubernetes::default() };
            let translation = backend.translate(&stack);
            for object in &translation.objects {
                prop_assert_eq!(super::rules::broken(object), Vec::<String>::new());
            }
            let ids: std::collections::HashSet<_> =
                translation.objects.iter().map(|object| &object.id).collect();
            prop_assert!(ids.len() == translation.objects.len() || !translation.conflicts.is_empty());
        }
    }

    #[test]
    fn the_same_stack_gives_the_same_bytes(stack in any_stack()) {
        let render = |stack: &Stack| {
            let backend = Kubernetes::default();
            let translation = backend.translate(stack);
            backend.render(stack, &translation).map_err(|error| error.to_string())
        };
        prop_assert_eq!(render(&stack), render(&stack.clone()));
    }
}
