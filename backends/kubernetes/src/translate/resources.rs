//! What a task may use and what is kept for it.

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use tranship_model::{BlockIo, ByteSize, Cpus, GenericResource, Resources, Topic};

use super::notes::drop_all;
use super::pod::Pod;
use super::{cpu_scheduler, devices};
use crate::{codes, quantity};

/// Translates what a task may use.
pub(super) fn resources(resources: &Resources, pod: &mut Pod, topic: &mut Topic<'_>) {
    let Resources {
        cpu_limit,
        memory_limit,
        pids_limit,
        cpu_reservation,
        memory_reservation,
        generic_reservations,
        device_requests,
        devices,
        device_cgroup_rules,
        swap_limit,
        swappiness,
        cpu_scheduler,
        block_io,
    } = resources;
    let given = (*cpu_limit, *cpu_reservation);
    let scheduled =
        cpu_scheduler::cpu_scheduler(cpu_scheduler, given, &mut topic.key("cpu_scheduler"));
    cpu(given, scheduled, pod, topic);
    memory(*memory_limit, *memory_reservation, pod, topic);
    devices::requests(
        device_requests,
        &mut pod.limits,
        &mut topic.key("device_requests"),
    );
    devices::devices(devices, &mut topic.key("devices"));
    note_generic(generic_reservations, &mut topic.key("generic_reservations"));
    let detail = "the rules of the container runtime hold";
    topic.drop_field(
        "device_cgroup_rules",
        device_cgroup_rules,
        &codes::DEVICE,
        detail,
    );
    let detail = "the node's own setting holds";
    drop_all(
        topic,
        &codes::NODE_LIMITS,
        detail,
        &[
            ("pids_limit", pids_limit),
            ("swap_limit", swap_limit),
            ("swappiness", swappiness),
        ],
    );
    if let Some(block_io) = block_io {
        note_block_io(block_io, &mut topic.key("block_io"));
    }
}

/// A limit and a reservation.
pub(super) type LimitAndReservation<T> = (Option<T>, Option<T>);

fn cpu(
    given: LimitAndReservation<Cpus>,
    scheduled: LimitAndReservation<Cpus>,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) {
    note_cpu(given.0, "cpu_limit", topic);
    note_cpu(given.1, "cpu_reservation", topic);
    let bounds = Bounds {
        limit: given.0.or(scheduled.0).filter(|cpus| cpus.nanos > 0),
        reservation: given.1.or(scheduled.1),
    };
    let field = &mut topic.key("cpu_reservation");
    bounds.set("cpu", Cpus { nanos: 0 }, quantity::cpus, pod, field);
}

fn memory(
    limit: Option<ByteSize>,
    reservation: Option<ByteSize>,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) {
    let limit = topic.carry("memory_limit", limit);
    let bounds = Bounds {
        limit: limit.filter(|size| size.0 > 0),
        reservation,
    };
    let field = &mut topic.key("memory_reservation");
    if reservation.is_some() {
        let detail =
            "nodes keep this much for it, and do not push it back to this when memory is short";
        field.approximate(&codes::MEMORY_RESERVATION, detail);
    }
    bounds.set("memory", ByteSize(0), quantity::bytes, pod, field);
}

fn note_generic(resources: &[GenericResource], topic: &mut Topic<'_>) {
    for (index, GenericResource { kind, amount }) in resources.iter().enumerate() {
        let detail = format!("{amount} of `{kind}` are not kept for it, and any node may run it");
        topic.index(index).refused(&codes::GENERIC_RESOURCE, detail);
    }
}

/// The least and the most of something.
struct Bounds<T> {
    limit: Option<T>,
    reservation: Option<T>,
}

impl<T: Copy + PartialOrd> Bounds<T> {
    /// Sets both. A limit alone would be reserved too, which Docker does not do, so nothing is
    /// reserved explicitly.
    fn set(
        self,
        name: &str,
        nothing: T,
        spelled: impl Fn(T) -> Quantity,
        pod: &mut Pod,
        topic: &mut Topic<'_>,
    ) {
        let Self { limit, reservation } = self;
        if let Some(limit) = limit {
            pod.limits.insert(name.to_owned(), spelled(limit));
        }
        let kept = match (reservation, limit) {
            (Some(reservation), Some(limit)) if reservation > limit => {
                let Quantity(text) = spelled(limit);
                let detail = format!("{text} is kept for it, for no more than its limit can be");
                topic.approximate(&codes::RESERVATION_OVER_LIMIT, detail);
                limit
            }
            (Some(reservation), _) => reservation,
            (None, Some(_)) => nothing,
            (None, None) => return,
        };
        pod.requests.insert(name.to_owned(), spelled(kept));
    }
}

fn note_cpu(cpus: Option<Cpus>, key: &str, topic: &mut Topic<'_>) {
    let Some(cpus) = cpus else { return };
    let mut field = topic.key(key);
    if cpus.nanos.is_multiple_of(1_000_000) {
        field.exact();
    } else {
        let millis = cpus.millis_rounded_up();
        let detail = format!("it is {millis} thousandths of a core, rounded up");
        field.approximate(&codes::CPU_ROUNDED, detail);
    }
}

fn note_block_io(block_io: &BlockIo, topic: &mut Topic<'_>) {
    let BlockIo {
        weight,
        device_weights,
        read_bytes,
        read_operations,
        write_bytes,
        write_operations,
    } = block_io;
    let detail = "it uses block devices like every other task of the node";
    topic.dropped(&codes::NODE_LIMITS, detail);
    drop_all(
        topic,
        &codes::NODE_LIMITS,
        detail,
        &[
            ("weight", weight),
            ("device_weights", device_weights),
            ("read_bytes", read_bytes),
            ("read_operations", read_operations),
            ("write_bytes", write_bytes),
            ("write_operations", write_operations),
        ],
    );
}
