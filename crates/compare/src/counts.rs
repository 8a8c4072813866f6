//! How many values had which outcome.

use serde::Serialize;
use tranship_model::Outcome;

/// How many rows of an account had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Carried as they stand.
    pub exact: usize,
    /// Carried by other means, without a difference.
    pub equivalent: usize,
    /// Carried with a difference.
    pub approximate: usize,
    /// Not carried; the stack runs without them.
    pub dropped: usize,
    /// Not carried, and the stack cannot do what it says without them.
    pub refused: usize,
    /// Not said by the files, and filled in differently by the target.
    pub implicit: usize,
}

impl Counts {
    /// Counts one more outcome; an implicit one only as such.
    pub fn add(&mut self, outcome: Outcome, implicit: bool) {
        self.add_all(outcome, implicit, 1);
    }

    fn add_all(&mut self, outcome: Outcome, implicit: bool, count: usize) {
        let counter = match (implicit, outcome) {
            (true, _) => &mut self.implicit,
            (false, Outcome::Exact) => &mut self.exact,
            (false, Outcome::Equivalent) => &mut self.equivalent,
            (false, Outcome::Approximate) => &mut self.approximate,
            (false, Outcome::Dropped) => &mut self.dropped,
            (false, Outcome::Refused) => &mut self.refused,
        };
        *counter += count;
    }

    /// How many values of the files had this outcome.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> usize {
        match outcome {
            Outcome::Exact => self.exact,
            Outcome::Equivalent => self.equivalent,
            Outcome::Approximate => self.approximate,
            Outcome::Dropped => self.dropped,
            Outcome::Refused => self.refused,
        }
    }
}

impl FromIterator<(Outcome, bool, usize)> for Counts {
    fn from_iter<I: IntoIterator<Item = (Outcome, bool, usize)>>(tally: I) -> Self {
        let mut counts = Self::default();
        for (outcome, implicit, count) in tally {
            counts.add_all(outcome, implicit, count);
        }
        counts
    }
}

impl FromIterator<(Outcome, bool)> for Counts {
    fn from_iter<I: IntoIterator<Item = (Outcome, bool)>>(outcomes: I) -> Self {
        let mut counts = Self::default();
        for (outcome, implicit) in outcomes {
            counts.add(outcome, implicit);
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_implicit_difference_counts_as_no_value_of_the_files() {
        let counts: Counts = [(Outcome::Approximate, true), (Outcome::Dropped, false)]
            .into_iter()
            .collect();
        assert_eq!((counts.implicit, counts.of(Outcome::Approximate)), (1, 0));
        assert_eq!(counts.of(Outcome::Dropped), 1);
    }
}
