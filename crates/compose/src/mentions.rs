//! The variables a project speaks of.
//!
//! Source: compose-go 2.16.2, `template/variables.go`.

use std::collections::BTreeMap;

use tranship_yaml::{Kind, Node, Scalar};

use crate::template::{self, OperatorKind};

/// How the files speak of a variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mention {
    /// What stands in when it is unset, as first written; empty when nothing is said.
    pub default: String,
    /// What stands in when it is set, as first written; empty when nothing is said.
    pub alternative: String,
    /// Whether a place refuses to go without it.
    pub is_required: bool,
}

/// Every variable of a tree whose variables were kept, by name.
#[must_use]
pub fn mentions(tree: &Node) -> BTreeMap<String, Mention> {
    let mut mentions = BTreeMap::new();
    gather(tree, &mut mentions);
    mentions
}

fn gather(node: &Node, mentions: &mut BTreeMap<String, Mention>) {
    match &node.kind {
        Kind::Scalar(scalar) => of_scalar(scalar, mentions),
        Kind::Sequence(items) => items.iter().for_each(|item| gather(item, mentions)),
        Kind::Mapping(entries) => entries.values().for_each(|value| gather(value, mentions)),
    }
}

fn of_scalar(scalar: &Scalar, mentions: &mut BTreeMap<String, Mention>) {
    template::expressions(&scalar.text, &mut |name, operator| {
        let mention = mentions.entry(name.to_owned()).or_default();
        match operator {
            Some((OperatorKind::Required, _)) => mention.is_required = true,
            Some((OperatorKind::Default, word)) => keep_first(&mut mention.default, word),
            Some((OperatorKind::Alternative, word)) => keep_first(&mut mention.alternative, word),
            None => {}
        }
    });
}

fn keep_first(kept: &mut String, word: &str) {
    if kept.is_empty() {
        word.clone_into(kept);
    }
}

#[cfg(test)]
mod tests {
    use tranship_yaml::{Budget, FileId, parse};

    use super::*;

    fn found(text: &str) -> BTreeMap<String, Mention> {
        let documents = parse(FileId(0), text, &Budget::default()).documents;
        documents.iter().flat_map(mentions).collect()
    }

    #[test]
    fn every_operator_is_kept_with_its_word() {
        let found = found("[$A, '${B:-b}', '${C?no}', '${D:+d}', $$E, '${F-${G:-g}}', '${B}']");
        let text = |text: &str| text.to_owned();
        let plain = Mention::default();
        let default = |default: &str| Mention {
            default: text(default),
            ..Mention::default()
        };
        let expected = [
            (text("A"), plain.clone()),
            (text("B"), default("b")),
            (
                text("C"),
                Mention {
                    is_required: true,
                    ..plain.clone()
                },
            ),
            (
                text("D"),
                Mention {
                    alternative: text("d"),
                    ..plain.clone()
                },
            ),
            (text("F"), default("${G:-g}")),
            (text("G"), default("g")),
        ];
        assert_eq!(found, expected.into_iter().collect());
    }

    #[test]
    fn what_is_no_expression_is_no_variable() {
        assert_eq!(found("['100$', '${', '${1}', 'a$ b']"), BTreeMap::new());
    }
}
