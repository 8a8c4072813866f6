//! Bytes to text.

use crate::{Diagnostic, codes};

/// The text of a file's bytes, without its byte order mark.
///
/// # Errors
/// Names file, line and column of the first byte that is not UTF-8. The diagnostic has no label,
/// because there is no text a span could lie in.
pub fn decode(name: &str, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        not_utf8(name, error.as_bytes(), at)
    })
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
