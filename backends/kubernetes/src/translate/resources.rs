//! What a task may use and what is kept for it.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use tranship_model::{
    BlockIo, ByteSize, CpuScheduler, Cpus, Device, DeviceCount, DeviceRequest, GenericResource,
    Resources, SwapLimit, Topic,
};

use super::pod::Pod;
use crate::{codes, quantity};

/// Microseconds in a period of the processor scheduler where none is named.
const DEFAULT_PERIOD: i64 = 100_000;

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
    let (quota, shares) = self::cpu_scheduler(cpu_scheduler, *cpu_limit, *cpu_reservation, topic);
    let cpu = Bounds {
        limit: (*cpu_limit).or(quota).filter(|cpus| cpus.nanos > 0),
        reservation: (*cpu_reservation).or(shares),
    };
    note_cpu(*cpu_limit, "cpu_limit", topic);
    note_cpu(*cpu_reservation, "cpu_reservation", topic);
    cpu.set(
        "cpu",
        Cpus { nanos: 0 },
        quantity::cpus,
        pod,
        &mut topic.key("cpu_reservation"),
    );
    let memory = Bounds {
        limit: topic
            .carry("memory_limit", *memory_limit)
            .filter(|size| size.0 > 0),
        reservation: topic.carry("memory_reservation", *memory_reservation),
    };
    let field = &mut topic.key("memory_reservation");
    memory.set("memory", ByteSize(0), quantity::bytes, pod, field);
    for (index, request) in device_requests.iter().enumerate() {
        device_request(
            request,
            &mut pod.limits,
            &mut topic.key("device_requests").index(index),
        );
    }
    for (index, resource) in generic_reservations.iter().enumerate() {
        let GenericResource { kind, amount } = resource;
        let detail = format!("{amount} of `{kind}` are not kept for it, and any node may run it");
        topic
            .key("generic_reservations")
            .index(index)
            .refused(&codes::GENERIC_RESOURCE, detail);
    }
    for (index, device) in devices.iter().enumerate() {
        let Device {
            source,
            target: _,
            permissions: _,
        } = device;
        let detail = format!("the task has no `{source}`");
        topic
            .key("devices")
            .index(index)
            .refused(&codes::DEVICE, detail);
    }
    let detail = "the rules of the container runtime hold";
    topic.drop_field(
        "device_cgroup_rules",
        device_cgroup_rules,
        &codes::DEVICE,
        detail,
    );
    let detail = "the node's own limit for each pod holds";
    topic.drop_field("pids_limit", pids_limit, &codes::NODE_LIMITS, detail);
    note_swap(*swap_limit, topic);
    let detail = "the node's own setting holds";
    topic.drop_field("swappiness", swappiness, &codes::NODE_LIMITS, detail);
    if let Some(block_io) = block_io {
        note_block_io(block_io, &mut topic.key("block_io"));
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

/// The limit and the reservation that follow from quota and shares, where nothing else sets them.
fn cpu_scheduler(
    scheduler: &CpuScheduler,
    limit: Option<Cpus>,
    reservation: Option<Cpus>,
    topic: &mut Topic<'_>,
) -> (Option<Cpus>, Option<Cpus>) {
    let CpuScheduler {
        shares,
        period,
        quota,
        realtime_period,
        realtime_runtime,
        cores,
        count,
        percent,
    } = scheduler;
    let mut topic = topic.key("cpu_scheduler");
    let given = limit.map_or_else(|| self::quota(*quota, *period), |_| None);
    let detail = "the limit of processor time is given as cores";
    for (key, value) in [("quota", quota), ("period", period)] {
        match (value, given) {
            (None, _) => {}
            (Some(_), Some(_)) => topic.key(key).equivalent(&codes::CPU_SCHEDULER, detail),
            (Some(_), None) => {
                let detail = "it has no effect beside the limit in cores, or alone";
                topic.key(key).dropped(&codes::CPU_SCHEDULER, detail);
            }
        }
    }
    let weight = shares
        .filter(|_| reservation.is_none())
        .and_then(cpus_of_shares);
    match (shares, weight) {
        (None, _) => {}
        (Some(_), Some(_)) => topic.key("shares").approximate(
            &codes::CPU_SCHEDULER,
            "its weight is a reservation, 1024 shares to a core, and nodes must have room for it",
        ),
        (Some(_), None) => {
            let detail = "the reservation decides its weight";
            topic.key("shares").dropped(&codes::CPU_SCHEDULER, detail);
        }
    }
    let detail = "the node's own scheduler settings hold";
    topic.drop_field(
        "realtime_period",
        realtime_period,
        &codes::NODE_LIMITS,
        detail,
    );
    topic.drop_field(
        "realtime_runtime",
        realtime_runtime,
        &codes::NODE_LIMITS,
        detail,
    );
    let detail = "it may run on every core of its node";
    topic.drop_field("cores", cores, &codes::NODE_LIMITS, detail);
    topic.drop_field("count", count, &codes::NODE_LIMITS, detail);
    topic.drop_field("percent", percent, &codes::NODE_LIMITS, detail);
    (given, weight)
}

fn quota(quota: Option<i64>, period: Option<i64>) -> Option<Cpus> {
    let quota = u64::try_from(quota?).ok().filter(|quota| *quota > 0)?;
    let period = u64::try_from(period.unwrap_or(DEFAULT_PERIOD))
        .ok()
        .filter(|period| *period > 0)?;
    let nanos = u128::from(quota) * 1_000_000_000 / u128::from(period);
    u64::try_from(nanos).ok().map(|nanos| Cpus { nanos })
}

fn cpus_of_shares(shares: i64) -> Option<Cpus> {
    let shares = u64::try_from(shares).ok().filter(|shares| *shares > 0)?;
    let nanos = u128::from(shares) * 1_000_000_000 / 1024;
    u64::try_from(nanos).ok().map(|nanos| Cpus { nanos })
}

fn device_request(
    request: &DeviceRequest,
    limits: &mut BTreeMap<String, Quantity>,
    topic: &mut Topic<'_>,
) {
    let DeviceRequest {
        capabilities,
        driver,
        count,
        options,
    } = request;
    let is_gpu = capabilities.iter().any(|capability| capability == "gpu");
    let resource = match driver.as_deref() {
        None | Some("nvidia") if is_gpu || capabilities.is_empty() => "nvidia.com/gpu",
        Some("amd") if is_gpu || capabilities.is_empty() => "amd.com/gpu",
        Some(_) | None => {
            let detail = "no kind of device is known that can do this; the task gets none";
            topic.refused(&codes::DEVICE, detail);
            return;
        }
    };
    let (amount, exact) = match count {
        DeviceCount::Count(count) => (*count, *count > 0),
        DeviceCount::All => (1, false),
        DeviceCount::Named(names) => (i64::try_from(names.len()).unwrap_or(1), false),
    };
    let amount = amount.max(1);
    limits.insert(resource.to_owned(), Quantity(amount.to_string()));
    if exact {
        topic.equivalent(
            &codes::GPU,
            "the device plugin for it must run on the nodes",
        );
    } else {
        let detail = format!("the task gets {amount} of `{resource}`, whichever are free");
        topic.approximate(&codes::GPU, detail);
    }
    topic.drop_field(
        "options",
        options,
        &codes::DEVICE,
        "the device plugin has no such options",
    );
}

fn note_swap(limit: Option<SwapLimit>, topic: &mut Topic<'_>) {
    let detail = match limit {
        None => return,
        Some(SwapLimit::Total(_) | SwapLimit::Unlimited) => {
            "the node decides whether tasks may swap"
        }
    };
    topic.key("swap_limit").dropped(&codes::NODE_LIMITS, detail);
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
    topic.drop_field("weight", weight, &codes::NODE_LIMITS, detail);
    topic.drop_field(
        "device_weights",
        device_weights,
        &codes::NODE_LIMITS,
        detail,
    );
    topic.drop_field("read_bytes", read_bytes, &codes::NODE_LIMITS, detail);
    topic.drop_field(
        "read_operations",
        read_operations,
        &codes::NODE_LIMITS,
        detail,
    );
    topic.drop_field("write_bytes", write_bytes, &codes::NODE_LIMITS, detail);
    topic.drop_field(
        "write_operations",
        write_operations,
        &codes::NODE_LIMITS,
        detail,
    );
}
