//! What is mounted into a task.

use thiserror::Error;

use super::words::{closed_words, open_words};
use super::{ByteSize, Labels, OptOut};
use crate::project::attribute::attributes;
use crate::project::values::{amount, given, nonzero};

closed_words! {
    /// What a mount brings.
    MountKind {
        /// A directory or file of the host.
        Bind = "bind",
        /// A volume, named or anonymous.
        Volume = "volume",
        /// Memory.
        Tmpfs = "tmpfs",
        /// A cluster volume (CSI).
        Cluster = "cluster",
        /// A named pipe of Windows.
        NamedPipe = "npipe",
        /// The content of an image.
        Image = "image",
    }
}

open_words! {
    /// How mounts made later show on the other side.
    Propagation {
        /// Not at all, here and below.
        RecursivePrivate = "rprivate",
        /// Not at all.
        Private = "private",
        /// Both ways, here and below.
        RecursiveShared = "rshared",
        /// Both ways.
        Shared = "shared",
        /// From the host only, here and below.
        RecursiveSlave = "rslave",
        /// From the host only.
        Slave = "slave",
    }
}

closed_words! {
    /// Whether mounts below the source come along.
    Recursive {
        /// They come along; read-only where the kernel can.
        Enabled = "enabled",
        /// They do not.
        Disabled = "disabled",
        /// They come along and stay writable.
        Writable = "writable",
        /// They come along read-only, or the task fails.
        ReadOnly = "readonly",
    }
}

closed_words! {
    /// How `SELinux` labels the source.
    Relabel {
        /// Shared by several tasks.
        Shared = "z",
        /// For this task alone.
        Private = "Z",
    }
}

attributes! {
    /// Something mounted into a task.
    ///
    /// Source: [Compose specification, `volumes`](https://docs.docker.com/reference/compose-file/services/#volumes).
    open struct Mount short Mount::decode_short, requires ["type", "target"] {
        /// What it brings.
        "type" kind: Option<MountKind>,
        /// The path of the host, the name of the volume or the image.
        source: Option<String> = given,
        /// The path inside the task.
        target: Option<String> = given,
        /// Whether the task may not write.
        read_only: bool,
        /// How fresh the task's view must be; engines of today ignore it.
        consistency: Option<String>,
        /// More about a bind.
        bind: Option<MountBind>,
        /// More about a volume.
        volume: Option<MountVolume>,
        /// More about memory.
        tmpfs: Option<MountTmpfs>,
        /// More about an image.
        image: Option<MountImage>,
    }
}

attributes! {
    /// More about a mounted path of the host.
    open struct MountBind {
        /// How `SELinux` labels the source.
        selinux: Option<Relabel>,
        /// How mounts made later show on the other side.
        propagation: Option<Propagation>,
        /// Whether a missing source is made.
        create_host_path: OptOut,
        /// Whether mounts below the source come along.
        recursive: Option<Recursive>,
    }
}

attributes! {
    /// More about a mounted volume.
    open struct MountVolume {
        /// Labels for a volume made for this mount.
        labels: Labels,
        /// Whether the image's content is not copied into a new volume.
        nocopy: bool,
        /// The path inside the volume.
        subpath: Option<String>,
    }
}

attributes! {
    /// More about mounted memory.
    open struct MountTmpfs {
        /// How much at most.
        size: Option<ByteSize> = amount,
        /// Permission bits of the directory, as a plain number.
        mode: Option<u32> = nonzero,
    }
}

attributes! {
    /// More about a mounted image.
    open struct MountImage {
        /// The path inside the image.
        subpath: Option<String>,
    }
}

/// Why a short mount is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MountError {
    /// There is no text.
    #[error("a mount cannot be empty")]
    Empty,
    /// Nothing stands before, between or behind colons.
    #[error("a part of the mount is empty")]
    EmptyPart,
    /// More than source, target and options.
    #[error("a mount has at most a source, a target and options")]
    TooManyParts,
}

impl Mount {
    /// Parses the short syntax, `[source:]target[:options]`; also returns the options nobody
    /// knows, which the reference loader drops without a word.
    ///
    /// # Errors
    ///
    /// Returns [`MountError`] when a part is empty or there are too many.
    pub fn parse_short(text: &str) -> Result<(Self, Vec<String>), MountError> {
        if text.is_empty() {
            return Err(MountError::Empty);
        }
        if text.len() <= 2 {
            return Ok((Self::new(MountKind::Volume, None, text), Vec::new()));
        }
        let parts = split_short(text);
        if parts.iter().any(|part| part.is_empty()) {
            return Err(MountError::EmptyPart);
        }
        let (source, target, options) = match *parts.as_slice() {
            [target] => (None, target, None),
            [source, target] => (Some(source), target, None),
            [source, target, options] => (Some(source), target, Some(options)),
            _ => return Err(MountError::TooManyParts),
        };
        let kind = if source.is_some_and(is_host_path) {
            MountKind::Bind
        } else {
            MountKind::Volume
        };
        let mut mount = Self::new(kind, source, target);
        if kind == MountKind::Bind {
            mount.bind = Some(MountBind::default());
        } else {
            mount.volume = Some(MountVolume::default());
        }
        let unknown = options.map_or_else(Vec::new, |options| mount.apply(options));
        Ok((mount, unknown))
    }

    fn new(kind: MountKind, source: Option<&str>, target: &str) -> Self {
        Self {
            kind: Some(kind),
            source: source.map(str::to_owned),
            target: Some(target.to_owned()),
            ..Self::default()
        }
    }

    /// Applies options separated by commas, and returns the unknown ones.
    fn apply(&mut self, options: &str) -> Vec<String> {
        let mut unknown = Vec::new();
        for option in options.split(',') {
            match option {
                "ro" => self.read_only = true,
                "rw" => self.read_only = false,
                "nocopy" => self.volume.get_or_insert_default().nocopy = true,
                "z" => self.bind.get_or_insert_default().selinux = Some(Relabel::Shared),
                "Z" => self.bind.get_or_insert_default().selinux = Some(Relabel::Private),
                other => match propagation(other) {
                    Some(propagation) => {
                        self.bind.get_or_insert_default().propagation = Some(propagation);
                    }
                    None => unknown.push(other.to_owned()),
                },
            }
        }
        unknown
    }
}

fn propagation(word: &str) -> Option<Propagation> {
    Some(match word {
        "rprivate" => Propagation::RecursivePrivate,
        "private" => Propagation::Private,
        "rshared" => Propagation::RecursiveShared,
        "shared" => Propagation::Shared,
        "rslave" => Propagation::RecursiveSlave,
        "slave" => Propagation::Slave,
        _ => return None,
    })
}

/// Splits at colons, but for those of drive letters and inside `${…}`.
fn split_short(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '$' if letters.peek().is_some_and(|(_, next)| *next == '{') => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && !is_drive(text.get(start..at).unwrap_or("")) => {
                parts.push(text.get(start..at).unwrap_or(""));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or(""));
    parts
}

/// A single letter, as before the colon of `C:`.
fn is_drive(part: &str) -> bool {
    let mut letters = part.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

/// Whether a source is a path of the host rather than the name of a volume.
pub(crate) fn is_host_path(source: &str) -> bool {
    if source.starts_with(['.', '/', '~']) || source.starts_with("\\\\") {
        return true;
    }
    source
        .split_once(':')
        .is_some_and(|(drive, _)| is_drive(drive))
}
