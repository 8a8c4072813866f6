//! How tasks stop and wait for each other.

use std::time::Duration;

use tranship_model::{Condition, Dependency, Lifecycle, Topic};

use super::pod::Pod;
use super::world::World;
use super::{hooks, probes};
use crate::{codes, quantity};

/// What Docker gives a task to stop where a file says nothing.
const DEFAULT_GRACE: Duration = Duration::from_secs(10);

/// Translates how a task lives, but for its restarts, which decide what controls it.
pub(super) fn lifecycle(
    lifecycle: &Lifecycle,
    world: &World<'_>,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) {
    let Lifecycle {
        health_check,
        restart: _, // The controller's: `workload::restart`.
        stop_signal,
        stop_grace_period,
        dependencies,
        hooks,
    } = lifecycle;
    probes::health_check(health_check.as_ref(), pod, topic);
    note_stop_signal(stop_signal.as_deref(), &mut topic.key("stop_signal"));
    pod.spec.termination_grace_period_seconds = Some(grace(*stop_grace_period, topic));
    for (index, dependency) in dependencies.iter().enumerate() {
        note_dependency(
            dependency,
            world,
            &mut topic.key("dependencies").index(index),
        );
    }
    hooks::hooks(hooks, pod, &mut topic.key("hooks"));
}

fn note_stop_signal(signal: Option<&str>, topic: &mut Topic<'_>) {
    match signal {
        None => {}
        Some("SIGTERM" | "TERM" | "15") => topic.equivalent(
            &codes::STOP_SIGNAL,
            "tasks get the signal the image names, or SIGTERM where it names none",
        ),
        Some(signal) => {
            let detail =
                format!("tasks get the signal the image names, or SIGTERM, not `{signal}`");
            topic.dropped(&codes::STOP_SIGNAL, detail);
        }
    }
}

fn grace(wanted: Option<Duration>, topic: &mut Topic<'_>) -> i64 {
    let given = quantity::seconds(wanted.unwrap_or(DEFAULT_GRACE));
    if let Some(wanted) = wanted {
        let mut field = topic.key("stop_grace_period");
        if Duration::from_secs(given) == wanted {
            field.exact();
        } else {
            let detail = format!("tasks get {given} s to stop, not {wanted:?}");
            field.approximate(&codes::GRACE_ROUNDED, detail);
        }
    }
    i64::try_from(given).unwrap_or(i64::MAX)
}

fn note_dependency(dependency: &Dependency, world: &World<'_>, topic: &mut Topic<'_>) {
    let Dependency {
        service,
        condition,
        required,
        restart,
    } = dependency;
    if !required && world.member(service).is_none() {
        topic.equivalent(
            &codes::START_ORDER,
            "it is optional, and the stack does not have it",
        );
        return;
    }
    let awaited = match condition {
        Condition::Started => "runs",
        Condition::Healthy => "is healthy",
        Condition::Completed => "has ended well",
    };
    let detail = format!(
        "it starts at once, not when `{service}` {awaited}; a task that cannot do without is \
         restarted until it can"
    );
    topic.approximate(&codes::START_ORDER, detail);
    if *restart {
        let detail = format!("it goes on when `{service}` is restarted");
        topic
            .key("restart")
            .dropped(&codes::RESTART_TOGETHER, detail);
    }
}
