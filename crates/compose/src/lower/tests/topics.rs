//! One topic at a time.

use std::time::Duration;

use tranship_model::{
    Amount, ByteSize, ConfigSource, Constraint, ConstraintOperator, Cpus, DeviceCount, FieldPath,
    FileMode, HealthTest, Image, ImageOrigin, MountSource, Namespace, NetworkMode, PublishScope,
    PullPolicy, RestartCondition, Scheduling, SecretSource, SecurityOption, Service, SwapLimit,
    VolumeScope,
};

use super::front;
use crate::lower::Lowered;

type Tested = Result<(), String>;

/// The service `web` of a file that holds these lines of it, and `other` beside it.
fn web(attributes: &str) -> Result<(Service, Lowered), String> {
    let attributes = attributes.trim_matches('\n').replace('\n', "\n    ");
    let image = if attributes.contains("build:") {
        ""
    } else {
        "image: web\n    "
    };
    let text = format!(
        "name: shop\nservices:\n  other: {{ image: other, container_name: solo }}\n  web:\n    {image}{attributes}\n"
    );
    let lowered = front(&text)?;
    let service = lowered.stack.services.get("web").cloned();
    Ok((service.ok_or("no service")?, lowered))
}

/// Where a value of the service `web` came from.
fn origins(lowered: &Lowered, inner: &str) -> Vec<String> {
    let path = FieldPath::root("services").key("web").key(inner);
    let origins = lowered.origins.resolve(&path);
    let inner = origins
        .iter()
        .map(|path| path.to_string().replace("services.web.", ""));
    inner.collect()
}

/// The notes, as `path code`.
fn notes(lowered: &Lowered) -> Vec<String> {
    let entries = lowered.ledger.entries().iter();
    let notes = entries.map(|entry| {
        let code = entry.code.map_or("", |code| code.name);
        format!("{} {} {code}", entry.path, entry.outcome).replace("services.web.", "")
    });
    notes.collect()
}

#[test]
fn an_image_that_is_only_built_has_the_name_a_local_build_gives() -> Tested {
    let (service, lowered) = web("build: .")?;
    let image = Image {
        reference: "shop-web".to_owned(),
        origin: ImageOrigin::Built,
    };
    assert_eq!(service.task.process.image, image);
    assert_eq!(notes(&lowered), ["build approximate compose-image-unnamed"]);
    assert_eq!(origins(&lowered, "image"), ["build"]);
    Ok(())
}

#[test]
fn an_image_with_a_name_keeps_it_when_it_is_built_too() -> Tested {
    let (service, lowered) = web("build: .\nimage: registry.example.com/web:1")?;
    assert_eq!(
        service.task.process.image.reference,
        "registry.example.com/web:1"
    );
    assert_eq!(
        service.task.process.image.origin,
        ImageOrigin::NamedAndBuilt
    );
    assert_eq!(notes(&lowered), ["build equivalent compose-build-only"]);
    Ok(())
}

#[test]
fn pull_policies_become_ages() -> Tested {
    let day = Duration::from_hours(24);
    for (text, policy) in [
        ("if_not_present", PullPolicy::Missing),
        ("daily", PullPolicy::OlderThan(day)),
        ("every_12h", PullPolicy::OlderThan(day / 2)),
        (
            "refresh\npull_refresh_after: 48h",
            PullPolicy::OlderThan(2 * day),
        ),
        ("refresh", PullPolicy::Always),
    ] {
        let (service, _) = web(&format!("pull_policy: {text}"))?;
        assert_eq!(service.task.process.pull_policy, Some(policy), "{text}");
    }
    Ok(())
}

#[test]
fn a_platform_without_an_os_is_linux() -> Tested {
    for (text, os, architecture, variant) in [
        ("linux/arm64/v8", "linux", Some("arm64"), Some("v8")),
        ("windows", "windows", None, None),
        ("amd64", "linux", Some("amd64"), None),
    ] {
        let (service, _) = web(&format!("platform: {text}"))?;
        let platform = service.task.process.platform.ok_or("no platform")?;
        let parts = (platform.os.as_str(), platform.architecture.as_deref());
        assert_eq!(
            (parts, platform.variant.as_deref()),
            ((os, architecture), variant),
            "{text}"
        );
    }
    Ok(())
}

#[test]
fn an_empty_command_is_not_the_same_as_none() -> Tested {
    let (service, _) = web("entrypoint: []")?;
    assert_eq!(service.task.process.entrypoint, Some(Vec::new()));
    assert_eq!(service.task.process.arguments, None);
    Ok(())
}

#[test]
fn the_deploy_section_wins_over_the_short_keys() -> Tested {
    let (service, lowered) = web("
restart: always
deploy: { restart_policy: { condition: on-failure, max_attempts: 4, delay: 3s } }")?;
    let restart = service.task.lifecycle.restart.ok_or("no policy")?;
    assert_eq!(restart.condition, RestartCondition::OnFailure);
    assert_eq!(restart.maximum_attempts, Some(4));
    assert_eq!(notes(&lowered), ["restart equivalent compose-overruled"]);
    let from = origins(&lowered, "restart.maximum_attempts");
    assert_eq!(from, ["deploy.restart_policy.max_attempts"]);
    Ok(())
}

#[test]
fn short_restart_policies_come_from_one_key() -> Tested {
    for (text, condition, attempts) in [
        ("\"no\"", RestartCondition::Never, None),
        ("always", RestartCondition::Always, None),
        ("on-failure:5", RestartCondition::OnFailure, Some(5)),
        ("unless-stopped", RestartCondition::UnlessStopped, None),
    ] {
        let (service, lowered) = web(&format!("restart: {text}"))?;
        let restart = service.task.lifecycle.restart.ok_or("no policy")?;
        assert_eq!(
            (restart.condition, restart.maximum_attempts),
            (condition, attempts)
        );
        assert_eq!(origins(&lowered, "restart.maximum_attempts"), ["restart"]);
    }
    Ok(())
}

#[test]
fn a_limit_given_twice_comes_from_both_places() -> Tested {
    let (service, lowered) = web("
mem_limit: 64m
cpus: 0.1
deploy: { resources: { limits: { memory: 64m, cpus: \"0.1\" } } }")?;
    let resources = service.task.resources;
    assert_eq!(resources.memory_limit, Some(ByteSize(64 << 20)));
    assert_eq!(resources.cpu_limit, Some(Cpus { nanos: 100_000_000 }));
    let both = ["mem_limit", "deploy.resources.limits.memory"];
    assert_eq!(origins(&lowered, "memory_limit"), both);
    Ok(())
}

#[test]
fn no_limit_is_written_one_way() -> Tested {
    let (service, _) = web("pids_limit: -7\nmemswap_limit: -1")?;
    assert_eq!(service.task.resources.pids_limit, Some(-1));
    assert_eq!(
        service.task.resources.swap_limit,
        Some(SwapLimit::Unlimited)
    );
    Ok(())
}

#[test]
fn the_number_of_tasks_stands_at_scale_or_under_deploy() -> Tested {
    let replicated = |replicas| Scheduling::Replicated { replicas };
    for (text, scheduling) in [
        ("restart: always", replicated(None)),
        ("scale: 3", replicated(Some(3))),
        ("deploy: { replicas: 0 }", replicated(Some(0))),
        (
            "deploy: { mode: replicated-job, replicas: 2 }",
            Scheduling::ReplicatedJob {
                completions: Some(2),
            },
        ),
        ("deploy: { mode: global-job }", Scheduling::GlobalJob),
    ] {
        assert_eq!(web(text)?.0.scheduling, scheduling, "{text}");
    }
    Ok(())
}

#[test]
fn replicas_of_a_global_service_are_noted() -> Tested {
    let (service, lowered) = web("deploy: { mode: global, replicas: 3 }")?;
    assert_eq!(service.scheduling, Scheduling::Global);
    assert_eq!(
        notes(&lowered),
        ["deploy.replicas dropped compose-overruled"]
    );
    Ok(())
}

#[test]
fn constraints_are_taken_apart_with_and_without_blanks() -> Tested {
    let (service, _) = web(
        "deploy: { placement: { constraints: [node.role == manager, node.labels.a!=b==c, odd, '== x'] } }",
    )?;
    let attribute = |attribute: &str, operator, value: &str| Constraint::Attribute {
        attribute: attribute.to_owned(),
        operator,
        value: value.to_owned(),
    };
    let expected = [
        attribute("node.role", ConstraintOperator::Equal, "manager"),
        attribute("node.labels.a", ConstraintOperator::NotEqual, "b==c"),
        Constraint::Unparsed("odd".to_owned()),
        Constraint::Unparsed("== x".to_owned()),
    ];
    assert_eq!(service.placement.constraints, expected);
    Ok(())
}

#[test]
fn a_parallelism_of_zero_is_all_at_once() -> Tested {
    let (service, lowered) = web("deploy: { update_config: { parallelism: 0 } }")?;
    let update = service.update.ok_or("no policy")?;
    assert_eq!(update.parallelism, Some(Amount::All));
    let from = origins(&lowered, "update.maximum_failure");
    assert_eq!(from, ["deploy.update_config.max_failure_ratio"]);
    Ok(())
}

#[test]
fn security_options_are_read_with_both_separators() -> Tested {
    let (service, lowered) = web(
        "security_opt: [no-new-privileges, 'no-new-privileges:false', 'seccomp:unconfined', apparmor=own, 'label:type:t', systempaths=unconfined]",
    )?;
    let expected = [
        SecurityOption::NoNewPrivileges(true),
        SecurityOption::NoNewPrivileges(false),
        SecurityOption::Seccomp("unconfined".to_owned()),
        SecurityOption::AppArmor("own".to_owned()),
        SecurityOption::Label("type:t".to_owned()),
        SecurityOption::Other("systempaths=unconfined".to_owned()),
    ];
    assert_eq!(service.task.security.options, expected);
    assert_eq!(origins(&lowered, "options[3]"), ["security_opt[3]"]);
    Ok(())
}

#[test]
fn namespaces_name_whom_they_are_shared_with() -> Tested {
    let (service, lowered) =
        web("pid: service:other\nipc: shareable\nuserns_mode: host\nuts: odd")?;
    let namespaces = service.task.security.namespaces;
    assert_eq!(namespaces.pid, Some(Namespace::Service("other".to_owned())));
    assert_eq!(namespaces.ipc, Some(Namespace::Shareable));
    assert_eq!(namespaces.uts, Some(Namespace::Other("odd".to_owned())));
    assert_eq!(origins(&lowered, "namespaces.user"), ["userns_mode"]);
    assert_eq!(
        origins(&lowered, "namespaces"),
        ["pid", "ipc", "uts", "userns_mode"]
    );
    Ok(())
}

#[test]
fn network_modes_take_the_place_of_networks() -> Tested {
    for (text, mode) in [
        ("host", NetworkMode::Host),
        ("none", NetworkMode::None),
        ("service:other", NetworkMode::Service("other".to_owned())),
        ("container:x", NetworkMode::Container("x".to_owned())),
        ("elsewhere", NetworkMode::Other("elsewhere".to_owned())),
    ] {
        let (service, lowered) = web(&format!("network_mode: {text}"))?;
        assert_eq!(service.task.networking.mode, mode);
        assert_eq!(origins(&lowered, "mode"), ["network_mode"]);
    }
    let (_, lowered) = web("restart: always")?;
    assert_eq!(origins(&lowered, "mode.default"), ["networks.default"]);
    Ok(())
}

#[test]
fn published_ports_know_from_where_they_are_reached() -> Tested {
    let (service, lowered) =
        web("ports: ['127.0.0.1:80:80', '0.0.0.0:81:81', '10.0.0.1:82:82', '83']")?;
    let scopes: Vec<_> = service
        .task
        .networking
        .ports
        .into_iter()
        .map(|port| port.scope)
        .collect();
    let expected = [
        PublishScope::Loopback("127.0.0.1".to_owned()),
        PublishScope::Everywhere,
        PublishScope::Address("10.0.0.1".to_owned()),
        PublishScope::Everywhere,
    ];
    assert_eq!(scopes, expected);
    assert_eq!(
        notes(&lowered),
        ["ports[1].host_ip equivalent compose-no-effect"]
    );
    assert_eq!(origins(&lowered, "ports[0].scope"), ["ports[0].host_ip"]);
    Ok(())
}

#[test]
fn hosts_find_their_addresses_in_the_sorted_list() -> Tested {
    let (service, lowered) = web("extra_hosts: [b=1.1.1.1, a=2.2.2.2, b=1.1.1.0]")?;
    let hosts = service.task.networking.extra_hosts;
    assert_eq!(hosts.first().map(|host| host.addresses.len()), Some(2));
    assert_eq!(
        origins(&lowered, "extra_hosts[0].addresses[0]"),
        ["extra_hosts[2]"]
    );
    assert_eq!(
        origins(&lowered, "extra_hosts[0]"),
        ["extra_hosts[1]", "extra_hosts[2]"]
    );
    assert_eq!(origins(&lowered, "extra_hosts[1]"), ["extra_hosts[0]"]);
    Ok(())
}

#[test]
fn a_tmpfs_line_is_a_mount_of_memory() -> Tested {
    let (service, lowered) =
        web("volumes: [/a]\ntmpfs: ['/run:size=16m,mode=1770,uid=1000,ro', /tmp]")?;
    let mount = service.task.storage.mounts.get(1).ok_or("no mount")?;
    let source = MountSource::Memory {
        size: Some(ByteSize(16 << 20)),
        mode: Some(FileMode(0o1770)),
        options: vec!["uid=1000".to_owned()],
    };
    assert_eq!((&mount.source, mount.read_only), (&source, Some(true)));
    assert_eq!(origins(&lowered, "mounts[1].source.size"), ["tmpfs[0]"]);
    assert_eq!(origins(&lowered, "mounts[2].target"), ["tmpfs[1]"]);
    assert_eq!(origins(&lowered, "mounts[0].target"), ["volumes[0].target"]);
    Ok(())
}

#[test]
fn the_source_of_a_mount_is_the_whole_mount() -> Tested {
    let (service, lowered) = web(
        "volumes: [{ type: bind, source: /a, target: /b, bind: { create_host_path: false } }]",
    )?;
    let mount = service.task.storage.mounts.first().ok_or("no mount")?;
    assert!(
        matches!(&mount.source, MountSource::HostPath { options, .. } if options.create == Some(false))
    );
    assert_eq!(origins(&lowered, "mounts[0].source"), ["volumes[0]"]);
    assert_eq!(
        origins(&lowered, "mounts[0].source.path"),
        ["volumes[0].source"]
    );
    let from = origins(&lowered, "mounts[0].source.create");
    assert_eq!(from, ["volumes[0].bind.create_host_path"]);
    Ok(())
}

#[test]
fn a_health_check_can_be_switched_off_in_two_ways() -> Tested {
    for text in ["disable: true", "test: [NONE]"] {
        let (service, _) = web(&format!("healthcheck: {{ {text} }}"))?;
        let test = service
            .task
            .lifecycle
            .health_check
            .and_then(|check| check.test);
        assert_eq!(test, Some(HealthTest::Disabled), "{text}");
    }
    Ok(())
}

#[test]
fn dependencies_have_their_keys_origin() -> Tested {
    let (_, lowered) = web("depends_on: { other: { condition: service_healthy } }")?;
    assert_eq!(origins(&lowered, "dependencies[0]"), ["depends_on.other"]);
    assert_eq!(
        origins(&lowered, "dependencies[0].service"),
        ["depends_on.other"]
    );
    assert_eq!(
        origins(&lowered, "dependencies[0].condition"),
        ["depends_on.other.condition"]
    );
    Ok(())
}

#[test]
fn both_ways_to_ask_for_devices_are_requests() -> Tested {
    let (service, lowered) = web("
gpus: all
deploy: { resources: { reservations: { devices: [{ capabilities: [tpu], device_ids: [a] }] } } }")?;
    let requests = service.task.resources.device_requests;
    let asked: Vec<_> = requests
        .into_iter()
        .map(|request| (request.capabilities, request.count))
        .collect();
    let named = DeviceCount::Named(vec!["a".to_owned()]);
    let expected = [
        (vec!["gpu".to_owned()], DeviceCount::All),
        (vec!["tpu".to_owned()], named),
    ];
    assert_eq!(asked, expected);
    let reserved = "deploy.resources.reservations.devices[0]";
    assert_eq!(
        origins(&lowered, "device_requests[1].driver"),
        [format!("{reserved}.driver")]
    );
    assert_eq!(
        origins(&lowered, "device_requests[1].count"),
        [format!("{reserved}.device_ids")]
    );
    Ok(())
}

#[test]
fn labels_of_the_service_and_of_its_containers_are_told_apart() -> Tested {
    let (service, lowered) =
        web("labels: { a: '1', b: '1' }\ndeploy: { labels: { b: '2', c: '2' } }")?;
    assert_eq!(service.labels.len(), 2);
    assert_eq!(origins(&lowered, "labels.a"), ["labels.a"]);
    assert_eq!(
        origins(&lowered, "labels.b"),
        ["labels.b", "deploy.labels.b"]
    );
    assert_eq!(origins(&lowered, "labels.c"), ["deploy.labels.c"]);
    assert_eq!(origins(&lowered, "labels"), ["labels", "deploy.labels"]);
    Ok(())
}

#[test]
fn routes_come_from_the_extension_and_from_the_label() -> Tested {
    let (service, lowered) = web("
ports: ['8080:80']
labels: { kompose.service.expose: 'a.example/basket, true' }
x-tranship: { routes: [{ host: b.example, path: /p, port: 81, tls: secret }] }")?;
    let routes: Vec<_> = service
        .routes
        .into_iter()
        .map(|route| {
            (
                route.host,
                route.path,
                route.port,
                route.tls.and_then(|tls| tls.certificate),
            )
        })
        .collect();
    let host = |name: &str| Some(name.to_owned());
    let expected = [
        (host("b.example"), "/p".to_owned(), 81, host("secret")),
        (host("a.example"), "/basket".to_owned(), 80, None),
        (None, "/".to_owned(), 80, None),
    ];
    assert_eq!(routes, expected);
    assert_eq!(
        origins(&lowered, "routes[0].host"),
        ["x-tranship.routes[0].host"]
    );
    assert_eq!(
        origins(&lowered, "routes[2].port"),
        ["labels.kompose.service.expose"]
    );
    Ok(())
}

#[test]
fn what_is_not_understood_of_the_extension_is_noted() -> Tested {
    let (service, lowered) = web("
labels: { kompose.service.expose: 'true' }
x-tranship: { routes: [{ port: 1, odd: 1 }, 7], more: 1 }")?;
    assert_eq!(service.routes.len(), 1);
    let unread = |path: &str| format!("{path} dropped compose-extension-unread");
    let expected = [
        unread("x-tranship.routes[0].odd"),
        unread("x-tranship.routes[1]"),
        unread("labels.kompose.service.expose"),
        unread("x-tranship.more"),
    ];
    assert_eq!(notes(&lowered), expected);
    Ok(())
}

#[test]
fn keys_for_people_and_for_loading_are_noted() -> Tested {
    let (_, lowered) = web("attach: false\ndevelop: { watch: [] }\nx-own: 1")?;
    let expected = [
        "develop equivalent compose-development-only",
        "attach equivalent compose-development-only",
        "x-own equivalent compose-extension",
    ];
    assert_eq!(notes(&lowered), expected);
    Ok(())
}

#[test]
fn a_hook_before_the_start_has_one_command_and_says_what_it_loses() -> Tested {
    let (service, lowered) = web("
entrypoint: [/entry]
cap_add: [NET_ADMIN]
pre_start: [{ command: [migrate], cap_drop: [ALL] }]")?;
    let hook = service
        .task
        .lifecycle
        .hooks
        .pre_start
        .first()
        .ok_or("no hook")?;
    assert_eq!(hook.command, ["/entry", "migrate"]);
    let notes = notes(&lowered);
    assert!(
        notes.contains(&"pre_start[0].cap_add equivalent compose-hook-inherits".to_owned()),
        "{notes:?}"
    );
    assert!(
        notes.contains(&"pre_start[0].cap_drop dropped compose-hook-attribute".to_owned()),
        "{notes:?}"
    );
    let from = origins(&lowered, "hooks.pre_start[0].command");
    assert_eq!(from, ["pre_start[0].entrypoint", "pre_start[0].command"]);
    Ok(())
}

#[test]
fn volumes_get_scope_and_size_from_extension_and_labels() -> Tested {
    let lowered = front(
        "
name: shop
services:
  db: { image: db, volumes: ['data:/a', 'own:/b'], labels: { kompose.volume.size: 3Gi } }
volumes:
  data:
  own: { x-tranship: { scope: per-task, size: 10Gi } }
  labelled: { labels: { kompose.volume.size: 500M } }
",
    )?;
    let volume = |key: &str| {
        let volume = lowered.stack.volumes.get(key);
        volume.map(|volume| (volume.scope, volume.size.map(|size| size.0 >> 20)))
    };
    assert_eq!(volume("data"), Some((VolumeScope::Shared, Some(3 << 10))));
    assert_eq!(volume("own"), Some((VolumeScope::PerTask, Some(10 << 10))));
    assert_eq!(volume("labelled"), Some((VolumeScope::Shared, Some(500))));
    let from = |key: &str| {
        lowered
            .origins
            .resolve(&FieldPath::root("volumes").key(key).key("size"))
    };
    let path = |text: &str| FieldPath::from(text.to_owned());
    assert_eq!(
        from("data"),
        [path("services.db.labels.kompose.volume.size")]
    );
    assert_eq!(from("own"), [path("volumes.own.x-tranship.size")]);
    assert_eq!(
        from("labelled"),
        [path("volumes.labelled.labels.kompose.volume.size")]
    );
    Ok(())
}

#[test]
fn configs_hold_their_content_and_secrets_only_where_it_is() -> Tested {
    let lowered = front(
        "
name: shop
services: { web: { image: web } }
configs:
  file: { file: ./settings.toml }
  gone: { file: ./missing.toml }
  variable: { environment: EVERYTHING_SETTINGS }
secrets:
  token: { environment: EVERYTHING_TOKEN }
  password: { file: ./password.txt }
",
    )?;
    let source = |key: &str| {
        lowered
            .stack
            .configs
            .get(key)
            .map(|config| config.source.clone())
    };
    let file = |name: &str, content: Option<&str>| ConfigSource::File {
        path: format!("/stack/{name}"),
        content: content.map(|content| content.as_bytes().to_vec()),
    };
    assert_eq!(
        source("file"),
        Some(file("settings.toml", Some("greeting = \"hello\"\n")))
    );
    assert_eq!(source("gone"), Some(file("missing.toml", None)));
    let variable = ConfigSource::Environment {
        variable: "EVERYTHING_SETTINGS".to_owned(),
        content: Some("a = 1".to_owned()),
    };
    assert_eq!(source("variable"), Some(variable));
    let secret = |key: &str| {
        lowered
            .stack
            .secrets
            .get(key)
            .map(|secret| secret.source.clone())
    };
    assert_eq!(
        secret("token"),
        Some(SecretSource::Environment("EVERYTHING_TOKEN".to_owned()))
    );
    assert_eq!(
        secret("password"),
        Some(SecretSource::File("/stack/password.txt".to_owned()))
    );
    let printed = format!("{lowered:?}");
    assert!(!printed.contains("hunter2") && !printed.contains("unread"));
    Ok(())
}

#[test]
fn the_default_path_of_a_secret_is_left_open() -> Tested {
    let lowered = front("
name: shop
services:
  web: { image: web, secrets: [token, { source: token, target: other }, { source: token, target: /etc/token }] }
secrets: { token: { file: /t } }
")?;
    let service = lowered.stack.services.get("web").ok_or("no service")?;
    let targets: Vec<_> = service
        .task
        .storage
        .secrets
        .iter()
        .map(|grant| grant.target.as_deref())
        .collect();
    assert_eq!(targets, [None, Some("other"), Some("/etc/token")]);
    let both = ["secrets[0].source", "secrets[0].target"];
    assert_eq!(origins(&lowered, "secrets[0].source"), both);
    Ok(())
}

#[test]
fn codes_have_names_of_their_own_and_pages() {
    let mut names: Vec<_> = crate::lower::ALL.iter().map(|code| code.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), crate::lower::ALL.len());
    for code in crate::lower::ALL {
        assert!(code.name.starts_with("compose-"), "{}", code.name);
        assert!(
            code.page.len() > 100 && code.page.ends_with('\n'),
            "{}",
            code.name
        );
    }
}
