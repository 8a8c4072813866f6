//! Permission bits of a mounted config or secret.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

/// Permission bits, such as `0440`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileMode(pub i64);

/// The text is not an octal number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not an octal number")]
pub struct FileModeError(String);

impl FromStr for FileMode {
    type Err = FileModeError;

    /// Parses octal digits; a YAML integer is taken as it is instead.
    ///
    /// # Errors
    ///
    /// Returns [`FileModeError`] when a character is not an octal digit.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        i64::from_str_radix(text, 8)
            .map(Self)
            .map_err(|_| FileModeError(text.to_owned()))
    }
}

impl fmt::Display for FileMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "0{:o}", self.0)
    }
}

impl Serialize for FileMode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_octal() {
        assert_eq!(
            "0440".parse::<FileMode>().map(|mode| mode.to_string()),
            Ok("0440".to_owned())
        );
        assert_eq!("755".parse(), Ok(FileMode(0o755)));
        assert_eq!(
            "0o440".parse::<FileMode>(),
            Err(FileModeError("0o440".into()))
        );
    }
}
