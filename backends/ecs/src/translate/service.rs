//! ECS services and jobs around a task definition.

use std::sync::Arc;

use indexmap::IndexMap;
use tranship_model::{
    Balancing, Job, Ledger, Model, Placement, Provider, Route, Scheduling, Service, Topic,
    Triggers, UpdatePolicy,
};

use super::deployment::{self, Setting};
use super::placement::{self, Placed};
use crate::api::{DeploymentConfiguration, Tag};
use crate::codes;
use crate::survey::{JobReason, UnitKind};

/// The most tags an object has.
const MOST_TAGS: usize = 50;

/// What a unit's main member says about all its tasks.
#[derive(Debug)]
pub(crate) struct Wishes {
    /// Wanted tasks, none for one on every instance.
    pub(crate) count: Option<u32>,
    /// How they are replaced.
    pub(crate) deployment: DeploymentConfiguration,
    /// Where they run.
    pub(crate) placed: Placed,
    /// Labels of the service.
    pub(crate) tags: Vec<Tag>,
}

/// Translates what the main member of a service says beside its task.
pub(crate) fn main_wishes(
    topic: &mut Topic<'_>,
    service: &Service,
    is_fargate: bool,
    is_stateful: bool,
) -> Wishes {
    let Service {
        path: _,
        task: _,
        scheduling,
        labels,
        placement,
        update,
        rollback,
        balancing,
        routes,
        provider: _, // `refuse_providers`: no unit has one.
    } = service;
    let count = long_running_count(topic, *scheduling, is_fargate);
    let tasks = count.unwrap_or(1);
    let is_daemon = count.is_none();
    let setting = Setting {
        tasks,
        is_stateful: is_stateful && tasks <= 1,
        is_daemon,
    };
    note_balancing(topic, *balancing);
    refuse_routes(topic, routes);
    Wishes {
        count,
        deployment: deployment::translate(topic, update.as_ref(), rollback.as_ref(), setting),
        placed: placement::translate(
            &mut topic.key("placement"),
            placement,
            is_fargate,
            is_daemon,
        ),
        tags: tags(topic, labels),
    }
}

fn long_running_count(
    topic: &mut Topic<'_>,
    scheduling: Scheduling,
    is_fargate: bool,
) -> Option<u32> {
    let mut topic = topic.key("scheduling");
    match scheduling {
        Scheduling::Replicated { replicas } => {
            topic.exact();
            Some(replicas.unwrap_or(1))
        }
        Scheduling::Global if is_fargate => {
            topic.refused(
                &codes::GLOBAL,
                "one task, not one on every node: Fargate has no nodes",
            );
            Some(1)
        }
        Scheduling::Global => {
            topic.exact();
            None
        }
        // The survey makes these jobs, unless they are part of another's task.
        Scheduling::ReplicatedJob { completions: _ } | Scheduling::GlobalJob => Some(1),
    }
}

fn note_balancing(topic: &mut Topic<'_>, balancing: Option<Balancing>) {
    match balancing {
        None => {}
        Some(Balancing::RoundRobinNames) => topic.key("balancing").exact(),
        Some(Balancing::VirtualAddress) => topic.key("balancing").approximate(
            &codes::DISCOVERY,
            "the name gives the addresses of all tasks, not one that stays: clients must look it up again, after 10 s",
        ),
    }
}

fn refuse_routes(topic: &mut Topic<'_>, routes: &[Route]) {
    if !routes.is_empty() {
        topic.key("routes").refused(
            &codes::ROUTES,
            "nothing leads to it by host name and path; only published ports do",
        );
    }
}

/// Notes the services that no tasks of ours are; nothing else of them has a meaning then.
pub(crate) fn refuse_providers(ledger: &mut Ledger, services: &IndexMap<String, Service>) {
    for service in services.values() {
        if let Some(Provider { kind, options: _ }) = &service.provider {
            let detail =
                format!("nothing on ECS runs the provider `{kind}`; nothing is made for it");
            ledger
                .topic(service.path.clone(), Vec::new())
                .refused(&codes::PROVIDER, detail);
        }
    }
}

/// Notes what a member says about its tasks that is not its to say, because it shares another's.
pub(crate) fn joined_wishes(topic: &mut Topic<'_>, service: &Service, main: &str) {
    let Service {
        path: _,
        task: _,
        scheduling,
        labels: _,
        placement,
        update,
        rollback,
        balancing,
        routes,
        provider: _, // `refuse_providers`: no unit has one.
    } = service;
    let detail = || format!("it is part of the task of `{main}`, whose settings hold");
    match scheduling {
        Scheduling::Replicated {
            replicas: None | Some(1),
        } => topic.key("scheduling").exact(),
        Scheduling::Replicated { replicas: Some(_) }
        | Scheduling::Global
        | Scheduling::ReplicatedJob { completions: _ }
        | Scheduling::GlobalJob => topic
            .key("scheduling")
            .dropped(&codes::SHARED_TASK, detail()),
    }
    let has = |policy: &Option<UpdatePolicy>| policy.is_some();
    let others = [
        ("placement", *placement != Placement::default()),
        ("update", has(update)),
        ("rollback", has(rollback)),
    ];
    for (key, _) in others.into_iter().filter(|(_, is_set)| *is_set) {
        topic.key(key).dropped(&codes::SHARED_TASK, detail());
    }
    note_balancing(topic, *balancing);
    refuse_routes(topic, routes);
}

/// Translates what a job's main member says beside its task, and gives how many tasks run at once.
pub(crate) fn job_wishes(topic: &mut Topic<'_>, service: &Service, kind: UnitKind) -> u32 {
    let Service {
        path: _,
        task: _,
        scheduling,
        labels: _,
        placement,
        update,
        rollback,
        balancing,
        routes,
        provider: _, // `refuse_providers`: no unit has one.
    } = service;
    let count = match scheduling {
        Scheduling::Replicated { replicas } => replicas.unwrap_or(1),
        Scheduling::ReplicatedJob { completions } => completions.unwrap_or(1),
        Scheduling::Global | Scheduling::GlobalJob => 1,
    };
    let mut scheduled = topic.key("scheduling");
    match scheduling {
        Scheduling::Global | Scheduling::GlobalJob => scheduled.refused(
            &codes::GLOBAL,
            "one task, not one on every node: ECS runs jobs by number only",
        ),
        Scheduling::Replicated { replicas: _ } | Scheduling::ReplicatedJob { completions: _ }
            if count > 10 =>
        {
            scheduled.approximate(
                &codes::JOB,
                format!("a request starts at most 10 tasks: send it again for all {count}"),
            );
        }
        Scheduling::Replicated { replicas: _ } | Scheduling::ReplicatedJob { completions: _ } => {
            scheduled.approximate(&codes::JOB, job_reason(kind));
        }
    }
    let others = [
        ("placement", *placement != Placement::default()),
        ("update", update.is_some()),
        ("rollback", rollback.is_some()),
        ("balancing", balancing.is_some()),
    ];
    for (key, _) in others.into_iter().filter(|(_, is_set)| *is_set) {
        topic.key(key).dropped(
            &codes::JOB,
            "a job is started by request, wherever there is room, and not replaced",
        );
    }
    refuse_routes(topic, routes);
    count.clamp(1, 10)
}

fn job_reason(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Job(JobReason::AwaitedEnd) => {
            "others wait for its end, so it is a job: `aws ecs run-task` starts it, not the template"
        }
        UnitKind::Job(JobReason::NeverRestarted) => {
            "it is never restarted, so it is a job: `aws ecs run-task` starts it, not the template"
        }
        UnitKind::Job(JobReason::Declared) | UnitKind::Service => {
            "it is a job: `aws ecs run-task` starts it, not the template"
        }
    }
}

/// Notes what starts a declared job.
pub(crate) fn job_triggers(topic: &mut Topic<'_>, job: &Job) {
    let Job {
        path: _,
        task: _,
        triggers: Triggers { manual, schedules },
    } = job;
    topic.key("triggers").carry("manual", *manual);
    if !schedules.is_empty() {
        topic.key("triggers.schedules").refused(
            &codes::SCHEDULE,
            "the clock does not start it; `aws ecs run-task` does",
        );
    }
}

/// Labels as tags, where they can be.
///
/// Source: ECS API reference, `Tag`: keys of 128 and values of 256 letters, digits, spaces and
/// `_.:/=+-@`, and no key that begins with `aws:`.
pub(crate) fn tags(topic: &mut Topic<'_>, labels: &IndexMap<String, String>) -> Vec<Tag> {
    let mut tags = Vec::with_capacity(labels.len());
    topic.carry("labels", labels);
    for (key, value) in labels {
        let is_reserved = key.to_ascii_lowercase().starts_with("aws:");
        let fits = (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256;
        if fits && !is_reserved && is_tag(key) && is_tag(value) && tags.len() < MOST_TAGS {
            tags.push(Tag {
                key: key.clone(),
                value: value.clone(),
            });
        } else {
            topic.key("labels").key(key).dropped(
                &codes::TAGS,
                "the service has no such tag: AWS limits their number, length and letters",
            );
        }
    }
    tags
}

fn is_tag(text: &str) -> bool {
    text.chars()
        .all(|sign| sign.is_alphanumeric() || " _.:/=+-@".contains(sign))
}

/// Notes that ECS serves no models.
pub(crate) fn refuse_models(ledger: &mut Ledger, models: &IndexMap<String, Model>) {
    for model in models.values() {
        let Model {
            path,
            name: _,
            reference,
            context_size: _,
            runtime_flags: _,
        } = model;
        let detail = format!("nothing on ECS serves the model `{reference}`");
        ledger
            .topic(path.clone(), Vec::new())
            .refused(&codes::MODEL, detail);
    }
}

/// Ids of listeners and mount targets a service needs before its tasks start.
pub(crate) fn prerequisites(
    listeners: Vec<Arc<str>>,
    mounts: bool,
    dependencies: Vec<Arc<str>>,
) -> Vec<Arc<str>> {
    let mut ids = listeners;
    if mounts {
        ids.extend(super::volume::mount_target_ids());
    }
    ids.extend(dependencies);
    ids
}
