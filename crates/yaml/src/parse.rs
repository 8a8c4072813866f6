//! Text to documents.

use granit_parser::{Event, Parser, ScalarStyle, StrInput};

use crate::builder::{Builder, Flow, Properties, Read};
use crate::{Budget, Diagnostics, FileId, Node, Span};
use crate::{characters, problems, syntax, tags};

/// What a text holds.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The root of each document; of a broken text as much as could be read.
    pub documents: Vec<Node>,
    /// What is wrong with the text, in the order it was found.
    pub diagnostics: Diagnostics,
}

/// Reads all documents of a text.
///
/// Never fails: what is wrong is in the diagnostics, and the documents hold what could be read in
/// spite of it. Anchors, aliases and merge keys are replaced by what they stand for.
#[must_use]
pub fn parse(file: FileId, text: &str, budget: &Budget) -> Parsed {
    let mut builder = Builder::new(file, budget);
    // A caller that wants to know need not: whatever stopped the reading is in the diagnostics.
    let _stopped = read(file, text, budget, &mut builder);
    Parsed {
        documents: builder.documents,
        diagnostics: builder.diagnostics,
    }
}

fn read(file: FileId, text: &str, budget: &Budget, builder: &mut Builder<'_>) -> Flow {
    if text.len() > budget.file_bytes || u32::try_from(text.len()).is_err() {
        let start = Span {
            file,
            start: 0,
            end: 0,
        };
        return builder.report(problems::too_large(budget, text.len(), start));
    }
    for diagnostic in characters::check(file, text).take(budget.problems) {
        builder.report(diagnostic)?;
    }
    let mut reader = Reader {
        file,
        builder,
        budget,
    };
    reader.read(&mut Parser::new_from_str_with_options(
        text,
        options(budget),
    ))
}

/// Counts the events of a text and builds nothing: the least time any reading takes.
#[must_use]
pub fn scan(text: &str) -> usize {
    Parser::new_from_str_with_options(text, options(&Budget::default()))
        .take_while(Result::is_ok)
        .count()
}

fn options(budget: &Budget) -> granit_parser::Options {
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        // One more than the builder allows, so that the builder's own words are used.
        flow_nesting_limit: budget.depth.saturating_add(1),
        block_nesting_limit: budget.depth.saturating_add(1),
    };
    options.set_emit_comments(false);
    options
}

/// Hands the parser's events to the builder.
struct Reader<'r, 'b> {
    file: FileId,
    builder: &'r mut Builder<'b>,
    budget: &'r Budget,
}

impl Reader<'_, '_> {
    fn read<'t>(&mut self, parser: &mut Parser<'t, StrInput<'t>>) -> Flow {
        loop {
            match parser.next_event() {
                None => return Flow::Continue(()),
                Some(Ok((event, place))) => self.event(event, &place)?,
                Some(Err(error)) => {
                    let diagnostic = syntax::diagnostic(&error, self.file, self.budget);
                    self.builder.report(diagnostic)?;
                    self.builder.finish_partial()?;
                    if !parser.proceed_next_document().unwrap_or(false) {
                        return Flow::Continue(());
                    }
                }
            }
        }
    }

    fn event(&mut self, event: Event<'_>, place: &granit_parser::Span) -> Flow {
        let span = span(self.file, place);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span)
            }
            Event::MappingStart(_, anchor, tag) => self
                .builder
                .mapping_start(span, properties(anchor, tag.as_deref())),
            Event::SequenceStart(_, anchor, tag) => self
                .builder
                .sequence_start(span, properties(anchor, tag.as_deref())),
            Event::MappingEnd | Event::SequenceEnd => {
                // Only a closing bracket has a length; a block ends where its last value does.
                self.builder
                    .close((span.start < span.end).then_some(span.end))
            }
            Event::Alias(anchor) => self.builder.alias(anchor, span),
            Event::UnresolvedAlias(name) => self.builder.unknown_alias(&name, span),
            // These hold no value; the parser's enum is open for more that do not.
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd
            | Event::Anchor(..)
            | _ => Flow::Continue(()),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&granit_parser::Tag>,
        span: Span,
    ) -> Flow {
        let plain = style == ScalarStyle::Plain;
        // The parser writes `~` for a value that is not there.
        let text = if plain && span.start == span.end {
            ""
        } else {
            text
        };
        let resolved = tags::resolve(tag, text, plain, span);
        if let Some(diagnostic) = resolved.problem {
            self.builder.report(diagnostic)?;
        }
        let scalar = Read {
            text,
            kind: resolved.kind,
            merges: plain && text == "<<",
            span,
        };
        self.builder.scalar(
            &scalar,
            Properties {
                anchor,
                tag: resolved.tag,
            },
        )
    }
}

fn properties(anchor: usize, tag: Option<&granit_parser::Tag>) -> Properties {
    Properties {
        anchor,
        tag: tag.and_then(tags::compose),
    }
}

fn span(file: FileId, place: &granit_parser::Span) -> Span {
    Span {
        file,
        start: offset(&place.start),
        end: offset(&place.end),
    }
}

/// The byte a mark stands at; texts longer than `u32` are refused before there are marks.
pub(crate) fn offset(mark: &granit_parser::Marker) -> u32 {
    mark.byte_offset()
        .and_then(|offset| u32::try_from(offset).ok())
        .unwrap_or(u32::MAX)
}
