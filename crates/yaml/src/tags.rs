//! Tags: compose's two, the core schema's, and all others, which are ignored.

use crate::{Diagnostic, ScalarKind, Span, Tag, problems, resolve};

/// What a scalar with its tag is.
pub(crate) struct Resolved {
    /// What it means.
    pub(crate) kind: ScalarKind,
    /// The compose tag.
    pub(crate) tag: Option<Tag>,
    /// Why the tag and the text do not fit.
    pub(crate) problem: Option<Diagnostic>,
}

impl From<ScalarKind> for Resolved {
    fn from(kind: ScalarKind) -> Self {
        Self {
            kind,
            tag: None,
            problem: None,
        }
    }
}

/// The compose tag, if it is one.
pub(crate) fn compose(tag: &granit_parser::Tag) -> Option<Tag> {
    match (tag.handle(), tag.suffix()) {
        ("!", "reset") => Some(Tag::Reset),
        ("!", "override") => Some(Tag::Override),
        _ => None,
    }
}

/// Decides what a scalar means; `plain` is whether it stands without quotes and is no block.
pub(crate) fn resolve(
    tag: Option<&granit_parser::Tag>,
    text: &str,
    plain: bool,
    span: Span,
) -> Resolved {
    let untagged = || {
        if plain {
            resolve::resolve(text)
        } else {
            ScalarKind::String
        }
    };
    let Some(tag) = tag else {
        return untagged().into();
    };
    match compose(tag) {
        // Nobody reads the value, but a bare `!reset` should not look like a text.
        Some(Tag::Reset) => Resolved {
            tag: Some(Tag::Reset),
            ..untagged().into()
        },
        // go-yaml does not know the tag either, see below.
        Some(Tag::Override) => Resolved {
            tag: Some(Tag::Override),
            ..ScalarKind::String.into()
        },
        None => match tag.suffix_in_namespace("tag:yaml.org,2002:") {
            Some(suffix) => core(&suffix, text, span),
            // A bare `!` says nothing.
            None if matches!(tag.parts(), ("!", "") | ("", "!")) => untagged().into(),
            // A tag nobody knows makes a text of any scalar, as go-yaml has it.
            None => ScalarKind::String.into(),
        },
    }
}

fn core(suffix: &str, text: &str, span: Span) -> Resolved {
    let wanted = match suffix {
        "int" => ScalarKind::Integer,
        "float" => ScalarKind::Float,
        "bool" => ScalarKind::Bool,
        "null" => ScalarKind::Null,
        "timestamp" => ScalarKind::Timestamp,
        "binary" => {
            return Resolved {
                problem: Some(problems::binary(span)),
                ..ScalarKind::String.into()
            };
        }
        _ => return ScalarKind::String.into(),
    };
    let found = resolve::resolve(text);
    let fits = found == wanted || (wanted, found) == (ScalarKind::Float, ScalarKind::Integer);
    if fits {
        return wanted.into();
    }
    Resolved {
        problem: Some(problems::wrong_tag(suffix, text, span)),
        ..found.into()
    }
}
