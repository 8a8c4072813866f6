//! Stacks to translate.

use std::time::Duration;

use indexmap::IndexMap;
use tranship_model::{
    Attachment, ByteSize, Capabilities, Condition, Config, ConfigSource, CpuScheduler, Cpus,
    Dependency, Dns, FieldPath, FileGrant, FileMode, HealthCheck, HealthTest, Image, ImageOrigin,
    Kernel, Lifecycle, Mount, MountSource, Namespaces, Network, NetworkMode, Networking, Placement,
    Port, PortMode, PortRange, Process, Protocol, PublishScope, Resources, RestartCondition,
    RestartPolicy, Scheduling, Secret, SecretSource, Security, Service, Stack, Storage, Task,
    Volume, VolumeScope,
};

/// An empty stack.
pub(crate) fn empty(name: &str) -> Stack {
    Stack {
        name: name.to_owned(),
        services: IndexMap::new(),
        jobs: IndexMap::new(),
        networks: IndexMap::new(),
        volumes: IndexMap::new(),
        configs: IndexMap::new(),
        secrets: IndexMap::new(),
        models: IndexMap::new(),
    }
}

/// A task of an image, in the network `default`.
pub(crate) fn task(image: &str) -> Task {
    Task {
        process: Process {
            image: Image {
                reference: image.to_owned(),
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
            mode: NetworkMode::Attached(IndexMap::from([(
                "default".to_owned(),
                Attachment::default(),
            )])),
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
        lifecycle: Lifecycle::default(),
        models: IndexMap::new(),
    }
}

/// Adds a service of an image, and hands it out to be changed.
pub(crate) fn service<'a>(stack: &'a mut Stack, name: &str, image: &str) -> &'a mut Service {
    let service = Service {
        path: FieldPath::root("services").key(name),
        task: task(image),
        scheduling: Scheduling::Replicated { replicas: None },
        labels: IndexMap::new(),
        placement: Placement::default(),
        update: None,
        rollback: None,
        balancing: None,
        routes: Vec::new(),
        provider: None,
    };
    stack.services.entry(name.to_owned()).or_insert(service)
}

/// Adds a network.
pub(crate) fn network<'a>(stack: &'a mut Stack, key: &str) -> &'a mut Network {
    let network = Network {
        name: format!("{}_{key}", stack.name),
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
    };
    stack.networks.entry(key.to_owned()).or_insert(network)
}

/// Adds a volume.
pub(crate) fn volume<'a>(stack: &'a mut Stack, key: &str) -> &'a mut Volume {
    let volume = Volume {
        name: format!("{}_{key}", stack.name),
        path: FieldPath::root("volumes").key(key),
        external: false,
        driver: None,
        driver_options: IndexMap::new(),
        labels: IndexMap::new(),
        scope: VolumeScope::Shared,
        size: None,
    };
    stack.volumes.entry(key.to_owned()).or_insert(volume)
}

/// A port published as another.
pub(crate) fn port(published: u16, target: u16) -> Port {
    Port {
        target: PortRange::single(target),
        published: Some(PortRange::single(published)),
        protocol: Protocol::Tcp,
        mode: PortMode::Balanced,
        scope: PublishScope::Everywhere,
        name: None,
        application_protocol: None,
    }
}

/// Waits for a service.
pub(crate) fn dependency(service: &str, condition: Condition) -> Dependency {
    Dependency {
        service: service.to_owned(),
        condition,
        required: true,
        restart: false,
    }
}

/// A mount of a volume.
pub(crate) fn volume_mount(volume: &str, target: &str) -> Mount {
    let source = MountSource::Volume {
        volume: volume.to_owned(),
        subpath: None,
        no_copy: None,
        labels: IndexMap::new(),
    };
    Mount {
        target: target.to_owned(),
        source,
        read_only: None,
        consistency: None,
    }
}

/// A shop: a published web server with a config, an application with a secret, a database with a
/// volume, and a job that migrates it.
pub(crate) fn shop() -> Stack {
    let mut stack = empty("shop");
    network(&mut stack, "default");
    network(&mut stack, "back").internal = Some(true);
    volume(&mut stack, "data");
    stack.configs.insert(
        "site".to_owned(),
        Config {
            name: "shop_site".to_owned(),
            path: FieldPath::root("configs").key("site"),
            source: ConfigSource::Inline(
                "server { listen 80; location / { return 200 '$host'; } }".to_owned(),
            ),
            labels: IndexMap::new(),
            template_driver: None,
        },
    );
    stack.secrets.insert(
        "db-password".to_owned(),
        Secret {
            name: "shop_db-password".to_owned(),
            path: FieldPath::root("secrets").key("db-password"),
            source: SecretSource::File("./password.txt".to_owned()),
            labels: IndexMap::new(),
            template_driver: None,
        },
    );
    web(&mut stack);
    api(&mut stack);
    database(&mut stack);
    migration(&mut stack);
    stack
}

fn web(stack: &mut Stack) {
    let web = service(stack, "web", "nginx:1.29");
    web.scheduling = Scheduling::Replicated { replicas: Some(3) };
    web.task.networking.ports.push(port(8080, 80));
    web.task.storage.configs.push(FileGrant {
        source: "site".to_owned(),
        target: Some("/etc/nginx/conf.d/site.conf".to_owned()),
        uid: Some("101".to_owned()),
        gid: None,
        mode: Some(FileMode(0o440)),
    });
    web.task.security.capabilities = Capabilities {
        added: Vec::new(),
        dropped: vec!["ALL".to_owned()],
    };
    web.task.security.namespaces = Namespaces::default();
    web.task.lifecycle.restart = Some(restart(RestartCondition::UnlessStopped));
    web.task
        .lifecycle
        .dependencies
        .push(dependency("api", Condition::Started));
}

fn api(stack: &mut Stack) {
    let api = service(stack, "api", "registry.example.com/shop/api:3");
    let process = &mut api.task.process;
    process
        .environment
        .insert("PRICE".to_owned(), Some("${NOT_OURS} $5".to_owned()));
    process
        .environment
        .insert("EMPTY".to_owned(), Some(String::new()));
    process.arguments = Some(vec!["serve".to_owned(), "--greeting=${name}".to_owned()]);
    api.task.networking.exposed.push(Port {
        published: None,
        ..port(0, 8000)
    });
    let attachments = [("default", None), ("back", Some("backend"))];
    let attached = attachments.map(|(key, alias)| {
        let aliases = alias.iter().map(|alias| (*alias).to_owned()).collect();
        (
            key.to_owned(),
            Attachment {
                aliases,
                ..Attachment::default()
            },
        )
    });
    api.task.networking.mode = NetworkMode::Attached(IndexMap::from(attached));
    api.task.storage.secrets.push(FileGrant {
        source: "db-password".to_owned(),
        target: None,
        uid: None,
        gid: None,
        mode: None,
    });
    api.task.resources = Resources {
        cpu_limit: Some(Cpus { nanos: 500_000_000 }),
        memory_limit: Some(ByteSize(700 << 20)),
        cpu_scheduler: CpuScheduler::default(),
        ..Resources::default()
    };
    api.task.lifecycle.health_check = Some(check("curl -f http://localhost:8000/health", 2));
    api.task.lifecycle.restart = Some(restart(RestartCondition::OnFailure));
    api.task
        .lifecycle
        .dependencies
        .push(dependency("db", Condition::Healthy));
    api.task
        .lifecycle
        .dependencies
        .push(dependency("migrate", Condition::Completed));
}

fn database(stack: &mut Stack) {
    let db = service(stack, "db", "postgres:17");
    let back = ("back".to_owned(), Attachment::default());
    db.task.networking.mode = NetworkMode::Attached(IndexMap::from([back]));
    db.task
        .storage
        .mounts
        .push(volume_mount("data", "/var/lib/postgresql/data"));
    db.task.lifecycle.health_check = Some(check("pg_isready", 10));
    db.task.lifecycle.stop_grace_period = Some(Duration::from_mins(5));
}

fn migration(stack: &mut Stack) {
    let migrate = service(stack, "migrate", "registry.example.com/shop/api:3");
    migrate.task.process.arguments = Some(vec!["migrate".to_owned()]);
    migrate
        .task
        .lifecycle
        .dependencies
        .push(dependency("db", Condition::Healthy));
}

/// A check of the shell at an interval.
pub(crate) fn check(line: &str, seconds: u64) -> HealthCheck {
    HealthCheck {
        test: Some(HealthTest::Shell(line.to_owned())),
        interval: Some(Duration::from_secs(seconds)),
        timeout: None,
        retries: None,
        start_period: None,
        start_interval: None,
    }
}

/// A restart after some ends, and nothing more.
pub(crate) fn restart(condition: RestartCondition) -> RestartPolicy {
    RestartPolicy {
        condition,
        delay: None,
        maximum_attempts: None,
        window: None,
    }
}
