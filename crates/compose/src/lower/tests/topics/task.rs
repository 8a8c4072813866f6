//! What a task is.

use std::time::Duration;

use tranship_model::{
    ByteSize, FileMode, Image, ImageOrigin, MountSource, Namespace, NetworkMode, PublishScope,
    PullPolicy, SecurityOption,
};

use super::{Tested, notes, origins, web};

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
