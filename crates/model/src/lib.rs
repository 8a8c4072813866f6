//! The neutral model of a stack, and the ledger of what became of its values.
//!
//! A [`Stack`] is what every front end produces and every backend reads. It knows no file format
//! and no orchestrator: a word that belongs to one of them does not belong here.
//!
//! Three conventions hold in the whole crate:
//! - every field of every struct is public and no struct has hidden state, so that a backend can
//!   take it apart without `..` and the compiler lists what it forgot;
//! - an unset value is `None` or empty, never a default: each orchestrator has defaults of its
//!   own, and the difference has to stay visible;
//! - a [`FieldPath`] names a value by the fields that lead to it, such as
//!   `services.web.health_check.interval`. Structs that only group fields ([`Process`],
//!   [`Networking`], [`Storage`], [`Resources`], [`Security`], [`Kernel`], [`Lifecycle`],
//!   [`Task`]) add no step: it is `services.web.arguments`.

mod edge;
mod fidelity;
mod health;
mod lifecycle;
mod network;
mod object;
mod path;
mod process;
mod quantity;
mod resources;
mod rollout;
mod security;
mod stack;
mod storage;

pub use edge::{
    ApplicationProtocol, Port, PortMode, PortRange, Protocol, PublishScope, Route, Tls,
};
pub use fidelity::{Code, Entry, Ledger, Outcome, Present, Topic};
pub use health::{HealthCheck, HealthTest};
pub use lifecycle::{
    Condition, Dependency, Hook, Hooks, Lifecycle, RestartCondition, RestartPolicy,
};
pub use network::{
    AddressPool, Attachment, Dns, HostEntry, Ipam, Link, Network, NetworkMode, Networking,
};
pub use object::ObjectId;
pub use path::FieldPath;
pub use process::{Image, ImageOrigin, Logging, Platform, Process, PullPolicy};
pub use quantity::{ByteSize, Cpus, ParseQuantityError};
pub use resources::{
    BlockIo, CpuScheduler, Device, DeviceCount, DeviceRate, DeviceRequest, DeviceWeight,
    GenericResource, Resources, SwapLimit,
};
pub use rollout::{
    Amount, Constraint, ConstraintOperator, FailureAction, Placement, Scheduling, SpreadPreference,
    UpdateOrder, UpdatePolicy,
};
pub use security::{Capabilities, Kernel, Namespace, Namespaces, Security, SecurityOption, Ulimit};
pub use stack::{
    Balancing, Job, Model, ModelBinding, Provider, Schedule, Service, Stack, Task, Triggers,
};
pub use storage::{
    Config, ConfigSource, FileGrant, FileMode, HostPathOptions, Mount, MountSource, Secret,
    SecretSource, Storage, Volume, VolumeScope, VolumesFrom,
};
