//! Mounts.

use indexmap::IndexMap;
use tranship_model::{ByteSize, FileMode, HostPathOptions, Mount, MountSource, Topic};

use super::words::Words;
use super::workload::with_namespace;
use super::{Context, api_only, leave_out, newer, template};
use crate::codes;
use crate::engine::{
    self, BindOptions, Driver, ImageOptions, Labels, MountType, TmpfsOptions, VolumeOptions,
};

/// Translates one mount.
pub(super) fn mount(context: &Context<'_>, mount: &Mount, page: &mut Topic<'_>) -> engine::Mount {
    let Mount {
        target,
        source,
        read_only,
        consistency,
    } = mount;

    page.exact();
    let mut mount = self::source(context, source, &mut page.key("source"));
    mount.target = template::as_written(target, &mut page.key("target")).into_owned();
    mount.read_only = *read_only;
    mount.consistency.clone_from(consistency);
    mount
}

/// A mount of a kind, with nothing said.
fn empty(kind: MountType, source: Option<String>) -> engine::Mount {
    engine::Mount {
        kind,
        source,
        target: String::new(),
        read_only: None,
        consistency: None,
        bind_options: BindOptions::default(),
        volume_options: VolumeOptions::default(),
        image_options: ImageOptions::default(),
        tmpfs_options: TmpfsOptions::default(),
    }
}

/// Memory mounted at a path.
pub(super) fn memory(target: &str, size: ByteSize) -> engine::Mount {
    let mut mount = empty(MountType::Tmpfs, None);
    target.clone_into(&mut mount.target);
    mount.tmpfs_options.size_bytes = Some(size.0);
    mount
}

fn source(context: &Context<'_>, source: &MountSource, page: &mut Topic<'_>) -> engine::Mount {
    match source {
        MountSource::Volume {
            volume,
            subpath,
            no_copy,
            labels,
        } => {
            let mut mount = self::volume(context, volume);
            let needs = "from API 1.45; an older engine mounts the whole volume";
            mount.volume_options.subpath = newer(page, "subpath", subpath.clone(), needs);
            mount.volume_options.no_copy = *no_copy;
            mount
                .volume_options
                .labels
                .extend(mount_labels(labels, page));
            mount
        }
        MountSource::Anonymous { no_copy, labels } => {
            let mut mount = empty(MountType::Volume, None);
            page.approximate(
                &codes::ANONYMOUS,
                "empty for every new task; docker compose hands it on",
            );
            mount.volume_options.no_copy = *no_copy;
            mount.volume_options.labels = mount_labels(labels, page);
            mount
        }
        MountSource::HostPath { path, options } => host_path(path, options, page),
        MountSource::Memory {
            size,
            mode,
            options,
        } => in_memory(*size, *mode, options, page),
        MountSource::Image { reference, subpath } => {
            let mut mount = empty(MountType::Image, Some(reference.clone()));
            let needs = "from API 1.48; an older engine refuses the service";
            page.approximate(&codes::NEWER_ENGINE, needs);
            let without = "from API 1.48; stack.yaml leaves it out: the whole image is mounted";
            mount.image_options.subpath = api_only(page, "subpath", subpath.clone(), without);
            mount
        }
        MountSource::Cluster { volume } => empty(MountType::Cluster, Some(volume.clone())),
        MountSource::NamedPipe { path } => empty(MountType::Npipe, Some(path.clone())),
    }
}

fn mount_labels(labels: &IndexMap<String, String>, page: &mut Topic<'_>) -> Labels {
    let without = "stack.yaml cannot say it: the volume has only the labels of its declaration";
    api_only(page, "labels", labels.clone(), without)
}

/// The mount of a named volume, which also says how to make it where it is missing.
fn volume(context: &Context<'_>, key: &str) -> engine::Mount {
    let mut mount = empty(MountType::Volume, Some(context.volume_name(key)));
    let volume = context.stack.volumes.get(key);
    if let Some(volume) = volume.filter(|volume| !volume.external) {
        let options = &mut mount.volume_options;
        options.labels = with_namespace(context, &volume.labels);
        if volume.driver.is_some() || !volume.driver_options.is_empty() {
            options.driver_config = Some(Driver {
                name: volume.driver.clone().unwrap_or_default(),
                options: volume.driver_options.clone(),
            });
        }
    }
    mount
}

fn host_path(path: &str, options: &HostPathOptions, page: &mut Topic<'_>) -> engine::Mount {
    let HostPathOptions {
        create,
        propagation,
        selinux,
        recursive,
    } = options;

    let detail = format!("`{path}` of whichever node the task runs on; must be on all of them");
    page.approximate(&codes::HOST_PATH, detail);
    let text = template::as_written(path, &mut page.key("path")).into_owned();
    let mut mount = empty(MountType::Bind, Some(text));
    let bind = &mut mount.bind_options;
    bind.propagation = page.carry("propagation", propagation.clone());
    if *create == Some(true) {
        let without =
            "from API 1.44; stack.yaml leaves it out: without the path the task does not start";
        bind.create_mountpoint = api_only(page, "create", *create, without);
    } else {
        page.carry("create", *create);
    }
    leave_out(
        page,
        &codes::MOUNT_OPTION,
        &[("selinux", selinux.words(), "files keep their label")],
    );
    recursive_bind(recursive.as_deref(), bind, page);
    mount
}

fn recursive_bind(recursive: Option<&str>, bind: &mut BindOptions, page: &mut Topic<'_>) {
    match recursive {
        None => return,
        Some("disabled") => bind.non_recursive = Some(true),
        Some("writable") => bind.read_only_non_recursive = Some(true),
        Some("readonly") => bind.read_only_force_recursive = Some(true),
        // `enabled`, and whatever else the engine takes for it.
        Some(_) => return page.key("recursive").exact(),
    }
    let without =
        "stack.yaml leaves it out: mounts below are taken along as the engine does by default";
    api_only(page, "recursive", true, without);
}

fn in_memory(
    size: Option<ByteSize>,
    mode: Option<FileMode>,
    options: &[String],
    page: &mut Topic<'_>,
) -> engine::Mount {
    let mut mount = empty(MountType::Tmpfs, None);
    let open = "stack.yaml leaves it out: the directory has mode 1777";
    let plain = "from API 1.46; stack.yaml leaves it out: mounted without these options";
    mount.tmpfs_options = TmpfsOptions {
        size_bytes: page.carry("size", size).map(|ByteSize(bytes)| bytes),
        mode: api_only(page, "mode", mode, open).map(|FileMode(mode)| mode),
        options: api_only(page, "options", options.to_vec(), plain)
            .iter()
            .map(|option| option.splitn(2, '=').map(str::to_owned).collect())
            .collect(),
    };
    mount
}
