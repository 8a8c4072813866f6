//! Secrets and configs: `POST /secrets/create`, `POST /configs/create`.

use serde::Serialize;

use super::Labels;

/// A secret, without its value: who deploys reads that and adds it as `Data`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SecretSpec {
    pub(crate) name: String,
    pub(crate) labels: Labels,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) driver: Option<Driver>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) templating: Option<Driver>,
}

/// A config.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfigSpec {
    pub(crate) name: String,
    pub(crate) labels: Labels,
    /// Its content in base64; `None` when whoever deploys has to read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) templating: Option<Driver>,
}

/// A driver with its options.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Driver {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) options: Labels,
}
