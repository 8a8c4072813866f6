//! What a container finds in its file system beside its image.

use tranship_model::{ByteSize, Storage, Topic, VolumesFrom};

use super::task::TaskDraft;
use super::world::{Place, World};
use super::{file, mount};
use crate::api::{ContainerDefinition, VolumeFrom};
use crate::codes;

/// Translates what a container finds in its file system beside its image.
pub(crate) fn translate(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    storage: &Storage,
    container: &mut ContainerDefinition,
) {
    let Storage {
        mounts,
        configs,
        secrets,
        volumes_from,
        shared_memory,
        storage_options,
    } = storage;
    for (index, mount) in mounts.iter().enumerate() {
        let mut topic = topic.key("mounts");
        mount::translate(
            task,
            &mut topic.index(index),
            world,
            mount,
            index,
            container,
        );
    }
    file::translate_config_grants(task, topic, world, configs, container);
    file::translate_secret_grants(task, topic, world, secrets, container);
    translate_volumes_from(topic, world, task, volumes_from, container);
    if let Some(size) = shared_memory {
        share_memory(task, &mut topic.key("shared_memory"), *size, container);
    }
    let lost = "the writable layer has the size all tasks have";
    topic.drop_field("storage_options", storage_options, &codes::NO_HOME, lost);
}

fn share_memory(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    size: ByteSize,
    container: &mut ContainerDefinition,
) {
    if task.is_fargate() {
        return topic.refused(&codes::FARGATE, "`/dev/shm` holds 64 MiB");
    }
    topic.exact();
    let parameters = &mut container.linux_parameters;
    parameters.shared_memory_size = Some(size.mebibytes_rounded_up());
}

fn translate_volumes_from(
    topic: &mut Topic<'_>,
    world: &World<'_>,
    task: &TaskDraft,
    sources: &[VolumesFrom],
    container: &mut ContainerDefinition,
) {
    for (index, source) in sources.iter().enumerate() {
        let mut topic = topic.key("volumes_from");
        let mut topic = topic.index(index);
        match source {
            VolumesFrom::Service { service, read_only } => {
                let place = place_of(world, task, service, &container.name);
                note_joined(&mut topic, service, place.is_some());
                container.volumes_from.extend(place.map(|place| VolumeFrom {
                    source_container: place.container.clone(),
                    read_only: Some(*read_only),
                }));
            }
            VolumesFrom::Container {
                container,
                read_only: _,
            } => {
                let lost = format!("`{container}` lies outside the stack: its mounts are missing");
                topic.refused(&codes::MOUNT_SOURCE, lost);
            }
        }
    }
}

/// Where another container of the same task is.
fn place_of<'a>(
    world: &'a World<'_>,
    task: &TaskDraft,
    service: &str,
    own: &str,
) -> Option<&'a Place<'a>> {
    let place = world.places.get(service)?;
    (place.main == task.main && place.container != own).then_some(place)
}

fn note_joined(topic: &mut Topic<'_>, service: &str, is_joined: bool) {
    if is_joined {
        let detail =
            format!("it runs in the task of `{service}`: both start, stop and scale together");
        topic.equivalent(&codes::SHARED_TASK, detail);
    } else {
        let lost = format!("`{service}` is in no task it could join");
        topic.refused(&codes::SHARED_TASK, lost);
    }
}
