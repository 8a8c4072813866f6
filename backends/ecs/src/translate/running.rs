//! What runs a unit's task definition: a service, or a request that starts it once.

use std::sync::Arc;

use tranship_model::{HealthCheck, ObjectId, Service as Source, Topic};

use super::balancer::Balanced;
use super::service::{self, Wishes};
use super::task::{TaskDraft, Wiring};
use super::workload::{Translator, Written};
use super::{definition, dependency, discovery, foundation, probe};
use crate::api::{
    AwsvpcConfiguration, NetworkConfiguration, RunTask, Service, ServiceRegistry, TaskDefinition,
};
use crate::draft::{Draft, Standing};
use crate::late::{Late, LateList};
use crate::rules::{self, Plain};
use crate::survey::{Run, Unit};

impl Translator<'_, '_> {
    /// Adds a unit's service, and the definition its tasks run.
    pub(crate) fn service(&mut self, source: &Source, mut written: Written<'_>, by: Balanced) {
        let object = ObjectId::new("AWS::ECS::Service", Arc::clone(&written.ids.service));
        let owner = &source.path;
        let mut topic = self.ledger.topic(owner.clone(), vec![object.clone()]);
        let (task, ids) = (written.task, written.ids);
        let is_stateful = is_stateful(&written.definition);
        let wishes = service::main_wishes(&mut topic, source, task.is_fargate(), is_stateful);
        written.definition.tags.clone_from(&wishes.tags);
        let name = written.main.name;
        let registry = discovery::register(self.draft, &mut topic, self.world, task, name);
        let Balanced { targets, listeners } = by;
        let mut service = request(self.draft, &written, wishes, registry);
        let check = source.task.lifecycle.health_check.as_ref();
        service.health_check_grace_period_seconds = (!targets.is_empty()).then(|| grace(check));
        service.load_balancers = targets;
        let standing = Standing {
            depends_on: self.prerequisites(written.unit, task, listeners),
            ..Standing::workload()
        };
        let properties = Plain::of(&service);
        let plain = Plain::of(&written.definition);
        let violations = rules::of_service(&properties, &plain);
        let mut topic = self.ledger.topic(owner.clone(), vec![object]);
        definition::note_rules(&mut topic, "the service", violations);
        let whole = &written.definition;
        definition::emit(self.draft, &mut topic, whole, &plain, owner, ids);
        self.note_joined(&written);
        let kind = "AWS::ECS::Service";
        self.draft
            .standing_resource(kind, &ids.service, &source.path, &service, standing);
    }

    fn prerequisites(
        &self,
        unit: &Unit<'_>,
        task: &TaskDraft,
        listeners: Vec<Arc<str>>,
    ) -> Vec<Arc<str>> {
        let services = dependency::services(unit, self.world, self.order);
        service::prerequisites(listeners, task.mounts_own_file_system, services)
    }

    /// Adds a job's definition, and the request that starts it.
    pub(crate) fn job(&mut self, mut written: Written<'_>) {
        let owner = written.main.run.path();
        let object = written.ids.definition_object();
        let mut topic = self.ledger.topic(owner.clone(), vec![object.clone()]);
        let count = job_count(&mut topic, &mut written);
        let run = self.run(&written, count);
        let plain = Plain::of(&written.definition);
        let violations = rules::of_run(&Plain::of(&run), &plain);
        let mut topic = self.ledger.topic(owner.clone(), vec![object]);
        definition::note_rules(&mut topic, "the request to run it", violations);
        let whole = &written.definition;
        definition::emit(self.draft, &mut topic, whole, &plain, owner, written.ids);
        self.note_joined(&written);
        self.draft.run(&written.ids.name, &run);
    }

    fn run(&self, written: &Written<'_>, count: u32) -> RunTask {
        // A request stands outside the template, and needs none of its parameters.
        let public_address = written.task.is_fargate().then(|| Late::text("ENABLED"));
        RunTask {
            cluster: Late::text(foundation::cluster_name(&self.world.stack.name)),
            task_definition: written.ids.family.clone(),
            count,
            launch_type: self.draft.launch.api(),
            network_configuration: network(written.task, LateList::AllSubnets, public_address),
            propagate_tags: "TASK_DEFINITION",
        }
    }

    fn note_joined(&mut self, written: &Written<'_>) {
        for member in written.unit.members.iter().skip(1) {
            if let Run::Service(service) = member.run {
                let object = written.ids.definition_object();
                let mut topic = self.ledger.topic(member.run.path().clone(), vec![object]);
                service::joined_wishes(&mut topic, service, written.main.name);
            }
        }
    }
}

/// Notes what a job says beside its task, and gives how many tasks run at once.
fn job_count(topic: &mut Topic<'_>, written: &mut Written<'_>) -> u32 {
    match written.main.run {
        Run::Service(service) => {
            written.definition.tags = service::tags(topic, &service.labels);
            service::job_wishes(topic, service, written.unit.kind)
        }
        Run::Job(job) => {
            service::job_triggers(topic, job);
            1
        }
    }
}

/// Whether two tasks must not run at once, because they write to one volume.
fn is_stateful(definition: &TaskDefinition) -> bool {
    definition.volumes.iter().any(|volume| {
        volume.efs_volume_configuration.is_some() || volume.docker_volume_configuration.is_some()
    })
}

/// The service, but for its load balancers.
fn request(
    draft: &mut Draft,
    written: &Written<'_>,
    wishes: Wishes,
    registry: Option<ServiceRegistry>,
) -> Service {
    let rebalancing = rebalancing(&wishes, is_stateful(&written.definition));
    Service {
        cluster: Late::Reference(Arc::from("Cluster")),
        service_name: written.ids.name.clone(),
        task_definition: Late::Reference(Arc::clone(&written.ids.definition)),
        launch_type: draft.launch.api(),
        scheduling_strategy: wishes.count.map_or("DAEMON", |_| "REPLICA"),
        desired_count: wishes.count,
        availability_zone_rebalancing: rebalancing,
        deployment_configuration: wishes.deployment,
        health_check_grace_period_seconds: None,
        network_configuration: network_by_parameters(draft, written.task),
        load_balancers: Vec::new(),
        service_registries: registry.into_iter().collect(),
        placement_constraints: wishes.placed.constraints,
        placement_strategy: wishes.placed.strategies,
        propagate_tags: Some("SERVICE"),
        tags: wishes.tags,
    }
}

/// A task moved to another zone is started there before the old one stops.
fn rebalancing(wishes: &Wishes, is_stateful: bool) -> Option<&'static str> {
    let most = wishes.deployment.maximum_percent;
    let can_move = !is_stateful && most.is_some_and(|most| most > 100);
    let word = if can_move { "ENABLED" } else { "DISABLED" };
    wishes.count.map(|_| word)
}

/// Where the interfaces of tasks are, as parameters of the template say.
fn network_by_parameters(draft: &mut Draft, task: &TaskDraft) -> Option<NetworkConfiguration> {
    if task.wiring != Wiring::Own {
        return None;
    }
    let subnets = draft.subnets();
    let public_address = task.is_fargate().then(|| draft.public_address());
    network(task, subnets, public_address)
}

fn network(
    task: &TaskDraft,
    subnets: LateList,
    public_address: Option<Late>,
) -> Option<NetworkConfiguration> {
    // The file system is reached from the first two subnets only.
    let subnets = if task.mounts_own_file_system {
        LateList::Items(vec![Late::Subnet(0), Late::Subnet(1)])
    } else {
        subnets
    };
    let awsvpc_configuration = AwsvpcConfiguration {
        subnets,
        security_groups: LateList::Items(task.groups.clone()),
        assign_public_ip: public_address,
    };
    (task.wiring == Wiring::Own).then_some(NetworkConfiguration {
        awsvpc_configuration,
    })
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
