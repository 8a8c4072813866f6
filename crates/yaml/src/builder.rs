//! Events to nodes.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use granit_parser::StructureStyle;
use indexmap::map::Entry;

use crate::anchors::{Anchors, Extent, Found};
use crate::{Budget, Diagnostic, Diagnostics, FileId, Key, Kind, Label, Mapping, Node, Scalar};
use crate::{ScalarKind, Span, Tag, merge, problems};

/// Whether reading goes on; it stops only when the budget is spent.
pub(crate) type Flow = ControlFlow<()>;

/// What stands before a value: its anchor and its tag.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Properties {
    /// The parser's number of the anchor, 0 without one.
    pub(crate) anchor: usize,
    /// The compose tag.
    pub(crate) tag: Option<Tag>,
}

/// A scalar as the parser gave it, resolved.
#[derive(Debug)]
pub(crate) struct Read<'a> {
    /// The text after unescaping.
    pub(crate) text: &'a str,
    /// What it means.
    pub(crate) kind: ScalarKind,
    /// Whether it is a plain `<<`, which merges when it stands as a key.
    pub(crate) merges: bool,
    /// Its place.
    pub(crate) span: Span,
}

/// Takes events, gives documents.
#[derive(Debug)]
pub(crate) struct Builder<'b> {
    file: FileId,
    budget: &'b Budget,
    spent: Extent,
    frames: Vec<Frame>,
    anchors: Anchors,
    keys: HashSet<Arc<str>, foldhash::fast::RandomState>,
    /// The finished roots.
    pub(crate) documents: Vec<Node>,
    /// What was wrong so far.
    pub(crate) diagnostics: Diagnostics,
    /// Whether the budget ended the reading.
    pub(crate) stopped: bool,
}

/// A list or mapping whose end was not seen yet.
#[derive(Debug)]
struct Frame {
    start: u32,
    end: u32,
    style: StructureStyle,
    properties: Properties,
    /// What was spent before it began.
    before: Extent,
    /// The deepest nesting inside.
    inner_depth: usize,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Sequence(Vec<Node>),
    Mapping(OpenMapping),
}

#[derive(Debug, Default)]
struct OpenMapping {
    entries: Mapping,
    next: Next,
    /// The first `<<` and its value.
    merge: Option<(Span, Node)>,
}

/// What the next node of a mapping is.
#[derive(Debug, Default)]
enum Next {
    #[default]
    Key,
    ValueOf(Key),
    MergedBy(Span),
    /// The value of a key that was refused.
    Nothing,
}

/// A finished node on its way to its parent.
struct Placed {
    node: Node,
    /// Where it ends in the text; for an alias not where its node ends.
    end: u32,
    depth: usize,
}

impl<'b> Builder<'b> {
    pub(crate) fn new(file: FileId, budget: &'b Budget) -> Self {
        Self {
            file,
            budget,
            spent: Extent::default(),
            frames: Vec::new(),
            anchors: Anchors::default(),
            keys: HashSet::default(),
            documents: Vec::new(),
            diagnostics: Diagnostics::default(),
            stopped: false,
        }
    }

    /// Keeps a problem, and stops when there are too many.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) -> Flow {
        let place = diagnostic.labels.first().map(|label| label.span);
        self.diagnostics.push(diagnostic);
        if self.diagnostics.len() < self.budget.problems {
            return Flow::Continue(());
        }
        self.diagnostics
            .push(problems::too_many_problems(self.budget, place));
        self.stopped = true;
        Flow::Break(())
    }

    fn stop(&mut self, diagnostic: Diagnostic) -> Flow {
        self.stopped = true;
        self.diagnostics.push(diagnostic);
        Flow::Break(())
    }

    /// Takes a scalar: a key or a value, as its place has it.
    pub(crate) fn scalar(&mut self, scalar: &Read<'_>, properties: Properties) -> Flow {
        let cost = Extent {
            nodes: 1,
            bytes: scalar.text.len(),
        };
        self.spend(cost, scalar.span)?;
        if self.wants_key() {
            return self.scalar_key(scalar, properties);
        }
        let node = Node {
            span: scalar.span,
            tag: properties.tag,
            kind: Kind::Scalar(plain_scalar(Arc::from(scalar.text), scalar.kind)),
        };
        self.define(properties.anchor, &node, cost, 0)?;
        self.place(Placed {
            end: node.span.end,
            node,
            depth: 0,
        })
    }

    fn wants_key(&self) -> bool {
        matches!(self.next(), Some(Next::Key))
    }

    fn merges(&self) -> bool {
        matches!(self.next(), Some(Next::MergedBy(_)))
    }

    /// What the innermost mapping waits for, if a mapping is the innermost.
    fn next(&self) -> Option<&Next> {
        match &self.frames.last()?.content {
            Content::Mapping(mapping) => Some(&mapping.next),
            Content::Sequence(_) => None,
        }
    }

    fn scalar_key(&mut self, scalar: &Read<'_>, properties: Properties) -> Flow {
        let text = self.shared(scalar.text);
        if properties.anchor != 0 {
            let node = Node {
                span: scalar.span,
                tag: None,
                kind: Kind::Scalar(plain_scalar(Arc::clone(&text), scalar.kind)),
            };
            let cost = Extent {
                nodes: 1,
                bytes: text.len(),
            };
            self.define(properties.anchor, &node, cost, 0)?;
        }
        if scalar.merges {
            return self.await_value(Next::MergedBy(scalar.span));
        }
        if scalar.kind != ScalarKind::String {
            self.report(problems::non_string_key(scalar))?;
        }
        self.await_value(Next::ValueOf(Key {
            text,
            span: scalar.span,
        }))
    }

    fn await_value(&mut self, value: Next) -> Flow {
        if let Some(Frame {
            content: Content::Mapping(mapping),
            ..
        }) = self.frames.last_mut()
        {
            mapping.next = value;
        }
        Flow::Continue(())
    }

    /// One `Arc` for all keys of the same text: a file of many services repeats few keys.
    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.keys.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = Arc::from(text);
        self.keys.insert(Arc::clone(&new));
        new
    }

    /// Opens a list.
    pub(crate) fn sequence_start(
        &mut self,
        span: Span,
        style: StructureStyle,
        properties: Properties,
    ) -> Flow {
        self.open(span, style, properties, Content::Sequence(Vec::new()))
    }

    /// Opens a mapping.
    pub(crate) fn mapping_start(
        &mut self,
        span: Span,
        style: StructureStyle,
        properties: Properties,
    ) -> Flow {
        let content = Content::Mapping(OpenMapping::default());
        self.open(span, style, properties, content)
    }

    fn open(
        &mut self,
        span: Span,
        style: StructureStyle,
        properties: Properties,
        content: Content,
    ) -> Flow {
        let before = self.spent;
        self.spend(Extent { nodes: 1, bytes: 0 }, span)?;
        self.check_depth(1, span)?;
        self.anchors.open(properties.anchor, span);
        self.frames.push(Frame {
            start: span.start,
            end: span.end,
            style,
            properties,
            before,
            inner_depth: 0,
            content,
        });
        Flow::Continue(())
    }

    /// Says where the anchor stands whose value was opened last.
    pub(crate) fn anchor_place(&mut self, anchor: usize, span: Span) {
        self.anchors.place(anchor, span);
    }

    /// The first bracket that is still open.
    pub(crate) fn outermost_bracket(&self) -> Option<Span> {
        let frame = self
            .frames
            .iter()
            .find(|frame| frame.style == StructureStyle::Flow)?;
        Some(self.span(frame.start, frame.start.saturating_add(1)))
    }

    /// Closes the innermost list or mapping; `end` is where its closing bracket ends, if it has one.
    pub(crate) fn close(&mut self, end: Option<u32>) -> Flow {
        let Some(frame) = self.frames.pop() else {
            return Flow::Continue(());
        };
        let end = end.unwrap_or(frame.end).max(frame.start);
        let kind = match frame.content {
            Content::Sequence(items) => Kind::Sequence(items),
            Content::Mapping(mapping) => Kind::Mapping(self.merged(mapping)?),
        };
        let node = Node {
            span: self.span(frame.start, end),
            tag: frame.properties.tag,
            kind,
        };
        let depth = frame.inner_depth + 1;
        self.define(
            frame.properties.anchor,
            &node,
            self.spent.since(frame.before),
            depth,
        )?;
        self.place(Placed { node, end, depth })
    }

    fn merged(&mut self, mapping: OpenMapping) -> ControlFlow<(), Mapping> {
        let OpenMapping {
            mut entries,
            next: _,
            merge,
        } = mapping;
        if let Some((place, value)) = merge
            && let Err(diagnostic) = merge::merge(&mut entries, place, value)
        {
            self.report(diagnostic)?;
        }
        ControlFlow::Continue(entries)
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

    fn place(&mut self, placed: Placed) -> Flow {
        let Some(frame) = self.frames.last_mut() else {
            self.documents.push(placed.node);
            return Flow::Continue(());
        };
        frame.end = frame.end.max(placed.end);
        frame.inner_depth = frame.inner_depth.max(placed.depth);
        let problem = match &mut frame.content {
            Content::Sequence(items) => {
                items.push(placed.node);
                None
            }
            Content::Mapping(mapping) => mapping.take(placed.node),
        };
        match problem {
            Some(diagnostic) if !self.is_echo(&diagnostic) => self.report(diagnostic),
            Some(_) | None => Flow::Continue(()),
        }
    }

    /// Whether the last problem is the same, inside the place of this one: `{{ name }}` is a
    /// mapping as key of a mapping as key.
    fn is_echo(&self, diagnostic: &Diagnostic) -> bool {
        let (Some(last), Some(label)) = (self.diagnostics.iter().last(), diagnostic.labels.first())
        else {
            return false;
        };
        let inside = |inner: &Label| {
            label.span.start <= inner.span.start && inner.span.end <= label.span.end
        };
        last.code == diagnostic.code && last.labels.first().is_some_and(inside)
    }

    /// Closes what is open, so that a text with an error still gives a tree.
    pub(crate) fn finish_partial(&mut self) {
        while !self.frames.is_empty() {
            if self.close(None).is_break() {
                return;
            }
        }
    }

    fn define(&mut self, anchor: usize, node: &Node, cost: Extent, depth: usize) -> Flow {
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

    fn spend(&mut self, cost: Extent, span: Span) -> Flow {
        self.spent = self.spent.plus(cost);
        if self.spent.nodes > self.budget.nodes {
            return self.stop(problems::too_many_nodes(self.budget, span));
        }
        if self.spent.bytes > self.budget.scalar_bytes {
            return self.stop(problems::too_many_bytes(self.budget, span));
        }
        Flow::Continue(())
    }

    fn check_depth(&mut self, more: usize, span: Span) -> Flow {
        if self.frames.len() + more <= self.budget.depth {
            return Flow::Continue(());
        }
        self.stop(problems::too_deep(self.budget, span))
    }

    fn span(&self, start: u32, end: u32) -> Span {
        Span {
            file: self.file,
            start,
            end,
        }
    }
}

impl OpenMapping {
    /// Takes the node that `next` waits for; a problem does not keep the rest from being read.
    fn take(&mut self, node: Node) -> Option<Diagnostic> {
        match std::mem::take(&mut self.next) {
            Next::Nothing => None,
            Next::Key => {
                self.next = Next::Nothing;
                Some(problems::structured_key(&node, node.span))
            }
            Next::ValueOf(key) => self.insert(key, node),
            Next::MergedBy(place) => match &self.merge {
                None => {
                    self.merge = Some((place, node));
                    None
                }
                Some((first, _)) => Some(problems::second_merge(place, *first)),
            },
        }
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

fn plain_scalar(text: Arc<str>, kind: ScalarKind) -> Scalar {
    Scalar {
        text,
        kind,
        template: None,
    }
}
