//! `KEY=VALUE` entries, as lists and as mappings.
//!
//! Source: compose-go 2.16.2, `override/merge.go` (`convertIntoSequence`, `keyValueIndexer`).

use indexmap::IndexMap;
use tranship_yaml::{Kind, Node, Scalar};

use crate::nodes;

/// The value as a list: of a mapping, its entries as sorted `KEY=VALUE` texts.
pub(crate) fn to_list(node: Node) -> Vec<Node> {
    match node.kind {
        Kind::Sequence(items) => items,
        Kind::Scalar(_) if nodes::text(&node).is_some() => vec![node],
        Kind::Scalar(_) => Vec::new(),
        Kind::Mapping(entries) => {
            let mut list = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                push_entries(&key.text, value, &mut list);
            }
            list.sort_by(|one, other| nodes::text(one).cmp(&nodes::text(other)));
            list
        }
    }
}

/// A list as value gives one entry for each of its items.
fn push_entries(key: &str, value: Node, list: &mut Vec<Node>) {
    let span = value.span;
    match value.kind {
        Kind::Scalar(scalar) => list.push(entry(key, &scalar, span)),
        Kind::Sequence(items) => {
            for item in items {
                if let Kind::Scalar(scalar) = &item.kind {
                    list.push(pair(key, scalar, item.span));
                }
            }
        }
        // Nothing that takes key-value entries takes a mapping as value; kept for the typed stage
        // to refuse, where it stands.
        Kind::Mapping(_) => list.push(value),
    }
}

fn entry(key: &str, scalar: &Scalar, span: tranship_yaml::Span) -> Node {
    if scalar.kind == tranship_yaml::ScalarKind::Null {
        return nodes::string(key, span);
    }
    pair(key, scalar, span)
}

/// `KEY=VALUE`, and the same for what the value was before its variables were replaced.
fn pair(key: &str, scalar: &Scalar, span: tranship_yaml::Span) -> Node {
    let mut node = nodes::string(format!("{key}={}", scalar.go_text()), span);
    if let Kind::Scalar(joined) = &mut node.kind {
        let template = scalar.template.as_deref();
        joined.template = template.map(|template| format!("{key}={template}").into());
    }
    node
}

/// One entry for each key: the last value, at the place of the first.
pub(crate) fn last_of_each(entries: Vec<Node>) -> Vec<Node> {
    last_by(entries, |entry| {
        nodes::text(entry).map(|text| key_of(text).to_owned())
    })
}

/// The text before `=`, or the whole of it.
pub(crate) fn key_of(text: &str) -> &str {
    text.split_once('=').map_or(text, |(key, _)| key)
}

/// One entry for each key: the last one, at the place of the first. Entries without a key stay.
pub(crate) fn last_by(entries: Vec<Node>, key: impl Fn(&Node) -> Option<String>) -> Vec<Node> {
    let keys: Vec<Option<String>> = entries.iter().map(key).collect();
    if all_differ(&keys) {
        return entries;
    }
    let mut kept: IndexMap<Result<String, usize>, Node, foldhash::fast::RandomState> =
        IndexMap::default();
    for (index, (entry, key)) in entries.into_iter().zip(keys).enumerate() {
        kept.insert(key.ok_or(index), entry);
    }
    kept.into_values().collect()
}

/// Whether no key is there twice; only told of short lists, where comparing is quicker than
/// hashing. Nearly every list of a real file is one.
fn all_differ(keys: &[Option<String>]) -> bool {
    keys.len() <= 8
        && keys.iter().enumerate().all(|(index, key)| {
            key.is_none() || keys.iter().take(index).all(|earlier| earlier != key)
        })
}
