//! One running copy of a service or job.

use tranship_model::{Task, Topic};

use super::pod::Pod;
use super::world::World;
use super::{kernel, lifecycle, network, process, resources, security, storage};
use crate::codes;

/// Translates a task of the service or job `key`, but for its ports.
///
/// The order matters: rights decide how mounts are shared, and hooks run with all mounts.
pub(super) fn task(
    task: &Task,
    key: &str,
    world: &World<'_>,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) {
    let Task {
        process,
        networking,
        storage,
        resources,
        security,
        kernel,
        lifecycle,
        models,
    } = task;
    process::process(process, key, world, pod, topic);
    network::networking(networking, key, world, pod, topic);
    security::security(security, pod, topic);
    storage::storage(storage, world, pod, topic);
    resources::resources(resources, pod, topic);
    kernel::kernel(kernel, pod, topic);
    lifecycle::lifecycle(lifecycle, world, pod, topic);
    for name in models.keys() {
        let detail = "no model is served, and its variables are not set";
        topic.key("models").key(name).refused(&codes::MODEL, detail);
    }
}
