//! A directory that is filled beside its place.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::neighbours::{Neighbour, is_in_the_way};
use super::swap::{self, Place};

/// Up to this many files are flushed one by one; with more, their whole file system is.
const FLUSHED_SINGLY: usize = 32;

/// A directory under construction; dropped unfinished, it goes without a trace.
#[derive(Debug)]
pub(super) struct Stage {
    path: PathBuf,
    files: BTreeSet<PathBuf>,
    written: usize,
    replaced: BTreeSet<PathBuf>,
    is_in_place: bool,
}

impl Stage {
    /// Makes an empty directory beside the place.
    pub(super) fn create(place: &Place) -> io::Result<Self> {
        let path = place.beside();
        fs::create_dir(&path)?;
        let stage = Self {
            path,
            files: BTreeSet::new(),
            written: 0,
            replaced: BTreeSet::new(),
            is_in_place: false,
        };
        if let Ok(metadata) = fs::metadata(place.directory()) {
            fs::set_permissions(&stage.path, metadata.permissions())?;
        }
        Ok(stage)
    }

    /// Writes a file that must not be there yet.
    pub(super) fn write(&mut self, path: &Path, content: &[u8]) -> io::Result<()> {
        let full = self.make_room(path)?;
        let mut file = OpenOptions::new().write(true).create_new(true).open(full)?;
        self.files.insert(path.to_owned());
        file.write_all(content)?;
        self.written += 1;
        if self.written <= FLUSHED_SINGLY {
            file.sync_all()?;
        }
        Ok(())
    }

    /// Takes in the files of others, but for those our own stand in the way of.
    ///
    /// A file is linked, not copied: it is the same file before and after, and stays in the old
    /// directory until the swap.
    pub(super) fn adopt(
        &mut self,
        old: &Path,
        foreign: &[Neighbour],
        ours: &BTreeSet<PathBuf>,
    ) -> io::Result<()> {
        for file in foreign {
            self.replaced.insert(file.path.clone());
            if is_in_the_way(file, ours) {
                continue;
            }
            let full = self.make_room(&file.path)?;
            let from = old.join(&file.path);
            if file.kind.is_dir() {
                fs::create_dir(full)?;
            } else if file.kind.is_symlink() {
                symlink(fs::read_link(from)?, full)?;
            } else {
                fs::hard_link(from, full)?;
            }
            self.files.insert(file.path.clone());
        }
        Ok(())
    }

    /// Remembers what of the old directory is known, and may go once it is replaced.
    pub(super) fn remember_old(&mut self, own: &BTreeSet<PathBuf>) {
        self.replaced.extend(own.iter().cloned());
    }

    /// Waits until everything is on disk.
    pub(super) fn flush(&self) -> io::Result<()> {
        if self.written > FLUSHED_SINGLY {
            return Ok(rustix::fs::syncfs(File::open(&self.path)?)?);
        }
        for directory in directories(&self.files) {
            File::open(self.path.join(directory))?.sync_all()?;
        }
        Ok(())
    }

    /// Puts the directory in its place, and removes what was there before.
    pub(super) fn swap_in(mut self, place: &Place) -> io::Result<()> {
        let had_old = swap::swap(&self.path, place)?;
        self.is_in_place = !had_old;
        if had_old {
            // Under our name lies the old directory now. What came into it since we looked is
            // nobody's to delete: then it stays, and the error says where.
            self.files = std::mem::take(&mut self.replaced);
            self.remove()?;
            self.is_in_place = true;
        }
        Ok(())
    }

    /// The full path of a file, below directories that exist.
    fn make_room(&self, path: &Path) -> io::Result<PathBuf> {
        let full = self.path.join(path);
        if let Some(parent) = full.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(full)
    }

    /// Removes the files that are known, and the directories that are empty then.
    fn remove(&self) -> io::Result<()> {
        for file in self.files.iter().rev() {
            let full = self.path.join(file);
            let _ = fs::remove_file(&full).or_else(|_| fs::remove_dir(&full));
        }
        for directory in directories(&self.files).iter().rev() {
            fs::remove_dir(self.path.join(directory)).map_err(|error| self.left_behind(&error))?;
        }
        Ok(())
    }

    fn left_behind(&self, error: &io::Error) -> io::Error {
        let path = self.path.display();
        io::Error::other(format!(
            "what was there before is left in `{path}`: {error}"
        ))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.is_in_place {
            let _ = self.remove();
        }
    }
}

/// Every directory that holds some of the files, the outermost (the empty path) first.
fn directories(files: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let above = files.iter().flat_map(|file| file.ancestors().skip(1));
    let mut directories: BTreeSet<PathBuf> = above.map(Path::to_path_buf).collect();
    directories.insert(PathBuf::new());
    directories
}
