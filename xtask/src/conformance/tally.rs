//! What a run found, counted.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::Goal;

/// What a run found.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) files: usize,
    pub(super) agreed: usize,
    pub(super) both_refused: usize,
    /// Why the reference refused what we refuse too, by cause.
    pub(super) reasons: BTreeMap<String, usize>,
    /// Explained differences, by rule.
    pub(super) explained: BTreeMap<&'static str, usize>,
    /// Unexplained differences, by cause.
    pub(super) unexplained: BTreeMap<String, usize>,
    /// Properties in their forms that were in a file both accept and read alike.
    pub(super) covered: BTreeSet<Goal>,
}

impl Tally {
    /// How many differences nobody has explained.
    pub(super) fn failures(&self) -> usize {
        self.unexplained.values().sum()
    }

    /// Prints the most common reasons of what both refuse.
    pub(super) fn print_reasons(&self) {
        let mut reasons: Vec<(&String, &usize)> = self.reasons.iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (reason, count) in reasons.iter().take(40) {
            println!("  refused by both, {count}: {reason}");
        }
    }

    /// Prints the sums.
    pub(super) fn print(&self) {
        let explained: usize = self.explained.values().sum();
        for (rule, count) in &self.explained {
            println!("  explained by `{rule}`: {count}");
        }
        for (cause, count) in &self.unexplained {
            println!("  UNEXPLAINED {count} of: {cause}");
        }
        println!(
            "{} files: {} agreed, {} refused by both, {explained} explained, {} unexplained",
            self.files,
            self.agreed,
            self.both_refused,
            self.failures()
        );
    }
}
