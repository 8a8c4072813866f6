//! A compose file being made: a tree of scalars as they are written, in block style.

use std::fmt::Write as _;

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Draft {
    /// A scalar as it is written, with its quotes; or an alias.
    Scalar(String),
    /// A list.
    List(Vec<Draft>),
    /// A mapping.
    Map(Vec<(String, Draft)>),
    /// A value behind a tag or an anchor.
    Marked(&'static str, Box<Draft>),
}

impl Draft {
    pub(super) fn scalar(text: &str) -> Self {
        Self::Scalar(text.to_owned())
    }

    /// A mapping of one entry after the other.
    pub(super) fn map<const N: usize>(entries: [(&str, Self); N]) -> Self {
        let entries = entries.map(|(key, value)| (key.to_owned(), value));
        Self::Map(entries.into())
    }

    /// The value of a key of a mapping.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        let Self::Map(entries) = self else {
            return None;
        };
        let mut entries = entries.iter_mut();
        entries.find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Sets the value of a key of a mapping.
    pub(super) fn set(&mut self, name: &str, value: Self) {
        if let Some(present) = self.get_mut(name) {
            *present = value;
        } else if let Self::Map(entries) = self {
            entries.push((name.to_owned(), value));
        }
    }

    /// Every scalar that is not an alias.
    pub(super) fn scalars(&mut self) -> Vec<&mut String> {
        match self {
            Self::Scalar(text) if text.starts_with('*') => Vec::new(),
            Self::Scalar(text) => vec![text],
            Self::List(items) => items.iter_mut().flat_map(Self::scalars).collect(),
            Self::Map(entries) => {
                let values = entries.iter_mut().map(|(_, value)| value);
                values.flat_map(Self::scalars).collect()
            }
            Self::Marked(_, inner) => inner.scalars(),
        }
    }

    /// The file.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        match self {
            Self::Map(entries) if !entries.is_empty() => write_entries(&mut text, entries, 0),
            Self::Scalar(_) | Self::List(_) | Self::Map(_) | Self::Marked(..) => {
                write_value(&mut text, self, 0);
            }
        }
        text
    }
}

fn write_entries(text: &mut String, entries: &[(String, Draft)], depth: usize) {
    for (key, value) in entries {
        // Writing to a string cannot fail.
        let _ = write!(text, "{:1$}{key}:", "", depth * 2);
        write_value(text, value, depth + 1);
    }
}

/// What comes after a colon or a dash.
fn write_value(text: &mut String, value: &Draft, depth: usize) {
    match value {
        Draft::Scalar(scalar) => {
            let _ = writeln!(text, " {scalar}");
        }
        Draft::Marked(mark, inner) => {
            let _ = write!(text, " {mark}");
            write_value(text, inner, depth);
        }
        Draft::List(items) if items.is_empty() => text.push_str(" []\n"),
        Draft::Map(entries) if entries.is_empty() => text.push_str(" {}\n"),
        Draft::List(items) => {
            text.push('\n');
            for item in items {
                let _ = write!(text, "{:1$}-", "", depth * 2);
                write_value(text, item, depth + 1);
            }
        }
        Draft::Map(entries) => {
            text.push('\n');
            write_entries(text, entries, depth);
        }
    }
}
