//! Mounts.

use indexmap::IndexMap;
use tranship_model::{ByteSize, FileMode, HostPathOptions, Mount, MountSource, Topic};

use super::task::TaskDraft;
use super::volume;
use super::volume::VolumeHome;
use super::world::World;
use crate::api::{
    ContainerDefinition, EfsAuthorization, EfsVolume, HostVolume, MountPoint, Tmpfs, Volume,
};
use crate::late::Late;
use crate::{codes, names};

/// MiB a memory mount gets when the file does not say; ECS demands a number.
const MEMORY_DEFAULT: u64 = 64;

/// Mount options ECS takes for memory mounts, before any `=`.
///
/// Source: `Tmpfs`, `mountOptions`.
const MEMORY_OPTIONS: [&str; 33] = [
    "defaults",
    "ro",
    "rw",
    "suid",
    "nosuid",
    "dev",
    "nodev",
    "exec",
    "noexec",
    "sync",
    "async",
    "dirsync",
    "remount",
    "mand",
    "nomand",
    "atime",
    "noatime",
    "diratime",
    "nodiratime",
    "bind",
    "rbind",
    "unbindable",
    "runbindable",
    "private",
    "rprivate",
    "shared",
    "rshared",
    "slave",
    "relatime",
    "mode",
    "uid",
    "gid",
    "nr_inodes",
];

/// Translates one mount.
pub(crate) fn translate(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    mount: &Mount,
    index: usize,
    container: &mut ContainerDefinition,
) {
    let Mount {
        target,
        source: _,
        read_only,
        consistency,
    } = mount;
    topic.drop_field(
        "consistency",
        consistency,
        &codes::NO_HOME,
        "reads and writes are not cached apart anyway",
    );
    if container
        .mount_points
        .iter()
        .any(|other| other.container_path == *target)
    {
        return topic.refused(
            &codes::MOUNT_SOURCE,
            format!("`{target}` is mounted twice; the first holds"),
        );
    }
    let Some(volume) = volume_of(task, topic, world, mount, index, container) else {
        return;
    };
    let source_volume = volume.name.clone();
    task.volume(volume);
    container.mount_points.push(MountPoint {
        source_volume,
        container_path: target.clone(),
        read_only: *read_only,
    });
}

/// The volume of the task a mount shows; memory is no volume, and goes straight to the container.
fn volume_of(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    mount: &Mount,
    index: usize,
    container: &mut ContainerDefinition,
) -> Option<Volume> {
    match &mount.source {
        MountSource::Volume {
            volume,
            subpath,
            no_copy,
            labels,
        } => {
            note_labels(topic, labels);
            if subpath.is_some() {
                topic.key("source.subpath").refused(
                    &codes::SUBPATH,
                    "the whole volume is mounted, not a part of it",
                );
            }
            named(task, topic, world, volume, *no_copy)
        }
        MountSource::Anonymous { no_copy, labels } => {
            note_labels(topic, labels);
            Some(anonymous(topic, &container.name, index, *no_copy))
        }
        MountSource::HostPath { path, options } => host_path(task, topic, path, options, index),
        MountSource::Memory {
            size,
            mode,
            options,
        } => {
            let mut tmpfs = memory(topic, &mount.target, *size, *mode, options);
            if topic.carry("read_only", mount.read_only) == Some(true) {
                tmpfs.mount_options.push("ro".to_owned());
            }
            container.linux_parameters.tmpfs.push(tmpfs);
            None
        }
        MountSource::Image {
            reference,
            subpath: _,
        } => refuse_source(topic, &format!("the image `{reference}`")),
        MountSource::Cluster { volume } => {
            refuse_source(topic, &format!("the cluster's volume `{volume}`"))
        }
        MountSource::NamedPipe { path } => {
            refuse_source(topic, &format!("the named pipe `{path}`"))
        }
    }
}

fn note_labels(topic: &mut Topic<'_>, labels: &IndexMap<String, String>) {
    let detail = "the volume is not labelled";
    topic.drop_field("source.labels", labels, &codes::LABELS, detail);
}

fn refuse_source(topic: &mut Topic<'_>, what: &str) -> Option<Volume> {
    topic.refused(
        &codes::MOUNT_SOURCE,
        format!("{what} cannot be mounted; the image's own directory is seen"),
    );
    None
}

fn named(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    key: &str,
    no_copy: Option<bool>,
) -> Option<Volume> {
    match world.volumes.get(key) {
        None => {
            let lost = format!("there is no volume `{key}` in the stack");
            topic.refused(&codes::MOUNT_SOURCE, lost);
            None
        }
        Some(VolumeHome::Instance(docker, name)) => {
            topic.exact();
            Some(Volume {
                // The name is the one of the instance's volume, so two keys may share it.
                name: names::dashed(name, 255),
                docker_volume_configuration: Some(docker.clone()),
                ..Volume::default()
            })
        }
        Some(VolumeHome::Directory { access_point }) => {
            task.mounts_own_file_system = true;
            task.join(volume::file_system_group());
            let access_point = Some(access_point.clone());
            let efs = mounted(task, volume::file_system(), access_point);
            Some(elastic(topic, key, efs, no_copy))
        }
        Some(VolumeHome::FileSystem { id }) => {
            let efs = mounted(task, id.clone(), None);
            Some(elastic(topic, key, efs, no_copy))
        }
    }
}

/// A file system or a directory of it, which the task's role lets it mount.
fn mounted(task: &mut TaskDraft, id: Late, access_point: Option<Late>) -> EfsVolume {
    if !task.file_systems.contains(&id) {
        task.file_systems.push(id.clone());
    }
    EfsVolume {
        file_system_id: id,
        transit_encryption: "ENABLED",
        authorization_config: Some(EfsAuthorization {
            access_point_id: access_point,
            iam: "ENABLED",
        }),
    }
}

fn elastic(topic: &mut Topic<'_>, key: &str, efs: EfsVolume, no_copy: Option<bool>) -> Volume {
    match no_copy {
        Some(true) => topic.exact(),
        Some(false) | None => topic.approximate(
            &codes::VOLUME_FILE_SYSTEM,
            "an empty volume is not filled with what the image has there",
        ),
    }
    Volume {
        name: names::dashed(key, 255),
        efs_volume_configuration: Some(efs),
        ..Volume::default()
    }
}

fn anonymous(
    topic: &mut Topic<'_>,
    container: &str,
    index: usize,
    no_copy: Option<bool>,
) -> Volume {
    match no_copy {
        Some(true) => topic.exact(),
        Some(false) | None => topic.approximate(&codes::VOLUME_TASK, "a volume of the task: it starts empty unless the image declares it, and goes with the task"),
    }
    Volume {
        name: names::dashed(&format!("{container}-mount-{index}"), 255),
        ..Volume::default()
    }
}

fn host_path(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    path: &str,
    options: &HostPathOptions,
    index: usize,
) -> Option<Volume> {
    let HostPathOptions {
        create,
        propagation,
        selinux,
        recursive,
    } = options;
    if task.is_fargate() {
        topic.refused(&codes::HOST_PATH, format!("there is no `{path}` on a machine of AWS: put the files into the image, a config or a volume"));
        return None;
    }
    topic.approximate(
        &codes::HOST_PATH,
        format!("`{path}` of whichever instance the task runs on, where it has to be already"),
    );
    topic.carry("source.create", *create);
    let lost = "mounts below are not shared";
    topic.drop_field("source.propagation", propagation, &codes::NO_HOME, lost);
    let lost = "the path is not relabelled";
    topic.drop_field("source.selinux", selinux, &codes::NO_HOME, lost);
    let lost = "mounts below are taken along";
    topic.drop_field("source.recursive", recursive, &codes::NO_HOME, lost);
    let host = HostVolume {
        source_path: path.to_owned(),
    };
    Some(Volume {
        name: names::dashed(&format!("host-{}-{index}", task.containers.len()), 255),
        host: Some(host),
        ..Volume::default()
    })
}

fn memory(
    topic: &mut Topic<'_>,
    target: &str,
    size: Option<ByteSize>,
    mode: Option<FileMode>,
    options: &[String],
) -> Tmpfs {
    topic.exact();
    if size.is_none() {
        topic.key("source.size").implicit(
            &codes::MEMORY_MOUNT,
            format!("it holds {MEMORY_DEFAULT} MiB: ECS demands a size, and the file says none"),
        );
    }
    let size = size.map_or(MEMORY_DEFAULT, ByteSize::mebibytes_rounded_up);
    let mode = mode.map(|FileMode(mode)| format!("mode={mode:o}"));
    let mut mount_options = Vec::from_iter(mode);
    mount_options.extend(memory_options(topic, options));
    Tmpfs {
        container_path: target.to_owned(),
        size: size.max(1),
        mount_options,
    }
}

/// The options ECS knows; the others are noted.
fn memory_options(topic: &mut Topic<'_>, options: &[String]) -> Vec<String> {
    let mut known = Vec::with_capacity(options.len());
    for (index, option) in options.iter().enumerate() {
        let word = option.split('=').next().unwrap_or(option);
        if MEMORY_OPTIONS.contains(&word) {
            known.push(option.clone());
            continue;
        }
        let lost = format!("ECS does not know the option `{option}`");
        let mut topic = topic.key("source.options");
        topic.index(index).dropped(&codes::MEMORY_MOUNT, lost);
    }
    known
}
