//! `check` as JUnit XML: a suite per target, a case per service.
//!
//! The form is a dozen lines; `quick-junit` would bring a clock and a source of randomness for
//! fields nobody reads here, and the same input would no longer give the same bytes.

use std::fmt::Write as _;

use tranship_compare::Row;
use tranship_yaml::{Diagnostic, Severity};

use super::check::{Checked, Findings};
use super::human;
use crate::escape;

/// What `check` found. A case fails when the project has an error, or when `is_failure` says so of
/// one of its notes.
pub(crate) fn check(findings: &Findings<'_>, is_failure: &dyn Fn(&Row) -> bool) -> String {
    let mut suites = vec![problems(findings)];
    let targets = findings.targets.iter();
    suites.extend(targets.map(|checked| target(findings, checked, is_failure)));
    document(&findings.project, &suites)
}

/// Suites as a file.
pub(crate) fn document(name: &str, suites: &[Suite]) -> String {
    let tests: usize = suites.iter().map(|suite| suite.cases.len()).sum();
    let failures: usize = suites.iter().map(Suite::failures).sum();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let name = xml(name);
    let _ = writeln!(
        text,
        "<testsuites name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">"
    );
    for suite in suites {
        suite.write(&mut text);
    }
    text.push_str("</testsuites>\n");
    text
}

/// A target, or the reading of the project.
pub(crate) struct Suite {
    /// Its name.
    pub(crate) name: String,
    /// What was looked at.
    pub(crate) cases: Vec<Case>,
}

/// A service, or something else with a verdict.
#[derive(Default)]
pub(crate) struct Case {
    /// Its name.
    pub(crate) name: String,
    /// Why it failed; nothing when it did not.
    pub(crate) failures: Vec<String>,
    /// What else is to be said.
    pub(crate) remarks: Vec<String>,
}

impl Suite {
    fn failures(&self) -> usize {
        self.cases
            .iter()
            .filter(|case| !case.failures.is_empty())
            .count()
    }

    fn write(&self, text: &mut String) {
        let (name, tests, failures) = (xml(&self.name), self.cases.len(), self.failures());
        let _ = writeln!(
            text,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">"
        );
        for case in &self.cases {
            case.write(&name, text);
        }
        text.push_str("  </testsuite>\n");
    }
}

impl Case {
    fn write(&self, suite: &str, text: &mut String) {
        let name = xml(&self.name);
        let _ = write!(text, "    <testcase classname=\"{suite}\" name=\"{name}\"");
        if self.failures.is_empty() && self.remarks.is_empty() {
            text.push_str("/>\n");
            return;
        }
        text.push_str(">\n");
        if let Some(first) = self.failures.first() {
            let message = xml(first.lines().next().unwrap_or_default());
            let all = xml(&self.failures.join("\n"));
            let _ = writeln!(text, "      <failure message=\"{message}\">{all}</failure>");
        }
        if !self.remarks.is_empty() {
            let all = xml(&self.remarks.join("\n"));
            let _ = writeln!(text, "      <system-out>{all}</system-out>");
        }
        text.push_str("    </testcase>\n");
    }
}

fn problems(findings: &Findings<'_>) -> Suite {
    let (errors, warnings): (Vec<&Diagnostic>, Vec<&Diagnostic>) = findings
        .reading
        .diagnostics
        .iter()
        .partition(|diagnostic| diagnostic.severity == Severity::Error);
    let lines = |diagnostics: Vec<&Diagnostic>| {
        let lines = diagnostics.into_iter();
        lines
            .map(|diagnostic| problem(findings, diagnostic))
            .collect()
    };
    Suite {
        name: "compose".to_owned(),
        cases: vec![Case {
            name: "load".to_owned(),
            failures: lines(errors),
            remarks: lines(warnings),
        }],
    }
}

fn problem(findings: &Findings<'_>, diagnostic: &Diagnostic) -> String {
    let mut line = String::new();
    let label = diagnostic.labels.first();
    if let Some(place) = label.and_then(|label| findings.places.place(label.span)) {
        let (at, column) = (place.location.line, place.location.column);
        let _ = write!(line, "{}:{at}:{column}: ", place.file);
    }
    let _ = write!(line, "{} [{}]", diagnostic.message, diagnostic.code.0);
    line
}

fn target(findings: &Findings<'_>, checked: &Checked, is_failure: &dyn Fn(&Row) -> bool) -> Suite {
    let groups = findings.groups(&checked.account).into_iter();
    let mut cases: Vec<Case> = groups
        .map(|(name, notes)| case(findings, name, notes, is_failure))
        .collect();
    if cases.is_empty() {
        cases.push(case(findings, "project".to_owned(), Vec::new(), is_failure));
    }
    Suite {
        name: checked.name.clone(),
        cases,
    }
}

fn case(
    findings: &Findings<'_>,
    name: String,
    notes: Vec<&Row>,
    is_failure: &dyn Fn(&Row) -> bool,
) -> Case {
    let (failures, remarks): (Vec<&Row>, Vec<&Row>) =
        notes.into_iter().partition(|row| is_failure(row));
    let lines = |rows: Vec<&Row>| rows.into_iter().map(|row| note(findings, row)).collect();
    Case {
        name,
        failures: lines(failures),
        remarks: lines(remarks),
    }
}

fn note(findings: &Findings<'_>, row: &Row) -> String {
    let mut line = String::new();
    if let Some(place) = findings.place(row) {
        let (at, column) = (place.location.line, place.location.column);
        let _ = write!(line, "{}:{at}:{column}: ", place.file);
    }
    let code = row.code.map_or("", |code| code.name);
    let _ = write!(
        line,
        "{} {} [{code}]: {}",
        human::word(row),
        row.path,
        row.detail
    );
    line
}

/// Text inside an element or an attribute. XML has no way to write most control characters.
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in escape::block(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_escaped() {
        assert_eq!(
            xml("<a b=\"1\">&\u{1}\u{ffff}"),
            "&lt;a b=&quot;1&quot;&gt;&amp;&lt;U+0001&gt;\u{fffd}"
        );
    }
}
