//! Services and jobs.

use tranship_model::{Job, Provider, Schedule, Service, Triggers, UpdatePolicy};

use super::extension::Extension;
use super::record::Record;
use super::{codes, convert, hooks, lifecycle, networking, rollout, routes, task};
use crate::field::Labels;
use crate::project::{self, Deploy, UpdateConfig};

/// A service.
pub(super) fn service(
    stack: &str,
    name: &str,
    service: &project::Service,
    record: &mut Record<'_>,
) -> Service {
    let project::Service {
        container,
        workload,
        profiles,
        deploy,
        develop,
        restart,
        scale,
        attach,
        container_name,
        provider,
        external_links,
        links,
        pre_start,
        post_start,
        pre_stop,
        extensions,
    } = service;
    let deploy = deploy.as_ref();
    let attributes = task::Attributes {
        build_name: (stack, name),
        container,
        workload,
        deploy,
    };
    let mut task = task::task(attributes, record);
    task.process.container_name.clone_from(container_name);
    task.networking.links = networking::links(links);
    task.networking.external_links = networking::links(external_links);
    task.lifecycle.restart = lifecycle::restart(restart.as_ref(), deploy, record);
    let around = hooks::Attributes {
        container,
        pre_start,
        post_start,
        pre_stop,
    };
    task.lifecycle.hooks = hooks::hooks(&around, record);
    note_profiles(profiles, record);
    note_development(develop.is_some(), attach.is_some(), record);
    let mut extension = Extension::of(extensions, record);
    let routes = routes::routes(&mut extension, &container.labels, &task.networking, record);
    extension.finish(record);
    let deployed = deployed(deploy, &container.labels, record);
    Service {
        path: record.path(),
        task,
        scheduling: rollout::scheduling(deploy, *scale, record),
        labels: deployed.labels,
        placement: rollout::placement(deploy, record),
        update: deployed.update,
        rollback: deployed.rollback,
        balancing: deployed.balancing,
        routes,
        provider: provider
            .as_ref()
            .map(|provider| self::provider(provider, record)),
    }
}

fn note_profiles(profiles: &[String], record: &mut Record<'_>) {
    if !profiles.is_empty() {
        record
            .note("profiles")
            .equivalent(&codes::LOAD_TIME, "one of its profiles is active");
    }
}

fn note_development(has_develop: bool, has_attach: bool, record: &mut Record<'_>) {
    if has_develop {
        record.note("develop").equivalent(
            &codes::DEVELOPMENT,
            "nothing is watched once the stack is deployed",
        );
    }
    if has_attach {
        record.note("attach").equivalent(
            &codes::DEVELOPMENT,
            "no terminal is attached to a deployed stack",
        );
    }
}

/// What `deploy` says that has no other place.
#[derive(Default)]
struct Deployed {
    labels: indexmap::IndexMap<String, String>,
    update: Option<UpdatePolicy>,
    rollback: Option<UpdatePolicy>,
    balancing: Option<tranship_model::Balancing>,
}

fn deployed(deploy: Option<&Deploy>, container: &Labels, record: &mut Record<'_>) -> Deployed {
    let Some(deploy) = deploy else {
        return Deployed::default();
    };
    let Deploy {
        mode: _,
        replicas: _,
        labels,
        update_config,
        rollback_config,
        resources: _,
        restart_policy: _,
        placement: _,
        endpoint_mode,
        extensions,
    } = deploy;
    record.nothing_in("deploy", deploy);
    record.extensions("deploy", extensions);
    record_labels(labels, container, record);
    let mut update = |at, config: Option<&UpdateConfig>| {
        config.map(|config| rollout::update(at, config, record))
    };
    Deployed {
        labels: convert::texts(labels),
        update: update("deploy.update_config", update_config.as_ref()),
        rollback: update("deploy.rollback_config", rollback_config.as_ref()),
        balancing: endpoint_mode
            .as_ref()
            .and_then(|mode| rollout::balancing(mode, record)),
    }
}

/// The labels of a service and of its containers have one path in the model.
fn record_labels(labels: &Labels, container: &Labels, record: &mut Record<'_>) {
    if labels.is_empty() {
        return;
    }
    if container.is_empty() {
        return record.spelled("labels", "deploy.labels");
    }
    record.gathered("labels", "labels");
    record.gathered("labels", "deploy.labels");
    for key in labels.keys() {
        let path = format!("labels.{key}");
        if container.contains_key(key) {
            record.whole(path.clone(), path.clone());
        }
        record.whole(path, format!("deploy.labels.{key}"));
    }
}

fn provider(provider: &project::Provider, record: &mut Record<'_>) -> Provider {
    let project::Provider {
        kind,
        options,
        extensions,
    } = provider;
    record.extensions("provider", extensions);
    // A program runs it, not an image.
    record.whole("image", "provider");
    Provider {
        kind: kind.clone().unwrap_or_default(),
        options: options
            .iter()
            .map(|(key, values)| (key.clone(), values.clone()))
            .collect(),
    }
}

/// A job.
pub(super) fn job(stack: &str, name: &str, job: &project::Job, record: &mut Record<'_>) -> Job {
    let project::Job {
        container,
        workload,
        profiles,
        triggers,
        extensions,
    } = job;
    let attributes = task::Attributes {
        build_name: (stack, name),
        container,
        workload,
        deploy: None,
    };
    note_profiles(profiles, record);
    record.extensions("", extensions);
    Job {
        path: record.path(),
        task: task::task(attributes, record),
        triggers: triggers
            .as_ref()
            .map_or_else(Triggers::default, |triggers| {
                self::triggers(triggers, record)
            }),
    }
}

fn triggers(triggers: &project::Triggers, record: &mut Record<'_>) -> Triggers {
    let project::Triggers {
        manual,
        schedule,
        extensions,
    } = triggers;
    record.nothing_in("triggers", triggers);
    record.extensions("triggers", extensions);
    let lower = |(index, schedule)| self::schedule(index, schedule, record);
    Triggers {
        manual: *manual,
        schedules: schedule.iter().enumerate().map(lower).collect(),
    }
}

fn schedule(index: usize, schedule: &project::Schedule, record: &mut Record<'_>) -> Schedule {
    let project::Schedule {
        cron,
        timezone,
        concurrency,
        missed_fires,
        extensions,
    } = schedule;
    record.extensions(format_args!("triggers.schedule[{index}]"), extensions);
    Schedule {
        cron: cron.clone().unwrap_or_default(),
        time_zone: timezone.clone(),
        concurrency: concurrency.map(|word| word.as_str().to_owned()),
        missed: missed_fires.map(|word| word.as_str().to_owned()),
    }
}
