//! One file on disk, whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::refuse;
use crate::exit::Failure;

/// Writes a file beside its place, and moves it there.
///
/// # Errors
///
/// [`Failure::Failed`] with the path and the reason; what was there before is untouched then.
pub(crate) fn write_file(path: &Path, content: &str) -> Result<(), Failure> {
    write(path, content).map_err(|error| refuse(path, &error))
}

fn write(path: &Path, content: &str) -> io::Result<()> {
    let Some(name) = path.file_name() else {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    };
    let name = name.to_string_lossy();
    let stage = path.with_file_name(format!(".{name}.tranship-{}", std::process::id()));
    let written = fill(&stage, content).and_then(|()| fs::rename(&stage, path));
    if written.is_err() {
        let _ = fs::remove_file(&stage);
    }
    written
}

fn fill(path: &Path, content: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()
}
