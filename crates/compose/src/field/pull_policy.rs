//! When an image is fetched again.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

use super::Duration;

/// When compose pulls the image of a service.
///
/// Source: [Compose specification, `pull_policy`](https://docs.docker.com/reference/compose-file/services/#pull_policy).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PullPolicy {
    /// On every start.
    Always,
    /// Never; the image must be there.
    Never,
    /// Never; the image is built.
    Build,
    /// When the image is not there; `if_not_present` is another name for it.
    Missing,
    /// When the last pull is older than `pull_refresh_after`.
    Refresh,
    /// When the last pull is older than a day.
    Daily,
    /// When the last pull is older than a week.
    Weekly,
    /// When the last pull is older than the given time.
    Every {
        /// The time.
        age: Duration,
        /// The time as written, such as `2d`.
        text: String,
    },
}

/// The text is not a pull policy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a pull policy")]
pub struct PullPolicyError(String);

impl FromStr for PullPolicy {
    type Err = PullPolicyError;

    /// Parses a word or `every_` with a duration.
    ///
    /// # Errors
    ///
    /// Returns [`PullPolicyError`] for any other text.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "always" => Self::Always,
            "never" => Self::Never,
            "build" => Self::Build,
            "missing" | "if_not_present" => Self::Missing,
            "refresh" => Self::Refresh,
            "daily" => Self::Daily,
            "weekly" => Self::Weekly,
            other => return every(other).ok_or_else(|| PullPolicyError(other.to_owned())),
        })
    }
}

fn every(text: &str) -> Option<PullPolicy> {
    let text = text.strip_prefix("every_")?;
    // The schema takes whole numbers, each followed by one of these letters.
    let mut units = text
        .split(|letter: char| letter.is_ascii_digit())
        .filter(|unit| !unit.is_empty());
    if !units.all(|unit| matches!(unit, "w" | "d" | "h" | "m" | "s")) {
        return None;
    }
    let age = text.parse().ok()?;
    Some(PullPolicy::Every {
        age,
        text: text.to_owned(),
    })
}

impl fmt::Display for PullPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Always => "always",
            Self::Never => "never",
            Self::Build => "build",
            Self::Missing => "missing",
            Self::Refresh => "refresh",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Every { age: _, text } => return write!(formatter, "every_{text}"),
        })
    }
}

impl Serialize for PullPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_keeps_its_spelling() {
        let policy = "every_1w2d"
            .parse::<PullPolicy>()
            .map(|policy| policy.to_string());
        assert_eq!(policy, Ok("every_1w2d".to_owned()));
        assert_eq!("if_not_present".parse(), Ok(PullPolicy::Missing));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "often",
            "every_",
            "every_5",
            "every_1y",
            "every_1ms",
            "every_1.5h",
        ] {
            assert_eq!(
                text.parse::<PullPolicy>(),
                Err(PullPolicyError(text.to_owned()))
            );
        }
    }
}
