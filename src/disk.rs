//! The files of this machine, as the loader reads them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;

use crate::console;
use rustix::fs::OFlags;
use tranship_compose::codes::FILE_UNREADABLE;
use tranship_compose::{FileKind, Files, ReadError};
use tranship_yaml::{Diagnostic, decode};

/// The files of this machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Disk;

impl Files for Disk {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        // Opening a device or a pipe may wait or do something, so the kind is asked for before
        // opening; and again of what was opened, because somebody may have been quicker.
        refuse_special(kind_of(&fs::metadata(path).map_err(read_error)?))?;
        let flags = OFlags::NONBLOCK.bits().cast_signed();
        let file = OpenOptions::new().read(true).custom_flags(flags).open(path);
        let file = file.map_err(read_error)?;
        let metadata = file.metadata().map_err(read_error)?;
        refuse_special(kind_of(&metadata))?;
        if metadata.len() > limit {
            return Err(ReadError::TooLarge { limit });
        }
        read_at_most(&file, metadata.len(), limit)
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        fs::metadata(path).ok().map(|metadata| kind_of(&metadata))
    }

    fn real_path(&self, path: &str) -> String {
        let real = fs::canonicalize(path).ok();
        let real = real.and_then(|real| real.into_os_string().into_string().ok());
        real.unwrap_or_else(|| path.to_owned())
    }
}

/// Reads standard input to its end, as far as `limit` bytes.
///
/// # Errors
///
/// Says why there is no text.
pub(crate) fn standard_input(limit: u64) -> Result<String, Diagnostic> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(limit + 1).read_to_end(&mut bytes);
    let refused = match read {
        Err(error) => Some(read_error(error)),
        Ok(_) if bytes.len() as u64 > limit => Some(ReadError::TooLarge { limit }),
        Ok(_) => None,
    };
    match refused {
        None => decode("standard input", bytes),
        Some(reason) => {
            let message = format!("cannot read standard input: {reason}");
            Err(Diagnostic::error(FILE_UNREADABLE, message))
        }
    }
}

fn kind_of(metadata: &fs::Metadata) -> FileKind {
    if metadata.is_file() {
        FileKind::File
    } else if metadata.is_dir() {
        FileKind::Directory
    } else {
        FileKind::Other
    }
}

fn refuse_special(kind: FileKind) -> Result<(), ReadError> {
    match kind {
        FileKind::File => Ok(()),
        FileKind::Directory => Err(ReadError::Directory),
        FileKind::Other => Err(ReadError::Refused("it is not a regular file".to_owned())),
    }
}

fn read_at_most(file: &File, expected: u64, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or_default() + 1);
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(read_error)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge { limit });
    }
    Ok(bytes)
}

#[expect(clippy::needless_pass_by_value, reason = "handed to `map_err` by name")]
fn read_error(error: io::Error) -> ReadError {
    let kind = error.kind();
    if kind == ErrorKind::NotFound {
        ReadError::Missing
    } else if kind == ErrorKind::IsADirectory {
        ReadError::Directory
    } else {
        ReadError::Refused(console::reason(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_and_directories_are_not_read() {
        let device = Disk.read("/dev/zero", 10);
        assert_eq!(
            device,
            Err(ReadError::Refused("it is not a regular file".to_owned()))
        );
        assert_eq!(Disk.read("/", 10), Err(ReadError::Directory));
        assert_eq!(Disk.read("/no such file", 10), Err(ReadError::Missing));
    }

    #[test]
    fn a_file_larger_than_allowed_is_refused_unread() {
        let path = std::env::temp_dir().join(format!("tranship-large-{}", std::process::id()));
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        let result = Disk.read(path.to_str().unwrap(), 8 << 20);
        fs::remove_file(&path).unwrap();
        assert_eq!(result, Err(ReadError::TooLarge { limit: 8 << 20 }));
    }
}
