//! Mounts that are empty at first: memory, and volumes without a name.

use k8s_openapi::api::core::v1::{EmptyDirVolumeSource, Volume, VolumeMount};
use tranship_model::{ByteSize, FileMode, Topic};

use super::pod::Mounts;
use super::storage::{self, Place};
use crate::{codes, names, quantity};

/// The name of a volume for one path.
pub(super) fn path_name(prefix: &str, path: &str) -> String {
    // The prefix takes part in the 63 characters of a label.
    let limit = names::BASE_LIMIT.saturating_sub(prefix.len());
    format!("{prefix}-{}", names::label(path.trim_matches('/'), limit))
}

pub(super) fn anonymous(
    no_copy: Option<bool>,
    place: &Place<'_>,
    mounts: &mut Mounts,
    topic: &mut Topic<'_>,
) -> VolumeMount {
    topic.approximate(
        &codes::VOLUME_ANONYMOUS,
        "it is deleted with its pod; Docker keeps it when the container is made anew",
    );
    storage::note_copy(no_copy, topic);
    let name = path_name("scratch", place.path);
    mounts.add_volume(Volume {
        name: name.clone(),
        empty_dir: Some(EmptyDirVolumeSource::default()),
        ..Volume::default()
    });
    VolumeMount {
        name,
        ..VolumeMount::default()
    }
}

pub(super) fn memory(
    size: Option<ByteSize>,
    mode: Option<FileMode>,
    options: &[String],
    place: &Place<'_>,
    mounts: &mut Mounts,
    topic: &mut Topic<'_>,
) -> VolumeMount {
    topic.equivalent(
        &codes::MEMORY_MOUNT,
        "what it holds counts against the task's memory limit",
    );
    let mut source = topic.key("source");
    match mode {
        None => {}
        Some(FileMode(0o777 | 0o1777)) => source.key("mode").exact(),
        Some(FileMode(mode)) => {
            let detail = format!("everyone in the task may write (mode 777, not {mode:o})");
            source.key("mode").dropped(&codes::MEMORY_OPTIONS, detail);
        }
    }
    let detail = "the directory belongs to root and is mounted with the usual options";
    for (index, _) in options.iter().enumerate() {
        source
            .key("options")
            .index(index)
            .dropped(&codes::MEMORY_OPTIONS, detail);
    }
    let name = path_name("memory", place.path);
    mounts.add_volume(in_memory(&name, size));
    VolumeMount {
        name,
        ..VolumeMount::default()
    }
}

fn in_memory(name: &str, size: Option<ByteSize>) -> Volume {
    Volume {
        name: name.to_owned(),
        empty_dir: Some(EmptyDirVolumeSource {
            medium: Some("Memory".to_owned()),
            size_limit: size.map(quantity::bytes),
        }),
        ..Volume::default()
    }
}

pub(super) fn shared_memory(size: ByteSize, mounts: &mut Mounts, topic: &mut Topic<'_>) {
    let path = "/dev/shm";
    if !storage::is_free(path, mounts, topic) {
        return;
    }
    topic.equivalent(
        &codes::MEMORY_MOUNT,
        "what it holds counts against the task's memory limit",
    );
    mounts.add_volume(in_memory("shared-memory", Some(size)));
    mounts.mount(VolumeMount {
        name: "shared-memory".to_owned(),
        mount_path: path.to_owned(),
        ..VolumeMount::default()
    });
}
