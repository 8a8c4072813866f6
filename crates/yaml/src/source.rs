//! The texts that were read, and places in them.

use std::sync::Arc;

/// The number of a text in [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A run of bytes in one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text it lies in.
    pub file: FileId,
    /// The first byte, counted from 0.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

/// A place as people count: lines and columns from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// One text and the name people know it by.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name shown in messages, usually a path.
    pub name: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

/// Every text that took part in one load.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Keeps a text and returns its number.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source {
            name: name.into(),
            text: text.into(),
        });
        id
    }

    /// The text with this number, if there is one.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }

    /// Line and column of the first byte of `span`.
    #[must_use]
    pub fn location(&self, span: Span) -> Option<Location> {
        let before = self.get(span.file)?.text.get(..span.start as usize)?;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.get(line_start..)?.chars().count() + 1;
        Some(Location {
            line: u32::try_from(line).ok()?,
            column: u32::try_from(column).ok()?,
        })
    }
}
