//! Which labels and annotations the interface takes, and those every object of ours has.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use tranship_model::Topic;

use crate::{codes, names};

/// Says which service an object belongs to; part of every selector.
pub(crate) const NAME: &str = "app.kubernetes.io/name";
/// Says which stack an object belongs to; part of every selector.
pub(crate) const PART_OF: &str = "app.kubernetes.io/part-of";
pub(crate) const MANAGED_BY: &str = "app.kubernetes.io/managed-by";

/// Labels or annotations as the interface takes them.
pub(crate) type Pairs = BTreeMap<String, String>;

/// The labels that select the tasks of `name`.
pub(crate) fn selector(stack: &str, name: &str) -> Pairs {
    Pairs::from([
        (NAME.to_owned(), name.to_owned()),
        (PART_OF.to_owned(), value(stack)),
    ])
}

/// The labels of an object that belongs to the whole stack.
pub(crate) fn common(stack: &str) -> Pairs {
    Pairs::from([
        (MANAGED_BY.to_owned(), "tranship".to_owned()),
        (PART_OF.to_owned(), value(stack)),
    ])
}

/// The labels of an object that belongs to `name`.
pub(crate) fn of_service(stack: &str, name: &str) -> Pairs {
    let mut labels = common(stack);
    labels.insert(NAME.to_owned(), name.to_owned());
    labels
}

/// `raw` as a label's value, changed where it must be.
fn value(raw: &str) -> String {
    if is_value(raw) {
        return raw.to_owned();
    }
    names::label(raw, names::LABEL_LIMIT)
}

/// Whether `text` can be a label's value.
pub(crate) fn is_value(text: &str) -> bool {
    text.is_empty() || is_name_part(text)
}

/// Whether `key` can be a label's or annotation's key: a name, perhaps behind a domain and `/`.
pub(crate) fn is_key(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => names::is_subdomain(prefix) && is_name_part(name),
        None => is_name_part(key),
    }
}

fn is_name_part(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let edge = |c: char| c.is_ascii_alphanumeric();
    (1..=names::LABEL_LIMIT).contains(&text.len())
        && text.chars().all(inner)
        && text.starts_with(edge)
        && text.ends_with(edge)
}

/// Where labels go: to the labels of an object where they are legal, else to its annotations.
pub(crate) struct Sorted<'object> {
    /// The object's labels.
    pub(crate) labels: &'object mut Pairs,
    /// The object's annotations.
    pub(crate) annotations: &'object mut Pairs,
}

impl Sorted<'_> {
    /// Takes labels over, and notes each that changes its place or finds none.
    pub(crate) fn take(&mut self, labels: &IndexMap<String, String>, topic: &mut Topic<'_>) {
        for (key, value) in labels {
            self.take_one(key, value, &mut topic.key(key));
        }
    }

    fn take_one(&mut self, key: &str, value: &str, topic: &mut Topic<'_>) {
        if !is_key(key) {
            topic.dropped(
                &codes::LABEL_ILLEGAL,
                "its key is no legal label or annotation key",
            );
        } else if is_value(value) && !self.labels.contains_key(key) && !is_reserved(key) {
            self.labels.insert(key.to_owned(), value.to_owned());
            topic.exact();
        } else {
            self.annotations.insert(key.to_owned(), value.to_owned());
            topic.equivalent(
                &codes::LABEL_ANNOTATED,
                "it is an annotation, which selectors do not see",
            );
        }
    }
}

/// Whether a label with this key would change which tasks an object selects.
fn is_reserved(key: &str) -> bool {
    key == NAME || key == PART_OF || key == MANAGED_BY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_judged_as_the_interface_does() {
        assert!(is_key("traefik.http.routers.web.rule"));
        assert!(is_key("example.com/role"));
        assert!(!is_key("Example.com/role"));
        assert!(!is_key("a/b/c"));
        assert!(is_value("") && is_value("v1.2_x"));
        assert!(!is_value("Host(`a`)"));
    }
}
