//! Mounts.

use indexmap::IndexMap;
use tranship_model::{
    ByteSize, FileMode, HostPathOptions, Mount, MountSource, Storage, Topic, VolumesFrom,
};

use super::task::TaskDraft;
use super::volume::VolumeHome;
use super::world::World;
use super::{file, volume};
use crate::api::{
    ContainerDefinition, EfsAuthorization, EfsVolume, HostVolume, MountPoint, Tmpfs, Volume,
    VolumeFrom,
};
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
        translate_mount(
            task,
            &mut topic.key("mounts").index(index),
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
        if task.is_fargate() {
            topic
                .key("shared_memory")
                .refused(&codes::FARGATE, "`/dev/shm` holds 64 MiB");
        } else {
            topic.key("shared_memory").exact();
            let parameters = &mut container.linux_parameters;
            parameters.shared_memory_size = Some(size.mebibytes_rounded_up());
        }
    }
    topic.drop_field(
        "storage_options",
        storage_options,
        &codes::NO_HOME,
        "the writable layer has the size all tasks have",
    );
}

fn translate_mount(
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
    let Some(home) = world.volumes.get(key) else {
        topic.refused(
            &codes::MOUNT_SOURCE,
            format!("there is no volume `{key}` in the stack"),
        );
        return None;
    };
    let (file_system_id, access_point_id) = match home {
        VolumeHome::Instance(docker, name) => {
            topic.exact();
            // The name is the one of the instance's volume, so two keys may share it.
            let volume_name = names::dashed(name, 255);
            return Some(Volume {
                name: volume_name,
                docker_volume_configuration: Some(docker.clone()),
                ..Volume::default()
            });
        }
        VolumeHome::Directory { access_point } => {
            task.mounts_own_file_system = true;
            task.join(volume::file_system_group());
            (volume::file_system(), Some(access_point.clone()))
        }
        VolumeHome::FileSystem { id } => (id.clone(), None),
    };
    if !task.file_systems.contains(&file_system_id) {
        task.file_systems.push(file_system_id.clone());
    }
    match no_copy {
        Some(true) => topic.exact(),
        Some(false) | None => topic.approximate(
            &codes::VOLUME_FILE_SYSTEM,
            "an empty volume is not filled with what the image has there",
        ),
    }
    let authorization = EfsAuthorization {
        access_point_id,
        iam: "ENABLED",
    };
    let efs = EfsVolume {
        file_system_id,
        transit_encryption: "ENABLED",
        authorization_config: Some(authorization),
    };
    Some(Volume {
        name: names::dashed(key, 255),
        efs_volume_configuration: Some(efs),
        ..Volume::default()
    })
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
    topic.drop_field(
        "source.propagation",
        propagation,
        &codes::NO_HOME,
        "mounts below are not shared",
    );
    topic.drop_field(
        "source.selinux",
        selinux,
        &codes::NO_HOME,
        "the path is not relabelled",
    );
    topic.drop_field(
        "source.recursive",
        recursive,
        &codes::NO_HOME,
        "mounts below are taken along",
    );
    let name = names::dashed(&format!("host-{}-{index}", task.containers.len()), 255);
    Some(Volume {
        name,
        host: Some(HostVolume {
            source_path: path.to_owned(),
        }),
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
    let mut mount_options: Vec<String> = mode
        .iter()
        .map(|FileMode(mode)| format!("mode={mode:o}"))
        .collect();
    topic.exact();
    if size.is_none() {
        topic.key("source.size").implicit(
            &codes::MEMORY_MOUNT,
            format!("it holds {MEMORY_DEFAULT} MiB: ECS demands a size, and the file says none"),
        );
    }
    for (index, option) in options.iter().enumerate() {
        let word = option.split('=').next().unwrap_or(option);
        if MEMORY_OPTIONS.contains(&word) {
            mount_options.push(option.clone());
        } else {
            topic.key("source.options").index(index).dropped(
                &codes::MEMORY_MOUNT,
                format!("ECS does not know the option `{option}`"),
            );
        }
    }
    Tmpfs {
        container_path: target.to_owned(),
        size: size
            .map_or(MEMORY_DEFAULT, ByteSize::mebibytes_rounded_up)
            .max(1),
        mount_options,
    }
}

fn translate_volumes_from(
    topic: &mut Topic<'_>,
    world: &World<'_>,
    task: &TaskDraft,
    sources: &[VolumesFrom],
    container: &mut ContainerDefinition,
) {
    for (index, source) in sources.iter().enumerate() {
        let mut list = topic.key("volumes_from");
        let mut topic = list.index(index);
        match source {
            VolumesFrom::Service { service, read_only } => match world.places.get(service.as_str())
            {
                Some(place) if place.main == task.main && place.container != container.name => {
                    topic.equivalent(&codes::SHARED_TASK, format!("it runs in the task of `{service}`: both start, stop and scale together"));
                    container.volumes_from.push(VolumeFrom {
                        source_container: place.container.clone(),
                        read_only: Some(*read_only),
                    });
                }
                Some(_) | None => topic.refused(
                    &codes::SHARED_TASK,
                    format!("`{service}` is in no task it could join"),
                ),
            },
            VolumesFrom::Container {
                container,
                read_only: _,
            } => {
                topic.refused(
                    &codes::MOUNT_SOURCE,
                    format!("`{container}` lies outside the stack: its mounts are missing"),
                );
            }
        }
    }
}
