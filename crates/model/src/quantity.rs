//! Amounts with their units.

use thiserror::Error;

/// An amount of memory or storage, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(pub u64);

/// An amount of processor time, in billionths of one core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpus {
    /// Billionths of one core.
    pub nanos: u64,
}

/// Why a number is not an amount.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ParseQuantityError {
    /// Negative, infinite or not a number.
    #[error("`{0}` is not an amount of processor time")]
    NotCpus(String),
}

impl ByteSize {
    /// Whole mebibytes, rounded up.
    #[must_use]
    pub fn mebibytes_rounded_up(self) -> u64 {
        self.0.div_ceil(1 << 20)
    }
}

impl Cpus {
    /// A number of cores, such as `0.5`.
    ///
    /// # Errors
    ///
    /// When `cores` is negative or not finite.
    pub fn from_cores(cores: f64) -> Result<Self, ParseQuantityError> {
        let nanos = (cores * 1e9).round();
        if !nanos.is_finite() || !(0.0..1e18).contains(&nanos) {
            return Err(ParseQuantityError::NotCpus(cores.to_string()));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range was checked above"
        )]
        let nanos = nanos as u64;
        Ok(Self { nanos })
    }

    /// Thousandths of a core, rounded up.
    #[must_use]
    pub fn millis_rounded_up(self) -> u64 {
        self.nanos.div_ceil(1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cores_are_kept_to_the_billionth() {
        assert_eq!(Cpus::from_cores(0.5), Ok(Cpus { nanos: 500_000_000 }));
        assert!(Cpus::from_cores(-1.0).is_err());
        assert!(Cpus::from_cores(f64::NAN).is_err());
    }

    #[test]
    fn smaller_units_round_up() {
        assert_eq!(ByteSize(1).mebibytes_rounded_up(), 1);
        assert_eq!(Cpus { nanos: 1 }.millis_rounded_up(), 1);
    }
}
