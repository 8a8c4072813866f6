//! The file `docker stack deploy` reads, in its own words.
//!
//! Source: the schema `config_schema_v3.13.json` of the Docker CLI, and what its loader does with
//! a file. Strings are held as they are meant; whoever writes them doubles every `$`, because the loader
//! fills in variables.

mod build;
mod deploy;
mod from_engine;
mod service;
mod top_level;

pub(crate) use build::build;
pub(crate) use deploy::{
    Deploy, Discrete, GenericResource, Limits, Placement, Preference, Reservations, Resources,
    RestartPolicy, UpdateConfig,
};
pub(crate) use service::{
    BindOptions, CredentialSpec, FileGrant, HealthCheck, Logging, Mount, NetworkAttachment, Port,
    Service, TmpfsOptions, Ulimit, VolumeOptions,
};
pub(crate) use top_level::{Config, Ipam, IpamPool, Network, Secret, StackFile, Volume};
