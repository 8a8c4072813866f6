//! Where things are in this project.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::{env, io};

/// The project's root.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where tasks may leave what they made.
pub(crate) fn scratch(name: &str) -> PathBuf {
    target().join("xtask").join(name)
}

/// Makes a folder with nothing in it.
pub(crate) fn emptied(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)
}

/// Keeps others, in this process or not, from making the same thing until it is dropped.
pub(crate) fn exclusive(name: &str) -> io::Result<File> {
    fs::create_dir_all(scratch("locks"))?;
    let lock = File::create(scratch("locks").join(name))?;
    lock.lock()?;
    Ok(lock)
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The folder of real stacks, if the caller has one.
pub(crate) fn corpus() -> Option<PathBuf> {
    env::var_os("TRANSHIP_CORPUS")
        .map(PathBuf::from)
        .filter(|folder| folder.join("cases.tsv").is_file())
}
