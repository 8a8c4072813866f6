//! The task definition of a unit, with the roles and the group it cannot do without.

use std::mem;
use std::sync::Arc;

use tranship_model::{FieldPath, Topic};

use super::foundation;
use super::size::TaskSize;
use super::task::{TaskDraft, UnitIds, Wiring};
use crate::api::TaskDefinition;
use crate::cloudformation::{Policy, PolicyDocument, Role, SecurityGroup, Statement};
use crate::draft::{Draft, Standing};
use crate::late::Late;
use crate::rules::{self, Plain, Violation};
use crate::survey::Member;
use crate::{codes, names, shape};

/// What a task that mounts file systems does with them.
const MOUNT_ACTIONS: [&str; 3] = [
    "elasticfilesystem:ClientMount",
    "elasticfilesystem:ClientWrite",
    // Without it root is nobody, and images that change owners at their start fail.
    "elasticfilesystem:ClientRootAccess",
];

/// All file systems of the account.
const FILE_SYSTEMS: Late = Late::Pattern(
    "arn:${AWS::Partition}:elasticfilesystem:${AWS::Region}:${AWS::AccountId}:file-system/*",
);

/// Writes the definition, and takes its containers and volumes from the task.
pub(crate) fn write(
    draft: &mut Draft,
    task: &mut TaskDraft,
    main: &Member<'_>,
    ids: &UnitIds,
    size: TaskSize,
) -> TaskDefinition {
    TaskDefinition {
        family: ids.family.clone(),
        requires_compatibilities: vec![draft.launch.api()],
        network_mode: task.network_mode(),
        cpu: size.cpu.map(|cpu| cpu.to_string()),
        memory: size.memory.map(|memory| memory.to_string()),
        runtime_platform: task.platform.clone(),
        execution_role_arn: Some(execution_role(draft, task, main)),
        task_role_arn: task_role(draft, task, main),
        pid_mode: task.pid_mode,
        ipc_mode: task.ipc_mode,
        placement_constraints: Vec::new(),
        container_definitions: mem::take(&mut task.containers),
        volumes: mem::take(&mut task.volumes),
        tags: Vec::new(),
    }
}

/// Adds the definition, of which `properties` is the plain form, to the template.
pub(crate) fn emit(
    draft: &mut Draft,
    topic: &mut Topic<'_>,
    definition: &TaskDefinition,
    properties: &Plain,
    owner: &FieldPath,
    ids: &UnitIds,
) {
    let violations = rules::of_task_definition(properties);
    note_rules(topic, "the task definition", violations);
    let kind = "AWS::ECS::TaskDefinition";
    let standing = Standing::workload();
    draft.standing_resource(kind, &ids.definition, owner, definition, standing);
    if draft.last_workload_may_refer() && shape::has_dynamic_reference(&shape::plain(definition)) {
        topic.implicit(
            &codes::TEMPLATE_WORD,
            "CloudFormation puts the value of the parameter or secret in place of `{{resolve:…}}`",
        );
    }
}

/// Notes what AWS would refuse of an object.
pub(crate) fn note_rules(topic: &mut Topic<'_>, what: &str, violations: Vec<Violation>) {
    for violation in violations {
        let detail = format!("AWS refuses {what}: {violation}");
        topic.refused(&codes::RULE, detail);
    }
}

/// An interface has to be in a group; one without networks gets one nobody reaches.
pub(crate) fn ensure_group(draft: &mut Draft, task: &mut TaskDraft) {
    if task.wiring != Wiring::Own || !task.groups.is_empty() {
        return;
    }
    let id: Arc<str> = Arc::from("OutboundGroup");
    if !draft.has_outbound_group {
        draft.has_outbound_group = true;
        let group = SecurityGroup {
            group_description: "Tasks in no network of the stack".to_owned(),
            vpc_id: Some(draft.vpc()),
            ..SecurityGroup::default()
        };
        let owner = FieldPath::root("services");
        draft.resource("AWS::EC2::SecurityGroup", &id, &owner, &group);
    }
    task.join(Late::Attribute(id, "GroupId"));
}

/// The role that starts tasks: the shared one, or one that reads exactly the unit's secrets.
fn execution_role(draft: &mut Draft, task: &TaskDraft, main: &Member<'_>) -> Late {
    if task.secrets.is_empty() {
        return foundation::execution_role(draft);
    }
    let actions = vec!["secretsmanager:GetSecretValue", "ssm:GetParameters"];
    let policy = allowing("secrets", actions, task.secrets.clone());
    let role = Role::of_tasks(vec![foundation::EXECUTION_POLICY], vec![policy]);
    add_role(draft, main, "ExecutionRole", &role)
}

/// The role of the processes themselves, needed only to mount file systems.
fn task_role(draft: &mut Draft, task: &TaskDraft, main: &Member<'_>) -> Option<Late> {
    if task.file_systems.is_empty() {
        return None;
    }
    let policy = allowing("volumes", MOUNT_ACTIONS.to_vec(), vec![FILE_SYSTEMS]);
    let role = Role::of_tasks(Vec::new(), vec![policy]);
    Some(add_role(draft, main, "TaskRole", &role))
}

fn allowing(name: &'static str, action: Vec<&'static str>, resource: Vec<Late>) -> Policy {
    Policy {
        policy_name: name,
        policy_document: PolicyDocument::of(Statement {
            effect: "Allow",
            principal: None,
            action,
            resource,
        }),
    }
}

fn add_role(draft: &mut Draft, main: &Member<'_>, suffix: &str, role: &Role) -> Late {
    let id = names::logical_id(main.name, suffix);
    draft.resource("AWS::IAM::Role", &id, main.run.path(), role);
    Late::Attribute(id, "Arn")
}
