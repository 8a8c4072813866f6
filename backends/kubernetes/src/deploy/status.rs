//! What runs of a stack.

use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use serde_json::Value;
use tranship_backend::deploy::{Fault, ServiceStatus, TaskState, TaskStatus};
use tranship_model::ObjectId;

use super::calls::Server;
use super::converge::{self, Scene, is_dying, is_ready, is_running};
use super::kinds::Kind;
use super::progress::{self, WORKLOADS};
use super::{lists, marks};
use crate::labels;

/// Reads what runs of a stack.
pub(super) async fn status(server: &Server, stack: &str) -> Result<Vec<ServiceStatus>, Fault> {
    let mut scene = progress::workloads(server, stack, WORKLOADS).await?;
    progress::add_tasks(server, stack, &mut scene).await?;
    let doors = Kind::Service.collection(&server.namespace);
    let selector = marks::selector(stack);
    let doors = lists::all(server, [lists::objects(server, &doors, &selector)]).await?;
    let doors: Vec<_> = doors.into_iter().flatten().collect();
    Ok(statuses(&scene, &doors))
}

/// What runs, by name; pure.
pub(super) fn statuses(scene: &Scene, doors: &[Value]) -> Vec<ServiceStatus> {
    let mut statuses: Vec<_> = scene
        .workloads
        .iter()
        .filter(|(_, body)| body.pointer("/metadata/ownerReferences").is_none())
        .filter_map(|(id, body)| one(id, body, scene, doors))
        .collect();
    statuses.sort_by(|one, other| one.service.cmp(&other.service));
    statuses
}

fn one(id: &ObjectId, body: &Value, scene: &Scene, doors: &[Value]) -> Option<ServiceStatus> {
    let kind = Kind::of(id)?;
    let name = marks::label(body, labels::NAME).unwrap_or(&id.name);
    let mut pods: Vec<_> = scene
        .pods
        .iter()
        .filter(|pod| label(pod) == Some(name))
        .collect();
    pods.sort_by(|one, other| {
        let made = |pod: &Pod| pod.metadata.creation_timestamp.as_ref().map(|time| time.0);
        made(other)
            .cmp(&made(one))
            .then_with(|| one.metadata.name.cmp(&other.metadata.name))
    });
    let count = |is: fn(&Pod) -> bool| pods.iter().filter(|pod| is(pod)).count() as u64;
    Some(ServiceStatus {
        service: marks::annotation(body, marks::SERVICE)
            .unwrap_or(name)
            .to_owned(),
        image: image(body),
        wanted: converge::wanted(kind, body),
        running: count(is_running),
        ready: count(is_ready),
        ports: ports(name, body, doors),
        tasks: pods.into_iter().map(|pod| task(pod, kind)).collect(),
    })
}

fn label(pod: &Pod) -> Option<&str> {
    let labels = pod.metadata.labels.as_ref()?;
    labels.get(labels::NAME).map(String::as_str)
}

/// The specification of a workload's tasks.
fn task_spec(body: &Value) -> Option<&Value> {
    body.pointer("/spec/template/spec")
        .or_else(|| body.pointer("/spec/jobTemplate/spec/template/spec"))
}

fn containers(body: &Value) -> impl Iterator<Item = &Value> {
    let containers = task_spec(body).and_then(|spec| spec.get("containers")?.as_array());
    containers.into_iter().flatten()
}

fn image(body: &Value) -> String {
    let mut images = containers(body).filter_map(|container| container.get("image")?.as_str());
    images.next().unwrap_or_default().to_owned()
}

/// The addresses from outside: of cluster services of the name, and of nodes.
fn ports(name: &str, body: &Value, doors: &[Value]) -> Vec<String> {
    let ours = |door: &&Value| {
        let selected = door
            .pointer("/spec/selector")
            .and_then(|pairs| pairs.get(labels::NAME));
        selected.and_then(Value::as_str) == Some(name)
    };
    let mut found: Vec<_> = doors.iter().filter(ours).flat_map(of_door).collect();
    found.extend(containers(body).flat_map(of_node));
    found.sort();
    found.dedup();
    found
}

fn items<'value>(value: &'value Value, pointer: &str) -> impl Iterator<Item = &'value Value> {
    let items = value.pointer(pointer).and_then(Value::as_array);
    items.into_iter().flatten()
}

fn of_door(door: &Value) -> Vec<String> {
    let kind = door.pointer("/spec/type").and_then(Value::as_str);
    if !matches!(kind, Some("NodePort" | "LoadBalancer")) {
        return Vec::new();
    }
    let balancers: Vec<_> = items(door, "/status/loadBalancer/ingress")
        .filter_map(|ingress| {
            ingress
                .get("ip")
                .or_else(|| ingress.get("hostname"))?
                .as_str()
        })
        .collect();
    let address = |port: &Value| {
        let protocol = protocol(port);
        let target = port.get("targetPort").or_else(|| port.get("port"))?;
        let target = target
            .as_str()
            .map_or_else(|| target.to_string(), str::to_owned);
        Some(match (balancers.first(), port.get("nodePort")) {
            (Some(host), _) => format!("{host}:{}->{target}/{protocol}", port.get("port")?),
            (None, Some(node)) => format!("{node}->{target}/{protocol}"),
            (None, None) => format!("{}->{target}/{protocol}", port.get("port")?),
        })
    };
    items(door, "/spec/ports").filter_map(address).collect()
}

fn of_node(container: &Value) -> Vec<String> {
    let address = |port: &Value| {
        let (host, inside) = (port.get("hostPort")?, port.get("containerPort")?);
        Some(format!("{host}->{inside}/{}", protocol(port)))
    };
    items(container, "/ports").filter_map(address).collect()
}

fn protocol(port: &Value) -> String {
    let protocol = port.get("protocol").and_then(Value::as_str);
    protocol.unwrap_or("TCP").to_ascii_lowercase()
}

fn task(pod: &Pod, kind: Kind) -> TaskStatus {
    let keeper = if kind.rolls() {
        converge::Keeper::Service
    } else {
        converge::Keeper::Job
    };
    let trouble = converge::trouble(pod, &[], None, keeper);
    let restarts = |status: &ContainerStatus| u64::try_from(status.restart_count).unwrap_or(0);
    let statuses = pod
        .status
        .iter()
        .flat_map(|status| status.container_statuses.iter().flatten());
    TaskStatus {
        name: pod.metadata.name.clone().unwrap_or_default(),
        node: pod.spec.as_ref().and_then(|spec| spec.node_name.clone()),
        state: state(pod),
        detail: trouble.map(|trouble| trouble.words().to_owned()),
        restarts: statuses.map(restarts).sum(),
    }
}

fn state(pod: &Pod) -> TaskState {
    let phase = pod
        .status
        .as_ref()
        .and_then(|status| status.phase.as_deref());
    let statuses = pod
        .status
        .iter()
        .flat_map(|status| status.container_statuses.iter().flatten());
    let failed_start = |status: &ContainerStatus| {
        let waiting = status
            .state
            .as_ref()
            .and_then(|state| state.waiting.as_ref());
        let reason = waiting.and_then(|waiting| waiting.reason.as_deref());
        reason.is_some_and(|reason| reason.contains("BackOff") || reason.contains("Err"))
    };
    match phase {
        _ if is_dying(pod) => TaskState::Stopping,
        Some("Succeeded") => TaskState::Completed,
        Some("Failed") => TaskState::Failed,
        _ if is_ready(pod) => TaskState::Running,
        _ if statuses.clone().any(failed_start) => TaskState::Failed,
        _ if is_running(pod) => {
            let started = |status: &ContainerStatus| status.started == Some(true);
            if statuses.clone().all(started) {
                TaskState::Unhealthy
            } else {
                TaskState::Starting
            }
        }
        _ => TaskState::Pending,
    }
}
