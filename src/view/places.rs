//! Where the values of a project stand in its files.

use tranship_model::FieldPath;
use tranship_yaml::{Location, Mapping, Node, Sources, Span};

use super::lines::LineNumbers;
use crate::pipeline::Reading;

/// A place as people and their tools name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The name of the file.
    pub(crate) file: String,
    /// The line and the column, from 1.
    pub(crate) location: Location,
}

/// Finds the places of values, and the lines of places.
#[derive(Debug)]
pub(crate) struct Places<'reading> {
    tree: Option<&'reading Node>,
    sources: &'reading Sources,
    lines: LineNumbers<'reading>,
}

/// The spans of a value: its key where it has one, and itself.
#[derive(Clone, Copy, Debug)]
struct Found {
    key: Option<Span>,
    value: Span,
}

impl<'reading> Places<'reading> {
    /// Prepares the texts of a reading.
    pub(crate) fn new(reading: &'reading Reading) -> Self {
        Self {
            tree: reading.tree.as_ref(),
            sources: &reading.sources,
            lines: LineNumbers::new(&reading.sources),
        }
    }

    /// The place of the value at `path` of the canonical form, or of the nearest parent the files
    /// have.
    pub(crate) fn of(&self, path: &FieldPath) -> Option<Place> {
        let found = self.find(path)?;
        self.place(found.key.unwrap_or(found.value))
    }

    /// The span of the key of the value at `path`, or of the value where it has no key.
    pub(crate) fn key_span(&self, path: &FieldPath) -> Option<Span> {
        let found = self.find(path)?;
        Some(found.key.unwrap_or(found.value))
    }

    /// The place of the first character of a span.
    pub(crate) fn place(&self, span: Span) -> Option<Place> {
        let source = self.sources.get(span.file)?;
        let start = span.start as usize;
        let line = self.lines.line(span.file, start)?;
        let before = source.text.get(..start)?;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(line_start..)?.chars().count() + 1;
        Some(Place {
            file: source.name.to_string(),
            location: Location {
                line: u32::try_from(line).ok()?,
                column: u32::try_from(column).ok()?,
            },
        })
    }

    fn find(&self, path: &FieldPath) -> Option<Found> {
        let mut node = self.tree?;
        let mut rest = path.as_str();
        let mut found = None;
        while !rest.is_empty() {
            let Some((step, inner, behind)) = step(node, rest) else {
                break;
            };
            found = Some(step);
            node = inner;
            rest = behind;
        }
        found
    }
}

/// Takes one step from `node` along `path`: to where, and what is left of the path.
fn step<'node, 'path>(
    node: &'node Node,
    path: &'path str,
) -> Option<(Found, &'node Node, &'path str)> {
    if let Some(mapping) = node.as_mapping() {
        return key_step(mapping, path.strip_prefix('.').unwrap_or(path));
    }
    let items = node.as_sequence()?;
    if let Some(inside) = path.strip_prefix('[') {
        let (index, behind) = inside.split_once(']')?;
        let item = items.get(index.parse::<usize>().ok()?)?;
        return Some((Found::value(item), item, behind));
    }
    // A list in the file may be a mapping in the canonical form: `- NAME=value`, or just names.
    let path = path.strip_prefix('.')?;
    let item = items.iter().find(|item| names(item, path))?;
    Some((Found::value(item), item, ""))
}

/// The longest key that begins the path, because keys may hold dots.
fn key_step<'node, 'path>(
    mapping: &'node Mapping,
    path: &'path str,
) -> Option<(Found, &'node Node, &'path str)> {
    let ends = path.match_indices(['.', '[']).map(|(at, _)| at);
    let mut ends: Vec<usize> = ends.chain([path.len()]).collect();
    ends.reverse();
    ends.into_iter().find_map(|end| {
        let (key, behind) = path.split_at(end);
        let (key, value) = mapping.get_key_value(key)?;
        let found = Found {
            key: Some(key.span),
            value: value.span,
        };
        Some((found, value, behind))
    })
}

fn names(item: &Node, path: &str) -> bool {
    let Some(scalar) = item.as_scalar() else {
        return false;
    };
    let name = scalar.text.split(['=', ':']).next();
    name.is_some_and(|name| name == path)
}

impl Found {
    fn value(node: &Node) -> Self {
        Self {
            key: None,
            value: node.span,
        }
    }
}

#[cfg(test)]
mod tests {
    use tranship_yaml::{Budget, parse};

    use super::*;

    fn place_of(text: &str, path: &str) -> Option<(u32, u32)> {
        let mut reading = Reading::default();
        let file = reading.sources.add("compose.yaml", text);
        reading.tree = parse(file, text, &Budget::default())
            .documents
            .into_iter()
            .next();
        let place = Places::new(&reading).of(&FieldPath::from(path.to_owned()))?;
        Some((place.location.line, place.location.column))
    }

    const TEXT: &str = "services:\n  a.b:\n    ports:\n      - 80:80\n    environment:\n      - ü=1\n      - B=2\n";

    #[test]
    fn a_value_is_found_where_it_stands() {
        assert_eq!(place_of(TEXT, "services.a.b"), Some((2, 3)));
        assert_eq!(place_of(TEXT, "services.a.b.environment.B"), Some((7, 9)));
        assert_eq!(place_of(TEXT, "services.a.b.environment.ü"), Some((6, 9)));
    }

    #[test]
    fn a_value_the_file_spells_otherwise_is_found_at_its_parent() {
        assert_eq!(
            place_of(TEXT, "services.a.b.ports[0].published"),
            Some((4, 9))
        );
        assert_eq!(place_of(TEXT, "services.a.b.restart"), Some((2, 3)));
        assert_eq!(place_of(TEXT, "name"), None);
    }
}
