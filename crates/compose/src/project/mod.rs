//! The project: compose's own words as typed data, one canonical form per attribute.
//!
//! [`project`] reads the merged tree. Serialising a [`Project`] gives what
//! `docker compose config --format json` prints.
//!
//! Every attribute of the specification is one line in one of the files here; the line gives the
//! field, its key, how it is read and how it is printed.

pub(crate) mod attribute;
mod build;
pub mod codes;
mod container;
pub(crate) mod decoder;
mod deploy;
mod develop;
mod job;
mod json;
mod nearest;
mod resource;
mod service;
pub(crate) mod values;

use indexmap::IndexMap;

pub use build::{Build, SshKey};
pub use container::{
    BlkioConfig, ContainerSpec, CredentialSpec, EnvFile, FileReference, Logging, ServiceModel,
    ServiceNetwork, ThrottleDevice, WeightDevice,
};
pub use decoder::Strictness;
pub use deploy::{
    Deploy, DeployMode, DiscreteResource, EndpointMode, FailureAction, GenericResource, Placement,
    PlacementPreference, Resource, Resources, RestartCondition, RestartPolicy, UpdateConfig,
    UpdateOrder,
};
pub use develop::{Develop, Watch, WatchAction};
pub use job::{Concurrency, Job, MissedFires, Schedule, Triggers};
pub use resource::{Config, Ipam, IpamPool, Model, Network, Secret, Volume};
pub use service::{
    Condition, Dependency, HealthCheck, Hook, PreStartHook, Provider, Service, WorkloadSpec,
};

use crate::field::Map;
use values::{named, named_or_null};

/// Every `x-` key of a mapping, as written.
pub type Extensions = IndexMap<String, serde_json::Value>;

attribute::attributes! {
    /// A whole project.
    ///
    /// Source: [Compose specification](https://docs.docker.com/reference/compose-file/).
    open struct Project hidden {
        /// The directory relative paths start from, as given.
        working_directory: String,
        /// The services left out, because none of their profiles is active.
        disabled_services: Map<Service>,
        /// The jobs left out, because none of their profiles is active.
        disabled_jobs: Map<Job>,
    } {
        /// The name, a legal one.
        name: Option<String>,
        /// The services that take part, by name.
        services: Map<Service> = named,
        /// The jobs that take part, by name.
        jobs: Map<Job> = named,
        /// The networks, by key.
        networks: Map<Network> = named_or_null,
        /// The volumes, by key.
        volumes: Map<Volume> = named_or_null,
        /// The secrets, by key.
        secrets: Map<Secret> = named,
        /// The configs, by key.
        configs: Map<Config> = named,
        /// The models, by key.
        models: Map<Model> = named,
    }
}
