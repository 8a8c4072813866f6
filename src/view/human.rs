//! `check` for people.

use std::fmt::Write as _;

use tranship_compare::{Counts, Row};
use tranship_model::Outcome;

use super::check::{Checked, Findings};
use crate::console::Paint;
use crate::escape;
use crate::targets;

/// What `check` found, target by target, service by service, the worst first.
pub(crate) fn check(findings: &Findings<'_>, paint: Paint) -> String {
    let mut text = String::new();
    for checked in &findings.targets {
        target(&mut text, findings, checked, paint);
    }
    text
}

fn target(text: &mut String, findings: &Findings<'_>, checked: &Checked, paint: Paint) {
    let title = paint.strong(&targets::title(&checked.target));
    let _ = writeln!(text, "{title}: {}", counts(checked.account.counts()));
    for (title, notes) in findings.groups(&checked.account) {
        let _ = writeln!(text, "\n  {}", paint.strong(&escape::line(&title)));
        for row in notes {
            note(text, findings, row, paint);
        }
    }
    text.push('\n');
}

fn note(text: &mut String, findings: &Findings<'_>, row: &Row, paint: Paint) {
    let word = format!("{:<11}", word(row));
    let path = escape::line(row.path.as_str());
    let code = row.code.map_or("", |code| code.name);
    let _ = write!(text, "    {} {path}", colored(row, &word, paint));
    if !code.is_empty() {
        let _ = write!(text, "  {}", paint.quiet(&format!("[{code}]")));
    }
    if let Some(place) = findings.place(row) {
        let (line, column) = (place.location.line, place.location.column);
        let place = format!("{}:{line}:{column}", escape::line(&place.file));
        let _ = write!(text, "  {}", paint.quiet(&place));
    }
    text.push('\n');
    if !row.detail.is_empty() {
        let _ = writeln!(text, "                {}", escape::line(&row.detail));
    }
}

/// What became of a value, in a word.
pub(crate) fn word(row: &Row) -> &'static str {
    if row.implicit {
        return "default";
    }
    row.outcome.as_str()
}

fn colored(row: &Row, word: &str, paint: Paint) -> String {
    if row.implicit {
        return paint.quiet(word);
    }
    outcome(row.outcome, word, paint)
}

/// A word in the colour of an outcome.
pub(crate) fn outcome(outcome: Outcome, word: &str, paint: Paint) -> String {
    match outcome {
        Outcome::Exact | Outcome::Equivalent => paint.good(word),
        Outcome::Approximate => paint.doubtful(word),
        Outcome::Dropped | Outcome::Refused => paint.bad(word),
    }
}

/// How many values had which outcome, in words.
pub(crate) fn counts(counts: Counts) -> String {
    let mut parts: Vec<String> = Outcome::ALL
        .into_iter()
        .filter(|outcome| counts.of(*outcome) > 0)
        .map(|outcome| format!("{} {outcome}", counts.of(outcome)))
        .collect();
    match counts.implicit {
        0 => {}
        1 => parts.push("1 default differs".to_owned()),
        count => parts.push(format!("{count} defaults differ")),
    }
    if parts.is_empty() {
        return "nothing to carry".to_owned();
    }
    parts.join(", ")
}
