//! Text from files is shown, never obeyed: characters that steer a terminal, hide, or reorder
//! what is read are printed by their numbers.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Escapes text that has to stay on its line.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    escape(text, is_unsafe)
}

/// Escapes text of several lines; line feeds and tabs stay.
pub(crate) fn block(text: &str) -> Cow<'_, str> {
    escape(text, |character| {
        !matches!(character, '\n' | '\t') && is_unsafe(character)
    })
}

/// Escapes a JSON text without changing what it says.
///
/// JSON has no such characters outside strings, so each can become `\u….` where it stands.
pub(crate) fn json(text: String) -> String {
    let is_plain = |character: char| character == '\n' || !is_unsafe(character);
    if text.chars().all(is_plain) {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_plain(character) {
            safe.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(safe, "\\u{unit:04x}");
        }
    }
    safe
}

/// Whether a character does something else than being seen where it stands.
pub(crate) fn is_unsafe(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    matches!(character,
        // C1 controls, and the soft hyphen.
        '\u{80}'..='\u{9f}' | '\u{ad}'
        // Direction of writing.
        | '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Nothing to see: zero width, line and paragraph separators, invisible operators, tags.
        | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2028}'..='\u{2029}'
        | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Appends what stands for a character, such as `<U+202E>`.
pub(crate) fn push_escaped(text: &mut String, character: char) {
    let _ = write!(text, "<U+{:04X}>", u32::from(character));
}

fn escape(text: &str, is_unsafe: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unsafe(character) {
            push_escaped(&mut safe, character);
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of every kind that must not reach a terminal.
    const HOSTILE: &str =
        "\u{1b}[31m\u{9b}2J\r\u{7}\u{7f}\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}\0";

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        for safe in [line(HOSTILE), block(HOSTILE)] {
            assert!(!safe.contains(is_unsafe), "{safe:?}");
        }
        assert_eq!(line("a\u{1b}[0m\r\nb"), "a<U+001B>[0m<U+000D><U+000A>b");
    }

    #[test]
    fn text_people_write_stays_as_it_is() {
        for text in ["größe", "日本語", "`web`: 10 %", "\u{1f600}"] {
            assert!(matches!(line(text), Cow::Borrowed(same) if same == text));
        }
        assert_eq!(block("a\n\tb"), "a\n\tb");
    }

    #[test]
    fn escaped_json_says_the_same() {
        let value = serde_json::json!({ HOSTILE: [HOSTILE, "ö"] });
        let text = json(serde_json::to_string_pretty(&value).unwrap());
        assert!(!text.replace('\n', "").contains(is_unsafe));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
    }
}
