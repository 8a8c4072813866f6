//! The parser's errors in the words of this crate.

use granit_parser::{ErrorKind, ScanError};

use crate::{Budget, Code, Diagnostic, FileId, Span, codes, problems, reader, recover};

/// What is wrong and what to do about it.
struct Words {
    code: Code,
    message: String,
    help: String,
}

impl Words {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code: codes::SYNTAX,
            message: message.into(),
            help: help.into(),
        }
    }
}

/// The diagnostic for what the parser stopped at.
pub(crate) fn diagnostic(
    error: &ScanError,
    text: &str,
    file: FileId,
    budget: &Budget,
) -> Diagnostic {
    let start = reader::offset(error.marker());
    let span = word_at(text, start, file);
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return problems::too_deep(budget, span);
    }
    let line = recover::line(text, recover::line_start(text, start as usize));
    let Words {
        code,
        message,
        help,
    } = conflict(line).unwrap_or_else(|| words(error, line, text.get(start as usize..)));
    let span = if code == codes::TAB {
        tab_before(text, span)
    } else {
        span
    };
    Diagnostic::error(code, message).at(span, "").help(help)
}

/// The diagnostic for a bracket that swallows lines that do not belong to it.
pub(crate) fn never_closed(text: &str, bracket: Span) -> Diagnostic {
    let open = text.get(bracket.start as usize..).unwrap_or_default();
    let Words {
        code,
        message,
        help,
    } = unclosed(open.chars().next().unwrap_or('['));
    Diagnostic::error(code, message).at(bracket, "").help(help)
}

fn unclosed(open: char) -> Words {
    Words::new(
        format!("this `{open}` is never closed"),
        "close it; if it is part of a text, put the text in quotes",
    )
}

/// The place from `start` to the next blank, so that there is something to underline.
fn word_at(text: &str, start: u32, file: FileId) -> Span {
    let rest = text.get(start as usize..).unwrap_or_default();
    let word = rest.split(char::is_whitespace).next().unwrap_or_default();
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let length = u32::try_from(word.len().max(first)).unwrap_or_default();
    Span {
        file,
        start,
        end: start.saturating_add(length),
    }
}

/// The tabs themselves, where the parser names what stands behind them.
fn tab_before(text: &str, span: Span) -> Span {
    let before = text.get(..span.start as usize).unwrap_or_default();
    let tabs = before.len() - before.trim_end_matches('\t').len();
    let Some(tabs) = u32::try_from(tabs).ok().filter(|tabs| *tabs > 0) else {
        return span;
    };
    Span {
        start: span.start - tabs,
        end: span.start,
        ..span
    }
}

/// The diagnostic for tabs in the indentation before `span`, list dashes included.
pub(crate) fn tab_in_indentation(text: &str, span: Span) -> Option<Diagnostic> {
    let line = text.get(recover::line_start(text, span.start as usize)..span.start as usize)?;
    let tab = line.find('\t')?;
    let indents = line
        .bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'-' | b'?'));
    if !indents || line.starts_with("---") {
        return None;
    }
    let start = span.start - u32::try_from(line.len() - tab).ok()?;
    let Words {
        code,
        message,
        help,
    } = self::tab();
    let place = Span {
        start,
        end: start + 1,
        ..span
    };
    Some(Diagnostic::error(code, message).at(place, "").help(help))
}

/// The marks that version control leaves in a file it could not merge.
fn conflict(line: &str) -> Option<Words> {
    let marked = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|mark| line.starts_with(mark));
    marked.then(|| {
        Words::new(
            "a version control conflict is left in the file",
            "decide for one of the versions and remove the lines with the marks",
        )
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enum is the parser's, open, and most of it needs no words of ours"
)]
fn words(error: &ScanError, line: &str, rest: Option<&str>) -> Words {
    match error.kind() {
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => tab(),
        ErrorKind::MappingValueNotAllowed => value_not_allowed(error, line),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => Words::new(
            "this line has no `:` behind its key",
            "write it as `key: value`; the blank behind the `:` counts",
        ),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedDocumentStart
        | ErrorKind::InvalidQuotedScalarIndent => Words::new(
            "the indentation of this line fits nothing above it",
            "give it the indentation of the keys it stands beside",
        ),
        ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::BlockSequenceEntryNotAllowed => {
            Words::new(
                "list items (`- …`) and keys are mixed at one level",
                "begin every line of this level with `-`, or none; or mend the indentation",
            )
        }
        ErrorKind::UnexpectedCharacter { character: '`' } => Words::new(
            "a text cannot begin with a backtick",
            "put the whole text in quotes",
        ),
        ErrorKind::UnexpectedCharacter { character } => Words::new(
            format!("a text cannot begin with `{}`", character.escape_default()),
            "put the whole text in quotes",
        ),
        ErrorKind::MissingAnchorOrAliasName => Words::new(
            "a name must follow `*` and `&` directly",
            "if a text is meant that begins with this character, put it in quotes",
        ),
        ErrorKind::UndeclaredTagHandle => Words::new(
            "a text cannot begin with `!`, and no such tag was declared",
            "put the text in quotes, or remove the tag",
        ),
        other => quotes(other)
            .or_else(|| brackets(other, rest))
            .unwrap_or_else(|| {
                Words::new(
                    error.info(),
                    "if a text is meant here, put it in quotes; else mend the line or the one \
                     above it",
                )
            }),
    }
}

fn tab() -> Words {
    Words {
        code: codes::TAB,
        ..Words::new(
            "a tab stands where YAML wants blanks",
            "indent with blanks, two for each level; editors can replace all tabs at once",
        )
    }
}

fn value_not_allowed(error: &ScanError, line: &str) -> Words {
    let before: String = line.chars().take(error.marker().col()).collect();
    if before.contains(": ") {
        return Words::new(
            "a second `: ` in one line",
            "put a text that holds `: ` in quotes",
        );
    }
    Words::new(
        "this `:` cannot be part of the value above it",
        "the line above lacks a `:` (with a blank behind it), or this line is indented too deep",
    )
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enum is the parser's and open"
)]
fn quotes(kind: &ErrorKind) -> Option<Words> {
    Some(match kind {
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => Words::new(
            "this quote is never closed",
            "close it; a quote inside the text is written `''` in single and `\\\"` in double \
                 quotes",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => Words::new(
            "something stands behind the closing quote",
            "put the whole text in quotes; a quote inside it is written `''` in single and `\\\"` \
             in double quotes",
        ),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => Words::new(
            "an escape YAML does not know",
            "write `\\\\` for a backslash in double quotes, or use single quotes, where a \
             backslash is only a backslash",
        ),
        ErrorKind::InvalidBlockScalarHeader
        | ErrorKind::ZeroBlockScalarIndent
        | ErrorKind::InvalidBlockScalarIndent => Words::new(
            "a block text (`|` or `>`) that cannot be read",
            "leave the rest of the line with `|` or `>` empty and indent all lines of the text \
             alike",
        ),
        _ => return None,
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enum is the parser's and open"
)]
fn brackets(kind: &ErrorKind, rest: Option<&str>) -> Option<Words> {
    Some(match kind {
        ErrorKind::UnclosedFlowCollection { open } => unclosed(*open),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => Words::new(
            format!("`{open}` is closed by `{close}`"),
            "close it with its own bracket; if it is part of a text, put the text in quotes",
        ),
        ErrorKind::MisplacedFlowCollectionEnd => Words::new(
            format!(
                "this `{}` closes nothing",
                rest.and_then(|rest| rest.chars().next()).unwrap_or(']')
            ),
            "remove it; if it is part of a text, put the text in quotes",
        ),
        ErrorKind::InvalidColonPlacement
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::BlockEntryInFlowCollection
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::FlowMappingValueAdjacentCollection
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => Words::new(
            "this cannot stand inside brackets, and a bracket is open here",
            "close the bracket above, or put a `,` between the items",
        ),
        _ => return None,
    })
}
