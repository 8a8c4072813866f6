//! The parser's errors in the words of this crate.

use granit_parser::{ErrorKind, ScanError};

use crate::{Budget, Diagnostic, FileId, Span, codes, parse, problems};

/// The diagnostic for what the parser stopped at.
pub(crate) fn diagnostic(error: &ScanError, file: FileId, budget: &Budget) -> Diagnostic {
    let start = parse::offset(error.marker());
    let span = Span {
        file,
        start,
        end: start,
    };
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return problems::too_deep(budget, span);
    }
    Diagnostic::error(codes::SYNTAX, error.info()).at(span, "here")
}
