//! One container definition.

use tranship_model::{Task, Topic};

use super::task::TaskDraft;
use super::world::World;
use super::{
    dependency, kernel, lifecycle, logging, networking, process, resources, security, storage,
};
use crate::api::ContainerDefinition;
use crate::codes;
use crate::survey::{Member, Unit};

/// Adds the container of one member to the task.
pub(crate) fn translate(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    order: &dependency::Order,
    unit: &Unit<'_>,
    member: &Member<'_>,
) {
    // No `..`: a field added to the model does not compile here until it has a place.
    let Task {
        process,
        networking,
        storage,
        resources,
        security,
        kernel,
        lifecycle,
        models,
    } = member.run.task();
    let mut container = ContainerDefinition {
        essential: member.essential,
        ..ContainerDefinition::default()
    };
    process::translate(task, topic, world, process, member, &mut container);
    logging::translate(
        task,
        topic,
        process.logging.as_ref(),
        member.name,
        &mut container,
    );
    networking::translate(task, topic, world, networking, &mut container);
    storage::translate(task, topic, world, storage, &mut container);
    resources::translate(task, topic, resources, &mut container);
    security::translate(task, topic, world, security, &mut container);
    kernel::translate(task, topic, kernel, &mut container);
    lifecycle::translate(task, topic, lifecycle, unit, &mut container);
    dependency::containers(topic, world, order, member, lifecycle, &mut container);
    topic.refuse_field(
        "models",
        models,
        &codes::MODEL,
        "ECS serves no language models",
    );
    task.containers.push(container);
}
