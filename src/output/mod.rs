//! Files on disk, all or none.
//!
//! A directory is written beside its place, flushed, and swapped in with one call; whoever looks
//! sees the old directory or the new one, never a mixture, and a failure leaves the old one
//! untouched. A hidden list in it names the files that are ours, so that the next run can tell
//! them from files other people put there: those are kept.

mod file;
mod list;
mod neighbours;
mod stage;
mod swap;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use tranship_backend::File;

use crate::console;
use crate::escape;
use crate::exit::Failure;
use stage::Stage;

pub(crate) use file::write_file;

/// What may be overwritten in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overwrite {
    /// Only what an earlier run wrote.
    OwnFiles,
    /// Also files of others that stand where ours go.
    ForeignFiles,
}

/// Writes `files` into a directory, which is created when it does not exist.
///
/// Files an earlier run wrote and this one does not are removed; files of others are kept.
///
/// # Errors
///
/// [`Failure::Failed`] with the path and the reason; the directory is as it was then.
/// [`Failure::Bug`] when a file would lie outside the directory.
pub(crate) fn write_directory(
    directory: &Path,
    files: &[File],
    overwrite: Overwrite,
) -> Result<(), Failure> {
    let paths = inside(files)?;
    let place = swap::Place::find(directory).map_err(|error| refuse(directory, &error))?;
    let written = fill(&place, files, &paths, overwrite).and_then(|stage| stage.swap_in(&place));
    written.map_err(|error| refuse(directory, &error))
}

fn fill(
    place: &swap::Place,
    files: &[File],
    paths: &BTreeSet<PathBuf>,
    overwrite: Overwrite,
) -> io::Result<Stage> {
    let own = list::read(place.directory())?;
    let foreign = neighbours::find(place.directory(), &own)?;
    neighbours::refuse_conflicts(&foreign, paths, overwrite)?;
    let mut stage = Stage::create(place)?;
    for file in files {
        stage.write(Path::new(&file.path), file.content.as_bytes())?;
    }
    stage.write(Path::new(list::NAME), list::text(paths).as_bytes())?;
    stage.adopt(place.directory(), &foreign, paths)?;
    stage.flush()?;
    stage.remember_old(&own);
    Ok(stage)
}

/// The paths of the files, each checked to lie inside the directory.
fn inside(files: &[File]) -> Result<BTreeSet<PathBuf>, Failure> {
    let mut paths = BTreeSet::new();
    for file in files {
        let is_legal = file.path.split('/').all(is_legal_part) && file.path != list::NAME;
        if !is_legal || !paths.insert(PathBuf::from(&file.path)) {
            let path = escape::line(&file.path);
            return Err(Failure::Bug(format!("a rendering has a file at `{path}`")));
        }
    }
    Ok(paths)
}

fn is_legal_part(part: &str) -> bool {
    let is_legal = |character: char| !escape::is_unsafe(character) && character != '\\';
    !matches!(part, "" | "." | "..") && part.chars().all(is_legal)
}

fn refuse(path: &Path, error: &io::Error) -> Failure {
    let path = path.to_string_lossy();
    let reason = console::reason(error);
    Failure::Failed(format!("cannot write `{}`: {reason}", escape::line(&path)))
}

#[cfg(test)]
mod tests;
