//! Limits of a process.

use serde::{Serialize, Serializer};

use crate::project::attribute::attributes;

/// A limit of a process; -1 means no limit.
///
/// Source: [Compose specification, `ulimits`](https://docs.docker.com/reference/compose-file/services/#ulimits).
#[derive(Clone, Debug, PartialEq)]
pub enum Ulimit {
    /// One figure for both.
    Single(i64),
    /// Two figures.
    Range(UlimitRange),
}

attributes! {
    /// Two figures of a limit.
    open struct UlimitRange requires ["soft", "hard"] {
        /// What a process starts with.
        soft: i64,
        /// What it may raise that to.
        hard: i64,
    }
}

impl Serialize for Ulimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // The reference takes 0 for "not given" here, and prints the other form.
            Self::Single(0) => UlimitRange::default().serialize(serializer),
            Self::Single(limit) => serializer.serialize_i64(*limit),
            Self::Range(limits) => limits.serialize(serializer),
        }
    }
}
