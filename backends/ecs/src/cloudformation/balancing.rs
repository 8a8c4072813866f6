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
    pub(crate) protocol_version: Option<&'static str>,
    pub(crate) port: u16,
    pub(crate) vpc_id: Late,
    pub(crate) health_check_protocol: &'static str,
    pub(crate) health_check_path: Option<String>,
    pub(crate) matcher: Option<Matcher>,
}

/// Which answers count as healthy.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Matcher {
    pub(crate) http_code: Option<&'static str>,
    pub(crate) grpc_code: Option<&'static str>,
}

/// `AWS::ElasticLoadBalancingV2::Listener`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Listener {
    pub(crate) load_balancer_arn: Late,
    pub(crate) port: u16,
    pub(crate) protocol: &'static str,
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
