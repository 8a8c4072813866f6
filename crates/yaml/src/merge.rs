//! Merge keys (`<<`), as YAML 1.1 had them and compose files use them.

use crate::mapping::Entry;
use crate::{Diagnostic, Kind, Mapping, Node, Span, problems};

/// Adds what `value` has and `entries` lacks, behind what is there.
///
/// Of several mappings in a list the first with a key wins. Values are never merged into each
/// other: a key's whole value comes from one place.
pub(crate) fn merge(entries: &mut Mapping, place: Span, value: Node) -> Result<(), Diagnostic> {
    match value.kind {
        Kind::Mapping(other) => add_missing(entries, other),
        Kind::Sequence(items) => {
            for item in items {
                match item.kind {
                    Kind::Mapping(other) => add_missing(entries, other),
                    Kind::Sequence(_) | Kind::Scalar(_) => {
                        return Err(problems::unmergeable(place, &item));
                    }
                }
            }
        }
        Kind::Scalar(_) => return Err(problems::unmergeable(place, &value)),
    }
    Ok(())
}

fn add_missing(entries: &mut Mapping, other: Mapping) {
    for (key, node) in other {
        if let Entry::Vacant(vacant) = entries.entry(key) {
            vacant.insert(node);
        }
    }
}
