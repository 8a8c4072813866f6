//! Volumes: claims for storage, and who shares them.

use std::collections::HashMap;

use k8s_openapi::api::core::v1::{
    PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use tranship_model::{
    ByteSize, Ledger, MountSource, ObjectId, Scheduling, Stack, Task, Topic, Volume, VolumeScope,
};

use super::output::Output;
use super::storage;
use super::world::World;
use crate::labels::{self, Pairs, Sorted};
use crate::{codes, names, quantity};

/// What a claim asks for when the file names no size.
const DEFAULT_SIZE: ByteSize = ByteSize(1 << 30);

/// A volume as the tasks that mount it see it.
#[derive(Debug)]
pub(super) struct Claim {
    /// The name of the claim, and of the volume inside a task.
    pub(super) name: String,
    /// Whether every task has one of its own.
    pub(super) per_task: bool,
    /// Whether it exists already.
    pub(super) external: bool,
    /// How many services and jobs mount it.
    users: u32,
    /// How many tasks mount it at once.
    tasks: u32,
}

impl Claim {
    /// Whether tasks on several nodes may have to mount it.
    pub(super) const fn is_shared(&self) -> bool {
        self.users > 1 || self.tasks > 1
    }

    /// The name of the volume inside a task.
    pub(super) fn volume_name(&self) -> String {
        if names::is_label(&self.name, names::BASE_LIMIT) {
            return self.name.clone();
        }
        names::label(&self.name, names::BASE_LIMIT)
    }
}

/// Every volume of a stack and how many mount it.
pub(super) fn survey(stack: &Stack) -> HashMap<&str, Claim> {
    let mut claims: HashMap<&str, Claim> = stack
        .volumes
        .iter()
        .map(|(key, volume)| (key.as_str(), claim(stack, key, volume)))
        .collect();
    for service in stack.services.values() {
        count(
            stack,
            &service.task,
            at_once(service.scheduling),
            &mut claims,
        );
    }
    for job in stack.jobs.values() {
        count(stack, &job.task, 1, &mut claims);
    }
    claims
}

fn claim(stack: &Stack, key: &str, volume: &Volume) -> Claim {
    let name = if volume.external {
        names::existing(&volume.name)
    } else {
        names::label(
            short_name(&stack.name, key, &volume.name),
            names::BASE_LIMIT,
        )
    };
    Claim {
        name,
        per_task: volume.scope == VolumeScope::PerTask,
        external: volume.external,
        users: 0,
        tasks: 0,
    }
}

/// The key, where the name outside the stack is only the key behind the stack's own name.
pub(super) fn short_name<'a>(stack: &str, key: &'a str, name: &'a str) -> &'a str {
    let behind = name
        .strip_prefix(stack)
        .and_then(|rest| rest.strip_prefix('_'));
    if behind == Some(key) { key } else { name }
}

/// Tasks that run at the same time; on every node counts as two.
const fn at_once(scheduling: Scheduling) -> u32 {
    match scheduling {
        Scheduling::Replicated { replicas: count }
        | Scheduling::ReplicatedJob { completions: count } => match count {
            Some(count) => count,
            None => 1,
        },
        Scheduling::Global | Scheduling::GlobalJob => 2,
    }
}

fn count(stack: &Stack, task: &Task, at_once: u32, claims: &mut HashMap<&str, Claim>) {
    let mut seen: Vec<&str> = Vec::new();
    for mount in storage::all_mounts(stack, &task.storage) {
        if let MountSource::Volume {
            volume,
            subpath: _,
            no_copy: _,
            labels: _,
        } = &mount.source
            && !seen.contains(&volume.as_str())
            && let Some(claim) = claims.get_mut(volume.as_str())
        {
            seen.push(volume);
            claim.users += 1;
            claim.tasks = claim.tasks.max(at_once);
        }
    }
}

/// Makes the claims of a stack's volumes.
pub(super) fn claims(world: &World<'_>, ledger: &mut Ledger, output: &mut Output) {
    for (key, volume) in &world.stack.volumes {
        let Some(claim) = world.claim(key) else {
            continue;
        };
        let is_ours = !claim.external && !claim.per_task && claim.users > 0;
        let object = is_ours.then(|| ObjectId::new("PersistentVolumeClaim", claim.name.as_str()));
        let mut topic = ledger.topic(volume.path.clone(), object.into_iter().collect());
        if claim.users == 0 {
            topic.equivalent(&codes::UNUSED, "no service mounts it, so no claim is made");
        } else if let Some(claim) = claim_object(world, volume, claim, &mut topic) {
            output.emit(&volume.path, &claim);
        }
    }
}

fn claim_object(
    world: &World<'_>,
    volume: &Volume,
    claim: &Claim,
    topic: &mut Topic<'_>,
) -> Option<PersistentVolumeClaim> {
    let Volume {
        name,
        path: _,
        external,
        driver,
        driver_options,
        labels,
        scope: _,
        size,
    } = volume;
    note_name(name, &claim.name, *external, topic);
    note_driver(driver.as_deref(), topic);
    for key in driver_options.keys() {
        topic.key("driver_options").key(key).dropped(
            &codes::VOLUME_DRIVER,
            "the claim gets storage of the cluster's default class",
        );
    }
    let mut metadata = ObjectMeta {
        name: Some(claim.name.clone()),
        labels: Some(labels::common(&world.stack.name)),
        ..ObjectMeta::default()
    };
    sort_labels(labels, &mut metadata, topic);
    note_scope(volume, claim, topic);
    note_size(*size, *external, topic);
    (!external && !claim.per_task).then(|| PersistentVolumeClaim {
        metadata,
        spec: Some(spec(claim, *size)),
        status: None,
    })
}

/// Puts labels on an object's metadata.
pub(super) fn sort_labels(
    labels: &indexmap::IndexMap<String, String>,
    metadata: &mut ObjectMeta,
    topic: &mut Topic<'_>,
) {
    let mut annotations = Pairs::new();
    let mut sorted = Sorted {
        labels: metadata.labels.get_or_insert_default(),
        annotations: &mut annotations,
    };
    sorted.take(labels, &mut topic.key("labels"));
    if !annotations.is_empty() {
        metadata
            .annotations
            .get_or_insert_default()
            .append(&mut annotations);
    }
}

/// What a claim asks for.
pub(super) fn spec(claim: &Claim, size: Option<ByteSize>) -> PersistentVolumeClaimSpec {
    let mode = if claim.is_shared() && !claim.per_task {
        "ReadWriteMany"
    } else {
        "ReadWriteOnce"
    };
    let storage = quantity::bytes(size.unwrap_or(DEFAULT_SIZE));
    PersistentVolumeClaimSpec {
        access_modes: Some(vec![mode.to_owned()]),
        resources: Some(VolumeResourceRequirements {
            requests: Some([("storage".to_owned(), storage)].into()),
            limits: None,
        }),
        ..PersistentVolumeClaimSpec::default()
    }
}

/// Notes what something is called on the cluster.
pub(super) fn note_name(name: &str, ours: &str, external: bool, topic: &mut Topic<'_>) {
    let mut field = topic.key("name");
    if name == ours {
        field.exact();
    } else {
        field.equivalent(
            &codes::NAMED,
            format!("it is called `{ours}` on the cluster"),
        );
    }
    if external {
        topic.key("external").equivalent(
            &codes::EXTERNAL,
            format!("`{ours}` must exist in the namespace before the stack is applied"),
        );
    }
}

fn note_driver(driver: Option<&str>, topic: &mut Topic<'_>) {
    match driver {
        None => {}
        Some("local" | "default") => topic.key("driver").equivalent(
            &codes::VOLUME_DRIVER,
            "the cluster's default storage class provides it",
        ),
        Some(driver) => {
            let detail = format!("the cluster's default storage class provides it, not `{driver}`");
            topic.key("driver").dropped(&codes::VOLUME_DRIVER, detail);
        }
    }
}

fn note_scope(volume: &Volume, claim: &Claim, topic: &mut Topic<'_>) {
    match volume.scope {
        VolumeScope::Shared if claim.is_shared() && !claim.external => {
            topic.key("scope").implicit(
                &codes::VOLUME_SHARED,
                "several tasks mount it, so it needs a storage class that offers ReadWriteMany",
            );
        }
        VolumeScope::Shared | VolumeScope::PerTask => topic.key("scope").exact(),
    }
}

fn note_size(size: Option<ByteSize>, external: bool, topic: &mut Topic<'_>) {
    if size.is_some() && external {
        let detail = "the claim exists already, with a size of its own";
        topic.key("size").dropped(&codes::EXTERNAL, detail);
    } else if size.is_some() {
        topic.key("size").exact();
    } else if !external {
        let detail = "it holds 1 GiB; with Docker it may fill the node's disk";
        topic.key("size").implicit(&codes::VOLUME_SIZE, detail);
    }
}
