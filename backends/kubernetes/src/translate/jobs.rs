//! What runs now and then.

use k8s_openapi::api::batch::v1::{CronJob, CronJobSpec, JobTemplateSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use tranship_model::{Job, Ledger, ObjectId, Present, Schedule, Topic, Triggers};

use super::output::Output;
use super::restart::{self, Tries};
use super::workload::{self, Controller};
use super::world::World;
use super::{pod::Pod, task};
use crate::{codes, labels, names};

/// A date that never comes: the schedule of what only people start.
const NEVER: &str = "0 0 30 2 *";

/// Translates the jobs of a stack into cron jobs, one for each schedule.
pub(super) fn jobs(world: &World<'_>, ledger: &mut Ledger, output: &mut Output) {
    for (key, job) in &world.stack.jobs {
        self::job(key, job, world, ledger, output);
    }
}

fn job(key: &str, job: &Job, world: &World<'_>, ledger: &mut Ledger, output: &mut Output) {
    let Job {
        path,
        task,
        triggers,
    } = job;
    let name = name(key, world);
    let stack = &world.stack.name;
    let object = ObjectId::new("CronJob", name.as_str());
    let mut topic = ledger.topic(path.clone(), vec![object]);
    let selector = labels::selector(stack, &name);
    let mut pod = Pod::new(
        Controller::Job,
        &name,
        selector,
        labels::of_service(stack, &name),
    );
    task::task(task, key, world, &mut pod, &mut topic);
    for (port_key, ports) in [
        ("ports", &task.networking.ports),
        ("exposed", &task.networking.exposed),
    ] {
        let detail = "what runs now and then has no name and no port others could use";
        topic.drop_field(port_key, ports, &codes::JOB_PORTS, detail);
    }
    let lifecycle = &task.lifecycle;
    let tries = restart::tries(
        lifecycle.restart.as_ref(),
        false,
        &lifecycle.dependencies,
        &mut topic,
    );
    let starts = starts(triggers, &mut topic.key("triggers"));
    for (index, start) in starts.iter().enumerate() {
        let name = if index == 0 {
            name.clone()
        } else {
            names::label(&format!("{name}-{}", index + 1), names::BASE_LIMIT)
        };
        output.emit(path, &cron_job(stack, &name, start, pod.clone(), tries));
    }
}

/// A name no service has, for both would select each other's tasks.
pub(super) fn name(key: &str, world: &World<'_>) -> String {
    let name = names::label(key, names::BASE_LIMIT);
    if world.has_service_name(&name) {
        return names::with_digest(&name, names::BASE_LIMIT, &[b"job", key.as_bytes()]);
    }
    name
}

/// What starts a cron job.
struct Start {
    cron: String,
    time_zone: Option<String>,
    concurrency: Option<&'static str>,
    deadline: Option<i64>,
    suspended: bool,
}

fn starts(triggers: &Triggers, topic: &mut Topic<'_>) -> Vec<Start> {
    let Triggers { manual, schedules } = triggers;
    let mut starts = Vec::new();
    for (index, schedule) in schedules.iter().enumerate() {
        starts.extend(start(schedule, &mut topic.key("schedules").index(index)));
    }
    let detail = "start it with `kubectl create job --from=cronjob/NAME`";
    if manual.is_present() {
        topic.key("manual").equivalent(&codes::JOB_MANUAL, detail);
    }
    if starts.is_empty() {
        topic.equivalent(&codes::JOB_MANUAL, detail);
        starts.push(Start {
            cron: NEVER.to_owned(),
            time_zone: None,
            concurrency: None,
            deadline: None,
            suspended: true,
        });
    }
    starts
}

fn start(schedule: &Schedule, topic: &mut Topic<'_>) -> Option<Start> {
    let Schedule {
        cron,
        time_zone,
        concurrency,
        missed,
    } = schedule;
    if !is_cron(cron) {
        let detail = format!("`{cron}` is no schedule the cluster takes");
        topic.refused(&codes::JOB_SCHEDULE, detail);
        return None;
    }
    topic.exact();
    let zone = time_zone.as_ref().filter(|zone| is_zone(zone));
    if time_zone.is_some() && zone.is_none() {
        topic
            .key("time_zone")
            .refused(&codes::JOB_SCHEDULE, "it is no name of a time zone");
    }
    Some(Start {
        cron: cron.clone(),
        time_zone: zone.cloned(),
        concurrency: self::concurrency(concurrency.as_deref(), &mut topic.key("concurrency")),
        deadline: deadline(missed.as_deref(), &mut topic.key("missed")),
        suspended: false,
    })
}

/// Whether the API server takes the schedule: five fields or a word such as `@daily`.
fn is_cron(cron: &str) -> bool {
    let words = [
        "@yearly",
        "@annually",
        "@monthly",
        "@weekly",
        "@daily",
        "@midnight",
        "@hourly",
    ];
    let in_field = |c: char| c.is_ascii_alphanumeric() || matches!(c, '*' | '/' | ',' | '-' | '?');
    let fields: Vec<_> = cron.split_whitespace().collect();
    words.contains(&cron)
        || (fields.len() == 5 && fields.iter().all(|field| field.chars().all(in_field)))
}

fn is_zone(zone: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    !zone.is_empty() && zone != "Local" && !zone.starts_with('/') && zone.chars().all(legal)
}

fn concurrency(word: Option<&str>, topic: &mut Topic<'_>) -> Option<&'static str> {
    match word {
        None => None,
        Some("forbid") => {
            topic.exact();
            Some("Forbid")
        }
        Some("queue") => {
            let detail = "at most one missed run follows when the last one ends";
            topic.approximate(&codes::JOB_SCHEDULE, detail);
            Some("Forbid")
        }
        Some(word) => {
            let detail = format!("`{word}` is no such rule; runs may overlap");
            topic.dropped(&codes::JOB_SCHEDULE, detail);
            None
        }
    }
}

/// Seconds after which a missed run is left out.
fn deadline(word: Option<&str>, topic: &mut Topic<'_>) -> Option<i64> {
    match word {
        None => None,
        Some("one") => {
            topic.exact();
            None
        }
        Some("skip") => {
            topic.equivalent(
                &codes::JOB_SCHEDULE,
                "a run that is a minute late is left out",
            );
            Some(60)
        }
        Some(word) => {
            let detail = format!("`{word}` is no such rule; the last missed run is made up for");
            topic.dropped(&codes::JOB_SCHEDULE, detail);
            None
        }
    }
}

fn cron_job(stack: &str, name: &str, start: &Start, pod: Pod, tries: Tries) -> CronJob {
    let Start {
        cron,
        time_zone,
        concurrency,
        deadline,
        suspended,
    } = start;
    CronJob {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            labels: Some(labels::of_service(stack, name)),
            ..ObjectMeta::default()
        },
        spec: Some(CronJobSpec {
            schedule: cron.clone(),
            time_zone: time_zone.clone(),
            concurrency_policy: concurrency.map(str::to_owned),
            starting_deadline_seconds: *deadline,
            suspend: suspended.then_some(true),
            job_template: JobTemplateSpec {
                metadata: None,
                spec: Some(workload::job_spec(pod, 1, tries)),
            },
            ..CronJobSpec::default()
        }),
        status: None,
    }
}
