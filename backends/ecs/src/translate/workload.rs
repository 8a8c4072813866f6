//! One unit: its task definition, and its service or job.

use std::mem;

use indexmap::IndexMap;
use tranship_model::Ledger;

use super::balancer::{self, Balanced, Balancers, Publisher};
use super::dependency::Order;
use super::task::{TaskDraft, UnitIds};
use super::world::World;
use super::{container, definition, discovery, file, limits, logging, probe, size};
use crate::api::{ContainerDefinition, ContainerDependency, TaskDefinition};
use crate::draft::Draft;
use crate::names;
use crate::survey::{Member, Run, Unit};

/// What units are translated with, and into.
#[derive(Debug)]
pub(crate) struct Translator<'a, 'stack> {
    /// The template.
    pub(crate) draft: &'a mut Draft,
    /// What became of every value.
    pub(crate) ledger: &'a mut Ledger,
    /// What units refer to.
    pub(crate) world: &'a World<'stack>,
    /// Who can wait for whom.
    pub(crate) order: &'a Order,
    /// The load balancers of the stack.
    pub(crate) balancers: &'a mut Balancers,
}

/// A unit whose task definition is written.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    /// The unit.
    pub(crate) unit: &'a Unit<'a>,
    /// Its main member.
    pub(crate) main: &'a Member<'a>,
    /// What is known of its task beside the definition.
    pub(crate) task: &'a TaskDraft,
    /// The definition.
    pub(crate) definition: TaskDefinition,
    /// What its resources are called.
    pub(crate) ids: &'a UnitIds,
}

impl Translator<'_, '_> {
    /// Translates a unit, and gives its further names with the main member each leads to.
    pub(crate) fn unit(&mut self, unit: &Unit<'_>) -> Vec<(String, String)> {
        let Some(main) = unit.main() else {
            return Vec::new();
        };
        let ids = claim_ids(self.draft, self.world, unit, main);
        let mut task = self.containers(unit, main, &ids);
        let size = size::translate(&task, self.ledger, unit, &ids.definition_object());
        let balanced = self.connect(&mut task, main, &ids);
        let aliases = mem::take(&mut task.aliases);
        let written = Written {
            unit,
            main,
            definition: definition::write(self.draft, &mut task, main, &ids, size),
            task: &task,
            ids: &ids,
        };
        match main.run {
            Run::Service(source) if !unit.is_job() => self.service(source, written, balanced),
            Run::Service(_) | Run::Job(_) => self.job(written),
        }
        aliases
    }

    /// The unit's task with all its containers.
    fn containers(&mut self, unit: &Unit<'_>, main: &Member<'_>, ids: &UnitIds) -> TaskDraft {
        let mut task = TaskDraft::new(self.draft.launch, unit);
        for member in &unit.members {
            let path = member.run.path().clone();
            let mut topic = self.ledger.topic(path, vec![ids.definition_object()]);
            container::translate(&mut task, &mut topic, self.world, self.order, unit, member);
        }
        prepare(self.world, &mut task, main.name);
        task
    }

    /// Puts the task behind load balancers and into security groups.
    fn connect(&mut self, task: &mut TaskDraft, main: &Member<'_>, ids: &UnitIds) -> Balanced {
        let path = main.run.path().clone();
        let mut topic = self.ledger.topic(path, vec![ids.definition_object()]);
        let health = probe::http_path(main.run.task().lifecycle.health_check.as_ref());
        let publisher = Publisher {
            name: main.name,
            health: health.as_ref(),
        };
        let balanced = balancer::publish(self.draft, &mut topic, self.balancers, task, publisher);
        definition::ensure_group(self.draft, task);
        limits::groups(&mut topic, task);
        balanced
    }
}

fn claim_ids(draft: &mut Draft, world: &World<'_>, unit: &Unit<'_>, main: &Member<'_>) -> UnitIds {
    let ids = UnitIds::new(&world.stack.name, main.name);
    let owner = main.run.path();
    draft.names.claim("family", &ids.family, owner);
    draft.names.claim("file", &ids.name, owner);
    for member in &unit.members {
        let name = format!("{}/{}", ids.family, names::dashed(member.name, 255));
        draft.names.claim("container", &name, member.run.path());
    }
    ids
}

/// Adds the containers that run first, and lets all others wait for them.
fn prepare(world: &World<'_>, task: &mut TaskDraft, name: &str) {
    let files = mem::take(&mut task.files);
    let first = [
        discovery::search_container(world, task),
        file::files_container(files),
    ];
    let mut first: Vec<_> = first.into_iter().flatten().collect();
    for container in &mut task.containers {
        container.depends_on.extend(first.iter().map(ended_well));
    }
    for container in &mut first {
        container.log_configuration = Some(logging::to_cloudwatch(name, &IndexMap::new()));
    }
    first.append(&mut task.containers);
    task.containers = first;
}

fn ended_well(container: &ContainerDefinition) -> ContainerDependency {
    ContainerDependency {
        container_name: container.name.clone(),
        condition: "SUCCESS",
    }
}
