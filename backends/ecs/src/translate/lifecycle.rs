//! How a container starts, stops and is started again.

use std::time::Duration;

use tranship_model::{Hooks, Lifecycle, RestartCondition, RestartPolicy, Topic};

use super::probe;
use super::task::TaskDraft;
use crate::api::{self, ContainerDefinition};
use crate::codes;
use crate::survey::Unit;

/// Seconds a process gets to stop where the file does not say, as with compose.
const DEFAULT_GRACE: u64 = 10;

/// The longest time Fargate gives a process to stop, in seconds.
const LONGEST_GRACE: u64 = 120;

/// Translates all but the dependencies.
pub(crate) fn translate(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    lifecycle: &Lifecycle,
    unit: &Unit<'_>,
    container: &mut ContainerDefinition,
) {
    let Lifecycle {
        health_check,
        restart,
        stop_signal,
        stop_grace_period,
        dependencies: _,
        hooks,
    } = lifecycle;
    container.health_check = probe::translate(topic, health_check.as_ref());
    container.restart_policy = translate_restart(topic, restart.as_ref(), unit);
    topic.drop_field(
        "stop_signal",
        stop_signal,
        &codes::STOP_SIGNAL,
        "the image's own stop signal is sent, SIGTERM unless it names another with STOPSIGNAL",
    );
    container.stop_timeout = Some(stop_timeout(task, topic, *stop_grace_period));
    refuse_hooks(topic, hooks);
}

fn refuse_hooks(topic: &mut Topic<'_>, hooks: &Hooks) {
    let Hooks {
        pre_start,
        post_start,
        pre_stop,
    } = hooks;
    let fields: [(&str, &Vec<_>, &str); 3] = [
        ("pre_start", pre_start, "nothing is run before the process"),
        (
            "post_start",
            post_start,
            "nothing is run beside the process",
        ),
        (
            "pre_stop",
            pre_stop,
            "nothing is run before the process is asked to stop",
        ),
    ];
    let mut topic = topic.key("hooks");
    for (key, hooks, detail) in fields {
        topic.refuse_field(key, hooks, &codes::HOOKS, detail);
    }
}

fn stop_timeout(task: &TaskDraft, topic: &mut Topic<'_>, wanted: Option<Duration>) -> u64 {
    let Some(wanted) = wanted else {
        return DEFAULT_GRACE;
    };
    let mut topic = topic.key("stop_grace_period");
    let most = if task.is_fargate() {
        LONGEST_GRACE
    } else {
        u64::from(u32::MAX)
    };
    let given = probe::rounded_up(wanted).clamp(2, most);
    if Duration::from_secs(given) == wanted {
        topic.exact();
    } else {
        topic.approximate(&codes::STOP_TIMEOUT, format!("it is killed after {given} s, not {wanted:?}: ECS takes whole seconds from 2, on Fargate to {LONGEST_GRACE}"));
    }
    given
}

fn translate_restart(
    topic: &mut Topic<'_>,
    restart: Option<&RestartPolicy>,
    unit: &Unit<'_>,
) -> Option<api::RestartPolicy> {
    let mut topic = topic.key("restart");
    let Some(restart) = restart else {
        note_no_restart(&mut topic, unit);
        return None;
    };
    let RestartPolicy {
        condition,
        delay,
        maximum_attempts,
        window,
    } = restart;
    let lost = "it is started again at once, then after ever longer times";
    topic.drop_field("delay", delay, &codes::RESTART_DETAIL, lost);
    let lost = "it is started again without end";
    topic.drop_field(
        "maximum_attempts",
        maximum_attempts,
        &codes::RESTART_DETAIL,
        lost,
    );
    if unit.is_job() {
        note_job(&mut topic, *condition);
    } else {
        note_condition(&mut topic, *condition);
    }
    if unit.is_job() || *condition == RestartCondition::Never {
        let lost = "nothing is started again";
        topic.drop_field("window", window, &codes::RESTART_DETAIL, lost);
        return None;
    }
    Some(policy(&mut topic, *condition, *window))
}

fn note_no_restart(topic: &mut Topic<'_>, unit: &Unit<'_>) {
    if !unit.is_job() {
        topic.implicit(
            &codes::RESTART,
            "when it ends, a new task takes its place; compose would leave it stopped",
        );
    }
}

fn note_job(topic: &mut Topic<'_>, condition: RestartCondition) {
    match condition {
        RestartCondition::Never => topic.exact(),
        RestartCondition::OnFailure
        | RestartCondition::Always
        | RestartCondition::UnlessStopped => topic.dropped(
            &codes::JOB,
            "a job runs once each time it is started, whatever its exit code",
        ),
    }
}

fn note_condition(topic: &mut Topic<'_>, condition: RestartCondition) {
    match condition {
        RestartCondition::Never => topic.dropped(
            &codes::RESTART,
            "it ends with the task it is part of, and starts with the next",
        ),
        RestartCondition::OnFailure => topic.approximate(
            &codes::RESTART,
            "when it ends with exit code 0, a new task takes its place all the same",
        ),
        RestartCondition::Always | RestartCondition::UnlessStopped => topic.exact(),
    }
}

fn policy(
    topic: &mut Topic<'_>,
    condition: RestartCondition,
    window: Option<Duration>,
) -> api::RestartPolicy {
    let stays_ended = condition == RestartCondition::OnFailure;
    api::RestartPolicy {
        enabled: true,
        ignored_exit_codes: stays_ended.then_some(0).into_iter().collect(),
        restart_attempt_period: attempt_period(topic, window),
    }
}

/// Seconds a container must have run to be started again in its task; otherwise a new task takes
/// its place.
fn attempt_period(topic: &mut Topic<'_>, window: Option<Duration>) -> u64 {
    let Some(window) = window else { return 60 };
    let given = probe::rounded_up(window).clamp(60, 1800);
    topic.key("window").approximate(
        &codes::RESTART_DETAIL,
        format!("it is started again in its task when it ran for {given} s, not {window:?}; before that a new task takes its place"),
    );
    given
}
