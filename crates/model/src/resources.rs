//! What a task may use and what is kept for it.

use indexmap::IndexMap;

use crate::{ByteSize, Cpus};

/// What a task may use and what is kept for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resources {
    /// The most processor time it gets.
    pub cpu_limit: Option<Cpus>,
    /// The most memory it gets.
    pub memory_limit: Option<ByteSize>,
    /// The most processes it may have; -1 is no limit.
    pub pids_limit: Option<i64>,
    /// Processor time kept for it.
    pub cpu_reservation: Option<Cpus>,
    /// Memory kept for it.
    pub memory_reservation: Option<ByteSize>,
    /// Countable things of a node kept for it.
    pub generic_reservations: Vec<GenericResource>,
    /// Devices kept for it by what they can do, graphics processors above all.
    pub device_requests: Vec<DeviceRequest>,
    /// Devices of the node it sees.
    pub devices: Vec<Device>,
    /// Rules for devices, as the kernel's device cgroup takes them.
    pub device_cgroup_rules: Vec<String>,
    /// Memory and swap together.
    pub swap_limit: Option<SwapLimit>,
    /// How readily memory is swapped, 0 to 100.
    pub swappiness: Option<i64>,
    /// Fine control of the processor scheduler.
    pub cpu_scheduler: CpuScheduler,
    /// Fine control of block devices.
    pub block_io: Option<BlockIo>,
}

/// Memory and swap together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SwapLimit {
    /// This many bytes of memory and swap.
    Total(ByteSize),
    /// No limit.
    Unlimited,
}

/// A countable thing of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenericResource {
    /// What it is called on the node.
    pub kind: String,
    /// How many.
    pub amount: i64,
}

/// Devices asked for by what they can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRequest {
    /// What they must be able to do, such as `gpu`.
    pub capabilities: Vec<String>,
    /// The driver, such as `nvidia`.
    pub driver: Option<String>,
    /// How many.
    pub count: DeviceCount,
    /// The driver's options.
    pub options: IndexMap<String, String>,
}

/// How many devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceCount {
    /// All of the node.
    All,
    /// This many.
    Count(i64),
    /// These.
    Named(Vec<String>),
}

/// A device of the node a task sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The path on the node or the name of a CDI device.
    pub source: String,
    /// The path inside the task.
    pub target: Option<String>,
    /// `r`, `w`, `m` in any order.
    pub permissions: Option<String>,
}

/// Fine control of the processor scheduler.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CpuScheduler {
    /// Relative weight; 1024 is the ordinary one.
    pub shares: Option<i64>,
    /// Length of a period in microseconds.
    pub period: Option<i64>,
    /// Processor time in each period, in microseconds.
    pub quota: Option<i64>,
    /// Length of a real-time period, as written.
    pub realtime_period: Option<String>,
    /// Real-time processor time in each period, as written.
    pub realtime_runtime: Option<String>,
    /// The cores it may run on, such as `0-3`.
    pub cores: Option<String>,
    /// Cores it sees, on Windows.
    pub count: Option<i64>,
    /// Percentage of all cores, on Windows.
    pub percent: Option<f64>,
}

/// Fine control of block devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockIo {
    /// Relative weight, 10 to 1000.
    pub weight: Option<u16>,
    /// Weights for single devices.
    pub device_weights: Vec<DeviceWeight>,
    /// Most bytes read each second.
    pub read_bytes: Vec<DeviceRate>,
    /// Most reads each second.
    pub read_operations: Vec<DeviceRate>,
    /// Most bytes written each second.
    pub write_bytes: Vec<DeviceRate>,
    /// Most writes each second.
    pub write_operations: Vec<DeviceRate>,
}

/// The weight of one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceWeight {
    /// The device's path.
    pub path: String,
    /// Its weight.
    pub weight: u16,
}

/// A limit for one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRate {
    /// The device's path.
    pub path: String,
    /// Bytes or operations each second.
    pub rate: u64,
}
