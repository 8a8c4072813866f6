//! Scalars as text.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{RenderError, spaces};

/// Words some reader takes for something other than a string, in lower case.
const RESERVED: &[&str] = &[
    "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf",
];

/// Writes several lines as a block where that shows them as they are, and else in quotes.
pub(super) fn lines(text: &mut String, value: &str, indent: usize) -> Result<(), RenderError> {
    let body = value.strip_suffix('\n');
    let shown = body.unwrap_or(value);
    let is_plain = |line: &str| {
        !line.ends_with(' ')
            && line
                .chars()
                .all(|letter| matches!(letter, ' '..='~' | 'À'..='ÿ'))
    };
    let is_block = !shown.is_empty()
        && !shown.starts_with(['\n', ' '])
        && !shown.ends_with('\n')
        && shown.split('\n').all(is_plain);
    if !is_block {
        text.push_str(&quoted(value)?);
        text.push('\n');
        return Ok(());
    }
    text.push_str(if body.is_some() { "|\n" } else { "|-\n" });
    for line in shown.split('\n') {
        if !line.is_empty() {
            spaces(text, indent);
            text.push_str(line);
        }
        text.push('\n');
    }
    Ok(())
}

/// A string of one line as it is written, in quotes where it has to be.
pub(super) fn word(value: &str) -> Result<Cow<'_, str>, RenderError> {
    if cannot_be_mistaken(value) {
        return Ok(Cow::Borrowed(value));
    }
    quoted(value).map(Cow::Owned)
}

/// Whether no reader takes a plain scalar for anything but this string: it begins with a letter,
/// so it is no number and no mark, goes on with letters that have no meaning, and is no word that
/// has one. A colon means something only before a blank or at the end.
fn cannot_be_mistaken(value: &str) -> bool {
    let bytes = value.as_bytes();
    let begins = bytes.first().is_some_and(u8::is_ascii_alphabetic);
    let is_quiet = |byte: &u8| matches!(QUIET.get(usize::from(*byte)), Some(true));
    begins
        && bytes.last() != Some(&b':')
        && bytes.iter().all(is_quiet)
        && !(value.len() <= LONGEST_RESERVED
            && RESERVED
                .iter()
                .any(|reserved| value.eq_ignore_ascii_case(reserved)))
}

/// The length of `false`, which no reserved word exceeds.
const LONGEST_RESERVED: usize = 5;

/// The bytes that mean nothing inside a plain scalar.
const QUIET: [bool; 256] = {
    let mut quiet = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        #[expect(clippy::indexing_slicing, reason = "there is one for every byte")]
        {
            quiet[byte as usize] = byte.is_ascii_alphanumeric()
                || matches!(byte, b'-' | b'_' | b'.' | b'/' | b'=' | b'@' | b':');
        }
        byte += 1;
    }
    quiet
};

/// A string as the library writes it alone on a line.
fn quoted(value: &str) -> Result<String, RenderError> {
    if value.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        return Ok(escaped(value));
    }
    let mut text = serde_saphyr::to_string(&value)?;
    text.truncate(text.trim_end_matches('\n').len());
    // Folded over several lines it would need to know how far it is indented.
    Ok(if text.contains('\n') {
        escaped(value)
    } else {
        text
    })
}

/// A string in double quotes, with everything escaped that is not plain ASCII.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 8);
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            ' '..='~' => text.push(letter),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\U{:08X}", u32::from(letter));
            }
        }
    }
    text.push('"');
    text
}
