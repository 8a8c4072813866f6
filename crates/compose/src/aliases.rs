//! Extensions that became attributes.
//!
//! Source: compose-go 2.16.2, `loader/aliases.go`.

use tranship_yaml::{Diagnostics, Kind, Node};

use crate::merge;
use crate::nodes;

/// Gives `x-develop` and `x-initialSync` the names they have today. An attribute under its own
/// name goes over the extension.
pub(crate) fn promote(document: &mut Node, diagnostics: &mut Diagnostics) {
    let services = nodes::get_mut(document, "services").and_then(nodes::entries_mut);
    for (name, service) in services.into_iter().flatten() {
        promote_service(&name.text, service, diagnostics);
    }
}

fn promote_service(name: &str, service: &mut Node, diagnostics: &mut Diagnostics) {
    rename(service, "x-develop", "develop", |base, over| {
        let (base, over) = (developing(base), developing(over));
        let merged = merge::entry(("services", name), base, over, diagnostics);
        merged.get("develop").cloned().unwrap_or(merged)
    });
    let develop = nodes::get_mut(service, "develop");
    let watch = develop.and_then(|develop| nodes::get_mut(develop, "watch"));
    if let Some(Node {
        kind: Kind::Sequence(items),
        ..
    }) = watch
    {
        for item in items {
            rename(item, "x-initialSync", "initial_sync", |_, over| over);
        }
    }
}

/// The value as part of a service, so that it merges by the rules of its place.
fn developing(develop: Node) -> Node {
    let span = develop.span;
    nodes::small_mapping([("develop", develop)], span)
}

fn rename(node: &mut Node, from: &str, to: &str, mut merge: impl FnMut(Node, Node) -> Node) {
    let Some(entries) = nodes::entries_mut(node) else {
        return;
    };
    let Some((key, extension)) = entries.shift_remove_entry(from) else {
        return;
    };
    let value = match entries.shift_remove(to) {
        Some(attribute) if !attribute.is_null() => merge(extension, attribute),
        Some(_) | None => extension,
    };
    entries.insert(nodes::key(to, key.span), value);
}

#[cfg(test)]
mod tests {
    use tranship_yaml::{Budget, Diagnostics, FileId, parse};

    #[test]
    fn extensions_get_their_names_and_the_attribute_wins() {
        let read = |text: &str| parse(FileId(0), text, &Budget::default()).documents;
        let mut given = read(
            "services: {a: {x-develop: {watch: [{path: a, x-initialSync: true}], x: 1}, develop: {x: 2}}}",
        );
        let expected =
            read("services: {a: {develop: {watch: [{path: a, initial_sync: true}], x: 2}}}");
        for document in &mut given {
            super::promote(document, &mut Diagnostics::default());
        }
        let same = given
            .iter()
            .zip(&expected)
            .all(|(one, other)| crate::nodes::equal(one, other));
        assert!(same && given.len() == 1, "{given:?}");
    }
}
