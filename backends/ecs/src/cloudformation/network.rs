//! Security groups and names.

use serde::Serialize;

use crate::late::Late;

/// `AWS::EC2::SecurityGroup`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SecurityGroup {
    pub(crate) group_description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vpc_id: Option<Late>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) security_group_ingress: Vec<IngressRule>,
    /// Empty lets everything out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) security_group_egress: Vec<IngressRule>,
}

/// A rule of a security group.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct IngressRule {
    pub(crate) ip_protocol: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from_port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to_port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cidr_ip: Option<Late>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_security_group_id: Option<Late>,
}

/// `AWS::EC2::SecurityGroupIngress`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SecurityGroupIngress {
    pub(crate) group_id: Late,
    pub(crate) ip_protocol: &'static str,
    pub(crate) source_security_group_id: Late,
}

/// `AWS::EC2::SecurityGroupEgress`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SecurityGroupEgress {
    pub(crate) group_id: Late,
    pub(crate) ip_protocol: &'static str,
    pub(crate) destination_security_group_id: Late,
}

/// `AWS::ServiceDiscovery::PrivateDnsNamespace`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Namespace {
    pub(crate) name: String,
    pub(crate) vpc: Late,
}

/// `AWS::ServiceDiscovery::Service`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DiscoveryService {
    pub(crate) name: String,
    pub(crate) namespace_id: Late,
    pub(crate) dns_config: DnsConfig,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) health_check_custom_config: Option<FailureThreshold>,
}

/// `DnsConfig` of a discovery service.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DnsConfig {
    pub(crate) routing_policy: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) dns_records: Vec<DnsRecord>,
}

/// `DnsRecord` of a discovery service.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DnsRecord {
    #[serde(rename = "Type")]
    pub(crate) kind: &'static str,
    /// Seconds.
    #[serde(rename = "TTL")]
    pub(crate) time_to_live: u32,
}

/// `HealthCheckCustomConfig`: ECS itself says which tasks answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FailureThreshold {
    pub(crate) failure_threshold: u32,
}

/// `AWS::ServiceDiscovery::Instance`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DiscoveryInstance {
    pub(crate) service_id: Late,
    pub(crate) instance_id: String,
    pub(crate) instance_attributes: CanonicalName,
}

/// The attribute that makes an instance another name.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CanonicalName {
    #[serde(rename = "AWS_INSTANCE_CNAME")]
    pub(crate) name: String,
}

impl IngressRule {
    /// Lets a port in from addresses.
    pub(crate) fn from_addresses(protocol: &'static str, port: u16, addresses: Late) -> Self {
        Self {
            ip_protocol: protocol,
            from_port: Some(port),
            to_port: Some(port),
            cidr_ip: Some(addresses),
            source_security_group_id: None,
        }
    }

    /// Lets a port in from members of a group.
    pub(crate) fn from_group(protocol: &'static str, port: u16, group: Late) -> Self {
        Self {
            ip_protocol: protocol,
            from_port: Some(port),
            to_port: Some(port),
            cidr_ip: None,
            source_security_group_id: Some(group),
        }
    }
}
