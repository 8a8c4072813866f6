//! Commands run around a task.

use std::fmt::Display;

use tranship_model::{Hook, Hooks};

use super::record::Record;
use super::{codes, convert};
use crate::field::ShellCommand;
use crate::project::{self, ContainerSpec, PreStartHook};

/// The hooks of a service, and the container of the service they start from.
pub(super) struct Attributes<'project> {
    pub(super) container: &'project ContainerSpec,
    pub(super) pre_start: &'project [PreStartHook],
    pub(super) post_start: &'project [project::Hook],
    pub(super) pre_stop: &'project [project::Hook],
}

/// Commands run around the tasks of a service.
pub(super) fn hooks(attributes: &Attributes<'_>, record: &mut Record<'_>) -> Hooks {
    let Attributes {
        container,
        pre_start,
        post_start,
        pre_stop,
    } = *attributes;
    let moments = [
        ("pre_start", pre_start.is_empty()),
        ("post_start", post_start.is_empty()),
        ("pre_stop", pre_stop.is_empty()),
    ];
    for (key, is_empty) in moments {
        if !is_empty {
            record.gathered("hooks", key);
        }
    }
    let before = pre_start.iter().enumerate();
    Hooks {
        pre_start: before
            .map(|(index, hook)| before_start(index, hook, container, record))
            .collect(),
        post_start: inside("post_start", post_start, record),
        pre_stop: inside("pre_stop", pre_stop, record),
    }
}

fn inside(key: &'static str, hooks: &[project::Hook], record: &mut Record<'_>) -> Vec<Hook> {
    let hook = |(index, hook): (usize, &project::Hook)| {
        let project::Hook {
            command,
            user,
            privileged,
            working_dir,
            environment,
            extensions,
        } = hook;
        record.extensions(format_args!("{key}[{index}]"), extensions);
        Hook {
            command: words(command.as_ref()),
            image: None,
            user: user.clone(),
            working_directory: working_dir.clone(),
            environment: convert::variables(environment),
            privileged: convert::switch(*privileged),
            per_task: None,
        }
    };
    hooks.iter().enumerate().map(hook).collect()
}

fn before_start(
    index: usize,
    hook: &PreStartHook,
    service: &ContainerSpec,
    record: &mut Record<'_>,
) -> Hook {
    let PreStartHook {
        container,
        per_replica,
        extensions,
    } = hook;
    let at = format!("pre_start[{index}]");
    record.extensions(&at, extensions);
    note_differences(&at, container, service, record);
    if container.entrypoint.is_some() {
        record_entrypoint(&at, container.command.is_some(), record);
    }
    let mut command = words(container.entrypoint.as_ref());
    command.extend(words(container.command.as_ref()));
    Hook {
        command,
        image: container.image.as_ref().map(ToString::to_string),
        user: container.user.clone(),
        working_directory: container.working_dir.clone(),
        environment: convert::variables(&container.environment),
        privileged: convert::switch(container.privileged),
        per_task: convert::switch(*per_replica),
    }
}

fn words(command: Option<&ShellCommand>) -> Vec<String> {
    command.map(|command| command.0.clone()).unwrap_or_default()
}

/// The program and its arguments are one list in the model.
fn record_entrypoint(at: &str, has_command: bool, record: &mut Record<'_>) {
    let model = format!("hooks.{at}.command");
    record.whole(model.clone(), format!("{at}.entrypoint"));
    if has_command {
        record.whole(model, format!("{at}.command"));
    }
}

/// Notes each attribute of a hook that has no place in the model, by whether the service has the
/// same.
macro_rules! compare {
    ($record:ident, $at:ident, $hook:ident, $service:ident: $($attribute:ident),* $(,)?) => {
        let ContainerSpec {
            image: _,
            entrypoint: _,
            command: _,
            user: _,
            working_dir: _,
            environment: _,
            privileged: _,
            env_file,
            label_file,
            $($attribute,)*
        } = $hook;
        note_files($at, "env_file", env_file.is_empty(), $record);
        note_files($at, "label_file", label_file.is_empty(), $record);
        $(
            let at = format_args!("{}.{}", $at, stringify!($attribute));
            note_difference(at, $attribute, &$service.$attribute, $record);
        )*
    };
}

#[rustfmt::skip]
fn note_differences(at: &str, hook: &ContainerSpec, service: &ContainerSpec, record: &mut Record<'_>) {
    compare!(record, at, hook, service:
        annotations, blkio_config, cap_add, cap_drop, cgroup, cgroup_parent, configs, cpu_count,
        cpu_percent, cpu_period, cpu_quota, cpu_rt_period, cpu_rt_runtime, cpu_shares, cpus, cpuset,
        credential_spec, device_cgroup_rules, devices, dns, dns_opt, dns_search, domainname,
        extra_hosts, group_add, gpus, hostname, init, ipc, isolation, labels, logging, mac_address,
        mem_limit, mem_reservation, mem_swappiness, memswap_limit, models, network_mode, networks,
        oom_kill_disable, oom_score_adj, pid, pids_limit, platform, pull_policy, pull_refresh_after,
        read_only, runtime, secrets, security_opt, shm_size, stop_grace_period, stop_signal,
        storage_opt, sysctls, tmpfs, ulimits, umask, use_api_socket, userns_mode, uts, volumes,
        volumes_from,
    );
}

fn note_files(at: &str, key: &'static str, is_empty: bool, record: &mut Record<'_>) {
    if !is_empty {
        record
            .note(format_args!("{at}.{key}"))
            .equivalent(&codes::LOAD_TIME, "the files were read while loading");
    }
}

fn note_difference<T: Default + PartialEq>(
    at: impl Display,
    hook: &T,
    service: &T,
    record: &mut Record<'_>,
) {
    if *hook == T::default() {
        return;
    }
    let mut note = record.note(at);
    if hook == service {
        note.equivalent(&codes::HOOK_INHERITS, "the hook has it from its service");
    } else {
        note.dropped(
            &codes::HOOK_ATTRIBUTE,
            "the hook runs with what its service has instead",
        );
    }
}
