//! Rights, namespaces and kernel settings.

use indexmap::IndexMap;
use tranship_model::{
    Capabilities, Kernel, Namespace, Namespaces, Security, SecurityOption, Ulimit,
};

use super::record::Record;
use super::{codes, convert};
use crate::field::{self, CgroupMode, Map};
use crate::project::{ContainerSpec, CredentialSpec};

/// What a task may do.
pub(super) fn security(container: &ContainerSpec, record: &mut Record<'_>) -> Security {
    Security {
        privileged: convert::switch(container.privileged),
        read_only_root: convert::switch(container.read_only),
        capabilities: capabilities(container, record),
        options: container
            .security_opt
            .iter()
            .map(|option| security_option(option))
            .collect(),
        namespaces: namespaces(container, record),
        credential_specification: container
            .credential_spec
            .as_ref()
            .and_then(|specification| credential_specification(specification, record)),
        engine_socket: convert::switch(container.use_api_socket),
    }
}

fn capabilities(container: &ContainerSpec, record: &mut Record<'_>) -> Capabilities {
    for (key, list) in [
        ("cap_add", &container.cap_add),
        ("cap_drop", &container.cap_drop),
    ] {
        if !list.is_empty() {
            record.gathered("capabilities", key);
        }
    }
    Capabilities {
        added: container.cap_add.clone(),
        dropped: container.cap_drop.clone(),
    }
}

/// `key=value` or, as of old, `key:value`.
fn security_option(option: &str) -> SecurityOption {
    let (key, value) = option
        .split_once('=')
        .or_else(|| option.split_once(':'))
        .unwrap_or((option, ""));
    match (key, value) {
        ("no-new-privileges", "" | "true") => SecurityOption::NoNewPrivileges(true),
        ("no-new-privileges", "false") => SecurityOption::NoNewPrivileges(false),
        ("seccomp", profile) => SecurityOption::Seccomp(profile.to_owned()),
        ("apparmor", profile) => SecurityOption::AppArmor(profile.to_owned()),
        ("label", label) => SecurityOption::Label(label.to_owned()),
        _ => SecurityOption::Other(option.to_owned()),
    }
}

fn namespaces(container: &ContainerSpec, record: &mut Record<'_>) -> Namespaces {
    let keys = [
        ("pid", container.pid.is_some()),
        ("ipc", container.ipc.is_some()),
        ("uts", container.uts.is_some()),
        ("cgroup", container.cgroup.is_some()),
        ("userns_mode", container.userns_mode.is_some()),
    ];
    for (key, is_set) in keys {
        if is_set {
            record.gathered("namespaces", key);
        }
    }
    Namespaces {
        pid: container.pid.as_ref().map(namespace),
        ipc: container.ipc.as_ref().map(namespace),
        uts: container.uts.as_ref().map(namespace),
        cgroup: container.cgroup.map(control_groups),
        user: container.userns_mode.as_ref().map(namespace),
    }
}

fn namespace(namespace: &field::Namespace) -> Namespace {
    match namespace {
        field::Namespace::Host => Namespace::Host,
        field::Namespace::Private => Namespace::Private,
        field::Namespace::Shareable => Namespace::Shareable,
        field::Namespace::Service(service) => Namespace::Service(service.clone()),
        field::Namespace::Container(container) => Namespace::Container(container.clone()),
        field::Namespace::Absent | field::Namespace::Bridge | field::Namespace::Named(_) => {
            Namespace::Other(namespace.to_string())
        }
    }
}

fn control_groups(mode: CgroupMode) -> Namespace {
    match mode {
        CgroupMode::Host => Namespace::Host,
        CgroupMode::Private => Namespace::Private,
    }
}

/// Exactly one source is allowed; of several the first counts.
fn credential_specification(
    specification: &CredentialSpec,
    record: &mut Record<'_>,
) -> Option<String> {
    let CredentialSpec {
        config,
        file,
        registry,
        extensions,
    } = specification;
    record.nothing_in("credential_spec", specification);
    record.extensions("credential_spec", extensions);
    let sources = [("config", config), ("file", file), ("registry", registry)];
    let mut given = sources
        .into_iter()
        .filter_map(|(scheme, name)| Some((scheme, name.as_ref()?)));
    let (scheme, name) = given.next()?;
    for (overruled, _) in given {
        record
            .note(format_args!("credential_spec.{overruled}"))
            .equivalent(&codes::OVERRULED, "only one source can count");
    }
    Some(format!("{scheme}://{name}"))
}

/// Kernel settings of a task.
pub(super) fn kernel(container: &ContainerSpec, record: &mut Record<'_>) -> Kernel {
    Kernel {
        sysctls: convert::texts(&container.sysctls),
        ulimits: ulimits(&container.ulimits, record),
        oom_score_adjustment: container.oom_score_adj,
        oom_kill_disabled: convert::switch(container.oom_kill_disable),
        cgroup_parent: container.cgroup_parent.clone(),
        runtime: container.runtime.clone(),
        isolation: container.isolation.clone(),
        umask: container.umask,
    }
}

fn ulimits(limits: &Map<field::Ulimit>, record: &mut Record<'_>) -> IndexMap<String, Ulimit> {
    let limits = limits
        .iter()
        .map(|(name, limit)| (name.clone(), ulimit(name, limit, record)));
    limits.collect()
}

fn ulimit(name: &str, limit: &field::Ulimit, record: &mut Record<'_>) -> Ulimit {
    match limit {
        field::Ulimit::Single(limit) => {
            let path = format!("ulimits.{name}");
            record.whole(path.clone(), path);
            Ulimit {
                soft: *limit,
                hard: *limit,
            }
        }
        field::Ulimit::Range(range) => {
            let field::UlimitRange {
                soft,
                hard,
                extensions,
            } = range;
            record.extensions(format_args!("ulimits.{name}"), extensions);
            Ulimit {
                soft: *soft,
                hard: *hard,
            }
        }
    }
}
