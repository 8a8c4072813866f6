//! What a task may use and what is kept for it.

use tranship_model::{
    BlockIo, ByteSize, CpuScheduler, Cpus, Device, DeviceRequest, GenericResource, Resources,
    SwapLimit, Topic,
};

use super::api_only;
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
            memory_bytes: bytes("memory_reservation", *memory_reservation, page),
            generic_resources: generic(generic_reservations, page),
        },
        swap_bytes: swap(*swap_limit, *memory_limit, page),
        memory_swappiness: api_only(page, "swappiness", *swappiness, SWAPPINESS),
    };
    refuse_devices(device_requests, devices, page);
    let detail = "access to devices stays as the engine has it";
    page.refuse_field(
        "device_cgroup_rules",
        device_cgroup_rules,
        &codes::DEVICE,
        detail,
    );
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
            driver: _,
            count: _,
            options: _,
        } = request;
        let detail = format!("no node is asked for {}", capabilities.join(" and "));
        page.key("device_requests")
            .index(index)
            .refused(&codes::DEVICE, detail);
    }
    for (index, device) in devices.iter().enumerate() {
        let Device {
            source,
            target: _,
            permissions: _,
        } = device;
        let detail = format!("the task does not see `{source}`");
        page.key("devices")
            .index(index)
            .refused(&codes::DEVICE, detail);
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

    let page = &mut page.key("cpu_scheduler");
    let code = &codes::RESOURCE;
    page.drop_field("shares", shares, code, "all tasks have the same weight");
    page.drop_field("period", period, code, "the period is 100 ms");
    page.drop_field("quota", quota, code, "processor time is not limited by it");
    page.drop_field(
        "realtime_period",
        realtime_period,
        code,
        "no real-time time",
    );
    page.drop_field(
        "realtime_runtime",
        realtime_runtime,
        code,
        "no real-time time",
    );
    page.drop_field("cores", cores, code, "runs on every core of the node");
    page.drop_field("count", count, code, "sees every core of the node");
    page.drop_field(
        "percent",
        percent,
        code,
        "processor time is not limited by it",
    );
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

    let page = &mut page.key("block_io");
    let code = &codes::RESOURCE;
    page.drop_field("weight", weight, code, "all tasks have the same weight");
    page.drop_field(
        "device_weights",
        device_weights,
        code,
        "all tasks have the same weight",
    );
    page.drop_field("read_bytes", read_bytes, code, "reads are not limited");
    page.drop_field(
        "read_operations",
        read_operations,
        code,
        "reads are not limited",
    );
    page.drop_field("write_bytes", write_bytes, code, "writes are not limited");
    page.drop_field(
        "write_operations",
        write_operations,
        code,
        "writes are not limited",
    );
}
