//! The parser's events, handed to the builder.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle};

use crate::builder::{Builder, Flow, Properties, Read};
use crate::{Budget, Diagnostic, FileId, Span, codes, problems, recover, syntax, tags};

/// How the parser is set up.
pub(crate) fn options(budget: &Budget) -> granit_parser::Options {
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        // As Go's reader has it.
        block_scalar_eof_without_line_feed: true,
        // One more than the builder allows, so that the builder's own words are used.
        flow_nesting_limit: budget.depth.saturating_add(1),
        block_nesting_limit: budget.depth.saturating_add(1),
    };
    options.set_emit_comments(false);
    options
}

/// Whose fault it is that a text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No reader takes the text.
    OfTheText,
    /// Other readers take it, so it is to be mended without a word.
    OfTheParser,
}

/// A syntax error, and the text to read instead.
pub(crate) struct Broken {
    /// What is wrong.
    pub(crate) diagnostic: Diagnostic,
    /// Whether to say so.
    pub(crate) fault: Fault,
    /// The text with blanks for what cannot be read; as long as before.
    pub(crate) mended: String,
    /// Where what was replaced ends.
    pub(crate) until: usize,
}

/// Hands the parser's events to the builder.
pub(crate) struct Reader<'r, 'b> {
    file: FileId,
    text: &'r str,
    budget: &'b Budget,
    /// Almost no text has tabs, and then no place has to be checked for them.
    has_tabs: bool,
    builder: Builder<'b>,
}

impl<'r, 'b> Reader<'r, 'b> {
    pub(crate) fn new(file: FileId, text: &'r str, budget: &'b Budget) -> Self {
        Self {
            file,
            text,
            budget,
            has_tabs: text.contains('\t'),
            builder: Builder::new(file, budget),
        }
    }

    /// Reads up to the end, the end of the budget, or the first syntax error.
    pub(crate) fn read(mut self) -> (Builder<'b>, Option<Broken>) {
        let mut parser = Parser::new_from_str_with_options(self.text, options(self.budget));
        while let Some(next) = parser.next_event() {
            match next {
                Ok((event, place)) => {
                    if self.event(event, &place).is_break() {
                        break;
                    }
                }
                Err(error) => {
                    let broken = self.broken(&error);
                    self.builder.finish_partial();
                    return (self.builder, Some(broken));
                }
            }
        }
        (self.builder, None)
    }

    fn broken(&self, error: &ScanError) -> Broken {
        let diagnostic = syntax::diagnostic(error, self.text, self.file, self.budget);
        let at = offset(error.marker());
        let Some(bracket) = self.builder.outermost_bracket() else {
            let block = recover::block_at(self.text, at as usize);
            return self.unreadable(diagnostic, &block);
        };
        if diagnostic.code == codes::TAB {
            return self.tabs_in_brackets(diagnostic, at);
        }
        // Inside brackets an error is seen late; what is unreadable begins with the bracket.
        let block = recover::block_at(self.text, bracket.start as usize);
        let diagnostic = if at as usize >= block.end {
            syntax::never_closed(self.text, bracket)
        } else if bracket.start < at {
            diagnostic.at(bracket, "opened here")
        } else {
            diagnostic
        };
        self.unreadable(diagnostic, &block)
    }

    fn unreadable(&self, diagnostic: Diagnostic, block: &Range<usize>) -> Broken {
        Broken {
            diagnostic,
            fault: Fault::OfTheText,
            mended: recover::blanked(self.text, block),
            until: block.end,
        }
    }

    /// Indentation means nothing inside brackets, so other readers take tabs there.
    fn tabs_in_brackets(&self, diagnostic: Diagnostic, at: u32) -> Broken {
        let lines = recover::tabbed_lines_at(self.text, at as usize);
        Broken {
            diagnostic,
            fault: Fault::OfTheParser,
            mended: recover::without_tabs(self.text, &lines),
            until: lines.end,
        }
    }

    fn event(&mut self, event: Event<'_>, place: &granit_parser::Span) -> Flow {
        let span = span(self.file, place);
        self.check_indentation(&event, span)?;
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

    /// Refuses tabs that the parser lets pass as indentation, as Go's reader does.
    fn check_indentation(&mut self, event: &Event<'_>, span: Span) -> Flow {
        let begins_here = self.has_tabs
            && matches!(
                event,
                Event::Scalar(..)
                    | Event::Alias(..)
                    | Event::MappingStart(StructureStyle::Flow, ..)
                    | Event::SequenceStart(StructureStyle::Flow, ..)
            );
        if !begins_here || self.builder.outermost_bracket().is_some() {
            return Flow::Continue(());
        }
        match syntax::tab_in_indentation(self.text, span) {
            Some(diagnostic) => self.builder.report(diagnostic),
            None => Flow::Continue(()),
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
        let text = if plain && text == "~" && span.start == span.end {
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
