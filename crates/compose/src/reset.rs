//! `!reset` and `!override`: what an overriding file takes out of what was merged so far.
//!
//! Source: compose-go 2.16.2, `loader/reset.go`.

use indexmap::IndexMap;
use tranship_yaml::{Diagnostic, Diagnostics, Kind, Node, Tag};

use crate::codes;

/// The paths a document takes out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resets {
    /// The value at this path goes.
    here: bool,
    below: IndexMap<String, Resets, foldhash::fast::RandomState>,
}

impl Resets {
    /// Finds the tags of a document, drops what `!reset` marks and takes the tags off.
    ///
    /// As in the reference, an item of a list can be left out of the overriding list, but not
    /// taken out of the list it overrides; `diagnostics` get a warning for it.
    pub(crate) fn take(document: &mut Node, diagnostics: &mut Diagnostics) -> Self {
        let mut resets = Self::default();
        resets.collect(document, diagnostics);
        resets.add_aliases();
        resets
    }

    /// Returns whether the node stays.
    fn collect(&mut self, node: &mut Node, diagnostics: &mut Diagnostics) -> bool {
        match node.tag.take() {
            Some(Tag::Reset) => {
                self.here = true;
                return false;
            }
            Some(Tag::Override) => self.here = true,
            None => {}
        }
        match &mut node.kind {
            Kind::Scalar(_) => {}
            Kind::Mapping(entries) => entries.retain(|key, value| {
                let mut below = Self::default();
                let stays = below.collect(value, diagnostics);
                if below.here || !below.below.is_empty() {
                    self.below.insert(key.text.to_string(), below);
                }
                stays
            }),
            Kind::Sequence(items) => items.retain_mut(|item| {
                if item.tag.is_some() {
                    diagnostics.push(item_warning(item));
                }
                // Paths through lists are never matched.
                Self::default().collect(item, diagnostics)
            }),
        }
        true
    }

    /// Earlier files hold `x-develop` under its own name, once promoted.
    fn add_aliases(&mut self) {
        let Some(services) = self.below.get_mut("services") else {
            return;
        };
        for service in services.below.values_mut() {
            if let Some(alias) = service.below.get("x-develop").cloned() {
                service.below.entry("develop".to_owned()).or_insert(alias);
            }
        }
    }

    /// Whether nothing is taken out.
    pub(crate) fn is_empty(&self) -> bool {
        self.below.is_empty()
    }

    /// Takes the paths out of `target`.
    pub(crate) fn apply(&self, target: &mut Node) {
        let Kind::Mapping(entries) = &mut target.kind else {
            return;
        };
        if self.is_empty() {
            return;
        }
        entries.retain(|key, value| match self.below.get(&*key.text) {
            Some(resets) if resets.here => false,
            Some(resets) => {
                resets.apply(value);
                true
            }
            None => true,
        });
    }

    /// Takes the paths below `section.name` out of `target`.
    pub(crate) fn apply_at(&self, section: &str, name: &str, target: &mut Node) {
        let section = self.below.get(section);
        if let Some(resets) = section.and_then(|section| section.below.get(name)) {
            resets.apply(target);
        }
    }
}

fn item_warning(item: &Node) -> Diagnostic {
    Diagnostic::warning(
        codes::RESET_IN_LIST,
        "a tag on an item of a list takes nothing out",
    )
    .at(item.span, "only left out of this list")
    .help("put `!reset` or `!override` on the whole list")
}

#[cfg(test)]
mod tests {
    use tranship_yaml::{Budget, Diagnostics, FileId, Node, parse};

    use super::Resets;

    fn node(text: &str) -> Node {
        let documents = parse(FileId(0), text, &Budget::default()).documents;
        documents
            .into_iter()
            .next()
            .unwrap_or_else(|| crate::nodes::null(tranship_yaml::Span::default()))
    }

    #[test]
    fn tagged_values_leave_what_was_merged_so_far() {
        let mut over = node("a: {b: !reset null, c: !override [1]}\nd: [!reset x, y]\n");
        let mut diagnostics = Diagnostics::default();
        let resets = Resets::take(&mut over, &mut diagnostics);
        assert!(crate::nodes::equal(&over, &node("a: {c: [1]}\nd: [y]\n")));
        assert_eq!(diagnostics.iter().count(), 1);

        let mut base = node("a: {b: 1, c: [2], e: 3}\nd: [x]\n");
        resets.apply(&mut base);
        assert!(crate::nodes::equal(&base, &node("a: {e: 3}\nd: [x]\n")));
    }

    #[test]
    fn reset_of_an_extension_reaches_the_attribute_it_became() {
        let mut over = node("services: {a: {x-develop: !reset null}}");
        let resets = Resets::take(&mut over, &mut Diagnostics::default());
        let mut base = node("services: {a: {develop: {}}}");
        resets.apply(&mut base);
        assert!(crate::nodes::equal(&base, &node("services: {a: {}}")));
    }
}
