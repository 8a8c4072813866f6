//! One unit: its task definition, and its service or job.

use std::sync::Arc;

use tranship_model::{FieldPath, HealthCheck, Ledger, ObjectId, Topic};

use super::balancer::{self, Balanced, Balancers, Publisher};
use super::dependency::{self, Order};
use super::service::{self, Wishes};
use super::task::{TaskDraft, UnitIds, Wiring};
use super::world::World;
use super::{container, discovery, file, foundation, limits, logging, probe, size};
use crate::api::{
    AwsvpcConfiguration, ContainerDependency, NetworkConfiguration, RunTask, Service,
    TaskDefinition,
};
use crate::cloudformation::{Policy, PolicyDocument, Role, SecurityGroup, Statement};
use crate::draft::{Draft, Stage, Standing};
use crate::late::{Late, LateList};
use crate::survey::{Run, Unit};
use crate::{codes, names, shape};

/// Translates a unit into its resources and requests.
pub(crate) fn translate(
    draft: &mut Draft,
    ledger: &mut Ledger,
    world: &World<'_>,
    order: &Order,
    balancers: &mut Balancers,
    unit: &Unit<'_>,
) -> Vec<(String, String)> {
    let Some(main) = unit.main() else {
        return Vec::new();
    };
    let ids = claim_ids(draft, world, unit, main.name, main.run.path());
    let definition = ObjectId::new("AWS::ECS::TaskDefinition", Arc::clone(&ids.definition));
    let mut task = TaskDraft::new(draft.launch, unit);
    for member in &unit.members {
        let mut topic = ledger.topic(member.run.path().clone(), vec![definition.clone()]);
        container::translate(&mut task, &mut topic, world, order, unit, member);
    }
    prepare(world, &mut task, main.name);
    let (cpu, memory) = size::translate(&task, ledger, unit, &definition);
    let mut topic = ledger.topic(main.run.path().clone(), vec![definition]);
    limits::containers(&mut topic, &task);
    let check = main.run.task().lifecycle.health_check.as_ref();
    let health = probe::http_path(check);
    let publisher = Publisher {
        name: main.name,
        health: health.as_ref(),
    };
    let balanced = balancer::publish(draft, &mut topic, balancers, &mut task, publisher);
    ensure_group(draft, &mut task);
    limits::groups(&mut topic, &mut task);
    let aliases = std::mem::take(&mut task.aliases);
    let mut written = write_definition(draft, &mut task, main.run.path(), main.name, &ids);
    written.cpu = cpu.map(|cpu| cpu.to_string());
    written.memory = memory.map(|memory| memory.to_string());
    if unit.is_job() {
        write_job(draft, ledger, world, unit, &task, written, &ids);
    } else {
        write_service(
            draft, ledger, world, order, unit, &task, written, balanced, &ids,
        );
    }
    aliases
}

fn claim_ids(
    draft: &mut Draft,
    world: &World<'_>,
    unit: &Unit<'_>,
    main: &str,
    owner: &FieldPath,
) -> UnitIds {
    let name = names::dashed(main, 255);
    let family = names::dashed(&format!("{}-{main}", world.stack.name), 255);
    draft.names.claim("family", &family, owner);
    draft.names.claim("file", &name, owner);
    for member in &unit.members {
        draft.names.claim(
            "container",
            &format!("{family}/{}", names::dashed(member.name, 255)),
            member.run.path(),
        );
    }
    UnitIds {
        definition: names::logical_id(main, "TaskDefinition"),
        service: names::logical_id(main, "Service"),
        family,
        name,
    }
}

/// Adds the containers that run first, and lets all others wait for them.
fn prepare(world: &World<'_>, task: &mut TaskDraft, name: &str) {
    let files = std::mem::take(&mut task.files);
    let first = [
        discovery::search_container(world, task),
        file::files_container(files),
    ];
    let mut first: Vec<_> = first.into_iter().flatten().collect();
    for container in &mut task.containers {
        container
            .depends_on
            .extend(first.iter().map(|first| ContainerDependency {
                container_name: first.name.clone(),
                condition: "SUCCESS",
            }));
    }
    for container in &mut first {
        container.log_configuration =
            Some(logging::to_cloudwatch(name, &indexmap::IndexMap::new()));
    }
    first.append(&mut task.containers);
    task.containers = first;
}

/// An interface has to be in a group; one without networks gets one nobody reaches.
fn ensure_group(draft: &mut Draft, task: &mut TaskDraft) {
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
        draft.resource(
            "AWS::EC2::SecurityGroup",
            &id,
            &FieldPath::root("services"),
            &group,
        );
    }
    task.join(Late::Attribute(id, "GroupId"));
}

fn write_definition(
    draft: &mut Draft,
    task: &mut TaskDraft,
    owner: &FieldPath,
    name: &str,
    ids: &UnitIds,
) -> TaskDefinition {
    TaskDefinition {
        family: ids.family.clone(),
        requires_compatibilities: vec![draft.launch.api()],
        network_mode: task.network_mode(),
        runtime_platform: task.platform.clone(),
        execution_role_arn: Some(execution_role(draft, task, owner, name)),
        task_role_arn: task_role(draft, task, owner, name),
        pid_mode: task.pid_mode,
        ipc_mode: task.ipc_mode,
        container_definitions: std::mem::take(&mut task.containers),
        volumes: std::mem::take(&mut task.volumes),
        ..TaskDefinition::default()
    }
}

/// The role that starts tasks: the shared one, or one that reads exactly the unit's secrets.
fn execution_role(draft: &mut Draft, task: &TaskDraft, owner: &FieldPath, name: &str) -> Late {
    if task.secrets.is_empty() {
        return foundation::execution_role(draft);
    }
    let id = names::logical_id(name, "ExecutionRole");
    let statement = Statement {
        effect: "Allow",
        principal: None,
        action: vec!["secretsmanager:GetSecretValue", "ssm:GetParameters"],
        resource: task.secrets.clone(),
    };
    let policy = Policy {
        policy_name: "secrets",
        policy_document: PolicyDocument::of(statement),
    };
    let role = Role::of_tasks(vec![foundation::EXECUTION_POLICY], vec![policy]);
    draft.resource("AWS::IAM::Role", &id, owner, &role);
    Late::Attribute(id, "Arn")
}

/// The role of the processes themselves, needed only to mount file systems.
fn task_role(draft: &mut Draft, task: &TaskDraft, owner: &FieldPath, name: &str) -> Option<Late> {
    if task.file_systems.is_empty() {
        return None;
    }
    let id = names::logical_id(name, "TaskRole");
    let statement = Statement {
        effect: "Allow",
        principal: None,
        action: vec![
            "elasticfilesystem:ClientMount",
            "elasticfilesystem:ClientWrite",
            // Without it root is nobody, and images that change owners at their start fail.
            "elasticfilesystem:ClientRootAccess",
        ],
        resource: vec![Late::Pattern(
            "arn:${AWS::Partition}:elasticfilesystem:${AWS::Region}:${AWS::AccountId}:file-system/*",
        )],
    };
    let policy = Policy {
        policy_name: "volumes",
        policy_document: PolicyDocument::of(statement),
    };
    draft.resource(
        "AWS::IAM::Role",
        &id,
        owner,
        &Role::of_tasks(Vec::new(), vec![policy]),
    );
    Some(Late::Attribute(id, "Arn"))
}

/// Where the interfaces of tasks are, as parameters of the template say.
fn network_by_parameters(draft: &mut Draft, task: &TaskDraft) -> Option<NetworkConfiguration> {
    if task.wiring != Wiring::Own {
        return None;
    }
    let subnets = draft.subnets();
    let public_address = task.is_fargate().then(|| draft.public_address());
    network_configuration(task, subnets, public_address)
}

fn network_configuration(
    task: &TaskDraft,
    subnets: LateList,
    public_address: Option<Late>,
) -> Option<NetworkConfiguration> {
    if task.wiring != Wiring::Own {
        return None;
    }
    // The file system is reached from the first two subnets only.
    let subnets = if task.mounts_own_file_system {
        LateList::Items(vec![Late::Subnet(0), Late::Subnet(1)])
    } else {
        subnets
    };
    Some(NetworkConfiguration {
        awsvpc_configuration: AwsvpcConfiguration {
            subnets,
            security_groups: LateList::Items(task.groups.clone()),
            assign_public_ip: public_address,
        },
    })
}

fn emit_definition(
    draft: &mut Draft,
    topic: &mut Topic<'_>,
    written: &TaskDefinition,
    owner: &FieldPath,
    ids: &UnitIds,
) {
    let properties = shape::plain(written);
    if shape::has_dynamic_reference(&properties) {
        topic.implicit(
            &codes::TEMPLATE_WORD,
            "CloudFormation puts the value of the parameter or secret in place of `{{resolve:…}}`",
        );
    }
    let standing = Standing {
        stage: Stage::Workload,
        ..Standing::default()
    };
    draft.standing_resource(
        "AWS::ECS::TaskDefinition",
        &ids.definition,
        owner,
        properties,
        standing,
    );
}

fn write_job(
    draft: &mut Draft,
    ledger: &mut Ledger,
    world: &World<'_>,
    unit: &Unit<'_>,
    task: &TaskDraft,
    mut written: TaskDefinition,
    ids: &UnitIds,
) {
    let Some(main) = unit.main() else { return };
    let definition = ObjectId::new("AWS::ECS::TaskDefinition", Arc::clone(&ids.definition));
    let mut topic = ledger.topic(main.run.path().clone(), vec![definition]);
    let count = match main.run {
        Run::Service(service) => {
            written.tags = service::tags(&mut topic, &service.labels);
            service::job_wishes(&mut topic, service, unit.kind)
        }
        Run::Job(job) => {
            service::job_triggers(&mut topic, job);
            1
        }
    };
    emit_definition(draft, &mut topic, &written, main.run.path(), ids);
    note_joined(ledger, unit, &ids.definition);
    // A request stands outside the template, and needs none of its parameters.
    let public_address = task.is_fargate().then(|| Late::text("ENABLED"));
    let run = RunTask {
        cluster: Late::text(foundation::cluster_name(&world.stack.name)),
        task_definition: ids.family.clone(),
        count,
        launch_type: draft.launch.api(),
        network_configuration: network_configuration(task, LateList::AllSubnets, public_address),
        propagate_tags: "TASK_DEFINITION",
    };
    draft.run(&ids.name, &run);
}

fn note_joined(ledger: &mut Ledger, unit: &Unit<'_>, definition: &Arc<str>) {
    let Some((main, joined)) = unit.members.split_first() else {
        return;
    };
    for member in joined {
        if let Run::Service(service) = member.run {
            let object = ObjectId::new("AWS::ECS::TaskDefinition", Arc::clone(definition));
            let mut topic = ledger.topic(member.run.path().clone(), vec![object]);
            service::joined_wishes(&mut topic, service, main.name);
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "each is one part of the service")]
fn write_service(
    draft: &mut Draft,
    ledger: &mut Ledger,
    world: &World<'_>,
    order: &Order,
    unit: &Unit<'_>,
    task: &TaskDraft,
    mut written: TaskDefinition,
    balanced: Balanced,
    ids: &UnitIds,
) {
    let Some(main) = unit.main() else { return };
    let Run::Service(source) = main.run else {
        return;
    };
    let object = ObjectId::new("AWS::ECS::Service", Arc::clone(&ids.service));
    let mut topic = ledger.topic(source.path.clone(), vec![object]);
    let is_stateful = written.volumes.iter().any(|volume| {
        volume.efs_volume_configuration.is_some() || volume.docker_volume_configuration.is_some()
    });
    let wishes = service::main_wishes(&mut topic, source, task.is_fargate(), is_stateful);
    written.tags.clone_from(&wishes.tags);
    let registry = discovery::register(draft, &mut topic, world, task, main.name);
    emit_definition(draft, &mut topic, &written, &source.path, ids);
    note_joined(ledger, unit, &ids.definition);
    let Balanced { targets, listeners } = balanced;
    let mut service = service_request(draft, task, wishes, ids, is_stateful);
    service.load_balancers = targets;
    service.service_registries = registry.into_iter().collect();
    if !service.load_balancers.is_empty() {
        let check = source.task.lifecycle.health_check.as_ref();
        service.health_check_grace_period_seconds = Some(grace(check));
    }
    let depends_on = service::prerequisites(
        listeners,
        task.mounts_own_file_system,
        dependency::services(unit, world, order),
    );
    let standing = Standing {
        depends_on,
        retained: false,
        stage: Stage::Workload,
    };
    draft.standing_resource(
        "AWS::ECS::Service",
        &ids.service,
        &source.path,
        shape::plain(&service),
        standing,
    );
}

/// The service's request, but for its load balancers and its name in the domain.
fn service_request(
    draft: &mut Draft,
    task: &TaskDraft,
    wishes: Wishes,
    ids: &UnitIds,
    is_stateful: bool,
) -> Service {
    let Wishes {
        count,
        deployment,
        placed,
        tags,
    } = wishes;
    // A task moved to another zone is started there before the old one stops.
    let can_move = !is_stateful && deployment.maximum_percent.is_some_and(|most| most > 100);
    Service {
        cluster: Late::Reference(Arc::from("Cluster")),
        service_name: ids.name.clone(),
        task_definition: Late::Reference(Arc::clone(&ids.definition)),
        launch_type: draft.launch.api(),
        scheduling_strategy: if count.is_some() { "REPLICA" } else { "DAEMON" },
        desired_count: count,
        availability_zone_rebalancing: count.map(|_| if can_move { "ENABLED" } else { "DISABLED" }),
        deployment_configuration: deployment,
        health_check_grace_period_seconds: None,
        network_configuration: network_by_parameters(draft, task),
        load_balancers: Vec::new(),
        service_registries: Vec::new(),
        placement_constraints: placed.constraints,
        placement_strategy: placed.strategies,
        propagate_tags: Some("SERVICE"),
        tags,
    }
}

/// Seconds a new task may fail the load balancer's checks: it has none in a compose file.
fn grace(check: Option<&HealthCheck>) -> u64 {
    let start = check
        .and_then(|check| check.start_period)
        .unwrap_or_default();
    probe::rounded_up(start)
        .saturating_add(60)
        .min(u64::from(u32::MAX >> 1))
}
