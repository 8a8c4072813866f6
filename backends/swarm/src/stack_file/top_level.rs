//! The file and what stands beside its services.

use indexmap::IndexMap;
use serde::Serialize;

use super::Service;
use crate::engine::{Labels, is_default};

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct StackFile {
    pub(crate) version: &'static str,
    pub(crate) services: IndexMap<String, Service>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) networks: IndexMap<String, Network>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) volumes: IndexMap<String, Volume>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) configs: IndexMap<String, Config>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) secrets: IndexMap<String, Secret>,
}

impl Default for StackFile {
    fn default() -> Self {
        Self {
            version: "3.13",
            services: IndexMap::new(),
            networks: IndexMap::new(),
            volumes: IndexMap::new(),
            configs: IndexMap::new(),
            secrets: IndexMap::new(),
        }
    }
}

/// A network.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Network {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) external: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) driver: Option<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) driver_opts: Labels,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) internal: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attachable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ipam: Option<Ipam>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
}

/// How a network gives out addresses.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Ipam {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) driver: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) config: Vec<IpamPool>,
}

/// A range of addresses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct IpamPool {
    pub(crate) subnet: String,
}

/// A volume.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Volume {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) external: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) driver: Option<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) driver_opts: Labels,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
}

/// A config.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Config {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) external: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) template_driver: Option<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
}

/// A secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Secret {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) external: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) driver: Option<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) driver_opts: Labels,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) template_driver: Option<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
}
