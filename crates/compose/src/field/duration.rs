//! Lengths of time.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

/// A length of time in nanoseconds; it can be negative, as in Go.
///
/// Source: [Compose specification, durations](https://docs.docker.com/reference/compose-file/extension/#specifying-durations),
/// which compose reads by go-str2duration: Go's units plus `d` and `w`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    nanoseconds: i64,
}

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DurationError {
    /// Not a number with a unit.
    #[error("`{0}` is not a duration")]
    Invalid(String),
    /// A number has no unit behind it.
    #[error("a number in `{0}` has no unit")]
    MissingUnit(String),
    /// The unit is not one of `ns`, `us`, `ms`, `s`, `m`, `h`, `d`, `w`.
    #[error("unknown unit `{0}`")]
    UnknownUnit(String),
    /// More than 292 years.
    #[error("`{0}` is too long")]
    TooLong(String),
}

impl Duration {
    /// A duration of whole seconds.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self {
            nanoseconds: seconds.saturating_mul(1_000_000_000),
        }
    }

    /// The length in nanoseconds.
    #[must_use]
    pub const fn nanoseconds(self) -> i64 {
        self.nanoseconds
    }

    /// The length as the standard library's type; negative lengths become zero.
    #[must_use]
    pub fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_nanos(u64::try_from(self.nanoseconds).unwrap_or(0))
    }
}

impl FromStr for Duration {
    type Err = DurationError;

    /// Parses `1m30s`, `1.5h`, `2d`, `-1s`, `0`.
    ///
    /// # Errors
    ///
    /// Returns [`DurationError`] when a number, a unit or the total cannot be read.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (negative, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if rest == "0" {
            return Ok(Self::default());
        }
        if rest.is_empty() {
            return Err(DurationError::Invalid(text.to_owned()));
        }
        let mut total: i64 = 0;
        while !rest.is_empty() {
            let part;
            (part, rest) = leading_part(rest, text)?;
            total = total
                .checked_add(part)
                .ok_or_else(|| DurationError::TooLong(text.to_owned()))?;
        }
        Ok(Self {
            nanoseconds: if negative { -total } else { total },
        })
    }
}

/// Reads one number with its unit, and returns its nanoseconds and what follows.
fn leading_part<'a>(rest: &'a str, whole: &str) -> Result<(i64, &'a str), DurationError> {
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '.';
    let number_end = rest.find(|letter| !is_number(letter)).unwrap_or(rest.len());
    let (number, tail) = rest.split_at(number_end);
    if !number.contains(|letter: char| letter.is_ascii_digit()) {
        return Err(DurationError::Invalid(whole.to_owned()));
    }
    let unit_end = tail.find(is_number).unwrap_or(tail.len());
    let (unit, after) = tail.split_at(unit_end);
    if unit.is_empty() {
        return Err(DurationError::MissingUnit(whole.to_owned()));
    }
    let unit = unit_nanoseconds(unit).ok_or_else(|| DurationError::UnknownUnit(unit.to_owned()))?;
    Ok((scaled(number, unit, whole)?, after))
}

/// Nanoseconds of `number` units; the fraction in floating point, as Go computes it.
fn scaled(number: &str, unit: i64, whole: &str) -> Result<i64, DurationError> {
    let (integer, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') {
        return Err(DurationError::MissingUnit(whole.to_owned()));
    }
    let too_long = || DurationError::TooLong(whole.to_owned());
    let integer: i64 = if integer.is_empty() {
        0
    } else {
        integer.parse().map_err(|_| too_long())?
    };
    let integer = integer.checked_mul(unit).ok_or_else(too_long)?;
    integer
        .checked_add(fraction_nanoseconds(fraction, unit))
        .ok_or_else(too_long)
}

fn fraction_nanoseconds(fraction: &str, unit: i64) -> i64 {
    // 18 digits fit; further ones are below a nanosecond of the longest unit.
    let digits = fraction.get(..18).unwrap_or(fraction);
    let value: i64 = digits.parse().unwrap_or(0);
    let scale = 10_f64.powi(i32::try_from(digits.len()).unwrap_or(18));
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "the same floating point steps as Go's time.ParseDuration"
    )]
    {
        (value as f64 * (unit as f64 / scale)) as i64
    }
}

fn unit_nanoseconds(unit: &str) -> Option<i64> {
    const SECOND: i64 = 1_000_000_000;
    Some(match unit {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => SECOND,
        "m" => 60 * SECOND,
        "h" => 3_600 * SECOND,
        "d" => 86_400 * SECOND,
        "w" => 604_800 * SECOND,
        _ => return None,
    })
}

impl fmt::Display for Duration {
    /// Prints as Go does: `26h0m0s`, `1m30s`, `1.5s`, `500ms`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanoseconds < 0 {
            formatter.write_char('-')?;
        }
        let nanoseconds = self.nanoseconds.unsigned_abs();
        if nanoseconds < 1_000_000_000 {
            return write_below_a_second(formatter, nanoseconds);
        }
        let seconds = nanoseconds / 1_000_000_000;
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        if hours > 0 {
            write!(formatter, "{hours}h")?;
        }
        if hours > 0 || minutes > 0 {
            write!(formatter, "{minutes}m")?;
        }
        write_fraction(formatter, seconds, nanoseconds % 1_000_000_000, 9)?;
        formatter.write_char('s')
    }
}

fn write_below_a_second(formatter: &mut fmt::Formatter<'_>, nanoseconds: u64) -> fmt::Result {
    let (unit, scale, digits) = match nanoseconds {
        0 => return formatter.write_str("0s"),
        1..1_000 => ("ns", 1, 0),
        1_000..1_000_000 => ("\u{b5}s", 1_000, 3),
        _ => ("ms", 1_000_000, 6),
    };
    write_fraction(formatter, nanoseconds / scale, nanoseconds % scale, digits)?;
    formatter.write_str(unit)
}

/// Writes `whole.fraction` without trailing zeros.
fn write_fraction(
    formatter: &mut fmt::Formatter<'_>,
    whole: u64,
    fraction: u64,
    digits: usize,
) -> fmt::Result {
    write!(formatter, "{whole}")?;
    if fraction == 0 {
        return Ok(());
    }
    let fraction = format!("{fraction:0digits$}");
    write!(formatter, ".{}", fraction.trim_end_matches('0'))
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_go_prints() {
        for (text, printed) in [
            ("90s", "1m30s"),
            ("1d2h", "26h0m0s"),
            ("1w", "168h0m0s"),
            ("1.5s", "1.5s"),
            ("500ms", "500ms"),
            ("1.5h", "1h30m0s"),
            ("0", "0s"),
            ("-1m", "-1m0s"),
            ("1500us", "1.5ms"),
            ("7ns", "7ns"),
        ] {
            assert_eq!(
                text.parse::<Duration>()
                    .map(|duration| duration.to_string()),
                Ok(printed.to_owned())
            );
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |text: &str| text.parse::<Duration>().err();
        assert_eq!(wrong(""), Some(DurationError::Invalid(String::new())));
        assert_eq!(wrong("10"), Some(DurationError::MissingUnit("10".into())));
        assert_eq!(wrong("1y"), Some(DurationError::UnknownUnit("y".into())));
        assert_eq!(wrong("s"), Some(DurationError::Invalid("s".into())));
        assert_eq!(
            wrong("99999999w"),
            Some(DurationError::TooLong("99999999w".into()))
        );
    }
}
