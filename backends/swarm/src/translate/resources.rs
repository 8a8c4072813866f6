//! What a task may use and what is kept for it.

use tranship_model::{
    BlockIo, ByteSize, CpuScheduler, Cpus, Device, DeviceCount, DeviceRate, DeviceRequest,
    DeviceWeight, GenericResource, Resources, SwapLimit, Topic,
};

use super::words::{self, Words};
use super::{api_only, leave_out};
use crate::codes;
use crate::engine::{self, Discrete, Limits, Reservations, ServiceSpec};

/// The least processor time Swarm takes.
const LEAST_NANOS: u64 = 1_000_000;
/// The least memory Swarm takes.
const LEAST_BYTES: u64 = 4 << 20;

/// Translates what a task may use.
pub(super) fn resources(resources: &Resources, page: &mut Topic<'_>, spec: &mut ServiceSpec) {
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

    let task = &mut spec.task_template;
    task.resources = engine::Resources {
        limits: Limits {
            nano_cpus: cpus("cpu_limit", *cpu_limit, page),
            memory_bytes: bytes("memory_limit", *memory_limit, page),
            pids: page
                .carry("pids_limit", *pids_limit)
                .filter(|limit| *limit > 0),
        },
        reservations: Reservations {
            nano_cpus: cpus("cpu_reservation", *cpu_reservation, page),
            memory_bytes: reserved(*memory_reservation, page),
            generic_resources: generic(generic_reservations, page),
        },
        swap_bytes: swap(*swap_limit, *memory_limit, page),
        memory_swappiness: api_only(page, "swappiness", *swappiness, SWAPPINESS),
    };
    refuse_devices(device_requests, devices, page);
    if let Some(rules) = device_cgroup_rules.words() {
        let detail = format!("no access by {rules}");
        page.key("device_cgroup_rules")
            .refused(&codes::DEVICE, detail);
    }
    drop_scheduler(cpu_scheduler, page);
    drop_block_io(block_io.as_ref(), page);
}

const SWAPPINESS: &str = "from API 1.52; stack.yaml leaves it out: swapped as the node is set";

fn cpus(key: &str, cpus: Option<Cpus>, page: &mut Topic<'_>) -> Option<u64> {
    let Cpus { nanos } = cpus.filter(|cpus| cpus.nanos > 0)?;
    Some(at_least(
        LEAST_NANOS,
        nanos,
        "billionths of a core",
        &mut page.key(key),
    ))
}

fn bytes(key: &str, size: Option<ByteSize>, page: &mut Topic<'_>) -> Option<u64> {
    let ByteSize(bytes) = size.filter(|size| size.0 > 0)?;
    Some(at_least(LEAST_BYTES, bytes, "bytes", &mut page.key(key)))
}

fn reserved(size: Option<ByteSize>, page: &mut Topic<'_>) -> Option<u64> {
    let bytes = bytes("memory_reservation", size, page)?;
    let detail = "the node keeps this much for it; no soft limit pushes it back to this when memory is short";
    page.key("memory_reservation")
        .approximate(&codes::RESERVED_MEMORY, detail);
    Some(bytes)
}

fn at_least(least: u64, wanted: u64, unit: &str, page: &mut Topic<'_>) -> u64 {
    if wanted < least {
        let detail = format!("raised from {wanted} to {least} {unit}");
        page.approximate(&codes::MINIMUM, detail);
        return least;
    }
    page.exact();
    wanted
}

fn generic(resources: &[GenericResource], page: &mut Topic<'_>) -> Vec<engine::GenericResource> {
    page.carry("generic_reservations", resources.to_vec());
    let discrete = |GenericResource { kind, amount }: &GenericResource| engine::GenericResource {
        discrete_resource_spec: Discrete {
            kind: kind.clone(),
            value: *amount,
        },
    };
    resources.iter().map(discrete).collect()
}

/// Swap alone, where the model says memory and swap together.
fn swap(swap: Option<SwapLimit>, memory: Option<ByteSize>, page: &mut Topic<'_>) -> Option<i64> {
    let without = "from API 1.52; stack.yaml leaves it out: swap as much as the node gives";
    match api_only(page, "swap_limit", swap, without)? {
        SwapLimit::Unlimited => Some(-1),
        SwapLimit::Total(ByteSize(total)) => {
            let memory = memory.map_or(0, |ByteSize(bytes)| bytes);
            i64::try_from(total.saturating_sub(memory)).ok()
        }
    }
}

fn refuse_devices(requests: &[DeviceRequest], devices: &[Device], page: &mut Topic<'_>) {
    for (index, request) in requests.iter().enumerate() {
        let DeviceRequest {
            capabilities,
            driver,
            count,
            options,
        } = request;
        let asked = words::listed(&[
            ("driver", driver.words()),
            ("count", Some(device_count(count))),
            ("options", options.words()),
        ]);
        let detail = format!("no node is asked for {}{asked}", capabilities.join(" and "));
        page.key("device_requests")
            .index(index)
            .refused(&codes::DEVICE, detail);
    }
    for (index, device) in devices.iter().enumerate() {
        let Device {
            source,
            target,
            permissions,
        } = device;
        let asked = words::listed(&[("as", target.words()), ("for", permissions.words())]);
        let detail = format!("the task does not see `{source}`{asked}");
        page.key("devices")
            .index(index)
            .refused(&codes::DEVICE, detail);
    }
}

fn device_count(count: &DeviceCount) -> String {
    match count {
        DeviceCount::All => "all".to_owned(),
        DeviceCount::Count(count) => count.to_string(),
        DeviceCount::Named(names) => names.join(", "),
    }
}

fn drop_scheduler(scheduler: &CpuScheduler, page: &mut Topic<'_>) {
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

    let (even, unlimited) = (
        "all tasks have the same weight",
        "it does not limit the task",
    );
    let real_time = "no real-time time";
    let fields = [
        ("shares", shares.words(), even),
        ("period", period.words(), "the period is 100 ms"),
        ("quota", quota.words(), unlimited),
        ("realtime_period", realtime_period.words(), real_time),
        ("realtime_runtime", realtime_runtime.words(), real_time),
        ("cores", cores.words(), "runs on every core"),
        ("count", count.words(), "sees every core"),
        ("percent", percent.words(), unlimited),
    ];
    leave_out(&mut page.key("cpu_scheduler"), &codes::RESOURCE, &fields);
}

fn drop_block_io(block_io: Option<&BlockIo>, page: &mut Topic<'_>) {
    let Some(block_io) = block_io else { return };
    let BlockIo {
        weight,
        device_weights,
        read_bytes,
        read_operations,
        write_bytes,
        write_operations,
    } = block_io;

    let (same, reads) = ("all tasks have the same weight", "reads are not limited");
    let writes = "writes are not limited";
    let fields = [
        ("weight", weight.words(), same),
        ("device_weights", weights(device_weights).words(), same),
        ("read_bytes", rates(read_bytes).words(), reads),
        ("read_operations", rates(read_operations).words(), reads),
        ("write_bytes", rates(write_bytes).words(), writes),
        ("write_operations", rates(write_operations).words(), writes),
    ];
    leave_out(&mut page.key("block_io"), &codes::RESOURCE, &fields);
}

fn weights(weights: &[DeviceWeight]) -> Vec<String> {
    let words = |DeviceWeight { path, weight }: &DeviceWeight| format!("{path} {weight}");
    weights.iter().map(words).collect()
}

fn rates(rates: &[DeviceRate]) -> Vec<String> {
    let words = |DeviceRate { path, rate }: &DeviceRate| format!("{path} {rate}");
    rates.iter().map(words).collect()
}
