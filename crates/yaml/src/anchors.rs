//! Values with anchors, kept for their aliases.

use std::rc::Rc;

use crate::{Node, Span};

/// What a value costs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    /// Scalars, lists and mappings.
    pub(crate) nodes: usize,
    /// Bytes of scalars.
    pub(crate) bytes: usize,
}

impl Extent {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_sub(before.nodes),
            bytes: self.bytes.saturating_sub(before.bytes),
        }
    }
}

/// A finished value with an anchor.
#[derive(Debug)]
pub(crate) struct Anchored {
    pub(crate) node: Node,
    /// What each alias of it costs.
    pub(crate) cost: Extent,
    /// How deep it nests.
    pub(crate) depth: usize,
}

/// What an alias refers to.
#[derive(Clone, Debug, Default)]
pub(crate) enum Found {
    /// An anchor that was never seen.
    #[default]
    Nothing,
    /// A value that is still being read: the alias stands inside it.
    Open(Span),
    /// A finished value.
    Value(Rc<Anchored>),
}

/// All anchors, by the parser's number.
#[derive(Debug, Default)]
pub(crate) struct Anchors {
    list: Vec<Found>,
    /// The cost of all values kept.
    pub(crate) kept: Extent,
}

impl Anchors {
    pub(crate) fn open(&mut self, anchor: usize, span: Span) {
        if anchor != 0 {
            self.set(anchor, Found::Open(span));
        }
    }

    /// Says where the anchor itself stands, while its value is being read.
    pub(crate) fn place(&mut self, anchor: usize, span: Span) {
        if let Some(Found::Open(place)) = self.list.get_mut(anchor) {
            *place = span;
        }
    }

    pub(crate) fn define(&mut self, anchor: usize, node: &Node, cost: Extent, depth: usize) {
        self.kept = self.kept.plus(cost);
        let node = node.clone();
        let anchored = Anchored { node, cost, depth };
        self.set(anchor, Found::Value(Rc::new(anchored)));
    }

    pub(crate) fn find(&self, anchor: usize) -> Found {
        self.list.get(anchor).cloned().unwrap_or_default()
    }

    fn set(&mut self, anchor: usize, found: Found) {
        // The parser counts anchors from 1 without gaps, so the list is no longer than the text.
        if self.list.len() <= anchor {
            self.list.resize_with(anchor + 1, Found::default);
        }
        if let Some(slot) = self.list.get_mut(anchor) {
            *slot = found;
        }
    }
}
