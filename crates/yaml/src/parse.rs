//! Text to documents.

use std::borrow::Cow;

use granit_parser::Parser;

use crate::builder::Builder;
use crate::reader::{Fault, Reader, options};
use crate::{Budget, Diagnostic, Diagnostics, FileId, Node, Span, characters, problems};

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
        return refused(vec![problems::too_large(
            budget,
            text.len(),
            start_of(file),
        )]);
    }
    let (mut text, mut found) = characters::replace_forbidden(file, text, budget.problems);
    if found.len() >= budget.problems {
        found.push(problems::too_many_problems(budget, None));
        return refused(found);
    }
    let mut attempts = MOST_ATTEMPTS.min(ATTEMPTED_BYTES / text.len().max(1));
    let mut readable_from = 0;
    loop {
        let (builder, broken) = Reader::new(file, &text, budget).read();
        // An error before what was blanked already is that error's echo.
        let Some(broken) = broken.filter(|broken| broken.until > readable_from) else {
            return finished(builder, found);
        };
        if broken.fault == Fault::OfTheText || attempts == 0 {
            found.push(broken.diagnostic);
            readable_from = broken.until;
        }
        if attempts == 0 {
            return finished(builder, found);
        }
        attempts -= 1;
        text = Cow::Owned(broken.mended);
    }
}

fn start_of(file: FileId) -> Span {
    Span {
        file,
        start: 0,
        end: 0,
    }
}

fn refused(diagnostics: Vec<Diagnostic>) -> Parsed {
    Parsed {
        documents: Vec::new(),
        diagnostics: diagnostics.into_iter().collect(),
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
