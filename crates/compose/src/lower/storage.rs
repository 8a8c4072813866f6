//! What a task finds in its file system beside its image.

use tranship_model::{FileGrant, FileMode, Storage, VolumesFrom};

use super::ports::shifted;
use super::record::Record;
use super::{codes, convert, mounts};
use crate::field;
use crate::project::{ContainerSpec, FileReference};

/// Where secrets stand unless a target says otherwise.
const SECRETS: &str = "/run/secrets/";

/// What a task finds in its file system beside its image.
pub(super) fn storage(container: &ContainerSpec, record: &mut Record<'_>) -> Storage {
    let configs = grants("configs", &container.configs, record);
    let mut secrets = grants("secrets", &container.secrets, record);
    for (index, secret) in secrets.iter_mut().enumerate() {
        shorten_target(index, secret, record);
    }
    Storage {
        mounts: mounts::mounts(&container.volumes, &container.tmpfs, record),
        configs,
        secrets,
        volumes_from: container
            .volumes_from
            .iter()
            .map(|from| volumes_from(from))
            .collect(),
        shared_memory: container.shm_size.map(convert::bytes),
        storage_options: convert::texts(&container.storage_opt),
    }
}

fn grants(
    key: &'static str,
    references: &[FileReference],
    record: &mut Record<'_>,
) -> Vec<FileGrant> {
    let mut grants = Vec::with_capacity(references.len());
    for (index, reference) in references.iter().enumerate() {
        if let Some(grant) = grant(key, index, reference, record) {
            shifted(key, grants.len(), key, index, record);
            grants.push(grant);
        }
    }
    grants
}

fn grant(
    key: &'static str,
    index: usize,
    reference: &FileReference,
    record: &mut Record<'_>,
) -> Option<FileGrant> {
    let FileReference {
        source,
        target,
        uid,
        gid,
        mode,
        extensions,
    } = reference;
    record.extensions(format_args!("{key}[{index}]"), extensions);
    let Some(source) = source else {
        let detail = "it does not say which one";
        record
            .note(format_args!("{key}[{index}]"))
            .dropped(&codes::UNREADABLE, detail);
        return None;
    };
    Some(FileGrant {
        source: source.clone(),
        target: target.clone(),
        uid: uid.clone(),
        gid: gid.clone(),
        mode: mode.map(file_mode),
    })
}

fn file_mode(mode: field::FileMode) -> FileMode {
    FileMode(convert::count(mode.0))
}

/// The model names secrets as they stand in their directory; compose prints the whole path, even
/// where it is the default.
fn shorten_target(index: usize, secret: &mut FileGrant, record: &mut Record<'_>) {
    let Some(name) = secret
        .target
        .as_deref()
        .and_then(|target| target.strip_prefix(SECRETS))
    else {
        return;
    };
    if name == secret.source {
        secret.target = None;
        let model = format!("secrets[{index}].source");
        record.whole(model.clone(), model.clone());
        record.whole(model, format!("secrets[{index}].target"));
    } else {
        secret.target = Some(name.to_owned());
    }
}

/// `service[:ro]` or `container:name[:ro]`.
fn volumes_from(entry: &str) -> VolumesFrom {
    let (container, rest) = match entry.strip_prefix("container:") {
        Some(rest) => (true, rest),
        None => (false, entry),
    };
    let (name, access) = rest.split_once(':').unwrap_or((rest, "rw"));
    let read_only = access == "ro";
    if container {
        VolumesFrom::Container {
            container: name.to_owned(),
            read_only,
        }
    } else {
        VolumesFrom::Service {
            service: name.to_owned(),
            read_only,
        }
    }
}
