//! What a container may do.

use tranship_model::{Capabilities, Namespace, Namespaces, Security, SecurityOption, Topic};

use super::task::TaskDraft;
use super::world::World;
use crate::api::{self, ContainerDefinition};
use crate::codes;
use crate::rules::words::CAPABILITIES;

/// Translates what a container may do.
pub(crate) fn translate(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    security: &Security,
    container: &mut ContainerDefinition,
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
    match privileged {
        Some(true) if task.is_fargate() => topic.key("privileged").refused(
            &codes::FARGATE,
            "the process has an ordinary container's rights, and what needs more fails",
        ),
        Some(_) | None => container.privileged = topic.carry("privileged", *privileged),
    }
    container.readonly_root_filesystem = topic.carry("read_only_root", *read_only_root);
    translate_capabilities(
        task,
        &mut topic.key("capabilities"),
        capabilities,
        container,
    );
    for (index, option) in options.iter().enumerate() {
        translate_option(
            task,
            &mut topic.key("options").index(index),
            option,
            container,
        );
    }
    translate_namespaces(task, &mut topic.key("namespaces"), world, namespaces);
    topic.refuse_field(
        "credential_specification",
        credential_specification,
        &codes::PLATFORM,
        "the task runs on Linux, without the Windows account",
    );
    if *engine_socket == Some(true) {
        topic.key("engine_socket").refused(
            &codes::HOST_PATH,
            "there is no engine a task could speak to",
        );
    } else {
        topic.carry("engine_socket", *engine_socket);
    }
}

fn translate_capabilities(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    capabilities: &Capabilities,
    container: &mut ContainerDefinition,
) {
    let Capabilities { added, dropped } = capabilities;
    let mut written = api::Capabilities::default();
    for (index, name) in added.iter().enumerate() {
        let mut topic = topic.key("added");
        let known = added_capability(task, &mut topic.index(index), plain(name));
        written.add.extend(known);
    }
    for (index, name) in dropped.iter().enumerate() {
        let mut topic = topic.key("dropped");
        let known = dropped_capability(&mut topic.index(index), plain(name));
        written.drop.extend(known);
    }
    let parameters = &mut container.linux_parameters;
    parameters.capabilities = (written != api::Capabilities::default()).then_some(written);
}

fn added_capability(task: &TaskDraft, topic: &mut Topic<'_>, name: String) -> Option<String> {
    let lost = if task.is_fargate() && name != "SYS_PTRACE" {
        format!("Fargate adds SYS_PTRACE only: what needs `{name}` fails")
    } else if !CAPABILITIES.contains(&name.as_str()) {
        format!("ECS does not know `{name}`: what needs it fails")
    } else {
        topic.exact();
        return Some(name);
    };
    topic.refused(&codes::CAPABILITY, lost);
    None
}

fn dropped_capability(topic: &mut Topic<'_>, name: String) -> Option<String> {
    if CAPABILITIES.contains(&name.as_str()) {
        topic.exact();
        return Some(name);
    }
    let lost = format!("ECS does not know `{name}`: the process keeps it if it has it");
    topic.dropped(&codes::CAPABILITY, lost);
    None
}

fn plain(name: &str) -> String {
    let upper = name.to_ascii_uppercase();
    upper.strip_prefix("CAP_").unwrap_or(&upper).to_owned()
}

fn translate_option(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    option: &SecurityOption,
    container: &mut ContainerDefinition,
) {
    let text = match option {
        SecurityOption::NoNewPrivileges(true) => "no-new-privileges".to_owned(),
        SecurityOption::NoNewPrivileges(false) => return topic.exact(),
        SecurityOption::AppArmor(profile) => format!("apparmor:{profile}"),
        SecurityOption::Label(label) => format!("label:{label}"),
        SecurityOption::Seccomp(profile) => {
            return topic.dropped(
                &codes::SECURITY_OPTION,
                format!("the engine's default filter of system calls holds, not `{profile}`"),
            );
        }
        SecurityOption::Other(text) => {
            return topic.dropped(
                &codes::SECURITY_OPTION,
                format!("ECS does not know `{text}`"),
            );
        }
    };
    if task.is_fargate() {
        return topic.dropped(&codes::FARGATE, format!("`{text}` does not hold"));
    }
    topic.exact();
    container.docker_security_options.push(text);
}

fn translate_namespaces(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    namespaces: &Namespaces,
) {
    let Namespaces {
        pid,
        ipc,
        uts,
        cgroup,
        user,
    } = namespaces;
    if let Some(pid) = pid {
        task.pid_mode = shared(task, &mut topic.key("pid"), world, pid, true).or(task.pid_mode);
    }
    if let Some(ipc) = ipc {
        let allows_task = !task.is_fargate();
        task.ipc_mode =
            shared(task, &mut topic.key("ipc"), world, ipc, allows_task).or(task.ipc_mode);
    }
    if let Some(Namespace::Host) = user {
        let detail = "the machine's, unless its engine gives containers users of their own";
        topic.key("user").approximate(&codes::NAMESPACE, detail);
    } else {
        own(user.as_ref(), &mut topic.key("user"));
    }
    if let Some(Namespace::Private) = cgroup {
        let detail = "its own where machines have control groups of version 2, else the machine's";
        topic.key("cgroup").approximate(&codes::NAMESPACE, detail);
    } else {
        own(cgroup.as_ref(), &mut topic.key("cgroup"));
    }
    own(uts.as_ref(), &mut topic.key("uts"));
}

/// Notes a namespace that is always the container's own.
fn own(namespace: Option<&Namespace>, topic: &mut Topic<'_>) {
    match namespace {
        None => {}
        Some(Namespace::Private) => topic.exact(),
        Some(
            Namespace::Host
            | Namespace::Shareable
            | Namespace::Service(_)
            | Namespace::Container(_)
            | Namespace::Other(_),
        ) => topic.dropped(&codes::NAMESPACE, "the container has its own"),
    }
}

/// The API's word for a shared namespace, and what becomes of the wish.
fn shared(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    namespace: &Namespace,
    allows_task: bool,
) -> Option<&'static str> {
    match namespace {
        Namespace::Private | Namespace::Shareable => topic.exact(),
        Namespace::Host if !task.is_fargate() => {
            topic.exact();
            return Some("host");
        }
        Namespace::Service(target) if allows_task && world.places.contains_key(target.as_str()) => {
            topic.equivalent(
                &codes::SHARED_TASK,
                format!("it runs in the task of `{target}`, whose containers all share it"),
            );
            return Some("task");
        }
        Namespace::Host | Namespace::Service(_) | Namespace::Container(_) | Namespace::Other(_) => {
            topic.refused(&codes::NAMESPACE, "the container has its own: it neither sees nor reaches the others' processes and memory");
        }
    }
    None
}
