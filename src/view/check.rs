//! What `check` found, ready to be shown in any form.

use std::cmp::Reverse;

use tranship_backend::Target;
use tranship_compare::{Account, Row};

use super::groups::Workloads;
use super::places::{Place, Places};
use crate::pipeline::Reading;

/// What `check` found.
#[derive(Debug)]
pub(crate) struct Findings<'reading> {
    /// The project's name; empty when it has none.
    pub(crate) project: String,
    /// Its services and jobs.
    pub(crate) workloads: Workloads,
    /// What became of the values, for each target; none when the project has errors.
    pub(crate) targets: Vec<Checked>,
    /// What was read, with everything that is wrong with it.
    pub(crate) reading: &'reading Reading,
    /// Where values stand.
    pub(crate) places: Places<'reading>,
}

/// What became of the values on one target.
#[derive(Debug)]
pub(crate) struct Checked {
    /// What the target is called on the command line.
    pub(crate) name: String,
    /// The target.
    pub(crate) target: Target,
    /// What became of the values.
    pub(crate) account: Account,
}

impl Findings<'_> {
    /// The place of a value, or of the nearest parent the files have.
    pub(crate) fn place(&self, row: &Row) -> Option<Place> {
        self.places.of(&row.path)
    }

    /// The notes of an account by service and job, each group with the worst first.
    pub(crate) fn groups<'account>(
        &self,
        account: &'account Account,
    ) -> Vec<(String, Vec<&'account Row>)> {
        let notes = account.rows().iter().filter(|row| row.is_note());
        let mut groups = self.workloads.group(notes, |row| &row.path);
        for (_, notes) in &mut groups {
            notes.sort_by_key(|row| (row.implicit, Reverse(row.outcome)));
        }
        groups
    }
}
