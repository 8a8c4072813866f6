//! What the files of configs hold.

use std::collections::BTreeMap;

use crate::files::Files;
use crate::project::Project;

/// The longest config that is read, in bytes: more than any target stores.
const LONGEST_CONFIG: u64 = 4 << 20;

/// What the files of configs hold, by their paths as the project has them.
///
/// Files of secrets are never read here.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    files: BTreeMap<String, Vec<u8>>,
}

impl Contents {
    /// Reads the files of all configs of the project; those that cannot be read are left out.
    #[must_use]
    pub fn read(project: &Project, files: &dyn Files) -> Self {
        let paths = project
            .configs
            .values()
            .filter_map(|config| config.file.as_ref());
        let read = paths.filter_map(|path| {
            let content = files.read(path, LONGEST_CONFIG).ok()?;
            Some((path.clone(), content))
        });
        Self {
            files: read.collect(),
        }
    }

    /// Adds what a file holds.
    #[must_use]
    pub fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), content.into());
        self
    }

    /// What the file at `path` holds, if it was read.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }
}
