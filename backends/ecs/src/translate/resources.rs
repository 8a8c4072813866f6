//! What a container may use.

use tranship_model::{
    ByteSize, CpuScheduler, Cpus, Device, DeviceCount, DeviceRequest, Present, Resources,
    SwapLimit, Topic,
};

use super::dropped::drop_fields;
use super::task::TaskDraft;
use crate::api::{self, ContainerDefinition, ResourceRequirement};
use crate::codes;

/// The least memory ECS gives a container, in MiB.
///
/// Source: `ContainerDefinition`, `memory`.
const LEAST_MEMORY: u64 = 6;

/// MiB kept for a container on an instance when the file does not say: ECS demands a number.
const DEFAULT_RESERVATION: u64 = 128;

/// CPU units of an amount of processor time, 1024 to a core, rounded up.
pub(crate) fn cpu_units(cpus: Cpus) -> u64 {
    let units = (u128::from(cpus.nanos) * 1024).div_ceil(1_000_000_000);
    u64::try_from(units).unwrap_or(u64::MAX)
}

/// Translates what a container may use; the size of its task is set when all are known.
pub(crate) fn translate(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    resources: &Resources,
    container: &mut ContainerDefinition,
) {
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
    memory(task, topic, *memory_limit, *memory_reservation, container);
    processor(
        task,
        topic,
        *cpu_limit,
        *cpu_reservation,
        cpu_scheduler,
        container,
    );
    topic.drop_field(
        "pids_limit",
        pids_limit,
        &codes::NO_HOME,
        "nothing but the machine limits the number of processes",
    );
    topic.refuse_field(
        "generic_reservations",
        generic_reservations,
        &codes::DEVICES,
        "nothing is kept for the task",
    );
    device_request_list(task, topic, device_requests, container);
    device_list(task, topic, devices, container);
    topic.drop_field(
        "device_cgroup_rules",
        device_cgroup_rules,
        &codes::DEVICES,
        "the task may use its devices by the agent's rules",
    );
    swap(
        task,
        topic,
        *swap_limit,
        *memory_limit,
        *swappiness,
        container,
    );
    topic.drop_field(
        "block_io",
        block_io,
        &codes::NO_HOME,
        "nothing limits access to disks",
    );
}

fn memory(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    limit: Option<ByteSize>,
    reservation: Option<ByteSize>,
    container: &mut ContainerDefinition,
) {
    let hard = limit.map(|limit| whole_mebibytes(topic, "memory_limit", limit));
    let soft =
        reservation.map(|reservation| whole_mebibytes(topic, "memory_reservation", reservation));
    container.memory = hard;
    match (hard, soft) {
        (Some(hard), Some(soft)) if soft >= hard => topic.key("memory_reservation").equivalent(
            &codes::MEMORY,
            "all of the limit is kept for the container, so no other number is written",
        ),
        (_, soft) => container.memory_reservation = soft,
    }
    if hard.is_none() && soft.is_none() && !task.is_fargate() {
        container.memory_reservation = Some(DEFAULT_RESERVATION);
        topic.key("memory_reservation").implicit(
            &codes::MEMORY,
            format!(
                "{DEFAULT_RESERVATION} MiB are kept for it: ECS places no task without a number"
            ),
        );
    }
}

fn whole_mebibytes(topic: &mut Topic<'_>, key: &str, wanted: ByteSize) -> u64 {
    let given = wanted.mebibytes_rounded_up().max(LEAST_MEMORY);
    let mut topic = topic.key(key);
    if ByteSize(given << 20) == wanted {
        topic.exact();
    } else {
        topic.approximate(
            &codes::MEMORY,
            format!(
                "{given} MiB, not {} bytes: ECS counts whole MiB, at least {LEAST_MEMORY}",
                wanted.0
            ),
        );
    }
    given
}

fn processor(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    limit: Option<Cpus>,
    reservation: Option<Cpus>,
    scheduler: &CpuScheduler,
    container: &mut ContainerDefinition,
) {
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
    let units = shares.and_then(|shares| u64::try_from(shares).ok());
    let counts = !task.is_fargate();
    // On Fargate the task's size covers both, see the module on sizes.
    if counts {
        let reserved = reservation.map(cpu_units);
        container.cpu = reserved.or(units).or(limit.map(cpu_units));
        topic.carry("cpu_reservation", reservation);
    }
    let mut scheduler = topic.key("cpu_scheduler");
    if counts && units.is_some() && reservation.is_none() {
        scheduler.key("shares").exact();
    } else {
        let lost = "the size of the task decides its part of a processor";
        scheduler.drop_field("shares", shares, &codes::CPU, lost);
    }
    let fields: [(&str, &dyn Present); 4] = [
        ("period", period),
        ("quota", quota),
        ("count", count),
        ("percent", percent),
    ];
    let lost = "the size of the task limits its processor time";
    drop_fields(&mut scheduler, &codes::CPU, lost, &fields);
    let fields: [(&str, &dyn Present); 2] = [
        ("realtime_period", realtime_period),
        ("realtime_runtime", realtime_runtime),
    ];
    let lost = "no real-time scheduling";
    drop_fields(&mut scheduler, &codes::CPU, lost, &fields);
    scheduler.drop_field("cores", cores, &codes::CPU, "it runs on any core");
}

fn device_request_list(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    requests: &[DeviceRequest],
    container: &mut ContainerDefinition,
) {
    for (index, request) in requests.iter().enumerate() {
        let mut topic = topic.key("device_requests");
        let wanted = device_request(task, &mut topic.index(index), request);
        container.resource_requirements.extend(wanted);
    }
    // The API takes one requirement of a kind.
    container.resource_requirements.truncate(1);
}

fn device_request(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    request: &DeviceRequest,
) -> Option<ResourceRequirement> {
    let DeviceRequest {
        capabilities,
        driver: _,
        count,
        options,
    } = request;
    let is_graphics = capabilities.iter().any(|capability| capability == "gpu");
    if !is_graphics || task.is_fargate() {
        topic.refused(&codes::DEVICES, "no such device is on the machines tasks run on; graphics processors need the EC2 launch type");
        return None;
    }
    let count = device_count(topic, count);
    let lost = "the driver gets no options";
    topic.drop_field("options", options, &codes::DEVICES, lost);
    Some(ResourceRequirement {
        kind: "GPU",
        value: count.to_string(),
    })
}

fn device_count(topic: &mut Topic<'_>, count: &DeviceCount) -> i64 {
    match count {
        DeviceCount::Count(count) if *count > 0 => {
            topic.exact();
            *count
        }
        DeviceCount::Count(_) | DeviceCount::All => {
            let detail = "one graphics processor, not all of the instance: ECS demands a number";
            topic.approximate(&codes::DEVICES, detail);
            1
        }
        DeviceCount::Named(names) => {
            let detail = "as many graphics processors, but not the ones that are named";
            topic.approximate(&codes::DEVICES, detail);
            i64::try_from(names.len()).unwrap_or(1).max(1)
        }
    }
}

fn device_list(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    devices: &[Device],
    container: &mut ContainerDefinition,
) {
    for (index, device) in devices.iter().enumerate() {
        let mut topic = topic.key("devices");
        let seen = seen_device(task, &mut topic.index(index), device);
        container.linux_parameters.devices.extend(seen);
    }
}

fn seen_device(task: &TaskDraft, topic: &mut Topic<'_>, device: &Device) -> Option<api::Device> {
    let Device {
        source,
        target,
        permissions,
    } = device;
    if task.is_fargate() || !source.starts_with('/') {
        topic.refused(&codes::DEVICES, format!("the task does not see `{source}`"));
        return None;
    }
    topic.exact();
    Some(api::Device {
        host_path: source.clone(),
        container_path: target.clone(),
        permissions: permission_words(permissions.as_deref()),
    })
}

/// The API's words for what a task may do with a device; all of it where the file does not say.
fn permission_words(letters: Option<&str>) -> Vec<&'static str> {
    let words = [('r', "read"), ('w', "write"), ('m', "mknod")];
    let is_wanted = |letter| letters.is_none_or(|letters| letters.contains(letter));
    let wanted = words.into_iter().filter(|(letter, _)| is_wanted(*letter));
    wanted.map(|(_, word)| word).collect()
}

fn swap(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    limit: Option<SwapLimit>,
    memory: Option<ByteSize>,
    swappiness: Option<i64>,
    container: &mut ContainerDefinition,
) {
    let parameters = &mut container.linux_parameters;
    match (limit, memory) {
        (None, _) => {}
        (Some(SwapLimit::Total(total)), Some(memory)) if !task.is_fargate() => {
            parameters.max_swap =
                Some(ByteSize(total.0.saturating_sub(memory.0)).mebibytes_rounded_up());
            topic.key("swap_limit").exact();
        }
        (Some(_), _) => topic.key("swap_limit").dropped(
            &codes::SWAP,
            "the task gets no swap on Fargate, and on an instance twice its memory",
        ),
    }
    match swappiness {
        None => {}
        Some(value @ 0..=100) if !task.is_fargate() && parameters.max_swap.is_some() => {
            parameters.swappiness = Some(value);
            topic.key("swappiness").exact();
        }
        Some(_) => topic.key("swappiness").dropped(
            &codes::SWAP,
            "ECS takes it only beside a swap limit, from 0 to 100, on an instance",
        ),
    }
}
