//! Lists and mappings that are still open.

use granit_parser::StructureStyle;

use super::Properties;
use crate::anchors::Extent;
use crate::mapping::Entry;
use crate::{Diagnostic, Key, Mapping, Node, Span, problems};

/// Room for the entries of most mappings in compose files; growing from one costs a seventh of the
/// time a whole file takes.
const FIRST_ENTRIES: usize = 3;

/// A list or mapping whose end was not seen yet.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) style: StructureStyle,
    pub(super) properties: Properties,
    /// What was spent before it began.
    pub(super) before: Extent,
    /// The deepest nesting inside.
    pub(super) inner_depth: usize,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    Sequence(Vec<Node>),
    Mapping(OpenMapping),
}

#[derive(Debug, Default)]
pub(super) struct OpenMapping {
    pub(super) entries: Mapping,
    pub(super) next: Next,
    /// The first `<<` and its value.
    pub(super) merge: Option<Box<(Span, Node)>>,
}

/// What the next node of a mapping is.
#[derive(Debug, Default)]
pub(super) enum Next {
    #[default]
    Key,
    ValueOf(Key),
    MergedBy(Span),
    /// The value of a key that was refused.
    Nothing,
}

impl Frame {
    /// What it waits for, if it is a mapping.
    pub(super) fn next(&self) -> Option<&Next> {
        match &self.content {
            Content::Mapping(mapping) => Some(&mapping.next),
            Content::Sequence(_) => None,
        }
    }
}

impl OpenMapping {
    /// Takes the node that `next` waits for; a problem does not keep the rest from being read.
    pub(super) fn take(&mut self, node: Node) -> Option<Diagnostic> {
        match std::mem::take(&mut self.next) {
            Next::Nothing => None,
            Next::Key => {
                self.next = Next::Nothing;
                Some(problems::structured_key(&node, node.span))
            }
            Next::ValueOf(key) => self.insert(key, node),
            Next::MergedBy(place) => match &self.merge {
                None => {
                    self.merge = Some(Box::new((place, node)));
                    None
                }
                Some(first) => Some(problems::second_merge(place, first.0)),
            },
        }
    }

    /// Waits for the value of a key.
    pub(super) fn await_value(&mut self, value: Next) {
        if self.entries.capacity() == 0 {
            // Not before the first key, because a text of empty mappings is to stay small.
            self.entries = Mapping::with_capacity(FIRST_ENTRIES);
        }
        self.next = value;
    }

    /// Keeps an entry; of two with one key the first.
    fn insert(&mut self, key: Key, node: Node) -> Option<Diagnostic> {
        let place = key.span;
        match self.entries.entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert(node);
                None
            }
            Entry::Occupied(occupied) => Some(problems::duplicate_key(occupied.key(), place)),
        }
    }
}
