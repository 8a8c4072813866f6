//! What a task finds in its file system, and the volumes of the stack.

use tranship_model::{
    ByteSize, FileGrant, FileMode, Ledger, MountSource, ObjectId, Storage, Topic, Volume,
    VolumeScope, VolumesFrom,
};

use super::words::Words;
use super::{Context, leave_out, mounts, template};
use crate::codes;
use crate::engine::{ConfigReference, ContainerSpec, ReferencedFile, SecretReference};

/// Where shared memory is.
const SHARED_MEMORY: &str = "/dev/shm";

/// Translates mounts, configs and secrets; gives the volumes of the stack that are mounted.
pub(super) fn storage<'stack>(
    context: &Context<'stack>,
    storage: &'stack Storage,
    page: &mut Topic<'_>,
    container: &mut ContainerSpec,
) -> Vec<&'stack str> {
    let Storage {
        mounts,
        configs,
        secrets,
        volumes_from,
        shared_memory,
        storage_options,
    } = storage;

    let mut volumes = Vec::new();
    let inside = &mut page.key("mounts");
    for (index, mount) in mounts.iter().enumerate() {
        volumes.extend(volume_key(&mount.source));
        let mount = mounts::mount(context, mount, &mut inside.index(index));
        container.mounts.push(mount);
    }
    container.configs = self::configs(context, configs, page);
    container.secrets = self::secrets(context, secrets, page);
    self::shared_memory(*shared_memory, page, container);
    refuse_volumes_from(volumes_from, page);
    let detail = "the writable layer has the engine's size";
    leave_out(
        page,
        &codes::PROCESS,
        &[("storage_options", storage_options.words(), detail)],
    );
    volumes
}

fn volume_key(source: &MountSource) -> Option<&str> {
    if let MountSource::Volume {
        volume,
        subpath: _,
        no_copy: _,
        labels: _,
    } = source
    {
        return Some(volume);
    }
    None
}

fn configs(
    context: &Context<'_>,
    grants: &[FileGrant],
    page: &mut Topic<'_>,
) -> Vec<ConfigReference> {
    let page = &mut page.key("configs");
    let reference = |(index, grant): (usize, &FileGrant)| ConfigReference {
        file: Some(file(grant, &mut page.index(index))),
        runtime: None,
        config_name: context.config(&grant.source).name,
    };
    grants.iter().enumerate().map(reference).collect()
}

fn secrets(
    context: &Context<'_>,
    grants: &[FileGrant],
    page: &mut Topic<'_>,
) -> Vec<SecretReference> {
    let page = &mut page.key("secrets");
    let reference = |(index, grant): (usize, &FileGrant)| SecretReference {
        file: file(grant, &mut page.index(index)),
        secret_name: context.secret_name(&grant.source),
    };
    grants.iter().enumerate().map(reference).collect()
}

/// The file a config or secret becomes; Swarm's defaults are those of docker compose.
fn file(grant: &FileGrant, page: &mut Topic<'_>) -> ReferencedFile {
    let FileGrant {
        source,
        target,
        uid,
        gid,
        mode,
    } = grant;

    page.exact();
    let FileMode(mode) = mode.unwrap_or(FileMode(0o444));
    ReferencedFile {
        name: target.as_ref().unwrap_or(source).clone(),
        uid: owner("uid", uid.as_deref(), page),
        gid: owner("gid", gid.as_deref(), page),
        mode,
    }
}

fn owner(key: &str, owner: Option<&str>, page: &mut Topic<'_>) -> String {
    let number = owner.filter(|owner| owner.bytes().all(|byte| byte.is_ascii_digit()));
    if let (Some(name), None) = (owner, number) {
        let detail = format!("belongs to 0, because `{name}` is no number");
        page.key(key).dropped(&codes::OWNER, detail);
    }
    number.unwrap_or("0").to_owned()
}

fn shared_memory(size: Option<ByteSize>, page: &mut Topic<'_>, container: &mut ContainerSpec) {
    let Some(size) = size else { return };
    let page = &mut page.key("shared_memory");
    if container
        .mounts
        .iter()
        .any(|mount| mount.target == SHARED_MEMORY)
    {
        return page.equivalent(
            &codes::SHARED_MEMORY,
            "a mount at `/dev/shm` stands there already",
        );
    }
    container.mounts.push(mounts::memory(SHARED_MEMORY, size));
    let detail = format!("{} bytes of memory mounted at `/dev/shm`", size.0);
    page.equivalent(&codes::SHARED_MEMORY, detail);
}

fn refuse_volumes_from(sources: &[VolumesFrom], page: &mut Topic<'_>) {
    for (index, source) in sources.iter().enumerate() {
        let (whom, read_only) = match source {
            VolumesFrom::Service { service, read_only } => (service, read_only),
            VolumesFrom::Container {
                container,
                read_only,
            } => (container, read_only),
        };
        let access = if *read_only { "reading" } else { "writing" };
        let detail =
            format!("nothing of `{whom}` is mounted for {access}; mount its volumes by name");
        page.key("volumes_from")
            .index(index)
            .refused(&codes::MOUNT_OPTION, detail);
    }
}

/// Notes what became of a volume; the mounts of `users` make it.
pub(super) fn volume(volume: &Volume, users: Vec<ObjectId>, ledger: &mut Ledger) {
    let Volume {
        name,
        path,
        external,
        driver,
        driver_options,
        labels: _,
        scope,
        size,
    } = volume;

    let is_used = !users.is_empty();
    let page = &mut ledger.topic(path.clone(), users);
    if !is_used {
        return page.dropped(&codes::VOLUME, "no service mounts it, so nothing makes it");
    }
    page.exact();
    template::as_written(name, &mut page.key("name"));
    if *external {
        let detail = format!("a node without a volume `{name}` makes an empty one");
        page.key("external").approximate(&codes::EXTERNAL, detail);
    } else if is_local(driver.as_deref()) && !driver_options.contains_key("type") {
        let detail = "one on each node: a task that moves does not find its files";
        page.implicit(&codes::NODE_VOLUME, detail);
    }
    if let Some(ByteSize(bytes)) = size {
        let detail = format!("grows beyond {bytes} bytes as long as the node has room");
        page.key("size").dropped(&codes::VOLUME, detail);
    }
    match scope {
        VolumeScope::Shared => {}
        VolumeScope::PerTask => {
            let detail = "the number of the task ends its name; kept on the node it was made on";
            page.key("scope").approximate(&codes::VOLUME, detail);
        }
    }
}

fn is_local(driver: Option<&str>) -> bool {
    matches!(driver, None | Some("local" | ""))
}
