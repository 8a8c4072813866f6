//! The file `docker stack deploy` reads, in its own words.
//!
//! Source: the schema `config_schema_v3.13.json` of the Docker CLI, and what its loader does with
//! a file. Strings are written as they are meant; [`StackFile::into_value`] doubles every `$`,
//! because the loader fills in variables.

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

use serde_json::Value;

impl StackFile {
    /// The file as plain data, such that the loader's reading gives back every string.
    pub(crate) fn into_value(self) -> Value {
        // The structs hold strings, numbers and maps with string keys, so this cannot fail.
        let mut value = serde_json::to_value(self).unwrap_or_default();
        double_dollars(&mut value);
        value
    }
}

/// Doubles every `$` of every string; keys are not read for variables.
fn double_dollars(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('$') => *text = text.replace('$', "$$"),
        Value::Array(items) => items.iter_mut().for_each(double_dollars),
        Value::Object(entries) => entries.values_mut().for_each(double_dollars),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
