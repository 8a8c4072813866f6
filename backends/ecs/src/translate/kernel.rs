//! Kernel settings of a container.

use tranship_model::{Kernel, Present, Topic, Ulimit};

use super::dropped::drop_fields;
use super::task::{TaskDraft, Wiring};
use crate::api::{self, ContainerDefinition, SystemControl};
use crate::codes;
use crate::rules::words::{LIMITS, SHARED_MEMORY};

/// Translates kernel settings.
pub(crate) fn translate(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    kernel: &Kernel,
    container: &mut ContainerDefinition,
) {
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
    for (name, value) in sysctls {
        let mut topic = topic.key("sysctls");
        translate_sysctl(task, &mut topic.key(name), name, value, container);
    }
    for (name, limit) in ulimits {
        translate_limit(
            task,
            &mut topic.key("ulimits").key(name),
            name,
            *limit,
            container,
        );
    }
    let fields: [(&str, &dyn Present); 2] = [
        ("oom_score_adjustment", oom_score_adjustment),
        ("oom_kill_disabled", oom_kill_disabled),
    ];
    drop_fields(
        topic,
        &codes::NO_HOME,
        "when memory runs out, the kernel picks whom it kills",
        &fields,
    );
    let fields: [(&str, &dyn Present); 4] = [
        ("cgroup_parent", cgroup_parent),
        ("runtime", runtime),
        ("isolation", isolation),
        ("umask", umask),
    ];
    drop_fields(
        topic,
        &codes::NO_HOME,
        "the machine's own container runtime runs it, with its own settings",
        &fields,
    );
}

fn translate_sysctl(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    name: &str,
    value: &str,
    container: &mut ContainerDefinition,
) {
    let is_network = name.starts_with("net.") && task.wiring != Wiring::Host;
    if !is_network && !SHARED_MEMORY.contains(&name) && !name.starts_with("fs.mqueue.") {
        return topic.refused(&codes::SYSCTL, format!("`{name}` keeps the machine's value: ECS sets those of the network and of shared memory only"));
    }
    topic.exact();
    container.system_controls.push(SystemControl {
        namespace: name.to_owned(),
        value: value.to_owned(),
    });
}

fn translate_limit(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    name: &str,
    limit: Ulimit,
    container: &mut ContainerDefinition,
) {
    let Ulimit { soft, hard } = limit;
    if task.is_fargate() && name != "nofile" {
        return topic.dropped(
            &codes::ULIMIT,
            format!("`{name}` keeps the machine's value: Fargate sets `nofile` only"),
        );
    }
    if !LIMITS.contains(&name) {
        return topic.dropped(
            &codes::ULIMIT,
            format!("ECS does not know `{name}`, which keeps the machine's value"),
        );
    }
    let most = |value: i64| {
        if name == "nofile" && value < 0 {
            1_048_576
        } else {
            value
        }
    };
    let written = api::Ulimit {
        name: name.to_owned(),
        soft_limit: most(soft),
        hard_limit: most(hard),
    };
    if (written.soft_limit, written.hard_limit) == (soft, hard) {
        topic.exact();
    } else {
        topic.approximate(
            &codes::ULIMIT,
            "at most 1048576 open files, not without end",
        );
    }
    container.ulimits.push(written);
}
