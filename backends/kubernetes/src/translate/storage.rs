//! Mounts.

use k8s_openapi::api::core::v1::{
    EphemeralVolumeSource, PersistentVolumeClaim, PersistentVolumeClaimSpec,
    PersistentVolumeClaimTemplate, PersistentVolumeClaimVolumeSource, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use tranship_model::{Mount, MountSource, Present, Stack, Storage, Topic, VolumesFrom};

use super::claims::{self, Claim};
use super::pod::{Mounts, Pod};
use super::workload::Controller;
use super::world::World;
use super::{grants, host_paths, scratch};
use crate::{codes, labels, names};

/// Every mount of a task, those it takes over from other services included.
pub(super) fn all_mounts<'a>(
    stack: &'a Stack,
    storage: &'a Storage,
) -> impl Iterator<Item = &'a Mount> {
    let inherited = storage
        .volumes_from
        .iter()
        .flat_map(|from| inherited(stack, from));
    storage.mounts.iter().chain(inherited)
}

/// The mounts of another service that can be mounted once more.
fn inherited<'a>(stack: &'a Stack, from: &VolumesFrom) -> impl Iterator<Item = &'a Mount> {
    let service = match from {
        VolumesFrom::Service {
            service,
            read_only: _,
        } => stack.services.get(service),
        VolumesFrom::Container {
            container: _,
            read_only: _,
        } => None,
    };
    let mounts = service.map(|service| service.task.storage.mounts.iter());
    mounts
        .into_iter()
        .flatten()
        .filter(|mount| is_shareable(&mount.source))
}

const fn is_shareable(source: &MountSource) -> bool {
    match source {
        MountSource::Volume { .. } | MountSource::HostPath { .. } | MountSource::Cluster { .. } => {
            true
        }
        MountSource::Anonymous { .. }
        | MountSource::Memory { .. }
        | MountSource::Image { .. }
        | MountSource::NamedPipe { .. } => false,
    }
}

/// Translates what a task finds in its file system.
pub(super) fn storage(storage: &Storage, world: &World<'_>, pod: &mut Pod, topic: &mut Topic<'_>) {
    let Storage {
        mounts,
        configs,
        secrets,
        volumes_from,
        shared_memory,
        storage_options,
    } = storage;
    for (index, mount) in mounts.iter().enumerate() {
        self::mount(
            mount,
            false,
            world,
            pod,
            &mut topic.key("mounts").index(index),
        );
    }
    for (index, from) in volumes_from.iter().enumerate() {
        take_over(
            from,
            world,
            pod,
            &mut topic.key("volumes_from").index(index),
        );
    }
    grants::configs(configs, world, &mut pod.mounts, &mut topic.key("configs"));
    grants::secrets(secrets, world, &mut pod.mounts, &mut topic.key("secrets"));
    if let Some(size) = shared_memory {
        scratch::shared_memory(*size, &mut pod.mounts, &mut topic.key("shared_memory"));
    }
    topic.drop_field(
        "storage_options",
        storage_options,
        &codes::STORAGE_OPTIONS,
        "the writable layer has no limit of its own",
    );
}

fn take_over(from: &VolumesFrom, world: &World<'_>, pod: &mut Pod, topic: &mut Topic<'_>) {
    let read_only = match from {
        VolumesFrom::Service {
            service: _,
            read_only,
        } => *read_only,
        VolumesFrom::Container {
            container,
            read_only: _,
        } => {
            let detail = format!("the cluster does not know the container `{container}`");
            topic.refused(&codes::OUTSIDE_CONTAINER, detail);
            return;
        }
    };
    topic.approximate(
        &codes::VOLUMES_FROM,
        "named volumes and paths of the node are mounted here too; memory and volumes without a \
         name are not shared",
    );
    for mount in inherited(world.stack, from) {
        let target = clean(&mount.target);
        if !pod.mounts.has(&target) {
            self::mount(mount, read_only, world, pod, &mut topic.key("mounts"));
        }
    }
}

/// The path without doubled and trailing slashes.
pub(super) fn clean(path: &str) -> String {
    let steps: Vec<_> = path
        .split('/')
        .filter(|step| !step.is_empty() && *step != ".")
        .collect();
    format!("/{}", steps.join("/"))
}

/// Whether something can be mounted at `path`, and notes why not.
pub(super) fn is_free(path: &str, mounts: &Mounts, topic: &mut Topic<'_>) -> bool {
    if path == "/" || path.contains(':') {
        let detail = format!("nothing can be mounted at `{path}`");
        topic.refused(&codes::PATH_ILLEGAL, detail);
        return false;
    }
    if mounts.has(path) {
        let detail = format!("another mount is at `{path}` already, and only the first is made");
        topic.refused(&codes::PATH_TAKEN, detail);
        return false;
    }
    true
}

fn mount(mount: &Mount, read_only: bool, world: &World<'_>, pod: &mut Pod, topic: &mut Topic<'_>) {
    let Mount {
        target,
        source,
        read_only: own_read_only,
        consistency,
    } = mount;
    let path = clean(target);
    if !is_free(&path, &pod.mounts, topic) {
        return;
    }
    let read_only = read_only || own_read_only.unwrap_or(false);
    let place = Place {
        path: &path,
        read_only,
    };
    let Some(mounted) = self::source(source, &place, world, pod, topic) else {
        return;
    };
    if consistency.is_some() {
        let detail = "task and node see each other's writes at once";
        topic
            .key("consistency")
            .equivalent(&codes::CONSISTENCY, detail);
    }
    pod.mounts.mount(VolumeMount {
        mount_path: path,
        read_only: read_only.then_some(true),
        ..mounted
    });
}

/// Where a mount stands.
pub(super) struct Place<'mount> {
    pub(super) path: &'mount str,
    pub(super) read_only: bool,
}

fn source(
    source: &MountSource,
    place: &Place<'_>,
    world: &World<'_>,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) -> Option<VolumeMount> {
    match source {
        MountSource::Volume {
            volume,
            subpath,
            no_copy,
            labels,
        } => {
            let name = named(volume, world, pod, topic)?;
            note_copy(*no_copy, topic);
            note_labels(labels, topic);
            Some(VolumeMount {
                name,
                sub_path: sub_path(subpath.as_deref(), topic),
                ..VolumeMount::default()
            })
        }
        MountSource::Anonymous { no_copy, labels } => {
            note_labels(labels, topic);
            Some(scratch::anonymous(*no_copy, place, &mut pod.mounts, topic))
        }
        MountSource::HostPath { path, options } => {
            host_paths::host_path(path, options, place, world.target.host_paths, pod, topic)
        }
        MountSource::Memory {
            size,
            mode,
            options,
        } => Some(scratch::memory(
            *size,
            *mode,
            options,
            place,
            &mut pod.mounts,
            topic,
        )),
        MountSource::Image {
            reference: _,
            subpath: _,
        } => refuse(
            topic,
            &codes::IMAGE_MOUNT,
            "the files of the image are missing at this path",
        ),
        MountSource::Cluster { volume } => cluster(volume, &mut pod.mounts, topic),
        MountSource::NamedPipe { path: _ } => refuse(
            topic,
            &codes::NAMED_PIPE,
            "the pipe is missing at this path",
        ),
    }
}

fn refuse(
    topic: &mut Topic<'_>,
    code: &'static tranship_model::Code,
    detail: &'static str,
) -> Option<VolumeMount> {
    topic.refused(code, detail);
    None
}

/// Mounts a volume of the stack, and gives its name inside the pod.
fn named(key: &str, world: &World<'_>, pod: &mut Pod, topic: &mut Topic<'_>) -> Option<String> {
    let (Some(claim), Some(volume)) = (world.claim(key), world.stack.volumes.get(key)) else {
        let detail = format!("the stack has no volume `{key}`");
        topic.refused(&codes::UNDEFINED, detail);
        return None;
    };
    topic.exact();
    let name = claim.volume_name();
    if claim.per_task {
        let spec = claims::spec(claim, volume.size);
        own_claim(&name, spec, world, pod, topic);
    } else {
        if !claim.is_shared() && !claim.external {
            pod.mounts.needs_single_node();
        }
        pod.mounts.add_volume(claimed(name.clone(), claim));
    }
    Some(name)
}

fn claimed(name: String, claim: &Claim) -> Volume {
    Volume {
        name,
        persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
            claim_name: claim.name.clone(),
            read_only: None,
        }),
        ..Volume::default()
    }
}

/// A volume every task has one of: only stateful sets keep it beyond the pod.
fn own_claim(
    name: &str,
    spec: PersistentVolumeClaimSpec,
    world: &World<'_>,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) {
    let metadata = ObjectMeta {
        name: Some(name.to_owned()),
        labels: Some(labels::common(&world.stack.name)),
        ..ObjectMeta::default()
    };
    match pod.controller {
        Controller::StatefulSet => pod.mounts.add_template(PersistentVolumeClaim {
            metadata,
            spec: Some(spec),
            status: None,
        }),
        Controller::Deployment | Controller::DaemonSet | Controller::Job => {
            let detail =
                "it is deleted with its pod; only numbered tasks keep storage of their own";
            topic.approximate(&codes::VOLUME_PER_TASK, detail);
            pod.mounts.add_volume(short_lived(name, metadata, spec));
        }
    }
}

fn short_lived(name: &str, metadata: ObjectMeta, spec: PersistentVolumeClaimSpec) -> Volume {
    let template = PersistentVolumeClaimTemplate {
        metadata: Some(ObjectMeta {
            name: None,
            ..metadata
        }),
        spec,
    };
    Volume {
        name: name.to_owned(),
        ephemeral: Some(EphemeralVolumeSource {
            volume_claim_template: Some(template),
        }),
        ..Volume::default()
    }
}

/// The part of a volume that is mounted, where it can be mounted alone.
fn sub_path(subpath: Option<&str>, topic: &mut Topic<'_>) -> Option<String> {
    let subpath = subpath?.trim_matches('/');
    let mut field = topic.key("source");
    if subpath.split('/').any(|step| step == "..") {
        let detail = "a path with `..` cannot be mounted; the whole volume is";
        field.key("subpath").refused(&codes::PATH_ILLEGAL, detail);
        return None;
    }
    field.key("subpath").exact();
    (!subpath.is_empty()).then(|| subpath.to_owned())
}

pub(super) fn note_copy(no_copy: Option<bool>, topic: &mut Topic<'_>) {
    let mut source = topic.key("source");
    let mut field = source.key("no_copy");
    let detail =
        "an empty volume stays empty; Docker fills it with what the image has at this path";
    match no_copy {
        Some(true) => field.exact(),
        Some(false) => field.dropped(&codes::VOLUME_EMPTY, detail),
        None => field.implicit(&codes::VOLUME_EMPTY, detail),
    }
}

fn note_labels(labels: &indexmap::IndexMap<String, String>, topic: &mut Topic<'_>) {
    if labels.is_present() {
        let detail = "volumes made by a mount carry no labels";
        topic
            .key("source")
            .key("labels")
            .dropped(&codes::MOUNT_LABELS, detail);
    }
}

fn cluster(volume: &str, mounts: &mut Mounts, topic: &mut Topic<'_>) -> Option<VolumeMount> {
    if let Some(group) = volume.strip_prefix("group:") {
        let detail = format!("volumes have no groups, so none of `{group}` can be picked");
        topic.refused(&codes::CLUSTER_VOLUME, detail);
        return None;
    }
    let claim = names::existing(volume);
    topic.approximate(
        &codes::CLUSTER_VOLUME,
        format!("the claim `{claim}` must exist in the namespace before the stack is applied"),
    );
    let name = names::label(&format!("cluster-{volume}"), names::BASE_LIMIT);
    mounts.add_volume(Volume {
        name: name.clone(),
        persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
            claim_name: claim,
            read_only: None,
        }),
        ..Volume::default()
    });
    Some(VolumeMount {
        name,
        ..VolumeMount::default()
    })
}
