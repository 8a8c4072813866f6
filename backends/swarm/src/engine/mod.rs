//! What the engine takes, in its own words.
//!
//! Source: the engine's API, version 1.41, and the later fields the ledger names where they are
//! used. The structs are ours and not the client's: those keep labels in hash maps, whose order
//! would change from run to run. A test reads every body back through the client's.

mod container;
mod network;
mod service;
mod stored;

pub(crate) use container::{
    AppArmor, BindOptions, ConfigReference, ContainerSpec, CredentialSpec, DnsConfig, HealthConfig,
    ImageOptions, Mount, MountType, Privileges, ReferencedFile, RuntimeTarget, Seccomp,
    SecretReference, SelinuxContext, TmpfsOptions, Ulimit, VolumeOptions,
};
pub(crate) use network::{Ipam, IpamConfig, NetworkSpec};
pub(crate) use service::{
    Discrete, EndpointSpec, GenericResource, GlobalMode, JobMode, Limits, Mode, NetworkAttachment,
    Placement, Platform, PortConfig, Preference, ReplicatedMode, Reservations, Resources,
    RestartPolicy, ServiceSpec, Spread, UpdateConfig,
};
pub(crate) use stored::{ConfigSpec, Driver, SecretSpec};

use indexmap::IndexMap;

/// Labels and driver options, in the order they were written.
pub(crate) type Labels = IndexMap<String, String>;

/// Whether a part says nothing and is left out.
pub(crate) fn is_default<T: Default + PartialEq>(part: &T) -> bool {
    *part == T::default()
}
