//! One change to each field of a service, and to each field of a stack.

#![expect(
    clippy::unnecessary_wraps,
    clippy::too_many_lines,
    clippy::semicolon_if_nothing_returned,
    clippy::assigning_clones,
    clippy::indexing_slicing,
    reason = "each line of a table is one change, as short as can be"
)]

use std::time::Duration;

use indexmap::IndexMap;
use tranship_model::{
    Amount, ApplicationProtocol, Attachment, Balancing, BlockIo, ByteSize, Condition, Constraint,
    ConstraintOperator, Cpus, Device, DeviceCount, DeviceRequest, FailureAction, FieldPath,
    FileGrant, FileMode, GenericResource, HealthTest, Hook, HostEntry, HostPathOptions,
    ImageOrigin, Ipam, Link, Logging, Model, ModelBinding, Mount, MountSource, Namespace,
    NetworkMode, Platform, Port, PortMode, PortRange, Protocol, Provider, PublishScope, PullPolicy,
    RestartCondition, Route, Scheduling, Secret, SecretSource, SecurityOption, Service,
    SpreadPreference, Stack, SwapLimit, Task, Ulimit, UpdateOrder, UpdatePolicy, VolumeScope,
    VolumesFrom,
};

use crate::sample::{check, dependency, port, restart};

/// A change to one field of a service: the field's path below the service, and the change.
pub(crate) type Change = (&'static str, fn(&mut Service));

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn one(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

fn pair(key: &str, value: &str) -> IndexMap<String, String> {
    IndexMap::from([(key.to_owned(), value.to_owned())])
}

fn attachment(service: &mut Service, change: fn(&mut Attachment)) {
    if let NetworkMode::Attached(attachments) = &mut service.task.networking.mode {
        change(attachments.entry("default".to_owned()).or_default());
    }
}

fn mount(service: &mut Service, source: MountSource) {
    let mount = Mount {
        target: "/mnt/x".to_owned(),
        source,
        read_only: None,
        consistency: None,
    };
    service.task.storage.mounts.insert(0, mount);
}

fn host_path(service: &mut Service, options: HostPathOptions) {
    mount(
        service,
        MountSource::HostPath {
            path: "/srv".to_owned(),
            options,
        },
    );
}

fn policy(change: fn(&mut UpdatePolicy)) -> Option<UpdatePolicy> {
    let mut policy = UpdatePolicy::default();
    change(&mut policy);
    Some(policy)
}

fn hook() -> Vec<Hook> {
    vec![Hook {
        command: one("true"),
        image: None,
        user: None,
        working_directory: None,
        environment: IndexMap::new(),
        privileged: None,
        per_task: None,
    }]
}

fn task(service: &mut Service) -> &mut Task {
    &mut service.task
}

/// A change to every field of a service.
pub(crate) fn of_services() -> Vec<Change> {
    [
        process(),
        networking(),
        storage(),
        resources(),
        security(),
        lifecycle(),
        around(),
    ]
    .concat()
}

fn process() -> Vec<Change> {
    vec![
        ("image", |s| {
            task(s).process.image.reference = "other:1".to_owned()
        }),
        ("image", |s| {
            task(s).process.image.origin = ImageOrigin::Built
        }),
        ("image", |s| {
            task(s).process.image.origin = ImageOrigin::NamedAndBuilt
        }),
        ("pull_policy", |s| {
            task(s).process.pull_policy = Some(PullPolicy::Always)
        }),
        ("pull_policy", |s| {
            task(s).process.pull_policy = Some(PullPolicy::Never)
        }),
        ("platform", |s| {
            task(s).process.platform = Some(Platform {
                os: "linux".to_owned(),
                architecture: text("arm64"),
                variant: None,
            })
        }),
        ("platform", |s| {
            task(s).process.platform = Some(Platform {
                os: "windows".to_owned(),
                architecture: text("amd64"),
                variant: None,
            })
        }),
        ("entrypoint", |s| {
            task(s).process.entrypoint = Some(one("/bin/sh"))
        }),
        ("entrypoint", |s| {
            task(s).process.entrypoint = Some(Vec::new())
        }),
        ("arguments", |s| {
            task(s).process.arguments = Some(one("$HOME {{resolve:ssm:x}}"))
        }),
        ("arguments", |s| {
            task(s).process.arguments = Some(Vec::new())
        }),
        ("working_directory", |s| {
            task(s).process.working_directory = text("/w")
        }),
        ("user", |s| task(s).process.user = text("1000:1000")),
        ("supplementary_groups", |s| {
            task(s).process.supplementary_groups = one("video")
        }),
        ("environment", |s| {
            drop(
                task(s)
                    .process
                    .environment
                    .insert("A".to_owned(), text("b")),
            )
        }),
        ("environment.B", |s| {
            drop(task(s).process.environment.insert("B".to_owned(), None))
        }),
        ("labels", |s| task(s).process.labels = pair("Ref", "x")),
        ("annotations", |s| {
            task(s).process.annotations = pair("a", "b")
        }),
        ("tty", |s| task(s).process.tty = Some(true)),
        ("stdin_open", |s| task(s).process.stdin_open = Some(true)),
        ("init", |s| task(s).process.init = Some(true)),
        ("logging", |s| {
            task(s).process.logging = Some(Logging {
                driver: text("syslog"),
                options: pair("a", "b"),
            })
        }),
        ("logging", |s| {
            task(s).process.logging = Some(Logging {
                driver: text("awslogs"),
                options: pair("awslogs-group", "/x"),
            })
        }),
        ("logging", |s| {
            task(s).process.logging = Some(Logging {
                driver: text("none"),
                options: IndexMap::new(),
            })
        }),
        ("container_name", |s| {
            task(s).process.container_name = text("my.name")
        }),
        ("models", |s| {
            drop(
                task(s)
                    .models
                    .insert("llm".to_owned(), ModelBinding::default()),
            )
        }),
    ]
}

fn networking() -> Vec<Change> {
    vec![
        ("mode", |s| task(s).networking.mode = NetworkMode::Host),
        ("mode", |s| task(s).networking.mode = NetworkMode::None),
        ("mode", |s| task(s).networking.mode = NetworkMode::Bridge),
        ("mode", |s| {
            task(s).networking.mode = NetworkMode::Container("c".to_owned())
        }),
        ("mode", |s| {
            task(s).networking.mode = NetworkMode::Other("o".to_owned())
        }),
        ("mode", |s| {
            task(s).networking.mode = NetworkMode::Service("db".to_owned())
        }),
        ("mode", |s| {
            task(s).networking.mode = NetworkMode::Service("nobody".to_owned())
        }),
        ("mode.default.aliases[0]", |s| {
            attachment(s, |a| a.aliases = one("shop-front"))
        }),
        ("mode.default.service_name_alias", |s| {
            attachment(s, |a| a.service_name_alias = Some(false))
        }),
        ("mode.default.ipv4_address", |s| {
            attachment(s, |a| a.ipv4_address = text("10.0.0.9"))
        }),
        ("mode.default.ipv6_address", |s| {
            attachment(s, |a| a.ipv6_address = text("fd::9"))
        }),
        ("mode.default.link_local_addresses", |s| {
            attachment(s, |a| a.link_local_addresses = one("169.254.1.1"))
        }),
        ("mode.default.mac_address", |s| {
            attachment(s, |a| a.mac_address = text("02:00:00:00:00:01"))
        }),
        ("mode.default.interface_name", |s| {
            attachment(s, |a| a.interface_name = text("eth9"))
        }),
        ("mode.default.priority", |s| {
            attachment(s, |a| a.priority = Some(1.0))
        }),
        ("mode.default.gateway_priority", |s| {
            attachment(s, |a| a.gateway_priority = Some(1.0))
        }),
        ("mode.default.driver_options", |s| {
            attachment(s, |a| a.driver_options = pair("a", "b"))
        }),
        ("hostname", |s| task(s).networking.hostname = text("h")),
        ("domain_name", |s| {
            task(s).networking.domain_name = text("d")
        }),
        ("mac_address", |s| {
            task(s).networking.mac_address = text("02:00:00:00:00:01")
        }),
        ("dns.servers", |s| {
            task(s).networking.dns.servers = one("1.1.1.1")
        }),
        ("dns.search", |s| {
            task(s).networking.dns.search = one("example.com")
        }),
        ("dns.options", |s| {
            task(s).networking.dns.options = one("ndots:1")
        }),
        ("extra_hosts[0]", |s| {
            task(s).networking.extra_hosts = vec![HostEntry {
                name: "h".to_owned(),
                addresses: one("host-gateway"),
            }]
        }),
        ("links[0]", |s| {
            task(s).networking.links = vec![Link {
                target: "db".to_owned(),
                alias: text("database"),
            }]
        }),
        ("links[0]", |s| {
            task(s).networking.links = vec![Link {
                target: "nobody".to_owned(),
                alias: None,
            }]
        }),
        ("external_links", |s| {
            task(s).networking.external_links = vec![Link {
                target: "x".to_owned(),
                alias: None,
            }]
        }),
        ("ports[0]", |s| {
            task(s).networking.ports = vec![port(80, 8000)]
        }),
        ("ports[0]", |s| {
            task(s).networking.ports = vec![port(5432, 5432)]
        }),
        ("ports[0]", |s| {
            task(s).networking.ports = vec![Port {
                published: None,
                ..port(0, 8000)
            }]
        }),
        ("ports[0]", |s| {
            task(s).networking.ports = vec![Port {
                mode: PortMode::PerNode,
                ..port(9000, 8000)
            }]
        }),
        ("ports[0]", |s| {
            task(s).networking.ports = vec![Port {
                protocol: Protocol::Sctp,
                ..port(9000, 8000)
            }]
        }),
        ("ports[1]", |s| {
            task(s).networking.ports = vec![
                port(53, 53),
                Port {
                    protocol: Protocol::Udp,
                    ..port(53, 53)
                },
            ]
        }),
        ("ports[0].scope", |s| {
            task(s).networking.ports = vec![Port {
                scope: PublishScope::Address("10.0.0.1".to_owned()),
                ..port(9000, 8000)
            }]
        }),
        ("ports[0]", |s| {
            task(s).networking.ports = vec![Port {
                scope: PublishScope::Loopback("127.0.0.1".to_owned()),
                ..port(9000, 8000)
            }]
        }),
        ("ports[0].application_protocol", |s| {
            task(s).networking.ports = vec![Port {
                application_protocol: Some(ApplicationProtocol("mqtt".to_owned())),
                ..port(9000, 8000)
            }]
        }),
        ("ports[0]", |s| {
            task(s).networking.ports = vec![Port {
                application_protocol: Some(ApplicationProtocol("grpc".to_owned())),
                name: text("RPC"),
                ..port(9000, 9001)
            }]
        }),
        ("ports", |s| {
            task(s).networking.ports = vec![Port {
                published: Some(PortRange {
                    first: 7000,
                    last: 7009,
                }),
                target: PortRange {
                    first: 7000,
                    last: 7009,
                },
                ..port(0, 0)
            }]
        }),
        ("exposed[1]", |s| {
            task(s).networking.exposed.push(port(0, 9999))
        }),
    ]
}

fn storage() -> Vec<Change> {
    vec![
        ("mounts[0]", |s| {
            mount(
                s,
                MountSource::Volume {
                    volume: "data".to_owned(),
                    subpath: None,
                    no_copy: Some(true),
                    labels: IndexMap::new(),
                },
            )
        }),
        ("mounts[0].source.subpath", |s| {
            mount(
                s,
                MountSource::Volume {
                    volume: "data".to_owned(),
                    subpath: text("a"),
                    no_copy: None,
                    labels: IndexMap::new(),
                },
            )
        }),
        ("mounts[0].source.labels", |s| {
            mount(
                s,
                MountSource::Volume {
                    volume: "data".to_owned(),
                    subpath: None,
                    no_copy: None,
                    labels: pair("a", "b"),
                },
            )
        }),
        ("mounts[0]", |s| {
            mount(
                s,
                MountSource::Volume {
                    volume: "nothing".to_owned(),
                    subpath: None,
                    no_copy: None,
                    labels: IndexMap::new(),
                },
            )
        }),
        ("mounts[0]", |s| {
            mount(
                s,
                MountSource::Anonymous {
                    no_copy: None,
                    labels: IndexMap::new(),
                },
            )
        }),
        ("mounts[0]", |s| host_path(s, HostPathOptions::default())),
        ("mounts[0]", |s| {
            host_path(
                s,
                HostPathOptions {
                    propagation: text("rslave"),
                    selinux: text("z"),
                    create: Some(true),
                    recursive: text("disabled"),
                },
            )
        }),
        ("mounts[0]", |s| {
            mount(
                s,
                MountSource::Memory {
                    size: Some(ByteSize(1 << 20)),
                    mode: Some(FileMode(0o1777)),
                    options: vec!["uid=7".to_owned(), "odd".to_owned()],
                },
            )
        }),
        ("mounts[0]", |s| {
            mount(
                s,
                MountSource::Image {
                    reference: "i".to_owned(),
                    subpath: None,
                },
            )
        }),
        ("mounts[0]", |s| {
            mount(
                s,
                MountSource::Cluster {
                    volume: "c".to_owned(),
                },
            )
        }),
        ("mounts[0]", |s| {
            mount(
                s,
                MountSource::NamedPipe {
                    path: "p".to_owned(),
                },
            )
        }),
        ("mounts[0].consistency", |s| {
            host_path(s, HostPathOptions::default());
            if let Some(mount) = task(s).storage.mounts.first_mut() {
                mount.consistency = text("cached");
            }
        }),
        ("configs[0]", |s| {
            task(s).storage.configs.insert(
                0,
                FileGrant {
                    source: "site".to_owned(),
                    target: text("/etc/x/site"),
                    uid: text("web"),
                    gid: text("5"),
                    mode: None,
                },
            )
        }),
        ("configs[0]", |s| {
            task(s).storage.configs.insert(
                0,
                FileGrant {
                    source: "site".to_owned(),
                    target: None,
                    uid: None,
                    gid: None,
                    mode: None,
                },
            )
        }),
        ("configs[0]", |s| {
            task(s).storage.configs.insert(
                0,
                FileGrant {
                    source: "nothing".to_owned(),
                    target: None,
                    uid: None,
                    gid: None,
                    mode: None,
                },
            )
        }),
        ("secrets[1]", |s| {
            task(s).storage.secrets.push(FileGrant {
                source: "db-password".to_owned(),
                target: text("again"),
                uid: None,
                gid: None,
                mode: Some(FileMode(0o400)),
            })
        }),
        ("secrets[0]", |s| {
            // Every service of one stack had grants of secrets the file does not define.
            let grants = &mut task(s).storage.secrets;
            for grant in grants {
                grant.source = "nothing".to_owned();
            }
        }),
        ("volumes_from[0]", |s| {
            task(s).storage.volumes_from = vec![VolumesFrom::Service {
                service: "db".to_owned(),
                read_only: true,
            }]
        }),
        ("volumes_from[0]", |s| {
            task(s).storage.volumes_from = vec![VolumesFrom::Container {
                container: "c".to_owned(),
                read_only: true,
            }]
        }),
        ("shared_memory", |s| {
            task(s).storage.shared_memory = Some(ByteSize(1 << 30))
        }),
        ("storage_options", |s| {
            task(s).storage.storage_options = pair("size", "1G")
        }),
    ]
}

fn resources() -> Vec<Change> {
    vec![
        ("cpu_limit", |s| {
            task(s).resources.cpu_limit = Some(Cpus {
                nanos: 3_000_000_000,
            })
        }),
        ("cpu_limit", |s| {
            task(s).resources.cpu_limit = Some(Cpus {
                nanos: 300_000_000_000,
            })
        }),
        ("memory_limit", |s| {
            task(s).resources.memory_limit = Some(ByteSize(1))
        }),
        ("memory_limit", |s| {
            task(s).resources.memory_limit = Some(ByteSize(1 << 50))
        }),
        ("pids_limit", |s| task(s).resources.pids_limit = Some(5)),
        ("cpu_reservation", |s| {
            task(s).resources.cpu_reservation = Some(Cpus { nanos: 100_000_000 })
        }),
        ("memory_reservation", |s| {
            task(s).resources.memory_reservation = Some(ByteSize(64 << 20))
        }),
        ("memory_reservation", |s| {
            task(s).resources.memory_reservation = Some(ByteSize(900 << 20))
        }),
        ("generic_reservations", |s| {
            task(s).resources.generic_reservations = vec![GenericResource {
                kind: "ssd".to_owned(),
                amount: 1,
            }]
        }),
        ("device_requests[0]", |s| {
            task(s).resources.device_requests = vec![DeviceRequest {
                capabilities: one("gpu"),
                driver: None,
                count: DeviceCount::All,
                options: pair("a", "b"),
            }]
        }),
        ("device_requests[0]", |s| {
            task(s).resources.device_requests = vec![DeviceRequest {
                capabilities: one("gpu"),
                driver: None,
                count: DeviceCount::Count(2),
                options: IndexMap::new(),
            }]
        }),
        ("devices[0]", |s| {
            task(s).resources.devices = vec![Device {
                source: "/dev/fuse".to_owned(),
                target: text("/dev/fuse"),
                permissions: text("rw"),
            }]
        }),
        ("device_cgroup_rules", |s| {
            task(s).resources.device_cgroup_rules = one("c 1:3 mr")
        }),
        ("swap_limit", |s| {
            task(s).resources.swap_limit = Some(SwapLimit::Total(ByteSize(1 << 30)))
        }),
        ("swap_limit", |s| {
            task(s).resources.swap_limit = Some(SwapLimit::Unlimited)
        }),
        ("swappiness", |s| task(s).resources.swappiness = Some(10)),
        ("cpu_scheduler.shares", |s| {
            task(s).resources.cpu_scheduler.shares = Some(100)
        }),
        ("cpu_scheduler.period", |s| {
            task(s).resources.cpu_scheduler.period = Some(100)
        }),
        ("cpu_scheduler.quota", |s| {
            task(s).resources.cpu_scheduler.quota = Some(100)
        }),
        ("cpu_scheduler.realtime_period", |s| {
            task(s).resources.cpu_scheduler.realtime_period = text("1")
        }),
        ("cpu_scheduler.realtime_runtime", |s| {
            task(s).resources.cpu_scheduler.realtime_runtime = text("1")
        }),
        ("cpu_scheduler.cores", |s| {
            task(s).resources.cpu_scheduler.cores = text("0")
        }),
        ("cpu_scheduler.count", |s| {
            task(s).resources.cpu_scheduler.count = Some(1)
        }),
        ("cpu_scheduler.percent", |s| {
            task(s).resources.cpu_scheduler.percent = Some(1.0)
        }),
        ("block_io", |s| {
            task(s).resources.block_io = Some(BlockIo::default())
        }),
    ]
}

fn security() -> Vec<Change> {
    vec![
        ("privileged", |s| task(s).security.privileged = Some(true)),
        ("read_only_root", |s| {
            task(s).security.read_only_root = Some(true)
        }),
        ("capabilities.added[0]", |s| {
            task(s).security.capabilities.added = one("SYS_PTRACE")
        }),
        ("capabilities.added[0]", |s| {
            task(s).security.capabilities.added = one("CAP_NET_ADMIN")
        }),
        ("capabilities.added[0]", |s| {
            task(s).security.capabilities.added = one("NO_SUCH")
        }),
        ("capabilities.dropped[0]", |s| {
            task(s).security.capabilities.dropped = one("all")
        }),
        ("options[0]", |s| {
            task(s).security.options = vec![SecurityOption::NoNewPrivileges(true)]
        }),
        ("options[0]", |s| {
            task(s).security.options = vec![SecurityOption::Seccomp("unconfined".to_owned())]
        }),
        ("options[0]", |s| {
            task(s).security.options = vec![SecurityOption::AppArmor("p".to_owned())]
        }),
        ("namespaces.pid", |s| {
            task(s).security.namespaces.pid = Some(Namespace::Host)
        }),
        ("namespaces.pid", |s| {
            task(s).security.namespaces.pid = Some(Namespace::Service("db".to_owned()))
        }),
        ("namespaces.ipc", |s| {
            task(s).security.namespaces.ipc = Some(Namespace::Host)
        }),
        ("namespaces.uts", |s| {
            task(s).security.namespaces.uts = Some(Namespace::Host)
        }),
        ("namespaces.cgroup", |s| {
            task(s).security.namespaces.cgroup = Some(Namespace::Host)
        }),
        ("namespaces.user", |s| {
            task(s).security.namespaces.user = Some(Namespace::Host)
        }),
        ("credential_specification", |s| {
            task(s).security.credential_specification = text("file://x")
        }),
        ("engine_socket", |s| {
            task(s).security.engine_socket = Some(true)
        }),
        ("sysctls.net.core.somaxconn", |s| {
            task(s).kernel.sysctls = pair("net.core.somaxconn", "1024")
        }),
        ("sysctls.vm.max_map_count", |s| {
            task(s).kernel.sysctls = pair("vm.max_map_count", "262144")
        }),
        ("ulimits.nofile", |s| {
            task(s).kernel.ulimits =
                IndexMap::from([("nofile".to_owned(), Ulimit { soft: 1, hard: -1 })])
        }),
        ("ulimits.nproc", |s| {
            task(s).kernel.ulimits =
                IndexMap::from([("nproc".to_owned(), Ulimit { soft: 1, hard: 2 })])
        }),
        ("oom_score_adjustment", |s| {
            task(s).kernel.oom_score_adjustment = Some(1)
        }),
        ("oom_kill_disabled", |s| {
            task(s).kernel.oom_kill_disabled = Some(true)
        }),
        ("cgroup_parent", |s| {
            task(s).kernel.cgroup_parent = text("x")
        }),
        ("runtime", |s| task(s).kernel.runtime = text("runsc")),
        ("isolation", |s| task(s).kernel.isolation = text("hyperv")),
        ("umask", |s| task(s).kernel.umask = Some(0o22)),
    ]
}

fn lifecycle() -> Vec<Change> {
    vec![
        ("health_check", |s| task(s).lifecycle.health_check = None),
        ("health_check.test", |s| {
            task(s).lifecycle.health_check = Some(check("wget http://localhost/x", 7))
        }),
        ("health_check", |s| {
            if let Some(check) = &mut task(s).lifecycle.health_check {
                check.test = Some(HealthTest::Disabled);
            }
        }),
        ("health_check", |s| {
            if let Some(check) = &mut task(s).lifecycle.health_check {
                check.test = None;
            }
        }),
        ("health_check.timeout", |s| {
            if let Some(check) = &mut task(s).lifecycle.health_check {
                check.timeout = Some(Duration::from_millis(500));
                check.retries = Some(100);
                check.start_period = Some(Duration::from_mins(20));
                check.start_interval = Some(Duration::from_secs(1));
            }
        }),
        ("restart", |s| {
            task(s).lifecycle.restart = Some(restart(RestartCondition::Never))
        }),
        ("restart", |s| {
            task(s).lifecycle.restart = Some(restart(RestartCondition::Always))
        }),
        ("restart.delay", |s| {
            if let Some(restart) = &mut task(s).lifecycle.restart {
                restart.delay = Some(Duration::from_secs(5));
                restart.maximum_attempts = Some(3);
                restart.window = Some(Duration::from_mins(2));
            }
        }),
        ("stop_signal", |s| {
            task(s).lifecycle.stop_signal = text("SIGINT")
        }),
        ("stop_grace_period", |s| {
            task(s).lifecycle.stop_grace_period = Some(Duration::from_millis(1))
        }),
        ("dependencies[0]", |s| {
            task(s)
                .lifecycle
                .dependencies
                .insert(0, dependency("web", Condition::Started))
        }),
        ("dependencies[0]", |s| {
            task(s)
                .lifecycle
                .dependencies
                .insert(0, dependency("nobody", Condition::Started))
        }),
        ("dependencies[0].restart", |s| {
            if let Some(dependency) = task(s).lifecycle.dependencies.first_mut() {
                dependency.restart = true;
            }
        }),
        ("hooks.pre_start", |s| {
            task(s).lifecycle.hooks.pre_start = hook()
        }),
        ("hooks.post_start", |s| {
            task(s).lifecycle.hooks.post_start = hook()
        }),
        ("hooks.pre_stop", |s| {
            task(s).lifecycle.hooks.pre_stop = hook()
        }),
    ]
}

fn around() -> Vec<Change> {
    vec![
        ("scheduling.replicas", |s| {
            s.scheduling = Scheduling::Replicated { replicas: Some(0) }
        }),
        ("scheduling", |s| s.scheduling = Scheduling::Global),
        ("scheduling", |s| {
            s.scheduling = Scheduling::ReplicatedJob {
                completions: Some(12),
            }
        }),
        ("scheduling", |s| s.scheduling = Scheduling::GlobalJob),
        ("labels", |s| s.labels = pair("team", "shop")),
        ("labels.rule", |s| s.labels = pair("rule", "Host(`x`)")),
        ("placement.constraints[0]", |s| {
            s.placement.constraints = vec![Constraint::Attribute {
                attribute: "node.labels.zone".to_owned(),
                operator: ConstraintOperator::NotEqual,
                value: "a".to_owned(),
            }]
        }),
        ("placement.constraints[0]", |s| {
            s.placement.constraints = vec![Constraint::Attribute {
                attribute: "node.role".to_owned(),
                operator: ConstraintOperator::Equal,
                value: "manager".to_owned(),
            }]
        }),
        ("placement.constraints[0]", |s| {
            s.placement.constraints = vec![Constraint::Unparsed("?".to_owned())]
        }),
        ("placement.preferences[0]", |s| {
            s.placement.preferences = vec![SpreadPreference("node.labels.zone".to_owned())]
        }),
        ("placement.maximum_per_node", |s| {
            s.placement.maximum_per_node = Some(1)
        }),
        ("placement.maximum_per_node", |s| {
            s.placement.maximum_per_node = Some(2)
        }),
        ("update.parallelism", |s| {
            s.update = policy(|p| p.parallelism = Some(Amount::All))
        }),
        ("update.order", |s| {
            s.update = policy(|p| p.order = Some(UpdateOrder::StartFirst))
        }),
        ("update.delay", |s| {
            s.update = policy(|p| p.delay = Some(Duration::from_secs(10)))
        }),
        ("update.monitor", |s| {
            s.update = policy(|p| p.monitor = Some(Duration::from_secs(10)))
        }),
        ("update.on_failure", |s| {
            s.update = policy(|p| p.on_failure = Some(FailureAction::Continue))
        }),
        ("update.maximum_failure", |s| {
            s.update = policy(|p| p.maximum_failure = Some(0.125))
        }),
        ("rollback", |s| {
            s.rollback = policy(|p| p.parallelism = Some(Amount::Count(2)))
        }),
        ("balancing", |s| {
            s.balancing = Some(Balancing::VirtualAddress)
        }),
        ("balancing", |s| {
            s.balancing = Some(Balancing::RoundRobinNames)
        }),
        ("routes", |s| {
            s.routes = vec![Route {
                host: text("shop.example.com"),
                path: "/".to_owned(),
                port: 8000,
                tls: None,
            }]
        }),
        ("provider", |s| {
            s.provider = Some(Provider {
                kind: "awesomecloud".to_owned(),
                options: IndexMap::new(),
            })
        }),
    ]
}

/// A change to one field of a stack: the field's path, and the change.
pub(crate) type StackChange = (&'static str, fn(&mut Stack));

/// A change to every field of a stack beside its services.
pub(crate) fn of_stacks() -> Vec<StackChange> {
    vec![
        ("name", |s| s.name = "other".to_owned()),
        ("networks.default.driver", |s| {
            s.networks["default"].driver = text("bridge")
        }),
        ("networks.default.driver_options", |s| {
            s.networks["default"].driver_options = pair("a", "b")
        }),
        ("networks.default.internal", |s| {
            s.networks["default"].internal = Some(true)
        }),
        ("networks.default.attachable", |s| {
            s.networks["default"].attachable = Some(true)
        }),
        ("networks.default.ipv4", |s| {
            s.networks["default"].ipv4 = Some(false)
        }),
        ("networks.default.ipv6", |s| {
            s.networks["default"].ipv6 = Some(true)
        }),
        ("networks.default.ipam", |s| {
            s.networks["default"].ipam = Some(Ipam::default())
        }),
        ("networks.default.labels", |s| {
            s.networks["default"].labels = pair("a", "b")
        }),
        ("networks.default", |s| {
            s.networks["default"].external = true
        }),
        ("networks.default", |s| {
            s.networks["default"].name = "other".to_owned()
        }),
        ("volumes.data.driver", |s| {
            s.volumes["data"].driver = text("rexray")
        }),
        ("volumes.data.driver_options", |s| {
            s.volumes["data"].driver_options = pair("type", "nfs")
        }),
        ("volumes.data.labels", |s| {
            s.volumes["data"].labels = pair("a", "b")
        }),
        ("volumes.data.size", |s| {
            s.volumes["data"].size = Some(ByteSize(1 << 30))
        }),
        ("volumes.data.scope", |s| {
            s.volumes["data"].scope = VolumeScope::PerTask
        }),
        ("volumes.data", |s| s.volumes["data"].external = true),
        ("volumes.data", |s| {
            s.volumes["data"].name = "other".to_owned()
        }),
        ("configs.site", |s| {
            s.configs["site"].source = tranship_model::ConfigSource::External
        }),
        ("configs.site", |s| {
            s.configs["site"].source = tranship_model::ConfigSource::Inline("x".to_owned())
        }),
        ("configs.site.labels", |s| {
            s.configs["site"].labels = pair("a", "b")
        }),
        ("configs.site.template_driver", |s| {
            s.configs["site"].template_driver = text("golang")
        }),
        ("secrets.db-password", |s| {
            s.secrets["db-password"].source = SecretSource::External
        }),
        ("secrets.db-password", |s| {
            s.secrets["db-password"].source = SecretSource::Driver {
                driver: "vault".to_owned(),
                options: IndexMap::new(),
            }
        }),
        ("secrets.db-password.labels", |s| {
            s.secrets["db-password"].labels = pair("a", "b")
        }),
        ("secrets.db-password.template_driver", |s| {
            s.secrets["db-password"].template_driver = text("golang")
        }),
        ("secrets.db-password", |s| {
            s.secrets["db-password"].name = "other".to_owned()
        }),
        ("secrets.further", |s| {
            let further = Secret {
                name: "further".to_owned(),
                path: FieldPath::root("secrets").key("further"),
                source: SecretSource::Environment("FURTHER".to_owned()),
                labels: IndexMap::new(),
                template_driver: None,
            };
            s.secrets.insert("further".to_owned(), further);
        }),
        ("models.llm", |s| {
            let model = Model {
                path: FieldPath::root("models").key("llm"),
                name: None,
                reference: "ai/smollm2".to_owned(),
                context_size: None,
                runtime_flags: Vec::new(),
            };
            s.models.insert("llm".to_owned(), model);
        }),
    ]
}
