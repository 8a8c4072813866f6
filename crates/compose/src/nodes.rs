//! Making, comparing and changing nodes.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

use tranship_yaml::{Key, Kind, Mapping, Node, Scalar, ScalarKind, Span};

/// A string that stands at `span`.
pub(crate) fn string(text: impl Into<Arc<str>>, span: Span) -> Node {
    scalar(text, ScalarKind::String, span)
}

/// A boolean that stands at `span`.
pub(crate) fn boolean(value: bool, span: Span) -> Node {
    let text = if value { "true" } else { "false" };
    scalar(text, ScalarKind::Bool, span)
}

/// Null, standing at `span`.
pub(crate) fn null(span: Span) -> Node {
    scalar("", ScalarKind::Null, span)
}

/// A scalar of any kind.
pub(crate) fn scalar(text: impl Into<Arc<str>>, kind: ScalarKind, span: Span) -> Node {
    new(
        Kind::Scalar(Scalar {
            text: text.into(),
            kind,
            template: None,
        }),
        span,
    )
}

/// A list that stands at `span`.
pub(crate) fn sequence(items: Vec<Node>, span: Span) -> Node {
    new(Kind::Sequence(items), span)
}

/// A mapping that stands at `span`.
pub(crate) fn mapping(entries: Mapping, span: Span) -> Node {
    new(Kind::Mapping(entries), span)
}

fn new(kind: Kind, span: Span) -> Node {
    Node {
        span,
        tag: None,
        kind,
    }
}

/// A key that stands at `span`.
pub(crate) fn key(text: impl Into<Arc<str>>, span: Span) -> Key {
    Key {
        text: text.into(),
        span,
    }
}

/// A mapping of a few values that all stand where the first one came from.
pub(crate) fn small_mapping<const N: usize>(entries: [(&str, Node); N], span: Span) -> Node {
    let entries = entries.into_iter();
    let entries = entries
        .map(|(name, node)| (key(name, span), node))
        .collect();
    mapping(entries, span)
}

/// The text, if the node is a string.
pub(crate) fn text(node: &Node) -> Option<&str> {
    let scalar = node.as_scalar()?;
    (scalar.kind == ScalarKind::String).then_some(&*scalar.text)
}

/// The text behind `name`, if there is a string.
pub(crate) fn text_of<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    text(node.get(name)?)
}

/// The entries, if the node is a mapping.
pub(crate) fn entries_mut(node: &mut Node) -> Option<&mut Mapping> {
    match &mut node.kind {
        Kind::Mapping(entries) => Some(entries),
        Kind::Scalar(_) | Kind::Sequence(_) => None,
    }
}

/// The value behind `name`, if the node is a mapping that has it.
pub(crate) fn get_mut<'n>(node: &'n mut Node, name: &str) -> Option<&'n mut Node> {
    entries_mut(node)?.get_mut(name)
}

/// How many nodes there are, this one and all below it.
pub(crate) fn count(node: &Node) -> usize {
    1 + match &node.kind {
        Kind::Scalar(_) => 0,
        Kind::Sequence(items) => items.iter().map(count).sum(),
        Kind::Mapping(entries) => entries.values().map(count).sum(),
    }
}

/// Whether two nodes hold the same value, wherever they stand and however it was written.
pub(crate) fn equal(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (Kind::Scalar(one), Kind::Scalar(other)) => equal_scalars(one, other),
        (Kind::Sequence(one), Kind::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Kind::Mapping(one), Kind::Mapping(other)) => {
            let same = |(key, value): (&Key, &Node)| {
                other
                    .get(&key.text)
                    .is_some_and(|found| equal(value, found))
            };
            one.len() == other.len() && one.iter().all(same)
        }
        (Kind::Scalar(_) | Kind::Sequence(_) | Kind::Mapping(_), _) => false,
    }
}

fn equal_scalars(one: &Scalar, other: &Scalar) -> bool {
    one.kind == other.kind && (one.kind == ScalarKind::Null || one.go_text() == other.go_text())
}

/// A number that equal nodes share.
pub(crate) fn fingerprint(node: &Node) -> u64 {
    let state = foldhash::fast::FixedState::default();
    match &node.kind {
        Kind::Scalar(scalar) if scalar.kind == ScalarKind::Null => 0,
        Kind::Scalar(scalar) => state.hash_one((scalar.kind, scalar.go_text())),
        Kind::Sequence(items) => {
            let mut hasher = state.build_hasher();
            for item in items {
                fingerprint(item).hash(&mut hasher);
            }
            hasher.finish()
        }
        // The order of the entries does not count.
        Kind::Mapping(entries) => entries
            .iter()
            .map(|(key, value)| state.hash_one((&*key.text, fingerprint(value))))
            .fold(1, u64::wrapping_add),
    }
}

#[cfg(test)]
mod tests {
    use tranship_yaml::{Budget, FileId, Node, parse};

    use super::{equal, fingerprint};

    fn node(text: &str) -> Option<Node> {
        parse(FileId(0), text, &Budget::default())
            .documents
            .into_iter()
            .next()
    }

    #[test]
    fn equality_looks_at_values_alone() {
        for (one, other, expected) in [
            ("{a: 0x10, b: [1]}", "{b: [1], a: 16}", true),
            ("'1'", "1", false),
            ("~", "null", true),
            ("[1, 2]", "[2, 1]", false),
            ("{a: 1}", "{a: 1, b: 2}", false),
        ] {
            let (Some(left), Some(right)) = (node(one), node(other)) else {
                unreachable!("both texts are YAML");
            };
            assert_eq!(equal(&left, &right), expected, "{one} {other}");
            assert_eq!(
                fingerprint(&left) == fingerprint(&right),
                expected,
                "{one} {other}"
            );
        }
    }
}
