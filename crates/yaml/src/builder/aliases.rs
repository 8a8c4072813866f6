//! Anchors and aliases.

use std::sync::Arc;

use super::frame::Next;
use super::{Builder, Flow, Placed, Properties, Read, plain_scalar};
use crate::anchors::{Extent, Found};
use crate::{Kind, Node, ScalarKind, Span, problems};

impl Builder<'_> {
    /// Says where the anchor stands whose value was opened last.
    pub(crate) fn anchor_place(&mut self, anchor: usize, span: Span) {
        self.anchors.place(anchor, span);
    }

    /// Keeps a finished value for the aliases of its anchor.
    pub(super) fn define(
        &mut self,
        anchor: usize,
        node: &Node,
        cost: Extent,
        depth: usize,
    ) -> Flow {
        if anchor == 0 {
            return Flow::Continue(());
        }
        // Anchors inside anchors would otherwise keep as many copies as they are deep.
        if self.anchors.kept.nodes + cost.nodes > self.budget.nodes {
            return self.stop(problems::too_many_nodes(self.budget, node.span));
        }
        self.anchors.define(anchor, node, cost, depth);
        Flow::Continue(())
    }

    /// Puts a copy of an anchor's value in the place of its alias.
    pub(crate) fn alias(&mut self, anchor: usize, span: Span) -> Flow {
        let found = match self.anchors.find(anchor) {
            Found::Value(anchored) => anchored,
            Found::Open(place) => {
                self.report(problems::self_reference(span, place))?;
                return self.place_nothing(span);
            }
            Found::Nothing => return self.unknown_alias("", span),
        };
        // Before the copy is made, because the copy is what an alias bomb wants.
        self.spend(found.cost, span)?;
        self.check_depth(found.depth, span)?;
        let node = found.node.clone();
        if self.wants_key() {
            return self.alias_key(&node, span);
        }
        self.place(Placed {
            node,
            end: span.end,
            depth: found.depth,
        })
    }

    fn alias_key(&mut self, node: &Node, span: Span) -> Flow {
        let Some(scalar) = node.as_scalar() else {
            self.report(problems::structured_key(node, span))?;
            return self.await_value(Next::Nothing);
        };
        let read = Read {
            text: &scalar.text,
            kind: scalar.kind,
            merges: false,
            span,
        };
        self.scalar_key(&read, Properties::default())
    }

    /// Reports an alias whose anchor does not exist, and puts null in its place.
    pub(crate) fn unknown_alias(&mut self, name: &str, span: Span) -> Flow {
        self.report(problems::unknown_anchor(name, span))?;
        self.place_nothing(span)
    }

    /// Null, where a value could not be had, so that what stands around it is kept.
    fn place_nothing(&mut self, span: Span) -> Flow {
        if self.wants_key() {
            return self.await_value(Next::Nothing);
        }
        if self.merges() {
            return self.await_value(Next::Key);
        }
        let node = Node {
            span,
            tag: None,
            kind: Kind::Scalar(plain_scalar(Arc::from(""), ScalarKind::Null)),
        };
        self.place(Placed {
            node,
            end: span.end,
            depth: 0,
        })
    }
}
