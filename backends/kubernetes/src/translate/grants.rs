//! Configs and secrets as single files of a task.

use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, KeyToPath, SecretVolumeSource, Volume, VolumeMount,
};
use tranship_model::{FileGrant, FileMode, Topic};

use super::files::MountedFile;
use super::pod::Mounts;
use super::storage;
use super::world::World;
use crate::{codes, names};

/// The permissions Docker gives files unless others are asked for.
const DEFAULT_MODE: u32 = 0o444;

/// Mounts configs, by default in the root directory.
pub(super) fn configs(
    grants: &[FileGrant],
    world: &World<'_>,
    mounts: &mut Mounts,
    topic: &mut Topic<'_>,
) {
    for (index, grant) in grants.iter().enumerate() {
        let target = absolute(grant, "");
        let file = world.config(&grant.source);
        let volume = |name, file: &MountedFile, item| Volume {
            name,
            config_map: Some(ConfigMapVolumeSource {
                name: file.object.clone(),
                items: Some(vec![item]),
                ..ConfigMapVolumeSource::default()
            }),
            ..Volume::default()
        };
        self::grant(
            "config",
            grant,
            &target,
            file,
            volume,
            mounts,
            &mut topic.index(index),
        );
    }
}

/// Mounts secrets, by default in `/run/secrets`.
pub(super) fn secrets(
    grants: &[FileGrant],
    world: &World<'_>,
    mounts: &mut Mounts,
    topic: &mut Topic<'_>,
) {
    for (index, grant) in grants.iter().enumerate() {
        let target = absolute(grant, "/run/secrets");
        let file = world.secret(&grant.source);
        let volume = |name, file: &MountedFile, item| Volume {
            name,
            secret: Some(SecretVolumeSource {
                secret_name: Some(file.object.clone()),
                items: Some(vec![item]),
                ..SecretVolumeSource::default()
            }),
            ..Volume::default()
        };
        self::grant(
            "secret",
            grant,
            &target,
            file,
            volume,
            mounts,
            &mut topic.index(index),
        );
    }
}

fn absolute(grant: &FileGrant, directory: &str) -> String {
    let target = grant.target.as_deref().unwrap_or(&grant.source);
    if target.starts_with('/') {
        storage::clean(target)
    } else {
        storage::clean(&format!("{directory}/{target}"))
    }
}

fn grant(
    prefix: &str,
    grant: &FileGrant,
    path: &str,
    file: Option<&MountedFile>,
    volume: impl FnOnce(String, &MountedFile, KeyToPath) -> Volume,
    mounts: &mut Mounts,
    topic: &mut Topic<'_>,
) {
    let FileGrant {
        source,
        target: _,
        uid,
        gid,
        mode,
    } = grant;
    let Some(file) = file.filter(|file| file.possible) else {
        let detail = format!("`{source}` cannot be made, so the file is missing");
        topic.refused(&codes::UNDEFINED, detail);
        return;
    };
    if !storage::is_free(path, mounts, topic) {
        return;
    }
    topic.exact();
    let mode = effective_mode(uid.as_deref(), gid.as_deref(), *mode, topic);
    let name = volume_name(prefix, source, mode);
    let item = KeyToPath {
        key: file.key.clone(),
        mode: i32::try_from(mode).ok(),
        path: file.key.clone(),
    };
    mounts.add_volume(volume(name.clone(), file, item));
    mounts.mount(VolumeMount {
        name,
        mount_path: path.to_owned(),
        sub_path: Some(file.key.clone()),
        read_only: Some(true),
        ..VolumeMount::default()
    });
}

/// One volume serves all mounts of a file with the same permissions.
fn volume_name(prefix: &str, source: &str, mode: u32) -> String {
    let name = path_label(source);
    if mode == DEFAULT_MODE {
        format!("{prefix}-{name}")
    } else {
        format!("{prefix}-{name}-{mode:o}")
    }
}

fn path_label(source: &str) -> String {
    // The prefix and the permissions take part in the 63 characters of a label.
    names::label(source, names::BASE_LIMIT - 1)
}

/// The permissions of a file that belongs to root whoever asked for it.
fn effective_mode(
    uid: Option<&str>,
    gid: Option<&str>,
    mode: Option<FileMode>,
    topic: &mut Topic<'_>,
) -> u32 {
    let FileMode(asked) = mode.unwrap_or(FileMode(DEFAULT_MODE));
    let is_foreign = uid.or(gid).is_some_and(|id| id != "0" && id != "root");
    // Its owner cannot be set, so what the owner may do everyone may.
    let widened = if is_foreign {
        asked | (asked >> 6 & 0o5) | (asked >> 3 & 0o5)
    } else {
        asked
    };
    let effective = widened & 0o777;
    if mode.is_some() && effective == asked {
        topic.key("mode").exact();
    } else if effective != asked {
        let detail = format!("its permissions are {effective:o}, not {asked:o}");
        topic.key("mode").approximate(&codes::FILE_OWNER, detail);
    }
    for (field, owner) in [("uid", uid), ("gid", gid)] {
        match owner {
            None => {}
            Some("0" | "root") => topic.key(field).exact(),
            Some(owner) => {
                let detail = format!("it belongs to root, not to `{owner}`; everyone may read it");
                topic.key(field).approximate(&codes::FILE_OWNER, detail);
            }
        }
    }
    effective
}
