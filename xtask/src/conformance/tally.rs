//! What a run found, counted.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::Disagreement;
use super::schema::Goal;

/// What a run found.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) files: usize,
    pub(super) agreed: usize,
    pub(super) both_refused: usize,
    /// Why the reference refused what we refuse too, by cause.
    pub(super) reasons: BTreeMap<String, usize>,
    /// Explained differences by rule and cause: how many, and one of them.
    pub(super) explained: BTreeMap<&'static str, BTreeMap<String, (usize, String)>>,
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

    /// Counts a difference that a rule explains.
    pub(super) fn explain(&mut self, rule: &'static str, disagreement: &Disagreement) {
        let causes = self.explained.entry(rule).or_default();
        let cause = causes.entry(disagreement.cause());
        let (count, _) = cause.or_insert_with(|| (0, disagreement.to_string()));
        *count += 1;
    }

    /// Prints the most common reasons of what both refuse.
    pub(super) fn print_reasons(&self) {
        let mut reasons: Vec<(&String, &usize)> = self.reasons.iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (reason, count) in reasons.iter().take(40) {
            println!("  refused by both, {count}: {reason}");
        }
    }

    /// Prints the sums; with causes, those of every rule too.
    pub(super) fn print(&self, with_causes: bool) {
        let explained = self.explained.values().flat_map(BTreeMap::values);
        let explained: usize = explained.map(|(count, _)| count).sum();
        for (rule, causes) in &self.explained {
            let sum: usize = causes.values().map(|(count, _)| count).sum();
            println!("  explained by `{rule}`: {sum}");
            for (cause, (count, example)) in causes.iter().filter(|_| with_causes) {
                println!("    {count} of: {cause}\n      {example}");
            }
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
