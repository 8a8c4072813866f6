//! The live check of the cluster.

use anyhow::Result;

use crate::report::Verdict;

/// Brings a cluster up, runs the test program in it, takes it down, and looks for what is left.
pub(crate) fn check() -> Result<Verdict> {
    Ok(Verdict::Skipped("not there yet".to_owned()))
}
