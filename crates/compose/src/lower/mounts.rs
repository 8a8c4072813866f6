//! Mounts: volumes, paths of the node, memory, images.

use tranship_model::{FileMode, HostPathOptions, Mount, MountSource};

use super::ports::shifted;
use super::record::Record;
use super::{codes, convert};
use crate::field::{self, MountBind, MountImage, MountKind, MountTmpfs, MountVolume};

/// Every mount of a task: those of `volumes`, then those of `tmpfs`.
pub(super) fn mounts(
    volumes: &[field::Mount],
    tmpfs: &[String],
    record: &mut Record<'_>,
) -> Vec<Mount> {
    let mut mounts = Vec::with_capacity(volumes.len() + tmpfs.len());
    for (index, volume) in volumes.iter().enumerate() {
        if let Some(mount) = mount(index, mounts.len(), volume, record) {
            shifted("mounts", mounts.len(), "volumes", index, record);
            mounts.push(mount);
        }
    }
    for (index, entry) in tmpfs.iter().enumerate() {
        record.whole(
            format!("mounts[{}]", mounts.len()),
            format!("tmpfs[{index}]"),
        );
        mounts.push(memory(entry));
    }
    mounts
}

fn mount(
    index: usize,
    position: usize,
    mount: &field::Mount,
    record: &mut Record<'_>,
) -> Option<Mount> {
    let field::Mount {
        kind,
        source: _,
        target,
        read_only,
        consistency,
        bind: _,
        volume: _,
        tmpfs: _,
        image: _,
        extensions,
    } = mount;
    record.extensions(format_args!("volumes[{index}]"), extensions);
    let Some(target) = target else {
        let detail = "it says nowhere to mount to";
        record
            .note(format_args!("volumes[{index}]"))
            .dropped(&codes::UNREADABLE, detail);
        return None;
    };
    let kind = kind.unwrap_or(MountKind::Volume);
    note_foreign_parts(index, kind, mount, record);
    record_subpath(index, position, mount, record);
    record_create(index, position, mount, record);
    Some(Mount {
        target: target.clone(),
        source: source(index, kind, mount, record),
        read_only: convert::switch(*read_only),
        consistency: consistency.clone(),
    })
}

/// Notes what stands under a word for another kind of mount.
fn note_foreign_parts(
    index: usize,
    kind: MountKind,
    mount: &field::Mount,
    record: &mut Record<'_>,
) {
    let parts = [
        (MountKind::Bind, mount.bind.is_some()),
        (MountKind::Volume, mount.volume.is_some()),
        (MountKind::Tmpfs, mount.tmpfs.is_some()),
        (MountKind::Image, mount.image.is_some()),
    ];
    for (part, is_set) in parts {
        if is_set && part != kind {
            let detail = format!("the mount is of type `{}`", kind.as_str());
            record
                .note(format_args!("volumes[{index}].{}", part.as_str()))
                .equivalent(&codes::NO_EFFECT, detail);
        }
    }
}

/// Two kinds of mounts have a subpath, under two words.
fn record_subpath(index: usize, position: usize, mount: &field::Mount, record: &mut Record<'_>) {
    let parts = [
        (
            "volume",
            mount.volume.as_ref().and_then(|part| part.subpath.as_ref()),
        ),
        (
            "image",
            mount.image.as_ref().and_then(|part| part.subpath.as_ref()),
        ),
    ];
    for (part, subpath) in parts {
        if subpath.is_some() {
            let model = format!("mounts[{position}].source.subpath");
            record.whole(model, format!("volumes[{index}].{part}.subpath"));
        }
    }
}

/// Compose prints only that a missing path is not made; that it is made is in the mapping itself.
fn record_create(index: usize, position: usize, mount: &field::Mount, record: &mut Record<'_>) {
    if mount
        .bind
        .as_ref()
        .is_some_and(|bind| bind.create_host_path.0)
    {
        let bind = format!("volumes[{index}].bind");
        record.whole(format!("mounts[{position}].source.create"), bind.clone());
        record.whole(format!("mounts[{position}].source.options.create"), bind);
    }
}

fn source(
    index: usize,
    kind: MountKind,
    mount: &field::Mount,
    record: &mut Record<'_>,
) -> MountSource {
    let source = || mount.source.clone().unwrap_or_default();
    match kind {
        MountKind::Bind => MountSource::HostPath {
            path: source(),
            options: mount
                .bind
                .as_ref()
                .map_or_else(HostPathOptions::default, |bind| {
                    host_path(index, bind, record)
                }),
        },
        MountKind::Volume => volume(index, mount, record),
        MountKind::Tmpfs => sized_memory(index, mount.tmpfs.as_ref(), record),
        MountKind::Image => MountSource::Image {
            reference: source(),
            subpath: mount
                .image
                .as_ref()
                .and_then(|image| subpath(index, image, record)),
        },
        MountKind::Cluster => MountSource::Cluster { volume: source() },
        MountKind::NamedPipe => MountSource::NamedPipe { path: source() },
    }
}

fn host_path(index: usize, bind: &MountBind, record: &mut Record<'_>) -> HostPathOptions {
    let MountBind {
        selinux,
        propagation,
        create_host_path,
        recursive,
        extensions,
    } = bind;
    record.extensions(format_args!("volumes[{index}].bind"), extensions);
    HostPathOptions {
        create: Some(create_host_path.0),
        propagation: propagation.as_ref().map(|word| word.as_str().to_owned()),
        selinux: selinux.map(|word| word.as_str().to_owned()),
        recursive: recursive.map(|word| word.as_str().to_owned()),
    }
}

fn volume(index: usize, mount: &field::Mount, record: &mut Record<'_>) -> MountSource {
    let default = MountVolume::default();
    let MountVolume {
        labels,
        nocopy,
        subpath,
        extensions,
    } = mount.volume.as_ref().unwrap_or(&default);
    record.extensions(format_args!("volumes[{index}].volume"), extensions);
    let labels = convert::texts(labels);
    let no_copy = convert::switch(*nocopy);
    match &mount.source {
        Some(source) => MountSource::Volume {
            volume: source.clone(),
            subpath: subpath.clone(),
            no_copy,
            labels,
        },
        None => MountSource::Anonymous { no_copy, labels },
    }
}

fn sized_memory(index: usize, part: Option<&MountTmpfs>, record: &mut Record<'_>) -> MountSource {
    let default = MountTmpfs::default();
    let MountTmpfs {
        size,
        mode,
        extensions,
    } = part.unwrap_or(&default);
    record.extensions(format_args!("volumes[{index}].tmpfs"), extensions);
    MountSource::Memory {
        size: size.map(convert::bytes),
        mode: mode.map(FileMode),
        options: Vec::new(),
    }
}

fn subpath(index: usize, image: &MountImage, record: &mut Record<'_>) -> Option<String> {
    let MountImage {
        subpath,
        extensions,
    } = image;
    record.extensions(format_args!("volumes[{index}].image"), extensions);
    subpath.clone()
}

/// `path[:option[,option]…]`.
fn memory(entry: &str) -> Mount {
    let (target, options) = entry.split_once(':').unwrap_or((entry, ""));
    let (mut size, mut mode, mut read_only, mut further) = (None, None, None, Vec::new());
    for option in options.split(',').filter(|option| !option.is_empty()) {
        match memory_option(option) {
            MemoryOption::Size(bytes) => size = Some(convert::bytes(bytes)),
            MemoryOption::Mode(bits) => mode = Some(FileMode(bits)),
            MemoryOption::ReadOnly => read_only = Some(true),
            MemoryOption::Other => further.push(option.to_owned()),
        }
    }
    Mount {
        target: target.to_owned(),
        source: MountSource::Memory {
            size,
            mode,
            options: further,
        },
        read_only,
        consistency: None,
    }
}

/// An option of `tmpfs` as `mount(8)` takes it.
enum MemoryOption {
    Size(field::ByteSize),
    Mode(u32),
    ReadOnly,
    Other,
}

fn memory_option(option: &str) -> MemoryOption {
    let known = match option.split_once('=') {
        Some(("size", size)) => size.parse().ok().map(MemoryOption::Size),
        Some(("mode", mode)) => u32::from_str_radix(mode, 8).ok().map(MemoryOption::Mode),
        Some(_) => None,
        None => (option == "ro").then_some(MemoryOption::ReadOnly),
    };
    known.unwrap_or(MemoryOption::Other)
}
