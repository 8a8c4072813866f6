//! Users, rights and namespaces.

use k8s_openapi::api::core::v1::{
    AppArmorProfile, Capabilities as PodCapabilities, SELinuxOptions, SeccompProfile,
};
use tranship_model::{Capabilities, Namespace, Namespaces, Security, SecurityOption, Topic};

use super::pod::{Pod, unless_default};
use crate::codes;

/// Translates what a task may do.
pub(super) fn security(security: &Security, pod: &mut Pod, topic: &mut Topic<'_>) {
    let Security {
        privileged,
        read_only_root,
        capabilities,
        options,
        namespaces,
        credential_specification,
        engine_socket,
    } = security;
    pod.security.privileged = topic.carry("privileged", *privileged);
    pod.security.read_only_root_filesystem = topic.carry("read_only_root", *read_only_root);
    pod.security.capabilities = self::capabilities(capabilities, &mut topic.key("capabilities"));
    for (index, option) in options.iter().enumerate() {
        self::option(option, pod, &mut topic.key("options").index(index));
    }
    if pod.shared_security.seccomp_profile.is_none() && *privileged != Some(true) {
        // Docker filters system calls unless told otherwise; the cluster only where it is told to.
        pod.shared_security.seccomp_profile = Some(seccomp_type("RuntimeDefault"));
    }
    self::namespaces(namespaces, pod, &mut topic.key("namespaces"));
    let detail = "the task runs without the Windows account";
    topic.refuse_field(
        "credential_specification",
        credential_specification,
        &codes::WINDOWS,
        detail,
    );
    match engine_socket {
        None => {}
        Some(false) => topic.key("engine_socket").exact(),
        Some(true) => {
            let detail = "there is no container engine for tasks to speak to";
            topic
                .key("engine_socket")
                .refused(&codes::HOST_SOCKET, detail);
        }
    }
}

/// The number the interface takes for a user or group.
fn number(text: &str) -> Option<i64> {
    if text == "root" {
        return Some(0);
    }
    // `IsValidUserID` of the API server: up to the largest 32-bit integer.
    text.parse::<i32>()
        .ok()
        .filter(|id| *id >= 0)
        .map(i64::from)
}

/// User and group of `user[:group]`, where both are numbers.
pub(super) fn numeric_user(user: &str) -> Option<(i64, Option<i64>)> {
    match user.split_once(':') {
        None | Some((_, "")) => Some((number(user.trim_end_matches(':'))?, None)),
        Some((user, group)) => Some((number(user)?, Some(number(group)?))),
    }
}

/// Sets the user a task runs as.
pub(super) fn user(user: Option<&str>, pod: &mut Pod, topic: &mut Topic<'_>) {
    let Some(name) = user else { return };
    if let Some((user, group)) = numeric_user(name) {
        pod.security.run_as_user = Some(user);
        pod.security.run_as_group = group;
        topic.key("user").exact();
    } else {
        let detail = format!("it runs as the image's own user: `{name}` is no number");
        topic.key("user").refused(&codes::USER_NAME, detail);
    }
}

/// Sets further groups.
pub(super) fn groups(groups: &[String], pod: &mut Pod, topic: &mut Topic<'_>) {
    let mut numbers = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let mut field = topic.index(index);
        if let Some(number) = number(group) {
            numbers.push(number);
            field.exact();
        } else {
            let detail = format!("it is not in the group `{group}`, which is no number");
            field.refused(&codes::USER_NAME, detail);
        }
    }
    pod.shared_security.supplemental_groups = unless_default(numbers);
}

fn capabilities(capabilities: &Capabilities, topic: &mut Topic<'_>) -> Option<PodCapabilities> {
    let Capabilities { added, dropped } = capabilities;
    let names = |names: &Vec<String>| {
        let names = names.iter().map(|name| {
            let name = name.to_ascii_uppercase();
            name.strip_prefix("CAP_")
                .map_or_else(|| name.clone(), str::to_owned)
        });
        unless_default(names.collect::<Vec<_>>())
    };
    unless_default(PodCapabilities {
        add: names(topic.carry("added", added)),
        drop: names(topic.carry("dropped", dropped)),
    })
}

fn option(option: &SecurityOption, pod: &mut Pod, topic: &mut Topic<'_>) {
    match option {
        SecurityOption::NoNewPrivileges(on) => no_new_privileges(*on, pod, topic),
        SecurityOption::Seccomp(profile) => seccomp(profile, pod, topic),
        SecurityOption::AppArmor(profile) => app_armor(profile, pod, topic),
        SecurityOption::Label(label) => se_linux(label, pod, topic),
        SecurityOption::Other(text) => {
            let detail = format!("the cluster knows no option `{text}`");
            topic.dropped(&codes::SECURITY_OPTION, detail);
        }
    }
}

/// The API server refuses to keep a task from new rights that has them all.
fn no_new_privileges(on: bool, pod: &mut Pod, topic: &mut Topic<'_>) {
    let added = pod
        .security
        .capabilities
        .as_ref()
        .and_then(|set| set.add.as_ref());
    let is_admin = added.is_some_and(|names| {
        names
            .iter()
            .any(|name| name == "SYS_ADMIN" || name == "ALL")
    });
    if on && (is_admin || pod.security.privileged == Some(true)) {
        let detail = "the task has all rights already, and may pass them on";
        topic.dropped(&codes::SECURITY_OPTION, detail);
        return;
    }
    pod.security.allow_privilege_escalation = Some(!on);
    topic.exact();
}

fn seccomp_type(profile: &str) -> SeccompProfile {
    SeccompProfile {
        type_: profile.to_owned(),
        localhost_profile: None,
    }
}

fn seccomp(profile: &str, pod: &mut Pod, topic: &mut Topic<'_>) {
    let profile = match profile {
        "unconfined" => {
            topic.exact();
            seccomp_type("Unconfined")
        }
        "builtin" => {
            topic.exact();
            seccomp_type("RuntimeDefault")
        }
        profile => {
            let detail = format!("the runtime's default profile holds, not `{profile}`");
            topic.dropped(&codes::SECURITY_PROFILE, detail);
            seccomp_type("RuntimeDefault")
        }
    };
    pod.shared_security.seccomp_profile = Some(profile);
}

fn app_armor(profile: &str, pod: &mut Pod, topic: &mut Topic<'_>) {
    let (type_, localhost_profile) = match profile {
        "unconfined" => ("Unconfined", None),
        "docker-default" => ("RuntimeDefault", None),
        profile => ("Localhost", Some(profile.to_owned())),
    };
    if localhost_profile.is_some() {
        let detail =
            format!("the profile `{profile}` must be loaded on every node, or no task starts");
        topic.approximate(&codes::SECURITY_PROFILE, detail);
    } else {
        topic.exact();
    }
    pod.security.app_armor_profile = Some(AppArmorProfile {
        type_: type_.to_owned(),
        localhost_profile,
    });
}

fn se_linux(label: &str, pod: &mut Pod, topic: &mut Topic<'_>) {
    let mut options = pod.security.se_linux_options.take().unwrap_or_default();
    let is_known = set_se_linux(label, &mut options);
    pod.security.se_linux_options = unless_default(options);
    if is_known {
        topic.exact();
    } else {
        let detail = format!("the cluster knows no part `{label}` of a label");
        topic.dropped(&codes::SECURITY_OPTION, detail);
    }
}

fn set_se_linux(label: &str, options: &mut SELinuxOptions) -> bool {
    let slot = match label.split_once(':') {
        Some(("user", value)) => (&mut options.user, value),
        Some(("role", value)) => (&mut options.role, value),
        Some(("type", value)) => (&mut options.type_, value),
        Some(("level", value)) => (&mut options.level, value),
        // The type of a container whose access is not checked.
        None if label == "disable" => (&mut options.type_, "spc_t"),
        Some(_) | None => return false,
    };
    *slot.0 = Some(slot.1.to_owned());
    true
}

fn namespaces(namespaces: &Namespaces, pod: &mut Pod, topic: &mut Topic<'_>) {
    let Namespaces {
        pid,
        ipc,
        uts,
        cgroup,
        user,
    } = namespaces;
    if shares_node(pid.as_ref(), &mut topic.key("pid")) {
        pod.spec.host_pid = Some(true);
        // The API server refuses both; the node's first process reaps already.
        pod.spec.share_process_namespace = None;
    }
    if shares_node(ipc.as_ref(), &mut topic.key("ipc")) {
        pod.spec.host_ipc = Some(true);
    }
    if let Some(uts) = uts {
        let is_given = pod.spec.host_network == Some(true) || *uts == Namespace::Private;
        let detail = "the task sees a host name of its own, not the node's";
        note_namespace(is_given, detail, &mut topic.key("uts"));
    }
    if let Some(cgroup) = cgroup {
        note_cgroup(cgroup, &mut topic.key("cgroup"));
    }
    if let Some(user) = user {
        self::user_namespace(user, pod, &mut topic.key("user"));
    }
}

fn note_namespace(is_given: bool, detail: &'static str, topic: &mut Topic<'_>) {
    if is_given {
        topic.exact();
    } else {
        topic.dropped(&codes::NAMESPACE, detail);
    }
}

/// The container runtime decides it, by the version of the node's control groups.
fn note_cgroup(namespace: &Namespace, topic: &mut Topic<'_>) {
    if *namespace == Namespace::Private {
        let detail = "its own where nodes have control groups of version 2, else the node's";
        topic.approximate(&codes::NAMESPACE, detail);
    } else {
        let detail = "the task sees its own part of the control groups only";
        topic.dropped(&codes::NAMESPACE, detail);
    }
}

fn user_namespace(namespace: &Namespace, pod: &mut Pod, topic: &mut Topic<'_>) {
    match namespace {
        Namespace::Host => topic.exact(),
        Namespace::Private => {
            let shares = [pod.spec.host_network, pod.spec.host_pid, pod.spec.host_ipc];
            if shares.contains(&Some(true)) {
                let detail = "a task in the node's namespaces cannot have users of its own";
                topic.dropped(&codes::NAMESPACE, detail);
                return;
            }
            pod.spec.host_users = Some(false);
            topic.exact();
        }
        Namespace::Shareable
        | Namespace::Service(_)
        | Namespace::Container(_)
        | Namespace::Other(_) => {
            let detail = "the task's users are the node's";
            topic.dropped(&codes::NAMESPACE, detail);
        }
    }
}

/// Whether the node's own namespace is asked for and given.
fn shares_node(namespace: Option<&Namespace>, topic: &mut Topic<'_>) -> bool {
    match namespace {
        None => return false,
        Some(Namespace::Host) => {
            topic.exact();
            return true;
        }
        Some(Namespace::Private) => topic.exact(),
        Some(Namespace::Shareable) => {
            let detail = "no other task can join";
            topic.equivalent(&codes::NAMESPACE, detail);
        }
        Some(Namespace::Service(other) | Namespace::Container(other) | Namespace::Other(other)) => {
            let detail = format!("it has its own, not that of `{other}`");
            topic.refused(&codes::NAMESPACE_SHARED, detail);
        }
    }
    false
}
