//! What a plain scalar means, as Go's reader (go-yaml v4) decides it.

use crate::number::{self, Number};
use crate::{ScalarKind, timestamp};

/// The kind a plain scalar without a tag resolves to.
///
/// The core schema with Go's additions: octals as `010` and `0o10`, `0b11`, underscores between
/// digits, and dates. `yes`, `no`, `on` and `off` stay strings, and so does `1:30`.
pub(crate) fn resolve(text: &str) -> ScalarKind {
    let Some(first) = text.bytes().next() else {
        return ScalarKind::Null;
    };
    match first {
        b'~' | b'n' | b'N' => null_or_string(text),
        b't' | b'T' | b'f' | b'F' => bool_or_string(text),
        b'.' | b'+' | b'-' | b'0'..=b'9' => numeric(text),
        _ => ScalarKind::String,
    }
}

fn null_or_string(text: &str) -> ScalarKind {
    match text {
        "~" | "null" | "Null" | "NULL" => ScalarKind::Null,
        _ => ScalarKind::String,
    }
}

fn bool_or_string(text: &str) -> ScalarKind {
    match as_bool(text) {
        Some(_) => ScalarKind::Bool,
        None => ScalarKind::String,
    }
}

/// The boolean in one of the core schema's spellings.
pub(crate) fn as_bool(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

fn numeric(text: &str) -> ScalarKind {
    if timestamp::parse(text).is_some() {
        return ScalarKind::Timestamp;
    }
    match number::parse(text) {
        Some(Number::Float(_)) => ScalarKind::Float,
        Some(Number::Signed(_) | Number::Unsigned(_)) => ScalarKind::Integer,
        None => ScalarKind::String,
    }
}
