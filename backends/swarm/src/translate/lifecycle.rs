//! How tasks start, stop and restart.

use tranship_model::{
    Condition, Dependency, Hook, Hooks, Lifecycle, RestartCondition, RestartPolicy, Topic,
};

use super::words::{self, Words};
use super::{nanoseconds, probe};
use crate::codes;
use crate::engine::{self, Mode, ServiceSpec};

/// Translates how a task lives.
pub(super) fn lifecycle(
    is_awaited: bool,
    lifecycle: &Lifecycle,
    page: &mut Topic<'_>,
    spec: &mut ServiceSpec,
) {
    let Lifecycle {
        health_check,
        restart,
        stop_signal,
        stop_grace_period,
        dependencies,
        hooks,
    } = lifecycle;

    let task = &mut spec.task_template;
    let check = |check| probe::health_check(check, &mut page.key("health_check"));
    task.container_spec.health_check = health_check.as_ref().map(check);
    task.restart_policy = match restart {
        Some(restart) => Some(self::restart(restart, &spec.mode, &mut page.key("restart"))),
        None => restart_unsaid(is_awaited, &spec.mode, &mut page.key("restart")),
    };
    task.container_spec.stop_signal = page.carry("stop_signal", stop_signal.clone());
    let grace = page.carry("stop_grace_period", *stop_grace_period);
    task.container_spec.stop_grace_period = grace.map(nanoseconds);
    note_dependencies(dependencies, page);
    drop_hooks(hooks, page);
}

fn restart(policy: &RestartPolicy, mode: &Mode, page: &mut Topic<'_>) -> engine::RestartPolicy {
    let RestartPolicy {
        condition,
        delay,
        maximum_attempts,
        window,
    } = policy;

    let condition = restart_condition(*condition, mode, &mut page.key("condition"));
    if delay.is_none() && condition != "none" {
        let detail = "a new task after 5 s; docker compose starts the container again after 0.1 s, then twice as long each time";
        page.key("delay").implicit(&codes::RESTART, detail);
    }
    engine::RestartPolicy {
        condition,
        delay: page.carry("delay", *delay).map(nanoseconds),
        max_attempts: page.carry("maximum_attempts", *maximum_attempts),
        window: page.carry("window", *window).map(nanoseconds),
    }
}

fn restart_condition(
    condition: RestartCondition,
    mode: &Mode,
    page: &mut Topic<'_>,
) -> &'static str {
    let always = match condition {
        RestartCondition::Never => {
            page.exact();
            return "none";
        }
        RestartCondition::OnFailure => {
            page.exact();
            return "on-failure";
        }
        RestartCondition::Always => true,
        RestartCondition::UnlessStopped => false,
    };
    if mode.is_job() {
        page.approximate(&codes::RESTART, "a job that completed is not run again");
        return "on-failure";
    }
    if always {
        page.exact();
    } else {
        let detail = "restarted always; scale the service to 0 to stop it";
        page.equivalent(&codes::RESTART, detail);
    }
    "any"
}

/// What the file leaves open is left to Swarm, but a run that failed is tried again: it may only
/// have started before what it needs.
fn restart_unsaid(
    is_awaited: bool,
    mode: &Mode,
    page: &mut Topic<'_>,
) -> Option<engine::RestartPolicy> {
    if is_awaited && mode.is_job() {
        let detail = "a run that failed is tried again after 5 s; docker compose runs it once";
        page.implicit(&codes::RESTART, detail);
        return Some(engine::RestartPolicy {
            condition: "on-failure",
            ..engine::RestartPolicy::default()
        });
    }
    if !mode.is_job() {
        let detail = "a task that ended is replaced after 5 s; docker compose leaves it stopped";
        page.implicit(&codes::RESTART, detail);
    }
    None
}

/// A deployment of ours starts services in order; Swarm itself, which starts tasks anew, has none.
fn note_dependencies(dependencies: &[Dependency], page: &mut Topic<'_>) {
    for (index, dependency) in dependencies.iter().enumerate() {
        let Dependency {
            service,
            condition,
            required,
            restart,
        } = dependency;
        let wait = match condition {
            Condition::Started => "runs",
            Condition::Healthy => "is healthy",
            Condition::Completed => "has completed",
        };
        let absent = if *required { "" } else { ", if it is there" };
        let restart = if *restart {
            ", nor restarts with it"
        } else {
            ""
        };
        let detail = format!(
            "only `tranship deploy` waits until `{service}` {wait}{absent}; a task started anew does \
             not{restart}: try again until it answers"
        );
        page.key("dependencies")
            .index(index)
            .approximate(&codes::DEPENDENCIES, detail);
    }
}

fn drop_hooks(hooks: &Hooks, page: &mut Topic<'_>) {
    let Hooks {
        pre_start,
        post_start,
        pre_stop,
    } = hooks;

    let page = &mut page.key("hooks");
    for (key, hooks) in [
        ("pre_start", pre_start),
        ("post_start", post_start),
        ("pre_stop", pre_stop),
    ] {
        for (index, hook) in hooks.iter().enumerate() {
            drop_hook(hook, &mut page.key(key).index(index));
        }
    }
}

fn drop_hook(hook: &Hook, page: &mut Topic<'_>) {
    let Hook {
        command,
        image,
        user,
        working_directory,
        environment,
        privileged,
        per_task,
    } = hook;
    let asked = words::listed(&[
        ("image", image.words()),
        ("user", user.words()),
        ("directory", working_directory.words()),
        ("variables", environment.keys().collect::<Vec<_>>().words()),
        ("privileged", privileged.words()),
        ("for each task", per_task.words()),
    ]);
    let detail = format!("`{}` is not run{asked}", command.join(" "));
    page.refused(&codes::HOOK, detail);
}
