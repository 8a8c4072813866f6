//! Stacks to translate: a small one, and one with every field set.

use std::time::Duration;

use indexmap::IndexMap;
use tranship_model::*;

pub(super) fn map<V>(entries: impl IntoIterator<Item = (&'static str, V)>) -> IndexMap<String, V> {
    let owned = |(key, value): (&str, V)| (key.to_owned(), value);
    entries.into_iter().map(owned).collect()
}

fn texts(entries: &[(&'static str, &str)]) -> IndexMap<String, String> {
    map(entries
        .iter()
        .map(|(key, value)| (*key, (*value).to_owned())))
}

#[expect(clippy::unnecessary_wraps, reason = "the fields it fills may be unset")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

pub(super) fn port(target: u16, published: Option<u16>) -> Port {
    Port {
        target: PortRange::single(target),
        published: published.map(PortRange::single),
        protocol: Protocol::Tcp,
        mode: PortMode::Balanced,
        scope: PublishScope::Everywhere,
        name: None,
        application_protocol: None,
    }
}

/// A task with nothing but an image.
pub(super) fn task() -> Task {
    Task {
        process: Process {
            image: Image {
                reference: "example.com/web:1".to_owned(),
                origin: ImageOrigin::Named,
            },
            pull_policy: None,
            platform: None,
            entrypoint: None,
            arguments: None,
            working_directory: None,
            user: None,
            supplementary_groups: Vec::new(),
            environment: IndexMap::new(),
            labels: IndexMap::new(),
            annotations: IndexMap::new(),
            tty: None,
            stdin_open: None,
            init: None,
            logging: None,
            container_name: None,
        },
        networking: Networking {
            mode: NetworkMode::Attached(map([("default", Attachment::default())])),
            hostname: None,
            domain_name: None,
            mac_address: None,
            dns: Dns::default(),
            extra_hosts: Vec::new(),
            links: Vec::new(),
            external_links: Vec::new(),
            ports: Vec::new(),
            exposed: Vec::new(),
        },
        storage: Storage::default(),
        resources: Resources::default(),
        security: Security::default(),
        kernel: Kernel::default(),
        lifecycle: Lifecycle {
            restart: Some(RestartPolicy {
                condition: RestartCondition::Always,
                delay: None,
                maximum_attempts: None,
                window: None,
            }),
            ..Lifecycle::default()
        },
        models: IndexMap::new(),
    }
}

/// A service with nothing but an image.
pub(super) fn service(name: &str) -> Service {
    Service {
        path: FieldPath::root("services").key(name),
        task: task(),
        scheduling: Scheduling::Replicated { replicas: None },
        labels: IndexMap::new(),
        placement: Placement::default(),
        update: None,
        rollback: None,
        balancing: None,
        routes: Vec::new(),
        provider: None,
    }
}

fn network(key: &str) -> Network {
    Network {
        name: format!("shop_{key}"),
        path: FieldPath::root("networks").key(key),
        external: false,
        driver: None,
        driver_options: IndexMap::new(),
        internal: None,
        attachable: None,
        ipv4: None,
        ipv6: None,
        ipam: None,
        labels: IndexMap::new(),
    }
}

pub(super) fn volume(key: &str) -> Volume {
    Volume {
        name: format!("shop_{key}"),
        path: FieldPath::root("volumes").key(key),
        external: false,
        driver: None,
        driver_options: IndexMap::new(),
        labels: IndexMap::new(),
        scope: VolumeScope::Shared,
        size: None,
    }
}

/// A stack of two services in one network.
pub(super) fn small() -> Stack {
    Stack {
        name: "shop".to_owned(),
        services: map([("web", service("web")), ("db", service("db"))]),
        jobs: IndexMap::new(),
        networks: map([("default", network("default"))]),
        volumes: map([("data", volume("data"))]),
        configs: IndexMap::new(),
        secrets: IndexMap::new(),
        models: IndexMap::new(),
    }
}

/// A stack whose `full` service and all it refers to have every field set.
pub(super) fn full() -> Stack {
    let mut stack = small();
    let mut full = service("full");
    full.task = full_task();
    full.labels = texts(&[("team", "shop")]);
    full.placement = Placement {
        constraints: vec![Constraint::Attribute {
            attribute: "node.role".to_owned(),
            operator: ConstraintOperator::Equal,
            value: "manager".to_owned(),
        }],
        preferences: vec![SpreadPreference("node.labels.zone".to_owned())],
        maximum_per_node: Some(1),
    };
    full.update = Some(update());
    full.rollback = Some(update());
    full.balancing = Some(Balancing::VirtualAddress);
    full.routes = vec![Route {
        host: some("shop.example"),
        path: "/".to_owned(),
        port: 80,
        tls: Some(Tls {
            certificate: some("shop-certificate"),
        }),
    }];
    stack.services.insert("full".to_owned(), full);
    stack.networks.insert("back".to_owned(), full_network());
    stack.volumes.insert("files".to_owned(), full_volume());
    stack.configs = map([("settings", config())]);
    stack.secrets = map([("password", secret())]);
    stack.models = map([("small", model())]);
    stack.jobs = map([("backup", job())]);
    stack
}

fn update() -> UpdatePolicy {
    UpdatePolicy {
        parallelism: Some(Amount::Count(2)),
        delay: Some(Duration::from_secs(5)),
        on_failure: Some(FailureAction::Rollback),
        monitor: Some(Duration::from_secs(3)),
        maximum_failure: Some(0.5),
        order: Some(UpdateOrder::StartFirst),
    }
}

fn full_network() -> Network {
    Network {
        driver: some("overlay"),
        driver_options: texts(&[("encrypted", "")]),
        internal: Some(true),
        attachable: Some(true),
        ipv4: Some(true),
        ipv6: Some(true),
        ipam: Some(Ipam {
            driver: some("default"),
            options: texts(&[("a", "b")]),
            pools: vec![AddressPool::default()],
        }),
        labels: texts(&[("tier", "back")]),
        ..network("back")
    }
}

fn full_volume() -> Volume {
    Volume {
        driver: some("local"),
        driver_options: texts(&[("type", "nfs")]),
        labels: texts(&[("tier", "back")]),
        size: Some(ByteSize(5 << 30)),
        ..volume("files")
    }
}

fn config() -> Config {
    Config {
        name: "shop_settings".to_owned(),
        path: FieldPath::root("configs").key("settings"),
        source: ConfigSource::Inline("a = 1\n".to_owned()),
        labels: texts(&[("tier", "back")]),
        template_driver: some("golang"),
    }
}

fn secret() -> Secret {
    Secret {
        name: "shop_password".to_owned(),
        path: FieldPath::root("secrets").key("password"),
        source: SecretSource::File("/shop/it's secret".to_owned()),
        labels: texts(&[("tier", "back")]),
        template_driver: some("golang"),
    }
}

fn model() -> Model {
    Model {
        path: FieldPath::root("models").key("small"),
        name: some("small"),
        reference: "ai/small".to_owned(),
        context_size: Some(1024),
        runtime_flags: words(&["--fast"]),
    }
}

fn job() -> Job {
    Job {
        path: FieldPath::root("jobs").key("backup"),
        task: task(),
        triggers: Triggers {
            manual: Some(true),
            schedules: vec![Schedule {
                cron: "0 3 * * *".to_owned(),
                time_zone: some("Europe/Berlin"),
                concurrency: some("forbid"),
                missed: some("skip"),
            }],
        },
    }
}

fn full_task() -> Task {
    Task {
        process: full_process(),
        networking: full_networking(),
        storage: full_storage(),
        resources: full_resources(),
        security: full_security(),
        kernel: Kernel {
            sysctls: texts(&[
                ("net.ipv4.tcp_syncookies", "1"),
                ("net.core.somaxconn", "9"),
            ]),
            ulimits: map([("nofile", Ulimit { soft: 1, hard: 2 })]),
            oom_score_adjustment: Some(5),
            oom_kill_disabled: Some(true),
            cgroup_parent: some("shop"),
            runtime: some("runsc"),
            isolation: some("process"),
            umask: Some(0o22),
        },
        lifecycle: full_lifecycle(),
        models: map([("small", ModelBinding::default())]),
    }
}

fn full_process() -> Process {
    Process {
        image: Image {
            reference: "example.com/full:1".to_owned(),
            origin: ImageOrigin::Named,
        },
        pull_policy: Some(PullPolicy::Always),
        platform: Some(Platform {
            os: "linux".to_owned(),
            architecture: some("arm64"),
            variant: some("v8"),
        }),
        entrypoint: Some(words(&["/run"])),
        arguments: Some(words(&["echo", "$(date) $$"])),
        working_directory: some("/srv"),
        user: some("1000:1000"),
        supplementary_groups: words(&["10"]),
        environment: map([("MODE", some("$(fast)")), ("HOME", None)]),
        labels: texts(&[("role", "shop"), ("rule", "Host(`a`)")]),
        annotations: texts(&[("note", "any text")]),
        tty: Some(true),
        stdin_open: Some(true),
        init: Some(true),
        logging: Some(Logging {
            driver: some("syslog"),
            options: texts(&[("tag", "shop")]),
        }),
        container_name: some("shop_full"),
    }
}

fn full_networking() -> Networking {
    let attachment = Attachment {
        aliases: words(&["shop-full"]),
        service_name_alias: Some(true),
        ipv4_address: some("10.0.0.5"),
        ipv6_address: some("fd00::5"),
        link_local_addresses: words(&["169.254.1.1"]),
        mac_address: some("02:00:00:00:00:01"),
        interface_name: some("eth1"),
        priority: Some(1.0),
        gateway_priority: Some(1.0),
        driver_options: texts(&[("a", "b")]),
    };
    Networking {
        mode: NetworkMode::Attached(map([("back", attachment)])),
        hostname: some("shop.example"),
        domain_name: some("example"),
        mac_address: some("02:00:00:00:00:02"),
        dns: Dns {
            servers: words(&["10.0.0.1"]),
            search: words(&["example"]),
            options: words(&["ndots:1"]),
        },
        extra_hosts: vec![HostEntry {
            name: "old.example".to_owned(),
            addresses: words(&["10.0.0.2", "host-gateway"]),
        }],
        links: vec![Link {
            target: "db".to_owned(),
            alias: some("database"),
        }],
        external_links: vec![Link {
            target: "legacy".to_owned(),
            alias: None,
        }],
        ports: vec![Port {
            name: some("web"),
            application_protocol: Some(ApplicationProtocol("http".to_owned())),
            ..port(80, Some(8080))
        }],
        exposed: vec![port(9000, None)],
    }
}

fn full_storage() -> Storage {
    let mount = |target: &str, source| Mount {
        target: target.to_owned(),
        source,
        read_only: Some(true),
        consistency: some("cached"),
    };
    let grant = |source: &str| FileGrant {
        source: source.to_owned(),
        target: some("own-name"),
        uid: some("103"),
        gid: some("103"),
        mode: Some(FileMode(0o440)),
    };
    Storage {
        mounts: vec![
            mount(
                "/files",
                MountSource::Volume {
                    volume: "files".to_owned(),
                    subpath: some("part"),
                    no_copy: Some(true),
                    labels: texts(&[("a", "b")]),
                },
            ),
            mount(
                "/logs",
                MountSource::HostPath {
                    path: "/var/log/shop".to_owned(),
                    options: HostPathOptions {
                        create: Some(false),
                        propagation: some("rslave"),
                        selinux: some("z"),
                        recursive: some("enabled"),
                    },
                },
            ),
            mount(
                "/cache",
                MountSource::Memory {
                    size: Some(ByteSize(64 << 20)),
                    mode: Some(FileMode(0o700)),
                    options: words(&["noexec"]),
                },
            ),
            mount(
                "/scratch",
                MountSource::Anonymous {
                    no_copy: Some(false),
                    labels: texts(&[("a", "b")]),
                },
            ),
        ],
        configs: vec![grant("settings")],
        secrets: vec![grant("password")],
        volumes_from: vec![VolumesFrom::Service {
            service: "db".to_owned(),
            read_only: true,
        }],
        shared_memory: Some(ByteSize(128 << 20)),
        storage_options: texts(&[("size", "10G")]),
    }
}

fn full_resources() -> Resources {
    Resources {
        cpu_limit: Some(Cpus {
            nanos: 1_500_000_000,
        }),
        memory_limit: Some(ByteSize(512 << 20)),
        pids_limit: Some(100),
        cpu_reservation: Some(Cpus { nanos: 250_000_000 }),
        memory_reservation: Some(ByteSize(128 << 20)),
        generic_reservations: vec![GenericResource {
            kind: "ssd".to_owned(),
            amount: 1,
        }],
        device_requests: vec![DeviceRequest {
            capabilities: words(&["gpu"]),
            driver: some("nvidia"),
            count: DeviceCount::Count(1),
            options: texts(&[("a", "b")]),
        }],
        devices: vec![Device {
            source: "/dev/fuse".to_owned(),
            target: None,
            permissions: None,
        }],
        device_cgroup_rules: words(&["c 1:3 mr"]),
        swap_limit: Some(SwapLimit::Unlimited),
        swappiness: Some(10),
        cpu_scheduler: CpuScheduler {
            shares: Some(512),
            period: Some(100_000),
            quota: Some(50_000),
            realtime_period: some("1ms"),
            realtime_runtime: some("1ms"),
            cores: some("0-1"),
            count: Some(1),
            percent: Some(50.0),
        },
        block_io: Some(BlockIo {
            weight: Some(100),
            ..BlockIo::default()
        }),
    }
}

fn full_security() -> Security {
    Security {
        privileged: Some(false),
        read_only_root: Some(true),
        capabilities: Capabilities {
            added: words(&["CAP_NET_ADMIN"]),
            dropped: words(&["ALL"]),
        },
        options: vec![
            SecurityOption::NoNewPrivileges(true),
            SecurityOption::Seccomp("unconfined".to_owned()),
            SecurityOption::AppArmor("shop".to_owned()),
            SecurityOption::Label("type:spc_t".to_owned()),
            SecurityOption::Other("odd".to_owned()),
        ],
        namespaces: Namespaces {
            pid: Some(Namespace::Private),
            ipc: Some(Namespace::Shareable),
            uts: Some(Namespace::Host),
            cgroup: Some(Namespace::Host),
            user: Some(Namespace::Private),
        },
        credential_specification: some("file://shop.json"),
        engine_socket: Some(true),
    }
}

fn full_lifecycle() -> Lifecycle {
    let hook = Hook {
        command: words(&["prepare", "it's"]),
        image: some("example.com/tool:1"),
        user: some("0"),
        working_directory: some("/srv"),
        environment: map([("STEP", some("1"))]),
        privileged: Some(true),
        per_task: Some(false),
    };
    Lifecycle {
        health_check: Some(HealthCheck {
            test: Some(HealthTest::Shell("curl -f localhost || exit 1".to_owned())),
            interval: Some(Duration::from_millis(1500)),
            timeout: Some(Duration::from_secs(2)),
            retries: Some(4),
            start_period: Some(Duration::from_secs(20)),
            start_interval: Some(Duration::from_secs(2)),
        }),
        restart: Some(RestartPolicy {
            condition: RestartCondition::OnFailure,
            delay: Some(Duration::from_secs(5)),
            maximum_attempts: Some(3),
            window: Some(Duration::from_mins(1)),
        }),
        stop_signal: some("SIGINT"),
        stop_grace_period: Some(Duration::from_secs(30)),
        dependencies: vec![Dependency {
            service: "db".to_owned(),
            condition: Condition::Healthy,
            required: true,
            restart: true,
        }],
        hooks: Hooks {
            pre_start: vec![hook.clone()],
            post_start: vec![hook.clone()],
            pre_stop: vec![hook],
        },
    }
}
