//! What happens when a task ends.

use tranship_model::{
    Dependency, HealthTest, RestartCondition, RestartPolicy, Scheduling, Service, Topic,
};

use super::workload::Controller;
use super::world::Member;
use crate::{codes, quantity};

/// Tries of a job whose file asks for one only, when it starts before what it depends on.
const PATIENT_TRIES: i32 = 6;

/// How the pods of a job are tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tries {
    /// The pod's restart policy.
    pub(super) policy: &'static str,
    /// Tries after the first.
    pub(super) limit: i32,
}

/// What controls the tasks of a service.
pub(super) fn controller(service: &Service, member: &Member, per_task: bool) -> Controller {
    match service.scheduling {
        Scheduling::ReplicatedJob { completions: _ } | Scheduling::GlobalJob => Controller::Job,
        Scheduling::Global => Controller::DaemonSet,
        Scheduling::Replicated { replicas: _ } if ends(service, member) => Controller::Job,
        Scheduling::Replicated { replicas: _ } if per_task => Controller::StatefulSet,
        Scheduling::Replicated { replicas: _ } => Controller::Deployment,
    }
}

/// Whether the tasks of a service are there to end.
///
/// A file seldom says so. They are when someone waits for their end, or when they are not to be
/// started again and nothing speaks of a service that others use.
fn ends(service: &Service, member: &Member) -> bool {
    let restart = service.task.lifecycle.restart.as_ref();
    match restart.map(|restart| restart.condition) {
        Some(RestartCondition::Always | RestartCondition::UnlessStopped) => false,
        Some(RestartCondition::Never) => member.awaited || !is_used(service, member),
        Some(RestartCondition::OnFailure) => {
            let gives_up = restart.is_some_and(|restart| restart.maximum_attempts.is_some());
            member.awaited || (gives_up && !is_used(service, member))
        }
        None => member.awaited,
    }
}

fn is_used(service: &Service, member: &Member) -> bool {
    let networking = &service.task.networking;
    let check = service.task.lifecycle.health_check.as_ref();
    let is_checked = check.is_some_and(|check| check.test != Some(HealthTest::Disabled));
    member.needed
        || !networking.ports.is_empty()
        || !networking.exposed.is_empty()
        || !service.routes.is_empty()
        || !member.uses.ports.is_empty()
        || service.update.is_some()
        || is_checked
}

/// Notes what becomes of the restarts of tasks that always come back.
pub(super) fn note_always(restart: Option<&RestartPolicy>, topic: &mut Topic<'_>) {
    let mut topic = topic.key("restart");
    let Some(restart) = restart else {
        let detail = "a task that ends is started again; with Docker it stays ended";
        topic.implicit(&codes::RESTART_ALWAYS, detail);
        return;
    };
    let RestartPolicy {
        condition,
        delay: _,
        maximum_attempts,
        window: _,
    } = restart;
    note_condition(*condition, &mut topic.key("condition"));
    if let Some(attempts) = maximum_attempts {
        let detail = format!("tasks are restarted without end, not {attempts} times");
        topic
            .key("maximum_attempts")
            .dropped(&codes::RESTART_ALWAYS, detail);
    }
    note_pace(restart, &mut topic);
}

fn note_condition(condition: RestartCondition, topic: &mut Topic<'_>) {
    match condition {
        RestartCondition::Always => topic.exact(),
        RestartCondition::UnlessStopped => topic.equivalent(
            &codes::RESTART_ALWAYS,
            "no task is stopped by hand; scale to 0 to stop them all",
        ),
        RestartCondition::OnFailure => topic.approximate(
            &codes::RESTART_ALWAYS,
            "a task that ends well is started again too",
        ),
        RestartCondition::Never => {
            topic.approximate(&codes::RESTART_ALWAYS, "a task that ends is started again");
        }
    }
}

fn note_pace(restart: &RestartPolicy, topic: &mut Topic<'_>) {
    let RestartPolicy {
        condition: _,
        delay,
        maximum_attempts: _,
        window,
    } = restart;
    if let Some(delay) = delay {
        let detail =
            format!("the first restart is at once, later ones after 10 s to 5 min, not {delay:?}");
        topic.key("delay").dropped(&codes::RESTART_DELAY, detail);
    }
    let detail = "the cluster counts from the last restart, and starts anew after 10 minutes";
    topic.drop_field("window", window, &codes::RESTART_DELAY, detail);
}

/// The tries of a task that is there to end.
pub(super) fn tries(
    restart: Option<&RestartPolicy>,
    always_ends: bool,
    dependencies: &[Dependency],
    topic: &mut Topic<'_>,
) -> Tries {
    let mut topic = topic.key("restart");
    let Some(restart) = restart else {
        return if always_ends {
            on_failure(i32::MAX)
        } else {
            once(None, dependencies, &mut topic)
        };
    };
    note_pace(restart, &mut topic);
    let attempts = topic.carry("maximum_attempts", restart.maximum_attempts);
    let limit = attempts.map_or(i32::MAX, quantity::int);
    match restart.condition {
        RestartCondition::OnFailure => {
            topic.key("condition").exact();
            on_failure(limit)
        }
        RestartCondition::Always | RestartCondition::UnlessStopped => {
            let detail = "a task that ends well has done its work";
            topic
                .key("condition")
                .approximate(&codes::JOB_RESTART, detail);
            on_failure(limit)
        }
        RestartCondition::Never => once(Some(restart.condition), dependencies, &mut topic),
    }
}

/// The one try of a task, or a few where it may come too early.
fn once(
    condition: Option<RestartCondition>,
    dependencies: &[Dependency],
    topic: &mut Topic<'_>,
) -> Tries {
    let is_early = !dependencies.is_empty();
    let detail = "it is tried up to 7 times, for it does not wait for what it depends on";
    match condition {
        Some(_) if is_early => topic
            .key("condition")
            .approximate(&codes::JOB_RETRIED, detail),
        None if is_early => topic.implicit(&codes::JOB_RETRIED, detail),
        Some(_) => topic.key("condition").exact(),
        None => {}
    }
    Tries {
        policy: "Never",
        limit: if is_early { PATIENT_TRIES } else { 0 },
    }
}

const fn on_failure(limit: i32) -> Tries {
    Tries {
        policy: "OnFailure",
        limit,
    }
}
