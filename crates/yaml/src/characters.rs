//! Characters no YAML text may hold.

use std::borrow::Cow;

use crate::{Diagnostic, FileId, Span, codes};

/// The text with blanks for what must not stand in a YAML text, and a diagnostic for each of the
/// first `most` of them.
pub(crate) fn replace_forbidden(
    file: FileId,
    text: &str,
    most: usize,
) -> (Cow<'_, str>, Vec<Diagnostic>) {
    // Almost every text has none, and this pass over the bytes costs next to nothing: without an
    // end in the middle of a piece many bytes are looked at at once.
    let is_suspicious = |piece: &[u8]| {
        let either = |found, byte: &u8| found | is_suspicious(*byte);
        piece.iter().fold(false, either)
    };
    if !text.as_bytes().chunks(1024).any(is_suspicious) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let diagnostics: Vec<_> = forbidden(file, text).take(most).collect();
    if diagnostics.is_empty() {
        return (Cow::Borrowed(text), diagnostics);
    }
    // Those above ASCII have two bytes, and so has their replacement: spans must still fit.
    let replacement = |character: char| match character {
        character if !is_forbidden(character) => character,
        character if character.is_ascii() => ' ',
        _ => '\u{a0}',
    };
    (text.chars().map(replacement).collect(), diagnostics)
}

fn forbidden(file: FileId, text: &str) -> impl Iterator<Item = Diagnostic> {
    text.char_indices()
        .filter(|(_, character)| is_forbidden(*character))
        .filter_map(move |(at, character)| {
            let start = u32::try_from(at).ok()?;
            let end = start + u32::try_from(character.len_utf8()).ok()?;
            Some(diagnostic(character, Span { file, start, end }))
        })
}

/// Control characters, and the first byte of those above ASCII.
fn is_suspicious(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f || byte == 0xc2
}

fn is_forbidden(character: char) -> bool {
    // U+0085 is a line break to YAML.
    character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}')
}

fn diagnostic(character: char, span: Span) -> Diagnostic {
    let number = u32::from(character);
    Diagnostic::error(
        codes::CONTROL_CHARACTER,
        format!("control character U+{number:04X} in the text"),
    )
    .at(span, "not allowed in YAML")
    .help(match character {
        '\0' => "remove it; no program can be given a NUL in its settings".to_owned(),
        _ => format!(
            "remove it; if a value needs it, put the value in double quotes and write \
             `\\x{number:02X}` in its place"
        ),
    })
}
