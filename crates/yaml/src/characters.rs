//! Characters no YAML text may hold.

use crate::{Diagnostic, FileId, Span, codes};

/// One diagnostic for each character that must not stand in a YAML text.
pub(crate) fn check(file: FileId, text: &str) -> impl Iterator<Item = Diagnostic> {
    // Almost every text has none, and this pass over the bytes costs next to nothing.
    let suspicious = text.bytes().any(is_suspicious);
    text.char_indices()
        .take_while(move |_| suspicious)
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
    .help(format!(
        "remove it; if a value needs it, put the value in double quotes and write `\\x{number:02X}`"
    ))
}
