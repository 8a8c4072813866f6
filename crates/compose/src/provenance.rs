//! The other end of a value that is wrong: the file that asked for its file, and the variables
//! that gave its text.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::RangeInclusive;

use tranship_yaml::{
    Code, Diagnostic, Diagnostics, FileId, Kind, Node, Scalar, Severity, Sources, Span,
};

use crate::template;
use crate::variables::Variables;
use crate::withheld::Replaced;

/// Files include and extend each other deeper than anybody wants to read.
const SHOWN_FILES: usize = 4;

/// Longer texts are not repeated in a label.
const SHOWN_CHARACTERS: usize = 60;

/// What an error may have come from.
pub(crate) struct Known<'k> {
    /// All files merged and interpolated.
    pub(crate) tree: &'k Node,
    /// Every text that was read.
    pub(crate) sources: &'k Sources,
    /// The variables the files saw.
    pub(crate) variables: &'k Variables,
    /// Those of them the process was given.
    pub(crate) given: &'k Variables,
}

/// Why the texts of a load were read.
#[derive(Debug, Default)]
pub(crate) struct Provenance {
    /// The place that asked for a file, for each that was asked for by another one.
    asked: HashMap<FileId, Span>,
    /// Files of variables; a later one wins.
    variable_files: Vec<FileId>,
}

impl Provenance {
    /// Remembers which place asked for a file.
    pub(crate) fn note_file(&mut self, file: FileId, asked: Option<Span>) {
        if let Some(asked) = asked.filter(|asked| asked.file != file) {
            self.asked.insert(file, asked);
        }
    }

    /// Remembers a file of variables.
    pub(crate) fn note_variables(&mut self, file: FileId) {
        self.variable_files.push(file);
    }

    /// Adds the other end to every error, and leaves out those a service only took over.
    pub(crate) fn explain(&self, diagnostics: Diagnostics, known: &Known<'_>) -> Diagnostics {
        if diagnostics.is_empty() {
            return diagnostics;
        }
        let mut replaced = BTreeMap::new();
        collect(known.tree, &mut replaced);
        let mut said = HashSet::new();
        let news = diagnostics.into_iter();
        let news = news.filter(|diagnostic| match same_elsewhere(diagnostic) {
            Some(key) => said.insert(key),
            None => true,
        });
        news.map(|mut diagnostic| {
            self.withhold_values(&mut diagnostic, &replaced, known);
            if diagnostic.severity == Severity::Error {
                self.name_variables(&mut diagnostic, &replaced, known);
                self.name_files(&mut diagnostic);
            }
            diagnostic
        })
        .collect()
    }

    /// Shows the places that asked for the file, up to the one nobody asked for.
    fn name_files(&self, error: &mut Diagnostic) {
        let Some(place) = error.labels.first().map(|label| label.span) else {
            return;
        };
        let mut file = place.file;
        for _ in 0..SHOWN_FILES {
            let Some(asked) = self.asked.get(&file) else {
                return;
            };
            if error
                .labels
                .iter()
                .all(|label| label.span.file != asked.file)
            {
                *error = std::mem::replace(error, Diagnostic::error(error.code, ""))
                    .at(*asked, "asked for here");
            }
            file = asked.file;
        }
    }

    /// Quotes templates in place of what variables from outside made of them.
    fn withhold_values(
        &self,
        diagnostic: &mut Diagnostic,
        replaced: &BTreeMap<Span, &Scalar>,
        known: &Known<'_>,
    ) {
        let spans: Vec<Span> = diagnostic.labels.iter().map(|label| label.span).collect();
        for (span, scalar) in spans.iter().flat_map(|span| replaced.range(within(*span))) {
            if self.is_given(scalar, span.file, known) {
                let replaced = Replaced {
                    template: scalar.template.as_deref().unwrap_or_default(),
                    value: &scalar.text,
                };
                replaced.withhold_from(diagnostic);
            }
        }
    }

    /// Whether a text holds more than the file itself says.
    fn is_given(&self, scalar: &Scalar, file: FileId, known: &Known<'_>) -> bool {
        // An included project may have variables of its own.
        let mut is_given = self.asked.contains_key(&file) && !scalar.text.is_empty();
        let template = scalar.template.as_deref().unwrap_or_default();
        template::expressions(template, &mut |name, _| {
            is_given |= known.variables.get_filled(name).is_some();
        });
        is_given
    }

    /// Says what a text was before its variables were replaced, and where they came from.
    fn name_variables(
        &self,
        error: &mut Diagnostic,
        replaced: &BTreeMap<Span, &Scalar>,
        known: &Known<'_>,
    ) {
        let Some(label) = error.labels.first_mut() else {
            return;
        };
        let Some(scalar) = replaced.get(&label.span) else {
            return;
        };
        let origin = self.origin(scalar, label.span.file, known);
        label.text = if label.text.is_empty() {
            origin
        } else {
            format!("{}: {origin}", label.text)
        };
    }

    fn origin(&self, scalar: &Scalar, file: FileId, known: &Known<'_>) -> String {
        let template = scalar.template.as_deref().unwrap_or_default();
        let mut parts = Vec::new();
        if !self.is_given(scalar, file, known) {
            let became = match &*scalar.text {
                "" => "an empty text".to_owned(),
                text => format!("`{}`", shortened(text)),
            };
            parts.push(format!("`{}` became {became}", shortened(template)));
        }
        let mut named = HashSet::new();
        template::expressions(template, &mut |name, _| {
            if named.insert(name.to_owned()) {
                parts.push(self.origin_of(name, file, known));
            }
        });
        parts.join("; ")
    }

    fn origin_of(&self, name: &str, file: FileId, known: &Known<'_>) -> String {
        let value = known.variables.get(name);
        // An included project may have variables of its own.
        if value.is_none() && !self.asked.contains_key(&file) {
            return format!("`{name}` is not set");
        }
        let emptiness = if value == Some("") { " to nothing" } else { "" };
        if known.given.get(name).is_some() {
            return format!("`{name}` is set{emptiness} in the environment");
        }
        let files = self.variable_files.iter().rev();
        let mut found = files.filter_map(|file| {
            let source = known.sources.get(*file)?;
            Some((&source.name, line_of(&source.text, name)?))
        });
        match (found.next(), value) {
            (Some((file, line)), _) => {
                format!("`{name}` is set{emptiness} in `{file}`, line {line}")
            }
            (None, Some(_)) => format!("`{name}` is set{emptiness}"),
            (None, None) => format!("`{name}` is not set"),
        }
    }
}

/// The places that begin in a place.
fn within(span: Span) -> RangeInclusive<Span> {
    let Span { file, start, end } = span;
    let first = Span {
        file,
        start,
        end: 0,
    };
    let last = Span {
        file,
        start: end,
        end: u32::MAX,
    };
    first..=last
}

/// The line of a file of variables that sets one, counted from 1.
fn line_of(text: &str, name: &str) -> Option<usize> {
    let sets = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        let rest = line.strip_prefix(name).map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with(['=', ':']))
    };
    let lines: Vec<&str> = text.lines().collect();
    lines
        .iter()
        .rposition(|line| sets(line))
        .map(|index| index + 1)
}

/// Every scalar whose variables were replaced, by its place.
fn collect<'t>(node: &'t Node, into: &mut BTreeMap<Span, &'t Scalar>) {
    match &node.kind {
        Kind::Scalar(scalar) if scalar.template.is_some() => {
            into.entry(node.span).or_insert(scalar);
        }
        Kind::Scalar(_) => {}
        Kind::Sequence(items) => items.iter().for_each(|item| collect(item, into)),
        Kind::Mapping(entries) => entries.values().for_each(|value| collect(value, into)),
    }
}

/// What is the same of an error in every service that took the value over: all but the way to it
/// at the beginning of the message.
fn same_elsewhere(diagnostic: &Diagnostic) -> Option<(Code, Span, String)> {
    let place = diagnostic.labels.first()?.span;
    let (_, rest) = diagnostic.message.strip_prefix('`')?.split_once('`')?;
    (diagnostic.severity == Severity::Error).then(|| (diagnostic.code, place, rest.to_owned()))
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= SHOWN_CHARACTERS {
        return text.to_owned();
    }
    let begun: String = text.chars().take(SHOWN_CHARACTERS).collect();
    format!("{begun}…")
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn the_last_line_that_sets_a_variable_counts() {
        let text = "# PORT=1\nPORT=2\nexport PORT = 3\nPORTS=4\nOTHER=$PORT\n";
        assert_eq!(line_of(text, "PORT"), Some(3));
        assert_eq!(line_of(text, "PORTS"), Some(4));
        assert_eq!(line_of(text, "ORT"), None);
    }
}
