//! The tree.

use std::sync::Arc;

use crate::{Mapping, Span};

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where the value stands. A value that came through an alias keeps the place of its anchor.
    pub span: Span,
    /// The compose tag before the value, if any.
    pub tag: Option<Tag>,
    /// The value.
    pub kind: Kind,
}

/// The tags compose gives a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// `!reset`: take the value out of what was merged so far.
    Reset,
    /// `!override`: replace what was merged so far instead of merging.
    Override,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A scalar, null included.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping, in the order of the file.
    Mapping(Mapping),
}

/// A scalar: its text and what that text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text after YAML's unescaping and folding, before any resolution: `010` stays `010`.
    pub text: Arc<str>,
    /// What the text resolves to by the core schema, as Go's reader resolves it.
    pub kind: ScalarKind,
    /// The text before `${…}` was replaced, where something was replaced.
    pub template: Option<Arc<str>>,
}

/// The types a scalar resolves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScalarKind {
    /// Empty, `~`, `null`.
    Null,
    /// `true`, `false` in the core schema's spellings.
    Bool,
    /// An integer, in any base the reader knows.
    Integer,
    /// A number with fraction or exponent, infinities and not-a-number.
    Float,
    /// A plain date or time.
    Timestamp,
    /// Everything else, and everything quoted.
    String,
}

/// A mapping key and its place.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Key {}

impl Node {
    /// The scalar, if it is one.
    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::Sequence(_) | Kind::Mapping(_) => None,
        }
    }

    /// The items, if it is a sequence.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Sequence(items) => Some(items),
            Kind::Scalar(_) | Kind::Mapping(_) => None,
        }
    }

    /// The entries, if it is a mapping.
    #[must_use]
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.kind {
            Kind::Mapping(mapping) => Some(mapping),
            Kind::Scalar(_) | Kind::Sequence(_) => None,
        }
    }

    /// The value behind `key`, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.get(key)
    }

    /// Whether it is the null scalar.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.as_scalar()
            .is_some_and(|scalar| scalar.kind == ScalarKind::Null)
    }

    /// What people call this kind of value: `a mapping`, `a list`, `a string`, …
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
            Kind::Scalar(scalar) => match scalar.kind {
                ScalarKind::Null => "null",
                ScalarKind::Bool => "a boolean",
                ScalarKind::Integer | ScalarKind::Float => "a number",
                ScalarKind::Timestamp => "a date",
                ScalarKind::String => "a string",
            },
        }
    }
}
