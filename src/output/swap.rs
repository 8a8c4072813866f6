//! The place of a directory, and the call that changes what stands there.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use crate::console;

/// Where a directory goes.
#[derive(Clone, Debug)]
pub(super) struct Place {
    directory: PathBuf,
    parent: PathBuf,
    name: String,
}

impl Place {
    /// Finds the place `directory` names, and makes its parents where they are missing. They may be
    /// links, the directory itself may not.
    pub(super) fn find(directory: &Path) -> io::Result<Self> {
        let directory = std::path::absolute(directory)?;
        match fs::symlink_metadata(&directory) {
            Ok(metadata) if metadata.is_symlink() => {
                return Err(io::Error::other(
                    "it is a symbolic link; name the directory itself",
                ));
            }
            Ok(metadata) if !metadata.is_dir() => {
                return Err(io::Error::from(ErrorKind::NotADirectory));
            }
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Ok(_) | Err(_) => {}
        }
        let is_named = directory.file_name().is_some_and(|name| name != "..");
        let (true, Some(parent)) = (is_named, directory.parent()) else {
            return Err(io::Error::other("name a directory inside it"));
        };
        fs::create_dir_all(parent).map_err(|error| in_parent(parent, &error))?;
        let parent = fs::canonicalize(parent).map_err(|error| in_parent(parent, &error))?;
        let name = directory.file_name().unwrap_or_default();
        let place = Self {
            directory: parent.join(name),
            name: name.to_string_lossy().into_owned(),
            parent,
        };
        place.refuse_current()?;
        Ok(place)
    }

    /// The directory, whether it exists or not.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// A path for a directory under construction, on the same file system.
    pub(super) fn beside(&self) -> PathBuf {
        let process = std::process::id();
        self.parent
            .join(format!(".{}.tranship-{process}", self.name))
    }

    /// Whoever stands in the directory would stand in a deleted one afterwards.
    fn refuse_current(&self) -> io::Result<()> {
        let current = std::env::current_dir().and_then(fs::canonicalize)?;
        if !current.starts_with(&self.directory) {
            return Ok(());
        }
        let reason = "it is the current directory or a parent of it; name a directory inside";
        Err(io::Error::other(reason))
    }
}

/// Puts `stage` where the place is; returns whether it left an old directory under its own name.
pub(super) fn swap(stage: &Path, place: &Place) -> io::Result<bool> {
    let directory = place.directory();
    let had_old = match renameat_with(CWD, stage, CWD, directory, RenameFlags::NOREPLACE) {
        Ok(()) => false,
        Err(Errno::EXIST) => {
            renameat_with(CWD, stage, CWD, directory, RenameFlags::EXCHANGE)?;
            true
        }
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => swap_in_steps(stage, directory)?,
        Err(error) => return Err(error.into()),
    };
    File::open(&place.parent)?.sync_all()?;
    Ok(had_old)
}

/// For file systems that cannot exchange: for a moment there is no directory, but never half a one.
fn swap_in_steps(stage: &Path, directory: &Path) -> io::Result<bool> {
    if !directory.exists() {
        fs::rename(stage, directory)?;
        return Ok(false);
    }
    let aside = stage.with_extension("old");
    fs::rename(directory, &aside)?;
    if let Err(error) = fs::rename(stage, directory) {
        fs::rename(&aside, directory)?;
        return Err(error);
    }
    fs::rename(&aside, stage)?;
    Ok(true)
}

fn in_parent(parent: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("`{}`: {}", parent.display(), console::reason(error)),
    )
}
