//! Plain data and typed objects as YAML text.
//!
//! What is written goes from the typed object into the text, without plain data between: building
//! that, with a hash table for each mapping, took longer than all the rest of a translation.

mod collections;
mod section;
mod word;
mod writer;

use std::fmt::Display;

use serde::Serialize;
use thiserror::Error;

pub use self::section::{Section, sections_to_yaml};
use self::writer::{Position, Writer};

/// An object that could not be written as text. No input leads here; it is a bug of ours.
#[derive(Debug, Error)]
#[error("an object cannot be written as YAML: {0}")]
pub struct RenderError(String);

impl From<serde_saphyr::ser::Error> for RenderError {
    fn from(error: serde_saphyr::ser::Error) -> Self {
        Self(error.to_string())
    }
}

impl serde::ser::Error for RenderError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Where people look for entries, and how strings are written; by default all is written as it
/// comes.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    first: Option<&'static str>,
    third: Option<&'static str>,
    dollars: Dollars,
}

/// How a `$` of a string is written; keys stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dollars {
    Single,
    Doubled,
}

impl Layout {
    /// Everything as it comes.
    pub const PLAIN: Self = Self {
        first: None,
        third: None,
        dollars: Dollars::Single,
    };

    /// Puts the entry `key` of every mapping in front.
    #[must_use]
    pub const fn first(self, key: &'static str) -> Self {
        Self {
            first: Some(key),
            ..self
        }
    }

    /// Puts the entry `key` of the document behind its first two.
    #[must_use]
    pub const fn third(self, key: &'static str) -> Self {
        Self {
            third: Some(key),
            ..self
        }
    }

    /// Writes every `$` of a string twice, for readers that fill in variables.
    #[must_use]
    pub const fn double_dollars(self) -> Self {
        Self {
            dollars: Dollars::Doubled,
            ..self
        }
    }
}

/// Writes data as a YAML document that every reader takes for the same value.
///
/// Nearly all text of a rendering is keys and words that no reader can take for anything else;
/// those are written as they are, and the library decides the others (`no`, `22:22`, `1_000`). It
/// would look at each of them a dozen times, which was a fifth of all the work of a conversion, and
/// it writes blocks of lines that begin with a tab, which Python's reader refuses.
///
/// # Errors
///
/// [`RenderError`] when the library refuses a scalar, or a key is no text or number.
pub fn to_yaml<T: Serialize + ?Sized>(value: &T) -> Result<String, RenderError> {
    to_yaml_as(&Layout::PLAIN, value)
}

/// Writes data as [`to_yaml`], in a layout of one's own.
///
/// # Errors
///
/// As [`to_yaml`].
pub fn to_yaml_as<T: Serialize + ?Sized>(
    layout: &Layout,
    value: &T,
) -> Result<String, RenderError> {
    let mut text = String::with_capacity(1024);
    value.serialize(Writer {
        text: &mut text,
        layout,
        position: Position::Document,
        indent: 0,
    })?;
    Ok(text)
}

fn spaces(text: &mut String, count: usize) {
    const BLANKS: &str = "                                                                ";
    match BLANKS.get(..count) {
        Some(blanks) => text.push_str(blanks),
        None => text.extend(std::iter::repeat_n(' ', count)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use serde_json::{Value, json};

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
    fn it_looks_as_people_write_it() {
        let value =
            json!({"kind": "A", "spec": {"items": [{"name": "a", "on": "1"}], "text": "a\nb\n"}});
        let expected =
            "kind: A\nspec:\n  items:\n  - name: a\n    \"on\": \"1\"\n  text: |\n    a\n    b\n";
        assert_eq!(to_yaml(&value).unwrap(), expected);
    }

    #[test]
    fn entries_go_where_people_look_for_them() {
        let value = json!({
            "apiVersion": "v1", "kind": "A", "data": {"x": 1}, "metadata": {"a": "b", "name": "web"},
            "items": [{"args": ["x"], "env": [{"value": "1", "name": "e"}], "name": "c"}],
        });
        let expected = "apiVersion: v1\nkind: A\nmetadata:\n  name: web\n  a: b\ndata:\n  x: 1\n\
items:\n- name: c\n  args:\n  - x\n  env:\n  - name: e\n    value: \"1\"\n";
        let layout = Layout::PLAIN.first("name").third("metadata");
        assert_eq!(to_yaml_as(&layout, &value).unwrap(), expected);
    }

    #[test]
    fn dollars_of_values_are_doubled_and_those_of_keys_are_not() {
        let value = json!({"$a": ["$b", "c\n$d"]});
        let expected = "$a:\n- $$b\n- |-\n  c\n  $$d\n";
        let text = to_yaml_as(&Layout::PLAIN.double_dollars(), &value).unwrap();
        assert_eq!(text, expected);
    }

    #[test]
    fn typed_data_is_written_as_plain_data_is() {
        #[derive(Serialize)]
        enum Kind {
            Unit,
            Of(u8),
            Pair(u8, Option<&'static str>),
            Named { at: f32 },
        }
        let kinds = [
            Kind::Unit,
            Kind::Of(1),
            Kind::Pair(2, None),
            Kind::Named { at: 0.5 },
        ];
        let typed = BTreeMap::from([(7, kinds)]);
        let plain = serde_json::to_value(&typed).unwrap();
        assert_eq!(to_yaml(&typed).unwrap(), to_yaml(&plain).unwrap());
    }
}
