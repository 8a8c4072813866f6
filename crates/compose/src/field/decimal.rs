//! Numbers with a fraction.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

/// A number with a fraction, such as a count of processors or a ratio.
///
/// The reference loader keeps 32 bits of it, so `0.1` prints as `0.1` and not longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Decimal(pub f32);

/// The text is not a number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a number")]
pub struct DecimalError(String);

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Parses a decimal number.
    ///
    /// # Errors
    ///
    /// Returns [`DecimalError`] when the text is no finite number.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse::<f32>() {
            Ok(number) if number.is_finite() => Ok(Self(number)),
            _ => Err(DecimalError(text.to_owned())),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for Decimal {
    /// Prints a whole number without a fraction, as `docker compose config` does.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < 1e15 {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and fits")]
            return serializer.serialize_i64(self.0 as i64);
        }
        // Through the shortest text, so that 0.1 does not become 0.10000000149011612.
        let shortest = self.0.to_string().parse().unwrap_or(f64::from(self.0));
        serializer.serialize_f64(shortest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_shortest_form() -> Result<(), serde_json::Error> {
        for (number, printed) in [(50.0, "50"), (0.1, "0.1"), (1.5, "1.5"), (0.0001, "0.0001")] {
            assert_eq!(serde_json::to_string(&Decimal(number))?, printed);
        }
        Ok(())
    }

    #[test]
    fn words_and_infinity_are_refused() {
        for text in ["", "x", "inf", "nan"] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError(text.to_owned())));
        }
    }
}
