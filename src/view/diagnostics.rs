//! Problems as people read them: each with an excerpt of every file it lies in.

use std::fmt::{self, Write as _};
use std::ops::Range;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use tranship_yaml::{Diagnostic, Diagnostics, FileId, Label, Severity, Sources};

use super::excerpt::{Excerpt, Window};
use super::lines::LineNumbers;
use crate::console::{Console, Paint};
use crate::escape;
use crate::pipeline::Reading;

/// The width text is wrapped to.
const WIDTH: usize = 100;

/// Shows every problem of a reading on standard error.
pub(crate) fn show(reading: &Reading, console: Console) {
    if !reading.diagnostics.is_empty() {
        let text = text(&reading.diagnostics, &reading.sources, console.stderr);
        console.say(&text);
    }
}

/// Every problem, and how many there are.
pub(crate) fn text(diagnostics: &Diagnostics, sources: &Sources, paint: Paint) -> String {
    let handler = handler(paint);
    let texts = Texts {
        sources,
        lines: LineNumbers::new(sources),
    };
    let mut text = String::new();
    for diagnostic in diagnostics {
        let word = match diagnostic.severity {
            Severity::Error => paint.bad("Error"),
            Severity::Warning => paint.doubtful("Warning"),
        };
        let _ = write!(text, "{word}: ");
        for shown in Shown::each_file(diagnostic, &texts) {
            // Writing to a string does not fail, and what a label cannot show is left out.
            let _ = handler.render_report(&mut text, &shown);
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{}", tally(diagnostics));
    text
}

/// How many problems there are, in words.
pub(crate) fn tally(diagnostics: &Diagnostics) -> String {
    let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
    let errors = diagnostics.iter().filter(is_error).count();
    let warnings = diagnostics.len() - errors;
    let counted = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        count => Some(format!("{count} {word}s")),
    };
    let parts = [counted(errors, "error"), counted(warnings, "warning")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

fn handler(paint: Paint) -> GraphicalReportHandler {
    let styles = match paint {
        Paint::Plain => ThemeStyles::none(),
        Paint::Colored => ThemeStyles::ansi(),
    };
    let theme = GraphicalTheme {
        characters: ThemeCharacters::unicode(),
        styles,
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(WIDTH)
        .with_links(false)
        .with_context_lines(1)
}

/// The texts of a load and their lines.
struct Texts<'sources> {
    sources: &'sources Sources,
    lines: LineNumbers<'sources>,
}

/// Parts of a file: miette reads all that is before a place, for each place.
#[derive(Debug)]
struct Parts {
    name: String,
    text: String,
    inside: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    range: Range<usize>,
    /// The number of its first line, from 0.
    first_line: usize,
}

impl SourceCode for Parts {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let mut parts = self.inside.iter().rev();
        let part = parts.find(|part| part.range.start <= span.offset());
        let Part { range, first_line } = part.ok_or(MietteError::OutOfBounds)?;
        let text = self.text.get(range.clone()).unwrap_or_default();
        let inside = SourceSpan::from((span.offset() - range.start, span.len()));
        let read = text.read_span(&inside, lines_before, lines_after)?;
        let at = (read.span().offset() + range.start, read.span().len());
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            read.data(),
            at.into(),
            read.line() + first_line,
            read.column(),
            // Labels of one part are shown in one piece.
            text.lines().count(),
        )))
    }
}

/// A problem in miette's words, or what it has to do with one more file.
#[derive(Debug)]
struct Shown {
    message: String,
    code: Option<&'static str>,
    severity: miette::Severity,
    help: Option<String>,
    source: Option<Parts>,
    labels: Vec<LabeledSpan>,
}

impl Shown {
    /// The problem with its labels in the first file, and one part more for each other file.
    fn each_file(diagnostic: &Diagnostic, texts: &Texts<'_>) -> Vec<Self> {
        let mut files: Vec<FileId> = Vec::new();
        for label in &diagnostic.labels {
            if !files.contains(&label.span.file) {
                files.push(label.span.file);
            }
        }
        let mut files = files.into_iter();
        let mut main = Self::main(diagnostic);
        if let Some(file) = files.next() {
            main.place(&diagnostic.labels, file, texts);
        }
        let others = files.map(|file| Self::elsewhere(&diagnostic.labels, file, texts));
        std::iter::once(main).chain(others).collect()
    }

    fn main(diagnostic: &Diagnostic) -> Self {
        let Diagnostic {
            code,
            severity,
            message,
            labels: _,
            help,
        } = diagnostic;
        Self {
            message: escape::block(message).into_owned(),
            code: Some(code.0),
            severity: match severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            },
            help: help.as_deref().map(|help| escape::block(help).into_owned()),
            source: None,
            labels: Vec::new(),
        }
    }

    fn elsewhere(labels: &[Label], file: FileId, texts: &Texts<'_>) -> Self {
        let name = texts.sources.get(file).map_or("", |source| &source.name);
        let mut shown = Self {
            message: format!("and in `{}`", escape::line(name)),
            code: None,
            severity: miette::Severity::Advice,
            help: None,
            source: None,
            labels: Vec::new(),
        };
        shown.place(labels, file, texts);
        shown
    }

    fn place(&mut self, labels: &[Label], file: FileId, texts: &Texts<'_>) {
        let Some(source) = texts.sources.get(file) else {
            return;
        };
        let labels: Vec<&Label> = labels
            .iter()
            .filter(|label| label.span.file == file)
            .collect();
        let ranges = labels.iter().map(|label| range(label, source.text.len()));
        let ranges: Vec<Range<usize>> = ranges.collect();
        let excerpt = Excerpt::new(&source.text, &ranges);
        self.labels = labels
            .iter()
            .zip(&excerpt.labels)
            .enumerate()
            .map(|(index, (label, range))| labeled(&label.text, range, index == 0))
            .collect();
        self.source = Some(Parts {
            name: escape::line(&source.name).into_owned(),
            text: excerpt.text,
            inside: excerpt
                .windows
                .into_iter()
                .map(|Window { shown, start }| Part {
                    first_line: texts.lines.line(file, start).map_or(0, |line| line - 1),
                    range: shown,
                })
                .collect(),
        });
    }
}

fn range(label: &Label, length: usize) -> Range<usize> {
    let start = (label.span.start as usize).min(length);
    start..(label.span.end as usize).clamp(start, length)
}

fn labeled(text: &str, range: &Range<usize>, is_primary: bool) -> LabeledSpan {
    let text = (!text.is_empty()).then(|| escape::line(text).into_owned());
    let span = SourceSpan::from(range.clone());
    if is_primary {
        LabeledSpan::new_primary_with_span(text, span)
    } else {
        LabeledSpan::new_with_span(text, span)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code
            .map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<_>)
    }
}
