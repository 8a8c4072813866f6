//! What is done and what is not, at any moment.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tranship_backend::deploy::Cause;
use tranship_model::ObjectId;

/// What a run has done so far; it can be asked even when the run was cut short.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Mutex<Lists>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    pub(crate) done: Vec<ObjectId>,
    pub(crate) pending: BTreeSet<ObjectId>,
    pub(crate) waiting: BTreeSet<String>,
    pub(crate) troubles: Vec<(String, Cause)>,
    has_asked_for_lock: bool,
}

impl Tally {
    fn lists(&self) -> MutexGuard<'_, Lists> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These are to be written, and no others.
    pub(crate) fn expect(&self, objects: impl IntoIterator<Item = ObjectId>) {
        self.lists().pending = objects.into_iter().collect();
    }

    /// This one is written.
    pub(crate) fn done(&self, object: &ObjectId) {
        let mut lists = self.lists();
        lists.pending.remove(object);
        lists.done.push(object.clone());
    }

    /// These services are waited for.
    pub(crate) fn wait_for(&self, services: BTreeSet<String>) {
        self.lists().waiting = services;
    }

    /// The run asks for the lock, and has it from some moment on.
    pub(crate) fn ask_for_lock(&self) {
        self.lists().has_asked_for_lock = true;
    }

    /// Whether the run may have the lock.
    pub(crate) fn has_asked_for_lock(&self) -> bool {
        self.lists().has_asked_for_lock
    }

    /// These seem wrong with what is waited for.
    pub(crate) fn trouble(&self, troubles: Vec<(String, Cause)>) {
        self.lists().troubles = troubles;
    }

    /// The lists as they are now.
    pub(crate) fn now(&self) -> Lists {
        self.lists().clone()
    }
}
