//! What every stack stands on: a cluster, a log group, the role that starts tasks.

use std::sync::Arc;

use tranship_model::{FieldPath, Ledger, Stack};

use crate::cloudformation::{Cluster, LogGroup, Role};
use crate::codes;
use crate::draft::Draft;
use crate::late::Late;
use crate::names;

/// Days logs are kept; a log group without a number keeps them for ever, at a price.
const RETENTION_DAYS: u32 = 30;

/// The role that fetches images and writes logs, by AWS's own policy.
pub(crate) const EXECUTION_POLICY: Late = Late::Pattern(
    "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
);

/// Creates the cluster and the log group.
pub(crate) fn translate(draft: &mut Draft, ledger: &mut Ledger, stack: &Stack) {
    let owner = FieldPath::root("name");
    let name = cluster_name(&stack.name);
    let cluster = Cluster {
        cluster_name: name.clone(),
    };
    let cluster = draft.resource("AWS::ECS::Cluster", &Arc::from("Cluster"), &owner, &cluster);
    let group = LogGroup {
        log_group_name: log_group(&stack.name),
        retention_in_days: RETENTION_DAYS,
    };
    draft.resource(
        "AWS::Logs::LogGroup",
        &Arc::from("LogGroup"),
        &owner,
        &group,
    );
    let mut topic = ledger.topic(owner, vec![cluster]);
    if name == stack.name {
        topic.exact();
    } else {
        let detail = format!("the cluster is called `{name}`, not `{}`", stack.name);
        topic.equivalent(&codes::NAME, detail);
    }
}

/// The role that starts tasks without secrets, created when the first of them asks for it.
pub(crate) fn execution_role(draft: &mut Draft) -> Late {
    let id: Arc<str> = Arc::from("ExecutionRole");
    if !draft.has_execution_role {
        draft.has_execution_role = true;
        let role = Role::of_tasks(vec![EXECUTION_POLICY], Vec::new());
        draft.resource("AWS::IAM::Role", &id, &FieldPath::root("name"), &role);
    }
    Late::Attribute(id, "Arn")
}

/// The cluster's name, also in requests.
pub(crate) fn cluster_name(stack: &str) -> String {
    names::dashed(stack, 255)
}

/// The log group's name.
///
/// Source: `CreateLogGroup`, `[\.\-_/#A-Za-z0-9]{1,512}`.
pub(crate) fn log_group(stack: &str) -> String {
    format!("/{}", names::dashed(stack, 511))
}
