//! Text to documents.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, ScanError};

use crate::builder::{Builder, Flow, Properties, Read};
use crate::{Budget, Diagnostic, Diagnostics, FileId, Node, Span};
use crate::{characters, problems, recover, syntax, tags};

/// How often reading begins anew behind an error, at most.
const MOST_ATTEMPTS: usize = 20;

/// How many bytes reading anew may cost together, so that a large broken file ends soon.
const ATTEMPTED_BYTES: usize = 4 << 20;

/// What a text holds.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The root of each document; of a broken text as much as could be read.
    pub documents: Vec<Node>,
    /// What is wrong with the text, in the order of the text.
    pub diagnostics: Diagnostics,
    /// Whether parts of the text are missing in the documents, so that what is not there may yet
    /// be in the text.
    pub partial: bool,
}

/// Reads all documents of a text.
///
/// Never fails: what is wrong is in the diagnostics, and the documents hold what could be read in
/// spite of it. Anchors, aliases and merge keys are replaced by what they stand for.
#[must_use]
pub fn parse(file: FileId, text: &str, budget: &Budget) -> Parsed {
    if text.len() > budget.file_bytes || u32::try_from(text.len()).is_err() {
        return refused(problems::too_large(budget, text.len(), start_of(file)));
    }
    let (text, mut found) = characters::replace_forbidden(file, text, budget.problems);
    let mut text = text;
    let mut attempts = MOST_ATTEMPTS.min(ATTEMPTED_BYTES / text.len().max(1));
    let mut readable_from = 0;
    loop {
        let mut reader = Reader {
            file,
            budget,
            text: &text,
            builder: Builder::new(file, budget),
        };
        let broken = reader.read();
        let builder = reader.builder;
        // An error before what was blanked already is that error's echo.
        let Some(broken) = broken.filter(|broken| broken.block.end > readable_from) else {
            return finished(builder, found);
        };
        found.push(broken.diagnostic);
        if attempts == 0 {
            return finished(builder, found);
        }
        attempts -= 1;
        readable_from = broken.block.end;
        text = Cow::Owned(recover::blanked(&text, &broken.block));
    }
}

fn start_of(file: FileId) -> Span {
    Span {
        file,
        start: 0,
        end: 0,
    }
}

fn refused(diagnostic: Diagnostic) -> Parsed {
    Parsed {
        documents: Vec::new(),
        diagnostics: Diagnostics::from_iter([diagnostic]),
        partial: true,
    }
}

fn finished(builder: Builder<'_>, mut found: Vec<Diagnostic>) -> Parsed {
    let Builder {
        documents,
        diagnostics,
        stopped,
        ..
    } = builder;
    let partial = stopped || !found.is_empty();
    found.extend(diagnostics);
    // Stable, so that problems of one place stay in the order they were found.
    found.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.span.start));
    Parsed {
        documents,
        diagnostics: found.into_iter().collect(),
        partial,
    }
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
        emit_anchor_events: true,
        // One more than the builder allows, so that the builder's own words are used.
        flow_nesting_limit: budget.depth.saturating_add(1),
        block_nesting_limit: budget.depth.saturating_add(1),
    };
    options.set_emit_comments(false);
    options
}

/// A syntax error and the lines it makes unreadable.
struct Broken {
    diagnostic: Diagnostic,
    block: Range<usize>,
}

/// Hands the parser's events to the builder.
struct Reader<'r, 'b> {
    file: FileId,
    budget: &'r Budget,
    text: &'r str,
    builder: Builder<'b>,
}

impl Reader<'_, '_> {
    /// Reads up to the end, the end of the budget, or the first syntax error, which is returned.
    fn read(&mut self) -> Option<Broken> {
        let mut parser = Parser::new_from_str_with_options(self.text, options(self.budget));
        while let Some(next) = parser.next_event() {
            match next {
                Ok((event, place)) => {
                    if self.event(event, &place).is_break() {
                        return None;
                    }
                }
                Err(error) => return Some(self.broken(&error)),
            }
        }
        None
    }

    fn broken(&mut self, error: &ScanError) -> Broken {
        let diagnostic = syntax::diagnostic(error, self.text, self.file, self.budget);
        let at = offset(error.marker());
        // Inside brackets the error is seen late; what is unreadable begins with the bracket.
        let bracket = self.builder.outermost_bracket();
        let from = bracket.map_or(at, |bracket| bracket.start.min(at));
        let upper = recover::block_at(self.text, from as usize);
        let lower = recover::block_at(self.text, at as usize);
        let diagnostic = match bracket {
            Some(bracket) if bracket.start < at => diagnostic.at(bracket, "opened here"),
            Some(_) | None => diagnostic,
        };
        self.builder.finish_partial();
        Broken {
            diagnostic,
            block: upper.start..upper.end.max(lower.end),
        }
    }

    fn event(&mut self, event: Event<'_>, place: &granit_parser::Span) -> Flow {
        let span = span(self.file, place);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.builder
                    .mapping_start(span, style, properties(anchor, tag.as_deref()))
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.builder
                    .sequence_start(span, style, properties(anchor, tag.as_deref()))
            }
            Event::MappingEnd | Event::SequenceEnd => {
                // Only a closing bracket has a length; a block ends where its last value does.
                self.builder
                    .close((span.start < span.end).then_some(span.end))
            }
            Event::Anchor(anchor, _) => {
                self.builder.anchor_place(anchor, span);
                Flow::Continue(())
            }
            Event::Alias(anchor) => self.builder.alias(anchor, span),
            Event::UnresolvedAlias(name) => self.builder.unknown_alias(&name, span),
            // These hold no value; the parser's enum is open for more that do not.
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd
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
        // Only an escape in double quotes still gets one past the check of the whole text.
        if style == ScalarStyle::DoubleQuoted && text.contains('\0') {
            self.builder.report(problems::escaped_nul(span))?;
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
