//! Rights, namespaces and kernel settings.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use tranship_model::{
    Capabilities, Kernel, Namespace, Namespaces, Security, SecurityOption, Topic,
};

use super::words::Words;
use super::{Context, api_only, leave_out};
use crate::codes;
use crate::engine::{
    AppArmor, ConfigReference, ContainerSpec, CredentialSpec, Privileges, RuntimeTarget, Seccomp,
    SelinuxContext, Ulimit,
};

/// Translates what a task may do.
pub(super) fn security(
    context: &Context<'_>,
    security: &Security,
    page: &mut Topic<'_>,
    container: &mut ContainerSpec,
) {
    let Security {
        privileged,
        read_only_root,
        capabilities,
        options,
        namespaces,
        credential_specification,
        engine_socket,
    } = security;

    let without = "has the rights of an ordinary container";
    granted("privileged", *privileged, without, page);
    container.read_only = page.carry("read_only_root", *read_only_root);
    self::capabilities(capabilities, page, container);
    self::options(options, page, &mut container.privileges);
    self::namespaces(namespaces, page);
    credentials(
        context,
        credential_specification.as_deref(),
        page,
        container,
    );
    let without = "the engine's interface is not handed to the task; mount the socket yourself";
    granted("engine_socket", *engine_socket, without, page);
}

/// Notes a right Swarm cannot give; not to give it is what Swarm does.
fn granted(key: &str, is_granted: Option<bool>, without: &'static str, page: &mut Topic<'_>) {
    match is_granted {
        None => {}
        Some(false) => page.key(key).exact(),
        Some(true) => page.key(key).refused(&codes::PRIVILEGED, without),
    }
}

/// Rights by their full names; one that is added as well as taken is added, as in Docker.
fn capabilities(capabilities: &Capabilities, page: &mut Topic<'_>, container: &mut ContainerSpec) {
    let Capabilities { added, dropped } = capabilities;
    let page = &mut page.key("capabilities");
    page.carry("added", added);
    page.carry("dropped", dropped);
    let added = full_names(added);
    let mut dropped = full_names(dropped);
    dropped.retain(|name| name == "ALL" || !added.contains(name));
    container.capability_add = added;
    container.capability_drop = dropped;
}

/// Sorted, upper case, with `CAP_`; `ALL` stands for every one.
fn full_names(names: &[String]) -> Vec<String> {
    let full = |name: &String| {
        let upper = name.trim().to_ascii_uppercase();
        match upper.as_str() {
            "ALL" | "CAP_ALL" => "ALL".to_owned(),
            _ if upper.starts_with("CAP_") => upper,
            _ => format!("CAP_{upper}"),
        }
    };
    let names: BTreeSet<String> = names.iter().map(full).collect();
    if names.contains("ALL") {
        return vec!["ALL".to_owned()];
    }
    names.into_iter().collect()
}

fn options(options: &[SecurityOption], page: &mut Topic<'_>, privileges: &mut Privileges) {
    let page = &mut page.key("options");
    for (index, option) in options.iter().enumerate() {
        let page = &mut page.index(index);
        match self::option(option, privileges) {
            Ok(without) => page.approximate(&codes::API_ONLY, without),
            Err(detail) => page.dropped(&codes::SECURITY_OPTION, detail),
        }
    }
}

/// Sets what one option says; gives what the stack file does without it, or why it is not carried.
fn option(option: &SecurityOption, privileges: &mut Privileges) -> Result<&'static str, String> {
    match option {
        SecurityOption::NoNewPrivileges(is_on) => {
            privileges.no_new_privileges = Some(*is_on);
            Ok("from API 1.44; stack.yaml leaves it out: programs can gain rights")
        }
        SecurityOption::Seccomp(profile) => {
            let mode = match profile.as_str() {
                "unconfined" => "unconfined",
                "default" | "builtin" => "default",
                other => return Err(format!("the default filter, not profile `{other}`")),
            };
            privileges.seccomp = Some(Seccomp { mode });
            Ok("from API 1.44; stack.yaml leaves it out: the default filter of system calls")
        }
        SecurityOption::AppArmor(profile) => {
            let mode = match profile.as_str() {
                "unconfined" => "disabled",
                "default" | "docker-default" => "default",
                other => return Err(format!("the default profile, not `{other}`")),
            };
            privileges.app_armor = Some(AppArmor { mode });
            Ok("from API 1.44; stack.yaml leaves it out: the default profile")
        }
        SecurityOption::Label(label) => {
            let context = privileges.selinux_context.get_or_insert_default();
            selinux(label, context)?;
            Ok("stack.yaml leaves it out: the engine's own label")
        }
        SecurityOption::Other(other) => Err(format!("`{other}` has no effect")),
    }
}

fn selinux(label: &str, context: &mut SelinuxContext) -> Result<(), String> {
    if label == "disable" {
        context.disable = true;
        return Ok(());
    }
    match label.split_once(':') {
        Some(("user", user)) => context.user = Some(user.to_owned()),
        Some(("role", role)) => context.role = Some(role.to_owned()),
        Some(("type", kind)) => context.kind = Some(kind.to_owned()),
        Some(("level", level)) => context.level = Some(level.to_owned()),
        Some(_) | None => return Err(format!("`{label}` has no effect")),
    }
    Ok(())
}

fn namespaces(namespaces: &Namespaces, page: &mut Topic<'_>) {
    let Namespaces {
        pid,
        ipc,
        uts,
        cgroup,
        user,
    } = namespaces;

    let page = &mut page.key("namespaces");
    if let Some(Namespace::Host) = user {
        let detail = "the node's, unless its engine gives containers users of their own";
        page.key("user").approximate(&codes::NAMESPACE, detail);
    } else if let Some(user) = user {
        namespace(user, &mut page.key("user"));
    }
    if let Some(Namespace::Private) = cgroup {
        let detail = "its own where nodes have control groups of version 2, else the node's";
        page.key("cgroup").approximate(&codes::NAMESPACE, detail);
    } else if let Some(cgroup) = cgroup {
        namespace(cgroup, &mut page.key("cgroup"));
    }
    let others = [("pid", pid), ("ipc", ipc), ("uts", uts)];
    for (key, namespace) in others {
        if let Some(namespace) = namespace {
            self::namespace(namespace, &mut page.key(key));
        }
    }
}

fn namespace(namespace: &Namespace, page: &mut Topic<'_>) {
    let detail = match namespace {
        Namespace::Private => return page.exact(),
        Namespace::Host => "has its own, not the node's".to_owned(),
        Namespace::Service(other) => format!("has its own, not that of `{other}`"),
        Namespace::Container(other) => format!("has its own, not that of container `{other}`"),
        Namespace::Shareable => {
            return page.dropped(&codes::NAMESPACE, "has its own, which no other can join");
        }
        Namespace::Other(other) => {
            return page.dropped(
                &codes::NAMESPACE,
                format!("has its own; `{other}` has no effect"),
            );
        }
    };
    page.refused(&codes::NAMESPACE, detail);
}

fn credentials(
    context: &Context<'_>,
    specification: Option<&str>,
    page: &mut Topic<'_>,
    container: &mut ContainerSpec,
) {
    let page = &mut page.key("credential_specification");
    let Some(specification) = specification else {
        return;
    };
    let credentials = match specification.split_once("://") {
        Some(("config", key)) => {
            let config_name = context.config(key).name;
            container.configs.push(ConfigReference {
                file: None,
                runtime: Some(RuntimeTarget {}),
                config_name: config_name.clone(),
            });
            CredentialSpec::Config(config_name)
        }
        Some(("file", path)) => CredentialSpec::File(path.to_owned()),
        Some(("registry", key)) => CredentialSpec::Registry(key.to_owned()),
        Some(_) | None => {
            let detail = format!("`{specification}` has no effect");
            return page.dropped(&codes::SECURITY_OPTION, detail);
        }
    };
    page.exact();
    container.privileges.credential_spec = Some(credentials);
}

/// Translates kernel settings of a task.
pub(super) fn kernel(kernel: &Kernel, page: &mut Topic<'_>, container: &mut ContainerSpec) {
    let Kernel {
        sysctls,
        ulimits,
        oom_score_adjustment,
        oom_kill_disabled,
        cgroup_parent,
        runtime,
        isolation,
        umask,
    } = kernel;

    container.sysctls = page.carry("sysctls", sysctls.clone());
    container.ulimits = self::ulimits(ulimits, page);
    let without = "from API 1.46; stack.yaml takes it without effect: killed as readily as others";
    container.oom_score_adj =
        api_only(page, "oom_score_adjustment", *oom_score_adjustment, without);
    container.isolation = page.carry("isolation", isolation.clone());
    let (killed, group) = ("killed when memory runs out", "below the engine's own");
    let fields = [
        ("oom_kill_disabled", oom_kill_disabled.words(), killed),
        ("cgroup_parent", cgroup_parent.words(), group),
        ("runtime", runtime.words(), "the node's default"),
        ("umask", umask.words(), "has the image's"),
    ];
    leave_out(page, &codes::KERNEL, &fields);
}

/// Limits in order of names, as the CLI sends them.
fn ulimits(
    ulimits: &IndexMap<String, tranship_model::Ulimit>,
    page: &mut Topic<'_>,
) -> Vec<Ulimit> {
    page.carry("ulimits", ulimits);
    let ulimit = |(name, limit): (&String, &tranship_model::Ulimit)| Ulimit {
        name: name.clone(),
        soft: limit.soft,
        hard: limit.hard,
    };
    let mut limits: Vec<Ulimit> = ulimits.iter().map(ulimit).collect();
    limits.sort_by(|left, right| left.name.cmp(&right.name));
    limits
}
