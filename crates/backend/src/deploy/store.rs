//! Where a target keeps our own notes about a stack: the lock and the record.

use async_trait::async_trait;

use super::Fault;

/// Which note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Note {
    /// Who deploys now.
    Lock,
    /// What was deployed, now and before.
    Record,
}

impl Note {
    /// The end of its name on a target.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Record => "record",
        }
    }
}

/// A note as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What it says: text, up to some hundred kilobytes.
    pub text: String,
    /// The version that was read; writing needs it.
    pub version: String,
}

/// What became of writing a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is written, and this is its new version.
    Done {
        /// The version to give when it is written again.
        version: String,
    },
    /// Someone wrote meanwhile; nothing was written.
    Lost,
}

/// Notes with compare-and-set: of two writers with the same `expected`, one gets
/// [`Written::Lost`].
#[async_trait]
pub trait Store: Send + Sync {
    /// Reads a note.
    ///
    /// # Errors
    ///
    /// What the target said.
    async fn read(&self, stack: &str, note: Note) -> Result<Option<Stored>, Fault>;

    /// Writes a note if it still is as `expected`; without one, only if there is none.
    ///
    /// # Errors
    ///
    /// What the target said.
    async fn write(
        &self,
        stack: &str,
        note: Note,
        text: &str,
        expected: Option<&str>,
    ) -> Result<Written, Fault>;

    /// Deletes a note if it still is as `expected`; says nothing when it is gone already.
    ///
    /// # Errors
    ///
    /// What the target said.
    async fn delete(&self, stack: &str, note: Note, expected: &str) -> Result<(), Fault>;
}
