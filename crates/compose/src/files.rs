//! How the loader reads files: through a trait, so that it touches nothing by itself.

use std::collections::BTreeMap;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A regular file, or a link to one.
    File,
    /// A directory, or a link to one.
    Directory,
    /// A device, a socket, a pipe.
    Other,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing stands at the path.
    #[error("no such file")]
    Missing,
    /// A directory stands at the path.
    #[error("it is a directory")]
    Directory,
    /// The file is longer than the caller allows.
    #[error("it is larger than {limit} bytes")]
    TooLarge {
        /// The longest text the caller takes, in bytes.
        limit: u64,
    },
    /// The system refused, in its own words.
    #[error("{0}")]
    Refused(String),
}

/// The files a load may read. Paths are absolute, with `/` between their parts.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// Returns why there are none; [`ReadError::TooLarge`] when there are more than `limit`, which
    /// an implementation should find out without reading them all.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError>;

    /// What stands at the path; `None` when nothing does.
    fn kind(&self, path: &str) -> Option<FileKind>;

    /// The path with symbolic links followed, as far as it exists.
    fn real_path(&self, path: &str) -> String {
        path.to_owned()
    }

    /// Whether a regular file stands at the path.
    fn is_file(&self, path: &str) -> bool {
        self.kind(path) == Some(FileKind::File)
    }

    /// Whether a directory stands at the path.
    fn is_directory(&self, path: &str) -> bool {
        self.kind(path) == Some(FileKind::Directory)
    }

    /// Whether anything stands at the path.
    fn exists(&self, path: &str) -> bool {
        self.kind(path).is_some()
    }
}

/// Files that exist in memory only, for tests and for callers that have the texts already.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryFiles {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; its directories exist from then on.
    #[must_use]
    pub fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), content.into());
        self
    }

    fn has_directory(&self, path: &str) -> bool {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        self.files
            .range(prefix.clone()..)
            .next()
            .is_some_and(|(name, _)| name.starts_with(&prefix))
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        match self.files.get(path) {
            Some(content) if content.len() as u64 > limit => Err(ReadError::TooLarge { limit }),
            Some(content) => Ok(content.clone()),
            None if self.has_directory(path) => Err(ReadError::Directory),
            None => Err(ReadError::Missing),
        }
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        if self.files.contains_key(path) {
            return Some(FileKind::File);
        }
        self.has_directory(path).then_some(FileKind::Directory)
    }
}
