//! Load balancers.

use serde::Serialize;

use crate::late::{Late, LateList};

/// `AWS::ElasticLoadBalancingV2::LoadBalancer`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LoadBalancer {
    #[serde(rename = "Type")]
    pub(crate) kind: &'static str,
    pub(crate) scheme: &'static str,
    pub(crate) subnets: LateList,
    pub(crate) security_groups: LateList,
}

/// `AWS::ElasticLoadBalancingV2::TargetGroup`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TargetGroup {
    pub(crate) target_type: &'static str,
    pub(crate) protocol: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) protocol_version: Option<&'static str>,
    pub(crate) port: u16,
    pub(crate) vpc_id: Late,
    pub(crate) health_check_protocol: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) health_check_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) matcher: Option<Matcher>,
}

/// Which answers count as healthy.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Matcher {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) http_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) grpc_code: Option<&'static str>,
}

/// `AWS::ElasticLoadBalancingV2::Listener`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Listener {
    pub(crate) load_balancer_arn: Late,
    pub(crate) port: u16,
    pub(crate) protocol: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) default_actions: Vec<Action>,
}

/// What a listener does.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Action {
    #[serde(rename = "Type")]
    pub(crate) kind: &'static str,
    pub(crate) target_group_arn: Late,
}
