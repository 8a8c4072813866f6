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
    let Hooks {
        pre_start,
        post_start,
        pre_stop,
    } = hooks;
    topic.refuse_field(
        "hooks.pre_start",
        pre_start,
        &codes::HOOKS,
        "nothing is run before the process",
    );
    topic.refuse_field(
        "hooks.post_start",
        post_start,
        &codes::HOOKS,
        "nothing is run beside the process",
    );
    topic.refuse_field(
        "hooks.pre_stop",
        pre_stop,
        &codes::HOOKS,
        "nothing is run before the process is asked to stop",
    );
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
    let Some(RestartPolicy {
        condition,
        delay,
        maximum_attempts,
        window,
    }) = restart
    else {
        if !unit.is_job() {
            topic.implicit(
                &codes::RESTART,
                "when it ends, a new task takes its place; compose would leave it stopped",
            );
        }
        return None;
    };
    topic.drop_field(
        "delay",
        delay,
        &codes::RESTART_DETAIL,
        "it is started again at once, then after ever longer times",
    );
    topic.drop_field(
        "maximum_attempts",
        maximum_attempts,
        &codes::RESTART_DETAIL,
        "it is started again without end",
    );
    match (unit.is_job(), condition) {
        (true, RestartCondition::Never) => topic.exact(),
        (
            true,
            RestartCondition::OnFailure
            | RestartCondition::Always
            | RestartCondition::UnlessStopped,
        ) => {
            topic.dropped(
                &codes::JOB,
                "a job runs once each time it is started, whatever its exit code",
            );
        }
        (false, RestartCondition::Never) => topic.dropped(
            &codes::RESTART,
            "it ends with the task it is part of, and starts with the next",
        ),
        (false, RestartCondition::OnFailure) => topic.approximate(
            &codes::RESTART,
            "when it ends with exit code 0, a new task takes its place all the same",
        ),
        (false, RestartCondition::Always | RestartCondition::UnlessStopped) => {
            topic.exact();
        }
    }
    if unit.is_job() || *condition == RestartCondition::Never {
        topic.drop_field(
            "window",
            window,
            &codes::RESTART_DETAIL,
            "nothing is started again",
        );
        return None;
    }
    Some(api::RestartPolicy {
        enabled: true,
        ignored_exit_codes: if *condition == RestartCondition::OnFailure {
            vec![0]
        } else {
            Vec::new()
        },
        restart_attempt_period: attempt_period(&mut topic, *window),
    })
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
