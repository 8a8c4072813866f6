//! What a task may use and what is kept for it.

use tranship_model::{
    BlockIo, ByteSize, CpuScheduler, Cpus, Device, DeviceCount, DeviceRate, DeviceRequest,
    DeviceWeight, GenericResource, Resources, SwapLimit,
};

use super::record::Record;
use super::{codes, convert};
use crate::field::{self, Decimal, DeviceMapping};
use crate::project::{
    self, BlkioConfig, ContainerSpec, Deploy, DiscreteResource, Resource, ThrottleDevice,
    WeightDevice,
};

/// What a task may use and what is kept for it.
pub(super) fn resources(
    container: &ContainerSpec,
    deploy: Option<&Deploy>,
    record: &mut Record<'_>,
) -> Resources {
    let (limits, reservations) = deployed(deploy, record);
    Resources {
        cpu_limit: cpu_limit(container, &limits, record),
        memory_limit: memory_limit(container, &limits, record),
        pids_limit: pids_limit(container, &limits, record),
        cpu_reservation: reservations.cpus.and_then(convert::cpus),
        memory_reservation: memory_reservation(container, &reservations, record),
        generic_reservations: generic_reservations(reservations.generic_resources, record),
        device_requests: device_requests(&container.gpus, reservations.devices, record),
        devices: devices(&container.devices, record),
        device_cgroup_rules: container.device_cgroup_rules.clone(),
        swap_limit: container.memswap_limit.map(swap_limit),
        swappiness: container.mem_swappiness.map(|share| share.0),
        cpu_scheduler: cpu_scheduler(container, record),
        block_io: container.blkio_config.as_ref().map(block_io),
    }
}

const LIMITED_CPUS: &str = "deploy.resources.limits.cpus";
const LIMITED_MEMORY: &str = "deploy.resources.limits.memory";
const LIMITED_PIDS: &str = "deploy.resources.limits.pids";
const RESERVED_MEMORY: &str = "deploy.resources.reservations.memory";
const RESERVED_DEVICES: &str = "deploy.resources.reservations.devices";
const RESERVED_GENERIC: &str = "deploy.resources.reservations.generic_resources";

/// What counts of `deploy.resources.limits`.
#[derive(Default)]
struct Limits {
    cpus: Option<Decimal>,
    memory: Option<field::ByteSize>,
    pids: Option<i64>,
}

/// What counts of `deploy.resources.reservations`.
#[derive(Default)]
struct Reservations<'project> {
    cpus: Option<Decimal>,
    memory: Option<field::ByteSize>,
    devices: &'project [field::DeviceRequest],
    generic_resources: &'project [project::GenericResource],
}

fn deployed<'project>(
    deploy: Option<&'project Deploy>,
    record: &mut Record<'_>,
) -> (Limits, Reservations<'project>) {
    let Some(resources) = deploy.and_then(|deploy| deploy.resources.as_ref()) else {
        return Default::default();
    };
    let project::Resources {
        limits,
        reservations,
        extensions,
    } = resources;
    record.nothing_in("deploy.resources", resources);
    record.extensions("deploy.resources", extensions);
    let limits = limits.as_ref().map(|limits| self::limits(limits, record));
    let reservations = reservations
        .as_ref()
        .map(|reservations| self::reservations(reservations, record));
    (limits.unwrap_or_default(), reservations.unwrap_or_default())
}

fn limits(limits: &Resource, record: &mut Record<'_>) -> Limits {
    let Resource {
        cpus,
        memory,
        pids,
        devices,
        generic_resources,
        extensions,
    } = limits;
    record.nothing_in("deploy.resources.limits", limits);
    record.extensions("deploy.resources.limits", extensions);
    let misplaced = [
        ("devices", devices.is_empty()),
        ("generic_resources", generic_resources.is_empty()),
    ];
    for (key, is_empty) in misplaced {
        if !is_empty {
            record
                .note(format_args!("deploy.resources.limits.{key}"))
                .equivalent(&codes::NO_EFFECT, "it counts under `reservations` only");
        }
    }
    Limits {
        cpus: *cpus,
        memory: *memory,
        pids: *pids,
    }
}

fn reservations<'project>(
    reservations: &'project Resource,
    record: &mut Record<'_>,
) -> Reservations<'project> {
    let Resource {
        cpus,
        memory,
        pids,
        devices,
        generic_resources,
        extensions,
    } = reservations;
    record.nothing_in("deploy.resources.reservations", reservations);
    record.extensions("deploy.resources.reservations", extensions);
    if pids.is_some() {
        record
            .note("deploy.resources.reservations.pids")
            .equivalent(&codes::NO_EFFECT, "it counts under `limits` only");
    }
    Reservations {
        cpus: *cpus,
        memory: *memory,
        devices,
        generic_resources,
    }
}

/// The value under `deploy`, else the one at the service; both when both are given, for then they
/// must be equal.
fn either<T>(
    model: &'static str,
    (deploy_key, deploy): (&'static str, Option<T>),
    (key, container): (&'static str, Option<T>),
    record: &mut Record<'_>,
) -> Option<T> {
    if container.is_some() {
        record.whole(model, key);
    }
    if deploy.is_some() {
        record.whole(model, deploy_key);
    }
    deploy.or(container)
}

fn cpu_limit(container: &ContainerSpec, limits: &Limits, record: &mut Record<'_>) -> Option<Cpus> {
    let (here, there) = (container.cpus, limits.cpus);
    either("cpu_limit", (LIMITED_CPUS, there), ("cpus", here), record).and_then(convert::cpus)
}

fn memory_limit(
    container: &ContainerSpec,
    limits: &Limits,
    record: &mut Record<'_>,
) -> Option<ByteSize> {
    let (here, there) = (container.mem_limit, limits.memory);
    either(
        "memory_limit",
        (LIMITED_MEMORY, there),
        ("mem_limit", here),
        record,
    )
    .map(convert::bytes)
}

fn memory_reservation(
    container: &ContainerSpec,
    reservations: &Reservations<'_>,
    record: &mut Record<'_>,
) -> Option<ByteSize> {
    let here = ("mem_reservation", container.mem_reservation);
    let there = (RESERVED_MEMORY, reservations.memory);
    either("memory_reservation", there, here, record).map(convert::bytes)
}

/// Docker takes 0 for no limit, as it takes everything below.
fn pids_limit(container: &ContainerSpec, limits: &Limits, record: &mut Record<'_>) -> Option<i64> {
    let (here, there) = (container.pids_limit, limits.pids);
    let limit = either(
        "pids_limit",
        (LIMITED_PIDS, there),
        ("pids_limit", here),
        record,
    );
    limit.map(|limit| if limit <= 0 { -1 } else { limit })
}

fn swap_limit(limit: field::ByteSize) -> SwapLimit {
    if limit.0 < 0 {
        SwapLimit::Unlimited
    } else {
        SwapLimit::Total(convert::bytes(limit))
    }
}

fn generic_reservations(
    resources: &[project::GenericResource],
    record: &mut Record<'_>,
) -> Vec<GenericResource> {
    let mut lowered = Vec::new();
    for (index, resource) in resources.iter().enumerate() {
        let at = format!("{RESERVED_GENERIC}[{index}]");
        let project::GenericResource {
            discrete_resource_spec,
            extensions,
        } = resource;
        record.extensions(&at, extensions);
        match discrete_resource_spec {
            Some(resource) => lowered.push(discrete(&at, lowered.len(), resource, record)),
            None => record.note(at).equivalent(&codes::NO_EFFECT, "it is empty"),
        }
    }
    lowered
}

fn discrete(
    at: &str,
    position: usize,
    resource: &DiscreteResource,
    record: &mut Record<'_>,
) -> GenericResource {
    let DiscreteResource {
        kind,
        value,
        extensions,
    } = resource;
    let model = format!("generic_reservations[{position}]");
    let at = format!("{at}.discrete_resource_spec");
    record.spelled(format!("{model}.amount"), format!("{at}.value"));
    record.extensions(&at, extensions);
    record.spelled(model, at);
    GenericResource {
        kind: kind.clone().unwrap_or_default(),
        amount: value.unwrap_or(0),
    }
}

/// Those of `gpus`, then those reserved under `deploy`.
fn device_requests(
    gpus: &[field::DeviceRequest],
    reserved: &[field::DeviceRequest],
    record: &mut Record<'_>,
) -> Vec<DeviceRequest> {
    let mut requests = Vec::with_capacity(gpus.len() + reserved.len());
    for (index, request) in gpus.iter().enumerate() {
        let mut request = device_request(index, format!("gpus[{index}]"), request, record);
        // `gpus` says in its name what they must be able to do.
        if !request
            .capabilities
            .iter()
            .any(|capability| capability == "gpu")
        {
            request.capabilities.push("gpu".to_owned());
        }
        requests.push(request);
    }
    for (index, request) in reserved.iter().enumerate() {
        let at = format!("{RESERVED_DEVICES}[{index}]");
        requests.push(device_request(requests.len(), at, request, record));
    }
    requests
}

fn device_request(
    position: usize,
    at: String,
    request: &field::DeviceRequest,
    record: &mut Record<'_>,
) -> DeviceRequest {
    let field::DeviceRequest {
        capabilities,
        driver,
        count,
        device_ids,
        options,
        extensions,
    } = request;
    let model = format!("device_requests[{position}]");
    record.extensions(&at, extensions);
    if !device_ids.is_empty() {
        record.spelled(format!("{model}.count"), format!("{at}.device_ids"));
    }
    record.spelled(model, at);
    DeviceRequest {
        capabilities: capabilities.clone(),
        driver: driver.clone(),
        count: device_count(*count, device_ids),
        options: convert::texts(options),
    }
}

fn device_count(count: Option<field::DeviceCount>, named: &[String]) -> DeviceCount {
    match count {
        _ if !named.is_empty() => DeviceCount::Named(named.to_vec()),
        Some(field::DeviceCount::Exactly(count)) => DeviceCount::Count(count),
        Some(field::DeviceCount::All) | None => DeviceCount::All,
    }
}

fn devices(devices: &[DeviceMapping], record: &mut Record<'_>) -> Vec<Device> {
    let device = |(index, device): (usize, &DeviceMapping)| {
        let DeviceMapping {
            source,
            target,
            permissions,
            extensions,
        } = device;
        record.extensions(format_args!("devices[{index}]"), extensions);
        Device {
            source: source.clone().unwrap_or_default(),
            target: target.clone(),
            permissions: permissions.clone(),
        }
    };
    devices.iter().enumerate().map(device).collect()
}

fn cpu_scheduler(container: &ContainerSpec, record: &mut Record<'_>) -> CpuScheduler {
    let keys = [
        ("cpu_shares", container.cpu_shares.is_some()),
        ("cpu_period", container.cpu_period.is_some()),
        ("cpu_quota", container.cpu_quota.is_some()),
        ("cpu_rt_period", container.cpu_rt_period.is_some()),
        ("cpu_rt_runtime", container.cpu_rt_runtime.is_some()),
        ("cpuset", container.cpuset.is_some()),
        ("cpu_count", container.cpu_count.is_some()),
        ("cpu_percent", container.cpu_percent.is_some()),
    ];
    for (key, is_set) in keys {
        if is_set {
            record.gathered("cpu_scheduler", key);
        }
    }
    CpuScheduler {
        shares: container.cpu_shares,
        period: container.cpu_period,
        quota: container.cpu_quota,
        realtime_period: container.cpu_rt_period.as_ref().map(ToString::to_string),
        realtime_runtime: container.cpu_rt_runtime.as_ref().map(ToString::to_string),
        cores: container.cpuset.clone(),
        count: container.cpu_count,
        percent: container.cpu_percent.map(convert::decimal),
    }
}

fn block_io(config: &BlkioConfig) -> BlockIo {
    let BlkioConfig {
        weight,
        weight_device,
        device_read_bps,
        device_read_iops,
        device_write_bps,
        device_write_iops,
    } = config;
    let rates = |devices: &[ThrottleDevice]| devices.iter().map(rate).collect();
    BlockIo {
        weight: *weight,
        device_weights: weight_device.iter().map(self::weight).collect(),
        read_bytes: rates(device_read_bps),
        read_operations: rates(device_read_iops),
        write_bytes: rates(device_write_bps),
        write_operations: rates(device_write_iops),
    }
}

fn weight(device: &WeightDevice) -> DeviceWeight {
    let WeightDevice { path, weight } = device;
    DeviceWeight {
        path: path.clone().unwrap_or_default(),
        weight: weight.unwrap_or(0),
    }
}

fn rate(device: &ThrottleDevice) -> DeviceRate {
    let ThrottleDevice { path, rate } = device;
    DeviceRate {
        path: path.clone().unwrap_or_default(),
        rate: rate.map_or(0, |rate| convert::bytes(rate).0),
    }
}
