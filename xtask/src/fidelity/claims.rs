//! What `tranship check` says of each value.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use super::table::folder;
use crate::command::stdout;
use crate::lab::Part;

/// What became of a value, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Exact,
    Equivalent,
    Approximate,
    Dropped,
    Refused,
}

/// One row of an account.
#[derive(Clone, Deserialize)]
pub(crate) struct Claim {
    path: String,
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// The note's code.
    pub(crate) code: Option<String>,
    implicit: bool,
}

/// The account of the stack of probes on a target.
pub(crate) struct Claims(Vec<Claim>);

impl Outcome {
    /// Its name in accounts.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Equivalent => "equivalent",
            Self::Approximate => "approximate",
            Self::Dropped => "dropped",
            Self::Refused => "refused",
        }
    }
}

impl Claims {
    /// Asks for the account of a target.
    pub(crate) fn ask(binary: &Path, part: Part) -> Result<Self> {
        let mut command = Command::new(binary);
        command
            .args(["check", "--to", part.name(), "--profile", part.name()])
            .args(["--format", "json"])
            .env("FIDELITY_TOKEN", super::TOKEN)
            .current_dir(folder());
        let said: Value = serde_json::from_str(&stdout(&mut command)?)?;
        let account = said.pointer("/targets/0/account").context("no account")?;
        Ok(Self(serde_json::from_value(account.clone())?))
    }

    /// The worst that is said of a value or its parts; else what is said of what it is a part of;
    /// else what is said of its default.
    pub(crate) fn of(&self, path: &str) -> Option<&Claim> {
        let explicit = |claim: &&Claim| !claim.implicit;
        let inside = self.0.iter().filter(|claim| is_within(&claim.path, path));
        let around = self.0.iter().filter(|claim| is_within(path, &claim.path));
        let worst = inside
            .clone()
            .filter(explicit)
            .max_by_key(|claim| claim.outcome);
        let nearest = around.filter(explicit).max_by_key(|claim| claim.path.len());
        let default = inside.max_by_key(|claim| claim.outcome);
        worst.or(nearest).or(default)
    }
}

/// Whether a path is another or below it.
fn is_within(path: &str, whole: &str) -> bool {
    path.strip_prefix(whole)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::{Claim, Claims, Outcome};

    fn claims(rows: &[(&str, Outcome, bool)]) -> Claims {
        let claim = |(path, outcome, implicit): &(&str, Outcome, bool)| Claim {
            path: (*path).to_owned(),
            outcome: *outcome,
            code: None,
            implicit: *implicit,
        };
        Claims(rows.iter().map(claim).collect())
    }

    #[test]
    fn the_worst_part_of_a_value_speaks_for_it() {
        let claims = claims(&[
            ("services.a.configs[0].uid", Outcome::Approximate, false),
            ("services.a.configs[0].source", Outcome::Exact, false),
            ("services.a.configs[01]", Outcome::Refused, false),
        ]);
        let found = claims
            .of("services.a.configs[0]")
            .map(|claim| claim.outcome);
        assert_eq!(found, Some(Outcome::Approximate));
    }

    #[test]
    fn the_nearest_whole_speaks_for_a_part_and_a_default_only_where_nothing_else_does() {
        let claims = claims(&[
            ("services.a", Outcome::Refused, false),
            ("services.a.tmpfs[0]", Outcome::Dropped, false),
            ("services.a.tmpfs[0].mode", Outcome::Approximate, true),
            ("services.b.restart", Outcome::Approximate, true),
        ]);
        let outcome = |path| claims.of(path).map(|claim| claim.outcome);
        assert_eq!(outcome("services.a.tmpfs[0].mode"), Some(Outcome::Dropped));
        assert_eq!(outcome("services.b.restart"), Some(Outcome::Approximate));
        assert_eq!(outcome("services.c"), None);
    }
}
