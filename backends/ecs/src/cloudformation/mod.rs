//! Resources of CloudFormation beside those of ECS, in CloudFormation's own shape.
//!
//! Source: CloudFormation template reference, resource types `AWS::EC2`, `AWS::EFS`,
//! `AWS::ElasticLoadBalancingV2`, `AWS::IAM`, `AWS::Logs`, `AWS::ServiceDiscovery`.

#![expect(
    clippy::struct_field_names,
    reason = "the names are those of CloudFormation"
)]

mod balancing;
mod foundation;
mod network;
mod storage;
mod template;

pub(crate) use balancing::{Action, Listener, LoadBalancer, Matcher, TargetGroup};
pub(crate) use foundation::{Cluster, LogGroup, Policy, PolicyDocument, Role, Statement};
pub(crate) use network::{
    CanonicalName, DiscoveryInstance, DiscoveryService, DnsConfig, DnsRecord, FailureThreshold,
    IngressRule, Namespace, SecurityGroup, SecurityGroupEgress, SecurityGroupIngress,
};
pub(crate) use storage::{AccessPoint, CreationInfo, FileSystem, MountTarget, RootDirectory};
pub(crate) use template::{Output, Parameter, Resource};
