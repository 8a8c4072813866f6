//! What a scalar's value is, and how Go prints it.

use std::borrow::Cow;

use crate::number::{self, Number};
use crate::{Scalar, ScalarKind, resolve, timestamp};

impl Scalar {
    /// The boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        (self.kind == ScalarKind::Bool).then(|| resolve::as_bool(&self.text))?
    }

    /// The integer, if it is one and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.number()? {
            Number::Signed(value) => Some(value),
            Number::Unsigned(_) | Number::Float(_) => None,
        }
    }

    /// The integer, if it is one, not negative, and fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self.number()? {
            Number::Signed(value) => u64::try_from(value).ok(),
            Number::Unsigned(value) => Some(value),
            Number::Float(_) => None,
        }
    }

    /// The number, if it is one; large integers are rounded.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a caller who asks for a float takes the nearest one"
    )]
    pub fn as_f64(&self) -> Option<f64> {
        match self.number()? {
            Number::Signed(value) => Some(value as f64),
            Number::Unsigned(value) => Some(value as f64),
            Number::Float(value) => Some(value),
        }
    }

    fn number(&self) -> Option<Number> {
        match self.kind {
            ScalarKind::Integer | ScalarKind::Float => number::parse(&self.text),
            ScalarKind::Null | ScalarKind::Bool | ScalarKind::Timestamp | ScalarKind::String => {
                None
            }
        }
    }

    /// The value as Go's `%v` prints it, which is what the reference loader puts where a string is
    /// wanted: `010` is `8`, `1.0` is `1`, `1e6` is `1e+06`, a date gets its time and zone.
    ///
    /// Null is `<nil>`, so ask for it first.
    #[must_use]
    pub fn go_text(&self) -> Cow<'_, str> {
        match self.kind {
            ScalarKind::String => Cow::Borrowed(&self.text),
            ScalarKind::Null => Cow::Borrowed("<nil>"),
            ScalarKind::Bool => Cow::Borrowed(match self.as_bool() {
                Some(true) => "true",
                Some(false) => "false",
                None => &self.text,
            }),
            ScalarKind::Integer | ScalarKind::Float => self.go_number(),
            ScalarKind::Timestamp => match timestamp::parse(&self.text) {
                Some(time) => Cow::Owned(time.to_string()),
                None => Cow::Borrowed(&self.text),
            },
        }
    }

    fn go_number(&self) -> Cow<'_, str> {
        match self.number() {
            None => Cow::Borrowed(&self.text),
            Some(Number::Signed(value)) if self.kind == ScalarKind::Integer => {
                keep_or_own(&self.text, value.to_string())
            }
            Some(Number::Unsigned(value)) if self.kind == ScalarKind::Integer => {
                keep_or_own(&self.text, value.to_string())
            }
            Some(Number::Signed(_) | Number::Unsigned(_) | Number::Float(_)) => {
                keep_or_own(&self.text, go_float(self.as_f64().unwrap_or_default()))
            }
        }
    }
}

fn keep_or_own(text: &str, printed: String) -> Cow<'_, str> {
    if text == printed {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(printed)
    }
}

/// A float as Go's `%v` prints it: the shortest digits that read back, with an exponent of at
/// least two digits below 1e-4 and from 1e6 on.
#[must_use]
pub fn go_float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = shortest(value);
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// The fewest digits that read back; where two candidates are equally near, the even one, which is
/// Go's choice and not always the standard library's.
fn shortest(value: f64) -> String {
    let any = format!("{value:e}");
    let digits = any.bytes().take_while(|byte| *byte != b'e');
    let digits = digits.filter(u8::is_ascii_digit).count();
    let even = format!("{value:.*e}", digits.saturating_sub(1));
    if even.parse() == Ok(value) { even } else { any }
}
