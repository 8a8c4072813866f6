//! Files of others in a directory of ours.

use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::Overwrite;
use crate::escape;

/// More files of others than this, and the directory is not one for renderings.
const MOST: usize = 10_000;

/// A file of somebody else.
#[derive(Clone, Debug)]
pub(super) struct Neighbour {
    /// Where it lies in the directory.
    pub(super) path: PathBuf,
    /// What it is.
    pub(super) kind: FileType,
}

/// Everything in `directory` that is not ours; directories only when they are empty.
pub(super) fn find(directory: &Path, own: &BTreeSet<PathBuf>) -> io::Result<Vec<Neighbour>> {
    let mut found = Vec::new();
    if directory.exists() {
        walk(directory, Path::new(""), own, &mut found)?;
    }
    Ok(found)
}

fn walk(
    directory: &Path,
    inside: &Path,
    own: &BTreeSet<PathBuf>,
    found: &mut Vec<Neighbour>,
) -> io::Result<()> {
    let mut entries: Vec<fs::DirEntry> =
        fs::read_dir(directory.join(inside))?.collect::<io::Result<_>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = inside.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            let before = found.len();
            walk(directory, &path, own, found)?;
            let is_empty = fs::read_dir(directory.join(&path))?.next().is_none();
            if found.len() == before && is_empty {
                found.push(Neighbour { path, kind });
            }
        } else if !own.contains(&path) {
            found.push(Neighbour { path, kind });
        }
        if found.len() > MOST {
            let reason = format!("more than {MOST} files of others are in it");
            return Err(io::Error::other(reason));
        }
    }
    Ok(())
}

/// Refuses when a file of somebody else stands where one of ours goes.
pub(super) fn refuse_conflicts(
    foreign: &[Neighbour],
    paths: &BTreeSet<PathBuf>,
    overwrite: Overwrite,
) -> io::Result<()> {
    if overwrite == Overwrite::ForeignFiles {
        return Ok(());
    }
    match foreign.iter().find(|file| is_in_the_way(file, paths)) {
        None => Ok(()),
        Some(file) => {
            let path = file.path.to_string_lossy();
            let path = escape::line(&path);
            let reason = format!(
                "`{path}` is in it and was not written by tranship; `--force` overwrites it"
            );
            Err(io::Error::new(ErrorKind::AlreadyExists, reason))
        }
    }
}

/// Whether a file of ours goes where this one stands, above it or below it.
pub(super) fn is_in_the_way(file: &Neighbour, paths: &BTreeSet<PathBuf>) -> bool {
    let is_below_ours = file.path.ancestors().any(|above| paths.contains(above));
    let is_above_ours =
        !file.kind.is_dir() && paths.iter().any(|path| path.starts_with(&file.path));
    is_below_ours || is_above_ours
}
