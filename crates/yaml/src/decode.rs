//! Bytes to text.

use crate::{Diagnostic, FileId, Sources, Span, codes};

/// The text of a file's bytes.
///
/// # Errors
/// Names file, line and column of the first byte that is not UTF-8. The diagnostic has no label,
/// because there is no text a span could lie in; [`decode_into`] makes one.
pub fn decode(name: &str, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        not_utf8(name, error.as_bytes(), at)
    })
}

/// Keeps the text of a file's bytes in `sources`.
///
/// # Errors
/// As [`decode`], with a label: the text is kept with replacement characters for what is not
/// UTF-8, so that the place can be shown.
pub fn decode_into(
    sources: &mut Sources,
    name: &str,
    bytes: Vec<u8>,
) -> Result<FileId, Diagnostic> {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return Ok(sources.add(name, text)),
        Err(error) => error,
    };
    let at = error.utf8_error().valid_up_to();
    let file = sources.add(name, String::from_utf8_lossy(error.as_bytes()));
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    let replacement = u32::try_from(char::REPLACEMENT_CHARACTER.len_utf8()).unwrap_or_default();
    let span = Span {
        file,
        start,
        end: start.saturating_add(replacement),
    };
    Err(not_utf8(name, error.as_bytes(), at).at(span, "not UTF-8 from here on"))
}

fn not_utf8(name: &str, bytes: &[u8], at: usize) -> Diagnostic {
    let before = bytes.get(..at).unwrap_or_default();
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1);
    let line = before.split(|byte| *byte == b'\n').count();
    let column = String::from_utf8_lossy(before.get(line_start..).unwrap_or_default())
        .chars()
        .count()
        + 1;
    let byte = bytes.get(at).copied().unwrap_or_default();
    Diagnostic::error(
        codes::NOT_UTF8,
        format!("byte 0x{byte:02X} at `{name}` line {line}, column {column} is not UTF-8"),
    )
    .help("save the file as UTF-8")
}
