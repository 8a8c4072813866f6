//! Numbers as Go's YAML reader takes them.

use std::borrow::Cow;

/// A resolved number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// An integer that fits 64 signed bits.
    Signed(i64),
    /// A larger one that fits 64 unsigned bits.
    Unsigned(u64),
    /// A number with fraction or exponent, or too large for the others.
    Float(f64),
}

/// The number `text` stands for, if it stands for one.
pub(crate) fn parse(text: &str) -> Option<Number> {
    if let Some(value) = special(text) {
        return Some(Number::Float(value));
    }
    // Behind a leading point Go's stricter float parser reads the text as it stands.
    if text.starts_with('.') && !underscores_separate_digits(text) {
        return None;
    }
    let plain = without_underscores(text);
    integer(&plain).or_else(|| float(&plain).map(Number::Float))
}

/// Infinities, not-a-number, and the negative zero that integers lack.
fn special(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        "-0" => Some(-0.0),
        _ => None,
    }
}

fn underscores_separate_digits(text: &str) -> bool {
    let ends_in_digit = |part: &str| part.ends_with(|last: char| last.is_ascii_digit());
    let begins_with_digit = |part: &str| part.starts_with(|first: char| first.is_ascii_digit());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('_') {
        if !ends_in_digit(before) || !begins_with_digit(after) {
            return false;
        }
        rest = after;
    }
    true
}

fn without_underscores(text: &str) -> Cow<'_, str> {
    if text.contains('_') {
        Cow::Owned(text.replace('_', ""))
    } else {
        Cow::Borrowed(text)
    }
}

fn integer(plain: &str) -> Option<Number> {
    let (negative, unsigned) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.strip_prefix('+').unwrap_or(plain)),
    };
    let (radix, digits) = radix(unsigned);
    // `from_str_radix` would take a second sign.
    if !digits.starts_with(|first: char| first.is_digit(radix)) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    signed(negative, magnitude).or_else(|| {
        // Go's unsigned parser takes no sign at all.
        let without_sign = plain.len() == unsigned.len();
        without_sign.then_some(Number::Unsigned(magnitude))
    })
}

/// The base a number is written in, and its digits: `0x`, `0o`, `0b`, and a leading zero for
/// octal as YAML 1.1 had it.
fn radix(unsigned: &str) -> (u32, &str) {
    let Some(rest) = unsigned.strip_prefix('0') else {
        return (10, unsigned);
    };
    match rest.as_bytes().first() {
        None => (10, unsigned),
        Some(b'x' | b'X') => (16, rest.get(1..).unwrap_or_default()),
        Some(b'o' | b'O') => (8, rest.get(1..).unwrap_or_default()),
        Some(b'b' | b'B') => (2, rest.get(1..).unwrap_or_default()),
        Some(_) => (8, rest),
    }
}

fn signed(negative: bool, magnitude: u64) -> Option<Number> {
    let value = if negative {
        0_i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    };
    value.map(Number::Signed)
}

/// A decimal number with an optional fraction and exponent.
///
/// Too large for 64 bits is no number, as Go's parser has it.
fn float(plain: &str) -> Option<f64> {
    if !has_float_form(plain) {
        return None;
    }
    let value: f64 = plain.parse().ok()?;
    value.is_finite().then_some(value)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, go-yaml's form of a float.
fn has_float_form(plain: &str) -> bool {
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_is_good =
        exponent.is_none_or(|text| all_digits(text.strip_prefix(['-', '+']).unwrap_or(text)));
    let mantissa_is_good = match mantissa.split_once('.') {
        None => all_digits(mantissa),
        Some(("", fraction)) => all_digits(fraction),
        Some((whole, fraction)) => {
            all_digits(whole) && (fraction.is_empty() || all_digits(fraction))
        }
    };
    mantissa_is_good && exponent_is_good
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
