//! Volumes.

use tranship_model::{ByteSize, FieldPath, Volume, VolumeScope};

use super::extension::{self, Extension};
use super::record::Record;
use super::top_level::outside_name;
use super::{codes, convert};
use crate::field::{Map, MountKind};
use crate::project;

const SIZE_LABEL: &str = "kompose.volume.size";

/// The labels that say how large volumes are, where they stand at services.
pub(super) struct SizeLabels<'project> {
    by_volume: Map<(&'project str, &'project str)>,
}

impl<'project> SizeLabels<'project> {
    /// For each volume, the first service with the label that mounts it, and the label.
    pub(super) fn of(services: &'project Map<project::Service>) -> Self {
        let mut by_volume = Map::default();
        for (name, service) in services {
            let Some(size) = service.container.labels.get(SIZE_LABEL) else {
                continue;
            };
            let mounts = service.container.volumes.iter();
            let volumes = mounts.filter(|mount| mount.kind == Some(MountKind::Volume));
            for volume in volumes.filter_map(|mount| mount.source.as_ref()) {
                by_volume
                    .entry(volume.clone())
                    .or_insert((name.as_str(), size.as_str()));
            }
        }
        Self { by_volume }
    }
}

/// A volume; its scope and size are said in `x-tranship` or in labels.
pub(super) fn volume(
    stack: &str,
    key: &str,
    volume: &project::Volume,
    sizes: &SizeLabels<'_>,
    record: &mut Record<'_>,
) -> Volume {
    let project::Volume {
        name,
        driver,
        driver_opts,
        external,
        labels,
        extensions,
    } = volume;
    let mut extension = Extension::of(extensions, record);
    let scope = scope(&mut extension, record);
    let size = own_size(&mut extension, labels.get(SIZE_LABEL), record);
    extension.finish(record);
    Volume {
        name: outside_name(stack, key, name.as_ref(), *external),
        path: record.path(),
        external: *external,
        driver: driver.clone(),
        driver_options: convert::texts(driver_opts),
        labels: convert::texts(labels),
        scope,
        size: size.or_else(|| size_of_service(sizes.by_volume.get(key), record)),
    }
}

fn scope(extension: &mut Extension<'_>, record: &mut Record<'_>) -> VolumeScope {
    let Some(value) = extension.take("scope") else {
        return VolumeScope::Shared;
    };
    match value.as_str() {
        Some("per-task") => VolumeScope::PerTask,
        Some("shared") => {
            let detail = "tasks share a volume unless told otherwise";
            record
                .note("x-tranship.scope")
                .equivalent(&codes::NO_EFFECT, detail);
            VolumeScope::Shared
        }
        Some(_) | None => {
            extension::unread(
                "x-tranship.scope",
                "it is neither `shared` nor `per-task`",
                record,
            );
            VolumeScope::Shared
        }
    }
}

/// The size the volume says itself, in `x-tranship` or its label.
fn own_size(
    extension: &mut Extension<'_>,
    label: Option<&String>,
    record: &mut Record<'_>,
) -> Option<ByteSize> {
    if let Some(value) = extension.take("size") {
        let text = value.as_str().map(extension::size);
        let size = text.unwrap_or_else(|| value.as_u64().map(ByteSize));
        if size.is_none() {
            extension::unread("x-tranship.size", "it is no amount such as 10Gi", record);
        }
        return size;
    }
    let at = format!("labels.{SIZE_LABEL}");
    let size = extension::size(label?);
    match size {
        Some(_) => record.whole("size", at),
        None => extension::unread(&at, "it is no amount such as 10Gi", record),
    }
    size
}

fn size_of_service(label: Option<&(&str, &str)>, record: &mut Record<'_>) -> Option<ByteSize> {
    let (service, text) = label?;
    let size = extension::size(text)?;
    let at = FieldPath::root("services")
        .key(service)
        .key("labels")
        .key(SIZE_LABEL);
    record.elsewhere("size", at);
    Some(size)
}
