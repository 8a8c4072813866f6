//! Amounts of memory and storage.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

/// An amount in bytes.
///
/// Negative amounts are allowed, because `memswap_limit: -1` means "no limit". The same form
/// carries `mem_swappiness`, a percentage, as the reference loader does.
///
/// Source: [Compose specification, byte values](https://docs.docker.com/reference/compose-file/extension/#specifying-byte-values).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(pub i64);

/// Why a text is not an amount of bytes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ByteSizeError {
    /// There is no number in it.
    #[error("`{0}` is not an amount of bytes")]
    NoAmount(String),
    /// The unit is not one of `b`, `k`, `m`, `g`, `t`, `p` (with or without `b` or `ib`).
    #[error("unknown unit `{0}`")]
    UnknownUnit(String),
}

impl FromStr for ByteSize {
    type Err = ByteSizeError;

    /// Parses a plain integer or an amount such as `1.5g`.
    ///
    /// Units are binary, as Docker reads them (go-units, `RAMInBytes`): `1k` is 1024 bytes.
    ///
    /// # Errors
    ///
    /// Returns [`ByteSizeError`] when the amount or the unit cannot be read.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(bytes) = text.parse() {
            return Ok(Self(bytes));
        }
        let (amount, unit) =
            split_unit(text).ok_or_else(|| ByteSizeError::NoAmount(text.to_owned()))?;
        let amount =
            parse_amount(amount).ok_or_else(|| ByteSizeError::NoAmount(text.to_owned()))?;
        let scale = scale(unit).ok_or_else(|| ByteSizeError::UnknownUnit(unit.to_owned()))?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the reference truncates, and Rust saturates"
        )]
        Ok(Self((amount * scale) as i64))
    }
}

/// Splits behind the last digit, point or blank; a blank belongs to neither part.
fn split_unit(text: &str) -> Option<(&str, &str)> {
    let last =
        text.rfind(|letter: char| letter.is_ascii_digit() || letter == '.' || letter == ' ')?;
    let (amount, rest) = text.split_at(last);
    if let Some(unit) = rest.strip_prefix(' ') {
        return Some((amount, unit));
    }
    text.split_at_checked(last + 1)
}

fn parse_amount(text: &str) -> Option<f64> {
    let amount: f64 = text.parse().ok()?;
    (amount >= 0.0 && amount.is_finite()).then_some(amount)
}

fn scale(unit: &str) -> Option<f64> {
    let unit = unit.to_ascii_lowercase();
    if unit.is_empty() || unit == "b" {
        return Some(1.0);
    }
    let power = match unit
        .strip_suffix("ib")
        .or(unit.strip_suffix('b'))
        .unwrap_or(&unit)
    {
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return None,
    };
    Some(1024_f64.powi(power))
}

impl fmt::Display for ByteSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for ByteSize {
    /// Prints the bytes as a decimal string, as `docker compose config` does.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_binary_and_case_does_not_matter() {
        for (text, bytes) in [
            ("0", 0),
            ("-1", -1),
            ("100", 100),
            ("100b", 100),
            ("1.5g", 1_610_612_736),
            ("10kib", 10_240),
            ("2 MB", 2_097_152),
        ] {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)), "{text}");
        }
    }

    #[test]
    fn texts_without_an_amount_are_refused() {
        for text in ["", "abc", "-1g", "1x", "1gg", "1Ki"] {
            assert!(text.parse::<ByteSize>().is_err(), "{text}");
        }
    }
}
