//! `tranship.toml`: targets by names of one's own.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;

use crate::console;
use crate::exit::Failure;

/// The file, in the current directory unless it is named.
pub(crate) const FILE: &str = "tranship.toml";

/// What the file says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Settings {
    /// Targets by name.
    #[serde(default)]
    pub(crate) targets: BTreeMap<String, TargetSettings>,
}

/// One target: its backend, and where it is. No credentials: those are where the orchestrator's
/// own tools find them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct TargetSettings {
    /// `kubernetes`, `swarm`, `ecs` or `ecs:ec2`.
    pub(crate) backend: String,
    /// Kubernetes: the context of the kubeconfig. Swarm: the docker context.
    pub(crate) context: Option<String>,
    /// Kubernetes: the namespace.
    pub(crate) namespace: Option<String>,
    /// Swarm: the engine's address, as in `DOCKER_HOST`.
    pub(crate) host: Option<String>,
    /// ECS: the region.
    pub(crate) region: Option<String>,
    /// ECS: the endpoint, where it is not that of AWS.
    pub(crate) endpoint_url: Option<String>,
    /// ECS: the VPC tasks run in.
    pub(crate) vpc: Option<String>,
    /// ECS: the subnets tasks run in.
    #[serde(default)]
    pub(crate) subnets: Vec<String>,
}

impl Settings {
    /// Reads the file; without one there are no targets of one's own.
    ///
    /// # Errors
    ///
    /// [`Failure::Failed`] when it cannot be read, [`Failure::Usage`] when it makes no sense.
    pub(crate) fn read(named: Option<&Path>) -> Result<Self, Failure> {
        let path = named.unwrap_or(Path::new(FILE));
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => {
                return Ok(Self::default());
            }
            Err(error) => {
                let reason = console::reason(&error);
                let message = format!("cannot read {}: {reason}", path.display());
                return Err(Failure::Failed(message));
            }
        };
        toml::from_str(&text)
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
    }
}
