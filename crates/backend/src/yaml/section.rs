//! Documents of named sections, each written as its entries come.

use serde::Serialize;

use super::word::word;
use super::writer::{Position, Writer};
use super::{Layout, RenderError, spaces, to_yaml};

/// Blanks before the keys of a section.
const INDENT: usize = 2;

/// The entries of one section of a document, as text.
///
/// Each is written when it is known and need not be kept until all are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    text: String,
}

impl Section {
    /// Writes an entry.
    ///
    /// # Errors
    ///
    /// As [`to_yaml`].
    pub fn push<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), RenderError> {
        spaces(&mut self.text, INDENT);
        self.text.push_str(&word(key)?);
        self.text.push(':');
        value.serialize(Writer {
            text: &mut self.text,
            layout: &Layout::PLAIN,
            position: Position::Key,
            indent: INDENT,
        })
    }

    /// What is written so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Writes one document of a head and of named sections, each of one or more parts; those without
/// entries are left out.
///
/// # Errors
///
/// As [`to_yaml`].
pub fn sections_to_yaml<T: Serialize + ?Sized>(
    head: &T,
    sections: &[(&str, &[Section])],
) -> Result<String, RenderError> {
    let mut text = to_yaml(head)?;
    for (name, parts) in sections {
        if parts.iter().any(|part| !part.text.is_empty()) {
            text.push_str(&word(name)?);
            text.push_str(":\n");
            text.extend(parts.iter().map(Section::text));
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sections_make_one_document_with_their_head() {
        let section = |key, value| {
            let mut section = Section::default();
            section.push(key, &value).unwrap();
            section
        };
        let parts = [
            section("One", json!({"Type": "A"})),
            section("Two", json!("no")),
        ];
        let head = json!({"version": "2010-09-09"});
        let sections = [("Parts", parts.as_slice()), ("None", &[Section::default()])];
        let expected = "version: \"2010-09-09\"\nParts:\n  One:\n    Type: A\n  Two: \"no\"\n";
        assert_eq!(sections_to_yaml(&head, &sections).unwrap(), expected);
    }
}
