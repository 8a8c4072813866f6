//! The hidden list of our own files in a directory.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The name of the list.
pub(super) const NAME: &str = ".tranship-files";

/// What stands above the paths.
const HEADING: &str = "# Written by tranship; the files named here are replaced by its next run.";

/// The files an earlier run wrote; none when there was none.
pub(super) fn read(directory: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let text = match fs::read_to_string(directory.join(NAME)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        result => result?,
    };
    let paths = text.lines().filter(|line| !line.starts_with('#'));
    let mut paths: BTreeSet<PathBuf> = paths.map(PathBuf::from).collect();
    paths.insert(PathBuf::from(NAME));
    Ok(paths)
}

/// The text of the list.
pub(super) fn text(paths: &BTreeSet<PathBuf>) -> String {
    let mut text = format!("{HEADING}\n");
    for path in paths {
        text.push_str(&path.to_string_lossy());
        text.push('\n');
    }
    text
}
