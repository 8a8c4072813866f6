//! A service: what keeps its tasks, and the names and doors that lead to them.

use k8s_openapi::api::core::v1::ServicePort;
use k8s_openapi::api::networking::v1::Ingress;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use tranship_model::{Ledger, MountSource, ObjectId, Service, Topic, UpdatePolicy, VolumeScope};

use super::cluster_services::{Door, is_headless};
use super::isolation::{self, Guarded};
use super::output::Output;
use super::pod::{Pod, unless_default};
use super::ports::{self, DoorNames, Ports};
use super::workload::{self, Keeping};
use super::world::{Member, World};
use super::{claims, placement, restart, routes, storage, task};
use crate::codes;
use crate::labels::{self, Pairs};

/// What further names of a service have to know of it.
pub(super) struct Known {
    /// The ports others reach.
    pub(super) ports: Vec<ServicePort>,
    /// Whether its name gives the tasks' own addresses.
    pub(super) headless: bool,
}

/// The parts of a service on the cluster, before they become objects.
struct Parts {
    pod: Pod,
    keeping: Keeping,
    metadata: ObjectMeta,
    doors: Doors,
}

/// The ways to a service.
struct Doors {
    ports: Ports,
    ingress: Option<Ingress>,
    headless: bool,
}

/// Translates the service `key`.
pub(super) fn service(
    key: &str,
    service: &Service,
    member: &Member,
    world: &World<'_>,
    ledger: &mut Ledger,
    output: &mut Output,
) -> Option<Known> {
    if let Some(provider) = &service.provider {
        let detail = format!(
            "the cluster has no provider `{}`; nothing is made for it",
            provider.kind
        );
        ledger
            .topic(service.path.clone(), Vec::new())
            .refused(&codes::PROVIDER, detail);
        return None;
    }
    let parts = parts(key, service, member, world, ledger);
    Some(emit(service, &member.name, parts, world, output))
}

fn parts(
    key: &str,
    service: &Service,
    member: &Member,
    world: &World<'_>,
    ledger: &mut Ledger,
) -> Parts {
    let Service {
        path,
        task,
        scheduling: _, // In `workload::keeping`.
        labels,
        placement,
        update: _, // In `workload::keeping`.
        rollback,
        balancing: _, // In `doors`.
        routes: _,    // In `doors`.
        provider: _,  // In `service`.
    } = service;
    let (stack, name) = (world.stack.name.as_str(), member.name.as_str());
    let controller = restart::controller(service, member, has_own_storage(service, world));
    let workload = ObjectId::new(controller.kind(), name);
    let door = ObjectId::new("Service", name);
    let mut topic = ledger.topic(path.clone(), vec![workload.clone()]);
    let both = &mut topic.into_objects(vec![door, workload]);
    note_name(key, name, both);
    let doors = doors(service, member, world, both);
    let selector = labels::selector(stack, name);
    let mut pod = Pod::new(controller, name, selector, labels::of_service(stack, name));
    task::task(task, key, world, &mut pod, &mut topic);
    placement::placement(placement, &mut pod, &mut topic);
    let keeping = workload::keeping(service, &doors.ports, &pod, &mut topic);
    note_rollback(rollback.as_ref(), &mut topic);
    let mut metadata = ObjectMeta {
        name: Some(name.to_owned()),
        labels: Some(labels::of_service(stack, name)),
        ..ObjectMeta::default()
    };
    claims::sort_labels(labels, &mut metadata, &mut topic);
    Parts {
        pod,
        keeping,
        metadata,
        doors,
    }
}

/// Whether each task of a service has a volume of its own.
fn has_own_storage(service: &Service, world: &World<'_>) -> bool {
    let volumes = &world.stack.volumes;
    storage::all_mounts(world.stack, &service.task.storage).any(|mount| match &mount.source {
        MountSource::Volume {
            volume,
            subpath: _,
            no_copy: _,
            labels: _,
        } => volumes
            .get(volume)
            .is_some_and(|volume| volume.scope == VolumeScope::PerTask),
        MountSource::Anonymous { .. }
        | MountSource::HostPath { .. }
        | MountSource::Memory { .. }
        | MountSource::Image { .. }
        | MountSource::Cluster { .. }
        | MountSource::NamedPipe { .. } => false,
    })
}

fn note_name(key: &str, name: &str, topic: &mut Topic<'_>) {
    if key == name {
        return;
    }
    if key.eq_ignore_ascii_case(name) {
        topic.equivalent(
            &codes::NAMED,
            format!("it is called `{name}` on the cluster"),
        );
    } else {
        let detail = format!("services find it as `{name}`, for `{key}` is no legal name there");
        topic.approximate(&codes::RENAMED, detail);
    }
}

fn doors(service: &Service, member: &Member, world: &World<'_>, topic: &mut Topic<'_>) -> Doors {
    let networking = &service.task.networking;
    let name = member.name.as_str();
    let names = DoorNames {
        inside: name,
        outside: world.derived_name(name, "published"),
    };
    let mut ports = ports::ports(&networking.ports, &networking.exposed, &names, topic);
    let objects = vec![
        ObjectId::new("Ingress", name),
        ObjectId::new("Service", name),
    ];
    let routed = &mut topic.into_objects(objects);
    let stack = &world.stack.name;
    let ingress = routes::routes(
        &service.routes,
        stack,
        name,
        &mut ports,
        &mut routed.key("routes"),
    );
    let door = &mut topic.into_objects(vec![ObjectId::new("Service", name)]);
    let headless = is_headless(service.balancing, &ports, &member.uses, door);
    if !headless {
        let called = member.uses.ports.iter();
        called.for_each(|port| ports.declare_tcp(*port));
        note_closed(&ports, &mut door.key("exposed"));
    }
    Doors {
        ports,
        ingress,
        headless,
    }
}

fn note_closed(ports: &Ports, topic: &mut Topic<'_>) {
    let ports = ports.cluster.iter();
    let known: Vec<_> = ports.map(|port| port.port.to_string()).collect();
    let known = known.join(", ");
    let detail = format!("others reach its ports {known} and no more; expose any they need");
    topic.implicit(&codes::PORTS_CLOSED, detail);
}

fn note_rollback(rollback: Option<&UpdatePolicy>, topic: &mut Topic<'_>) {
    if rollback.is_some() {
        let detail = "`kubectl rollout undo` goes the way of an update";
        topic
            .key("rollback")
            .dropped(&codes::UPDATE_FAILURE, detail);
    }
}

fn emit(
    service: &Service,
    name: &str,
    parts: Parts,
    world: &World<'_>,
    output: &mut Output,
) -> Known {
    let Parts {
        mut pod,
        keeping,
        metadata,
        doors,
    } = parts;
    let selector = pod.selector.clone();
    pod.container.ports = unless_default(doors.ports.container.clone());
    let known = emit_doors(service, name, &selector, &doors, world, output);
    workload::emit(pod, keeping, metadata, &service.path, output);
    if let Some(ingress) = &doors.ingress {
        output.emit(&service.path, ingress);
    }
    let guarded = Guarded {
        name,
        path: &service.path,
        selector,
        open: &doors.ports.open,
        mode: &service.task.networking.mode,
    };
    isolation::service(guarded, world, output);
    known
}

fn emit_doors(
    service: &Service,
    name: &str,
    selector: &Pairs,
    doors: &Doors,
    world: &World<'_>,
    output: &mut Output,
) -> Known {
    let Ports {
        container: _,
        cluster,
        published,
        open: _,
    } = &doors.ports;
    let door = |ports: &[ServicePort]| Door {
        stack: &world.stack.name,
        owner: Some(name),
        selector: selector.clone(),
        ports: ports.to_vec(),
    };
    let inside = door(cluster).inside(name, doors.headless);
    output.emit(&service.path, &inside);
    if !published.is_empty() {
        let outside = world.derived_name(name, "published");
        output.emit(&service.path, &door(published).outside(&outside));
    }
    Known {
        ports: cluster.clone(),
        headless: doors.headless,
    }
}
