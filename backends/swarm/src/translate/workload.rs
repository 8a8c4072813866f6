//! Services and jobs.

use indexmap::IndexMap;
use tranship_model::{
    FieldPath, Job, Ledger, ModelBinding, ObjectId, Provider, RestartCondition, RestartPolicy,
    Route, Schedule, Scheduling, Service, Task, Tls, Topic, Triggers,
};

use super::words::{self, Words};
use super::{
    Context, Rendering, lifecycle, networking, process, resources, rollout, security, storage,
};
use crate::codes;
use crate::engine::{JobMode, Labels, Mode, NetworkSpec, ServiceSpec};

/// The label by which everything of a stack is found again.
const NAMESPACE: &str = "com.docker.stack.namespace";
/// The label that keeps the image as it was written, because deploying pins its digest.
const IMAGE: &str = "com.docker.stack.image";

/// What a task needs beside its service.
#[derive(Debug, Default)]
pub(super) struct Beside<'stack> {
    /// A network of its own, without a way out.
    pub(super) isolated: Option<NetworkSpec>,
    /// The volumes of the stack it mounts.
    pub(super) volumes: Vec<&'stack str>,
}

/// Adds the label by which everything of a stack is found again.
pub(super) fn with_namespace(context: &Context<'_>, labels: &Labels) -> Labels {
    let mut labels = labels.clone();
    labels.insert(NAMESPACE.to_owned(), context.prefix().to_owned());
    labels
}

/// Translates a service.
pub(super) fn service<'stack>(
    context: &Context<'stack>,
    key: &'stack str,
    service: &'stack Service,
    out: &mut Rendering,
) {
    let Service {
        path,
        task,
        scheduling,
        labels,
        placement,
        update,
        rollback,
        balancing,
        routes,
        provider,
    } = service;

    if let Some(provider) = provider {
        return refuse_provider(provider, path, &mut out.ledger);
    }
    let mut spec = begin(context, key, path, out);
    let page = &mut out.ledger.topic(path.clone(), vec![id(&spec)]);
    spec.labels = page.carry("labels", labels.clone());
    spec.mode = scheduled(context, key, service, page);
    spec.task_template.placement = rollout::placement(placement, page);
    spec.endpoint_spec.mode = rollout::endpoint_mode(*balancing, page);
    spec.update_config = rollout::update(update.as_ref(), *scheduling, &spec.mode, page);
    spec.rollback_config = rollout::rollback(rollback.as_ref(), *scheduling, &spec.mode, page);
    refuse_routes(routes, page);
    let beside = self::task(context, key, task, page, &mut spec);
    finish(context, path, spec, beside, out);
}

/// Translates a job: a service whose tasks run to completion, with no run asked for.
pub(super) fn job<'stack>(
    context: &Context<'stack>,
    key: &'stack str,
    job: &'stack Job,
    out: &mut Rendering,
) {
    let Job {
        path,
        task,
        triggers,
    } = job;

    let mut spec = begin(context, key, path, out);
    let page = &mut out.ledger.topic(path.clone(), vec![id(&spec)]);
    spec.mode = Mode::ReplicatedJob(JobMode::default());
    refuse_triggers(triggers, &spec.name, page);
    let beside = self::task(context, key, task, page, &mut spec);
    finish(context, path, spec, beside, out);
}

/// Names a service.
fn begin(context: &Context<'_>, key: &str, path: &FieldPath, out: &mut Rendering) -> ServiceSpec {
    let name = context.service_name(key);
    out.claim("service", &name, path);
    let spec = ServiceSpec {
        name,
        ..ServiceSpec::default()
    };
    if context.key_of_service(&spec.name) != key {
        let mut page = out.ledger.topic(path.clone(), vec![id(&spec)]);
        page.equivalent(&codes::NAME_CHANGED, format!("is called `{}`", spec.name));
    }
    spec
}

fn id(spec: &ServiceSpec) -> ObjectId {
    ObjectId::new("service", spec.name.as_str())
}

/// Adds what marks it as part of the stack, and keeps it.
fn finish(
    context: &Context<'_>,
    path: &FieldPath,
    mut spec: ServiceSpec,
    beside: Beside<'_>,
    out: &mut Rendering,
) {
    let container = &mut spec.task_template.container_spec;
    container.labels = with_namespace(context, &container.labels);
    spec.labels
        .insert(IMAGE.to_owned(), container.image.clone());
    spec.labels = with_namespace(context, &spec.labels);
    let id = id(&spec);
    for volume in beside.volumes {
        let users = out.mounted_by.entry(volume.to_owned()).or_default();
        if users.last() != Some(&id) {
            users.push(id.clone());
        }
    }
    if let Some(network) = beside.isolated {
        out.claim("network", &network.name, &path.key("mode"));
        out.networks.push(network);
    }
    out.services.push(spec);
}

/// The mode of a service; one that others wait for to complete becomes a job.
fn scheduled(context: &Context<'_>, key: &str, service: &Service, page: &mut Topic<'_>) -> Mode {
    let ends = service.task.lifecycle.restart.as_ref().is_none_or(can_end);
    if let Scheduling::Replicated { replicas } = service.scheduling
        && context.is_awaited(key)
        && ends
    {
        let runs = replicas.unwrap_or(1);
        let detail = "runs to completion as a job, because others wait for it to complete";
        page.key("scheduling").equivalent(&codes::RUN_ONCE, detail);
        return Mode::ReplicatedJob(JobMode {
            max_concurrent: runs,
            total_completions: runs,
        });
    }
    rollout::mode(service.scheduling, page)
}

fn can_end(restart: &RestartPolicy) -> bool {
    match restart.condition {
        RestartCondition::Never | RestartCondition::OnFailure => true,
        RestartCondition::Always | RestartCondition::UnlessStopped => false,
    }
}

/// Places every part of a task.
fn task<'stack>(
    context: &Context<'stack>,
    key: &'stack str,
    task: &'stack Task,
    page: &mut Topic<'_>,
    spec: &mut ServiceSpec,
) -> Beside<'stack> {
    let Task {
        process,
        networking,
        storage,
        resources,
        security,
        kernel,
        lifecycle,
        models,
    } = task;

    process::process(process, page, spec);
    let name = process.container_name.as_deref();
    let isolated = networking::networking(context, (key, name), networking, page, spec);
    let volumes = storage::storage(
        context,
        storage,
        page,
        &mut spec.task_template.container_spec,
    );
    resources::resources(resources, page, spec);
    security::security(
        context,
        security,
        page,
        &mut spec.task_template.container_spec,
    );
    security::kernel(kernel, page, &mut spec.task_template.container_spec);
    lifecycle::lifecycle(context.is_awaited(key), lifecycle, page, spec);
    refuse_models(models, page);
    Beside { isolated, volumes }
}

fn refuse_models(models: &IndexMap<String, ModelBinding>, page: &mut Topic<'_>) {
    for (key, binding) in models {
        let ModelBinding {
            endpoint_variable,
            model_variable,
        } = binding;
        let variables: Vec<&str> = [endpoint_variable, model_variable]
            .into_iter()
            .filter_map(Option::as_deref)
            .collect();
        let detail = format!("no model is served, and variables {variables:?} are not set");
        page.key("models").key(key).refused(&codes::MODEL, detail);
    }
}

fn refuse_routes(routes: &[Route], page: &mut Topic<'_>) {
    for (index, route) in routes.iter().enumerate() {
        let Route {
            host,
            path,
            port,
            tls,
        } = route;
        let host = host.as_deref().unwrap_or("*");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let certificate = tls
            .as_ref()
            .and_then(|Tls { certificate }| certificate.as_ref());
        let asked = words::listed(&[("certificate", certificate.words())]);
        let detail = format!("nothing brings {scheme}://{host}{path} to port {port}{asked}");
        page.key("routes")
            .index(index)
            .refused(&codes::ROUTE, detail);
    }
}

/// Notes a service that no tasks of ours provide; nothing else of it has a meaning then.
fn refuse_provider(provider: &Provider, path: &FieldPath, ledger: &mut Ledger) {
    let Provider { kind, options } = provider;
    let detail =
        format!("`{kind}` is not run with its options {options:?}, and there is no such service");
    ledger
        .topic(path.clone(), Vec::new())
        .refused(&codes::PROVIDER, detail);
}

fn refuse_triggers(triggers: &Triggers, name: &str, page: &mut Topic<'_>) {
    let Triggers { manual, schedules } = triggers;
    let page = &mut page.key("triggers");
    if manual.is_some() {
        let detail = format!("start it with `docker service scale {name}=1`");
        page.key("manual").approximate(&codes::JOB, detail);
    }
    for (index, schedule) in schedules.iter().enumerate() {
        let Schedule {
            cron,
            time_zone,
            concurrency,
            missed,
        } = schedule;
        let zone = time_zone.as_deref().unwrap_or("UTC");
        let asked = words::listed(&[
            ("concurrency", concurrency.words()),
            ("missed runs", missed.words()),
        ]);
        let detail = format!("nothing starts it at `{cron}` in {zone}{asked}");
        page.key("schedules")
            .index(index)
            .refused(&codes::SCHEDULE, detail);
    }
}
