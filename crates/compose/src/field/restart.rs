//! When a stopped task is started again.

use std::fmt;

use serde::{Serialize, Serializer};

/// The restart policy of a service outside Swarm.
///
/// Source: [Compose specification, `restart`](https://docs.docker.com/reference/compose-file/services/#restart).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Restart {
    /// Never.
    No,
    /// Whenever it stops.
    Always,
    /// When it stops with an error.
    OnFailure {
        /// How often in a row at most; without it, without end.
        max_retries: Option<u32>,
    },
    /// Whenever it stops, unless somebody stopped it.
    UnlessStopped,
    /// A text no engine knows, as written; the reader was warned.
    Other(String),
}

impl From<&str> for Restart {
    fn from(text: &str) -> Self {
        match text {
            "no" => Self::No,
            "always" => Self::Always,
            "on-failure" => Self::OnFailure { max_retries: None },
            "unless-stopped" => Self::UnlessStopped,
            other => limited(other).unwrap_or_else(|| Self::Other(other.to_owned())),
        }
    }
}

/// `on-failure:5`, where the number is written as it would be printed.
fn limited(text: &str) -> Option<Restart> {
    let number = text.strip_prefix("on-failure:")?;
    let max_retries: u32 = number.parse().ok()?;
    (max_retries.to_string() == number).then_some(Restart::OnFailure {
        max_retries: Some(max_retries),
    })
}

impl fmt::Display for Restart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::No => "no",
            Self::Always => "always",
            Self::OnFailure { max_retries: None } => "on-failure",
            Self::OnFailure {
                max_retries: Some(retries),
            } => {
                return write!(formatter, "on-failure:{retries}");
            }
            Self::UnlessStopped => "unless-stopped",
            Self::Other(text) => text,
        })
    }
}

impl Serialize for Restart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_printed_as_written() {
        for text in [
            "no",
            "always",
            "on-failure",
            "on-failure:5",
            "on-failure:05",
            "never",
        ] {
            assert_eq!(Restart::from(text).to_string(), text);
        }
        assert_eq!(
            Restart::from("on-failure:5"),
            Restart::OnFailure {
                max_retries: Some(5)
            }
        );
        assert_eq!(Restart::from("never"), Restart::Other("never".into()));
    }
}
