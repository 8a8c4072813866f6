//! What runs of a stack.

use std::collections::HashMap;

use bollard::models::{EndpointPortConfig, Node, Service, Task, TaskState as State};
use tranship_backend::deploy::{Fault, ServiceStatus, TaskState, TaskStatus};

use super::cause;
use super::labels::SERVICE;
use super::progress::Snapshot;
use super::transport::Engine;

/// Every service of a stack with its tasks.
pub(super) async fn status(engine: &Engine, stack: &str) -> Result<Vec<ServiceStatus>, Fault> {
    let (snapshot, nodes) = tokio::try_join!(Snapshot::read(engine, stack), nodes(engine))?;
    let services = snapshot.services.iter();
    let mut all: Vec<ServiceStatus> = services
        .map(|(_, service)| of(service, snapshot.tasks_of(service).collect(), &nodes))
        .collect();
    all.sort_by(|one, other| one.service.cmp(&other.service));
    Ok(all)
}

/// The names of nodes by identity.
pub(super) async fn nodes(engine: &Engine) -> Result<HashMap<String, String>, Fault> {
    let none = None::<bollard::query_parameters::ListNodesOptions>;
    let nodes = engine
        .read(|| engine.docker.list_nodes(none.clone()))
        .await?;
    let pair = |node: Node| Some((node.id?, node.description?.hostname?));
    Ok(nodes.into_iter().filter_map(pair).collect())
}

fn of(service: &Service, mut tasks: Vec<&Task>, nodes: &HashMap<String, String>) -> ServiceStatus {
    tasks.sort_by(|one, other| other.created_at.cmp(&one.created_at));
    let spec = service.spec.as_ref();
    let container = spec
        .and_then(|spec| spec.task_template.as_ref())
        .and_then(|template| template.container_spec.as_ref());
    let counts = service.service_status.as_ref();
    let running = counts.and_then(|counts| counts.running_tasks);
    let running = running.unwrap_or_default();
    ServiceStatus {
        service: name(service),
        image: container
            .and_then(|container| container.image.clone())
            .unwrap_or_default(),
        wanted: counts
            .and_then(|counts| counts.desired_tasks)
            .unwrap_or_default(),
        running,
        ready: running,
        ports: ports(service),
        tasks: newest(&tasks, nodes),
    }
}

/// The service's name in the stack.
pub(super) fn name(service: &Service) -> String {
    let spec = service.spec.as_ref();
    let labels = spec.and_then(|spec| spec.labels.as_ref());
    let label = labels.and_then(|labels| labels.get(SERVICE).cloned());
    let name = || spec.and_then(|spec| spec.name.clone());
    label.or_else(name).unwrap_or_default()
}

fn ports(service: &Service) -> Vec<String> {
    let endpoint = service.endpoint.as_ref();
    let ports = endpoint.and_then(|endpoint| endpoint.ports.as_ref());
    ports.into_iter().flatten().filter_map(port).collect()
}

fn port(port: &EndpointPortConfig) -> Option<String> {
    let protocol = port
        .protocol
        .map_or_else(|| "tcp".to_owned(), |word| word.to_string());
    Some(format!(
        "{}->{}/{protocol}",
        port.published_port?, port.target_port?
    ))
}

/// The newest task of each slot, with how often the slot began anew.
fn newest(tasks: &[&Task], nodes: &HashMap<String, String>) -> Vec<TaskStatus> {
    let slot = |task: &Task| {
        (
            task.slot.unwrap_or_default(),
            match task.slot {
                Some(slot) if slot != 0 => None,
                Some(_) | None => task.node_id.clone(),
            },
        )
    };
    let mut shown: Vec<(_, TaskStatus)> = Vec::new();
    for task in tasks {
        let place = slot(task);
        match shown.iter_mut().find(|(other, _)| *other == place) {
            Some((_, newer)) => newer.restarts += u64::from(has_failed(task)),
            None => shown.push((place, self::task(task, nodes))),
        }
    }
    shown.into_iter().map(|(_, task)| task).collect()
}

fn has_failed(task: &Task) -> bool {
    let state = task.status.as_ref().and_then(|status| status.state);
    matches!(state, Some(State::FAILED | State::REJECTED))
}

fn task(task: &Task, nodes: &HashMap<String, String>) -> TaskStatus {
    let node = task.node_id.as_ref();
    TaskStatus {
        name: cause::name(task),
        node: node.and_then(|node| nodes.get(node).cloned()),
        state: state(task),
        detail: cause::of(task, false)
            .filter(|_| state(task) != TaskState::Completed)
            .map(|cause| cause.detail),
        restarts: 0,
    }
}

fn state(task: &Task) -> TaskState {
    let state = task.status.as_ref().and_then(|status| status.state);
    let stops = task.desired_state.is_some_and(cause::has_ended);
    match state {
        Some(State::COMPLETE) => TaskState::Completed,
        Some(State::FAILED | State::REJECTED | State::ORPHANED) => TaskState::Failed,
        Some(State::SHUTDOWN | State::REMOVE) => TaskState::Stopping,
        Some(_) if stops => TaskState::Stopping,
        Some(State::RUNNING) => TaskState::Running,
        Some(State::STARTING) => TaskState::Starting,
        Some(
            State::NEW
            | State::ALLOCATED
            | State::PENDING
            | State::ASSIGNED
            | State::ACCEPTED
            | State::PREPARING
            | State::READY,
        )
        | None => TaskState::Pending,
    }
}
