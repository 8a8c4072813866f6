//! Where a value of the canonical form stands in the tree.

use tranship_yaml::{Kind, Mapping, Node, Span};

use crate::field::Port;

/// The place of a path of the canonical form, such as `services.web.ports[0].published` or
/// `services.web.environment.FOO`.
///
/// A value that was not written itself (a default, a part of a short form, a variable from a
/// file) has the place of what it comes from, or of the nearest mapping around it. `None` when
/// not even the first part of the path is in the tree.
#[must_use]
pub fn locate(tree: &Node, path: &str) -> Option<Span> {
    let mut place = Place {
        node: tree,
        span: None,
        entry: None,
    };
    let mut rest = path;
    while !rest.is_empty() {
        let Some((next, remaining)) = place.step(rest) else {
            return place.nearest_source(rest).or(place.span);
        };
        place = next;
        rest = remaining;
    }
    place.span
}

/// A node, where it begins to be written, and what it is called.
struct Place<'t> {
    node: &'t Node,
    span: Option<Span>,
    entry: Option<&'t str>,
}

impl<'t> Place<'t> {
    /// Goes one part of the path down, and returns what is left of the path.
    fn step<'p>(&self, path: &'p str) -> Option<(Self, &'p str)> {
        match &self.node.kind {
            Kind::Mapping(mapping) => {
                let (key, rest) = longest_key(mapping, path)?;
                let (key, node) = mapping.get_key_value(key)?;
                let span = if node.as_scalar().is_some() {
                    node.span
                } else {
                    key.span
                };
                Some((
                    Self {
                        node,
                        span: Some(span),
                        entry: Some(&key.text),
                    },
                    rest,
                ))
            }
            Kind::Sequence(items) => {
                let (node, rest) = match index(path) {
                    Some((index, rest)) => (self.item(items, index)?, rest),
                    None => item_named(items, path)?,
                };
                Some((
                    Self {
                        node,
                        span: Some(node.span),
                        entry: None,
                    },
                    rest,
                ))
            }
            Kind::Scalar(_) => None,
        }
    }

    /// The item a canonical one comes from: a range of ports becomes several.
    fn item(&self, items: &'t [Node], wanted: usize) -> Option<&'t Node> {
        if self.entry != Some("ports") {
            return items.get(wanted);
        }
        let mut before = 0;
        items.iter().find(|item| {
            before += ports_of(item);
            wanted < before
        })
    }

    /// What fills a mapping from outside: variables and labels can come from files.
    fn nearest_source(&self, rest: &str) -> Option<Span> {
        let source = match rest.split(['.', '[']).next()? {
            "environment" => "env_file",
            "labels" => "label_file",
            _ => return None,
        };
        let (key, _) = self.node.as_mapping()?.get_key_value(source)?;
        Some(key.span)
    }
}

/// The longest key the path begins with, because names may contain points.
fn longest_key<'p>(mapping: &Mapping, path: &'p str) -> Option<(&'p str, &'p str)> {
    let ends = path.match_indices(['.', '[']).map(|(at, _)| at);
    let ends: Vec<usize> = ends.chain([path.len()]).collect();
    ends.into_iter().rev().find_map(|end| {
        let (key, rest) = path.split_at_checked(end)?;
        mapping
            .contains_key(key)
            .then(|| (key, rest.strip_prefix('.').unwrap_or(rest)))
    })
}

/// `[3].published` is item 3 and `published`.
fn index(path: &str) -> Option<(usize, &str)> {
    let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
    Some((index.parse().ok()?, rest.strip_prefix('.').unwrap_or(rest)))
}

/// The item of a list that stands for a key of the canonical mapping: `KEY=value`, or the name
/// itself.
fn item_named<'t, 'p>(items: &'t [Node], path: &'p str) -> Option<(&'t Node, &'p str)> {
    items
        .iter()
        .filter_map(|item| {
            let text = &*item.as_scalar()?.text;
            let key = text.split_once(['=', ':']).map_or(text, |(key, _)| key);
            let rest = path.strip_prefix(key)?;
            let ends = rest.is_empty() || rest.starts_with(['.', '[']);
            ends.then(|| (item, rest.strip_prefix('.').unwrap_or(rest)))
        })
        // The longest name, and of equal ones the last, which wins.
        .min_by_key(|(_, rest)| rest.len())
}

fn ports_of(item: &Node) -> usize {
    match item.as_scalar() {
        Some(scalar) => Port::parse_short(&scalar.go_text()).map_or(1, |ports| ports.len()),
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use tranship_yaml::{Budget, FileId, parse};

    use super::locate;

    const TEXT: &str = "\
services:
  my.app:
    image: nginx
    command: run it
    ports: ['80-82:8080-8082', {target: 9}]
    environment: [A=1, B=2]
    labels: {com.example.x: y}
    depends_on: [db]
  db:
    env_file: .env
";

    fn text_at(path: &str) -> Option<&'static str> {
        let parsed = parse(FileId(0), TEXT, &Budget::default());
        let span = locate(parsed.documents.first()?, path)?;
        TEXT.get(span.start as usize..span.end as usize)
    }

    #[test]
    fn values_are_found_where_they_were_written() {
        for (path, found) in [
            ("services.my.app", "my.app"),
            ("services.my.app.image", "nginx"),
            ("services.my.app.ports", "ports"),
            ("services.my.app.ports[2].published", "'80-82:8080-8082'"),
            ("services.my.app.ports[3].target", "9"),
            ("services.my.app.environment.B", "B=2"),
            ("services.my.app.labels.com.example.x", "y"),
            ("services.my.app.depends_on.db.condition", "db"),
            ("services.my.app.command[1]", "run it"),
        ] {
            assert_eq!(text_at(path), Some(found), "{path}");
        }
    }

    #[test]
    fn what_was_not_written_is_at_its_source() {
        assert_eq!(text_at("services.my.app.networks.default"), Some("my.app"));
        assert_eq!(text_at("services.db.environment.C"), Some("env_file"));
        assert_eq!(text_at("networks.default"), None);
    }
}
