//! Plain data as YAML text.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;
use thiserror::Error;

/// Words some reader takes for something other than a string, in lower case.
const RESERVED: &[&str] = &[
    "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf",
];

/// An object that could not be written as text. No input leads here; it is a bug of ours.
#[derive(Debug, Error)]
#[error("an object cannot be written as YAML")]
pub struct RenderError(#[from] serde_saphyr::ser::Error);

/// Writes plain data as a YAML document that every reader takes for the same value.
///
/// Nearly all text of a rendering is keys and words that no reader can take for anything else;
/// those are written as they are, and the library decides the others (`no`, `22:22`, `1_000`). It
/// would look at each of them a dozen times, which was a fifth of all the work of a conversion, and
/// it writes blocks of lines that begin with a tab, which Python's reader refuses.
///
/// # Errors
///
/// [`RenderError`] when the library refuses a scalar.
pub fn to_yaml(value: &Value) -> Result<String, RenderError> {
    let mut text = String::with_capacity(1024);
    match value {
        Value::Object(entries) if !entries.is_empty() => mapping(&mut text, entries, 0, false)?,
        Value::Array(items) if !items.is_empty() => sequence(&mut text, items, 0)?,
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => scalar(&mut text, value, 0)?,
    }
    Ok(text)
}

/// Writes one document of a head and of sections of named bodies, without copying the bodies.
///
/// # Errors
///
/// [`RenderError`] when the library refuses a scalar.
pub fn sections_to_yaml(
    head: &Value,
    sections: &[(&str, Vec<(&str, &Value)>)],
) -> Result<String, RenderError> {
    let mut text = to_yaml(head)?;
    for (name, bodies) in sections.iter().filter(|(_, bodies)| !bodies.is_empty()) {
        text.push_str(&word(name)?);
        text.push_str(":\n");
        for (key, body) in bodies {
            spaces(&mut text, 2);
            text.push_str(&word(key)?);
            text.push(':');
            entry(&mut text, body, 2)?;
        }
    }
    Ok(text)
}

/// Writes entries, each on a line of its own; the first goes on where `continued` left off.
fn mapping(
    text: &mut String,
    entries: &serde_json::Map<String, Value>,
    indent: usize,
    continued: bool,
) -> Result<(), RenderError> {
    let mut is_first = continued;
    for (key, value) in entries {
        if !is_first {
            spaces(text, indent);
        }
        is_first = false;
        text.push_str(&word(key)?);
        text.push(':');
        entry(text, value, indent)?;
    }
    Ok(())
}

/// Writes the value behind a key.
fn entry(text: &mut String, value: &Value, indent: usize) -> Result<(), RenderError> {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            text.push('\n');
            mapping(text, entries, indent + 2, false)
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            sequence(text, items, indent)
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => {
            text.push(' ');
            scalar(text, value, indent + 2)
        }
    }
}

/// Writes items, their dashes below the key they belong to.
fn sequence(text: &mut String, items: &[Value], indent: usize) -> Result<(), RenderError> {
    for item in items {
        spaces(text, indent);
        text.push_str("- ");
        match item {
            Value::Object(entries) if !entries.is_empty() => {
                mapping(text, entries, indent + 2, true)?;
            }
            Value::Array(nested) if !nested.is_empty() => {
                text.truncate(text.len() - 1);
                text.push('\n');
                sequence(text, nested, indent + 2)?;
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => scalar(text, item, indent + 2)?,
        }
    }
    Ok(())
}

/// Writes a value without parts, and ends its line.
fn scalar(text: &mut String, value: &Value, indent: usize) -> Result<(), RenderError> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Array(_) => text.push_str("[]"),
        Value::Object(_) => text.push_str("{}"),
        Value::Number(number) if !number.is_f64() => {
            // Writing to a string cannot fail.
            let _ = write!(text, "{number}");
        }
        Value::Number(_) => text.push_str(serde_saphyr::to_string(value)?.trim_end()),
        Value::String(line) if line.contains('\n') => return lines(text, line, indent),
        Value::String(line) => text.push_str(&word(line)?),
    }
    text.push('\n');
    Ok(())
}

/// Writes several lines as a block where that shows them as they are, and else in quotes.
fn lines(text: &mut String, value: &str, indent: usize) -> Result<(), RenderError> {
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
fn word(value: &str) -> Result<Cow<'_, str>, RenderError> {
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
    let is_quiet = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'.' | b'/' | b'=' | b'@' | b':')
    };
    begins
        && bytes.last() != Some(&b':')
        && bytes.iter().all(is_quiet)
        && !RESERVED
            .iter()
            .any(|reserved| value.eq_ignore_ascii_case(reserved))
}

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

fn spaces(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n(' ', count));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_reads_back_as_the_same_value() {
        let value = json!({
            "name": "web", "no": "no", "count": 3, "ratio": 0.5, "none": null, "off": false,
            "empty": {}, "list": [], "010": "010", "22:22": "22:22", "a b": "a: b # c",
            "lines": "one\n\n  two\n", "open": "one\ntwo", "tail": "one \n", "lead": " one\ntwo",
            "bell": "a\u{7}b", "break": "a\u{2028}b", "return": "a\r\nb", "quote": "it's \"so\"",
            "items": ["a", {"b": [1, [2, "x\ny"]], "c": {"d": "e"}}, [], {}, ["deep"]],
            "umlaut": "grün\nblau", "windows": "C:\\a", "tilde": "~", "dash": "- a", "": "",
        });
        let text = to_yaml(&value).unwrap();
        let read: Value = serde_saphyr::from_str(&text).unwrap();
        assert_eq!(read, value, "{text}");
    }

    #[test]
    fn sections_make_one_document_with_their_head() {
        let (head, body) = (json!({"version": "2010-09-09"}), json!({"Type": "A"}));
        let sections = [("Parts", vec![("One", &body)]), ("None", vec![])];
        let expected = "version: \"2010-09-09\"\nParts:\n  One:\n    Type: A\n";
        assert_eq!(sections_to_yaml(&head, &sections).unwrap(), expected);
    }

    #[test]
    fn it_looks_as_people_write_it() {
        let value =
            json!({"kind": "A", "spec": {"items": [{"name": "a", "on": "1"}], "text": "a\nb\n"}});
        let expected =
            "kind: A\nspec:\n  items:\n  - name: a\n    \"on\": \"1\"\n  text: |\n    a\n    b\n";
        assert_eq!(to_yaml(&value).unwrap(), expected);
    }
}
