//! What every stack stands on: a cluster, a log group, roles.

use serde::Serialize;

use crate::api::Tag;
use crate::late::Late;

/// `AWS::ECS::Cluster`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Cluster {
    pub(crate) cluster_name: String,
}

/// `AWS::Logs::LogGroup`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LogGroup {
    pub(crate) log_group_name: String,
    pub(crate) retention_in_days: u32,
}

/// `AWS::IAM::Role`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Role {
    pub(crate) assume_role_policy_document: PolicyDocument,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) managed_policy_arns: Vec<Late>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) policies: Vec<Policy>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<Tag>,
}

/// `Policy` of a role.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Policy {
    pub(crate) policy_name: &'static str,
    pub(crate) policy_document: PolicyDocument,
}

/// A policy document of IAM.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PolicyDocument {
    pub(crate) version: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) statement: Vec<Statement>,
}

/// A statement of a policy.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Statement {
    pub(crate) effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) principal: Option<Principal>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) action: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resource: Vec<Late>,
}

/// Whom a statement is about.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Principal {
    pub(crate) service: &'static str,
}

impl PolicyDocument {
    /// A document of the current policy language.
    pub(crate) fn of(statement: Statement) -> Self {
        Self {
            version: "2012-10-17",
            statement: vec![statement],
        }
    }
}

impl Role {
    /// A role ECS takes on for tasks.
    pub(crate) fn of_tasks(managed: Vec<Late>, policies: Vec<Policy>) -> Self {
        let trust = Statement {
            effect: "Allow",
            principal: Some(Principal {
                service: "ecs-tasks.amazonaws.com",
            }),
            action: vec!["sts:AssumeRole"],
            resource: Vec::new(),
        };
        Self {
            assume_role_policy_document: PolicyDocument::of(trust),
            managed_policy_arns: managed,
            policies,
            tags: Vec::new(),
        }
    }
}
