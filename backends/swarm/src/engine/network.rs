//! Networks: `POST /networks/create`.

use serde::Serialize;

use super::Labels;

/// A network.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NetworkSpec {
    pub(crate) name: String,
    pub(crate) driver: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) internal: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attachable: Option<bool>,
    #[serde(rename = "EnableIPv4", skip_serializing_if = "Option::is_none")]
    pub(crate) enable_ipv4: Option<bool>,
    #[serde(rename = "EnableIPv6", skip_serializing_if = "Option::is_none")]
    pub(crate) enable_ipv6: Option<bool>,
    #[serde(rename = "IPAM", skip_serializing_if = "Option::is_none")]
    pub(crate) ipam: Option<Ipam>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) options: Labels,
    pub(crate) labels: Labels,
}

/// How a network gives out addresses.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Ipam {
    pub(crate) driver: String,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(crate) options: Labels,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) config: Vec<IpamConfig>,
}

/// A range of addresses.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct IpamConfig {
    #[serde(rename = "Subnet", skip_serializing_if = "Option::is_none")]
    pub(crate) subnet: Option<String>,
    #[serde(rename = "IPRange", skip_serializing_if = "Option::is_none")]
    pub(crate) ip_range: Option<String>,
    #[serde(rename = "Gateway", skip_serializing_if = "Option::is_none")]
    pub(crate) gateway: Option<String>,
}
