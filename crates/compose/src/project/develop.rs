//! What happens while people work on a service; nothing of it is deployed.

use super::Hook;
use super::attribute::attributes;
use super::values::{nonzero, string_or_list};
use crate::field::closed_words;

closed_words! {
    /// What happens when a file changed.
    WatchAction {
        /// The image is built again.
        Rebuild = "rebuild",
        /// The file is copied into the task.
        Sync = "sync",
        /// The task is started again.
        Restart = "restart",
        /// Copied, then started again.
        SyncRestart = "sync+restart",
        /// Copied, then a command runs.
        SyncExec = "sync+exec",
    }
}

attributes! {
    /// What happens while people work on a service.
    ///
    /// Source: [Compose develop specification](https://docs.docker.com/reference/compose-file/develop/).
    open struct Develop {
        /// What is watched.
        watch: Vec<Watch>,
    }
}

attributes! {
    /// A directory that is watched.
    open struct Watch requires ["path", "action"] {
        /// The directory.
        path: Option<String>,
        /// What happens when a file changed.
        action: Option<WatchAction>,
        /// Where files are copied to.
        target: Option<String>,
        /// The command that runs.
        exec: Option<Hook> = nonzero,
        /// Patterns of the files that count.
        include: Vec<String> = string_or_list,
        /// Patterns of the files that do not.
        ignore: Vec<String> = string_or_list,
        /// Whether everything is copied once at the start.
        initial_sync: bool,
    }
}

impl Watch {
    /// Whether what happens copies files somewhere.
    pub(crate) fn needs_target(&self) -> bool {
        match self.action {
            Some(WatchAction::Sync | WatchAction::SyncRestart | WatchAction::SyncExec) => true,
            Some(WatchAction::Rebuild | WatchAction::Restart) | None => false,
        }
    }
}
