//! Events to nodes.

mod aliases;
mod frame;
mod spending;

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use granit_parser::StructureStyle;

use self::frame::{Content, Frame, Next, OpenMapping};
use crate::anchors::{Anchors, Extent};
use crate::{Budget, Diagnostics, FileId, Key, Kind, Mapping, Node, Scalar};
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
        matches!(self.frames.last().and_then(Frame::next), Some(Next::Key))
    }

    fn merges(&self) -> bool {
        matches!(
            self.frames.last().and_then(Frame::next),
            Some(Next::MergedBy(_))
        )
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
            mapping.await_value(value);
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
        if let Some((place, value)) = merge.map(|merge| *merge)
            && let Err(diagnostic) = merge::merge(&mut entries, place, value)
        {
            self.report(diagnostic)?;
        }
        ControlFlow::Continue(entries)
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

    /// Closes what is open, so that a text with an error still gives a tree.
    pub(crate) fn finish_partial(&mut self) {
        while !self.frames.is_empty() {
            if self.close(None).is_break() {
                return;
            }
        }
    }

    fn span(&self, start: u32, end: u32) -> Span {
        Span {
            file: self.file,
            start,
            end,
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
