//! `check` as SARIF 2.1.0, for code scanning.
//!
//! The few fields that are needed are written here: the `serde-sarif` crate generates the whole
//! schema at build time, with `regex` and a second `syn`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use tranship_compare::Row;
use tranship_model::{Code, Outcome};
use tranship_yaml::{Diagnostic, Severity};

use super::check::Findings;
use super::json;
use super::places::Place;
use crate::escape;
use crate::exit::Failure;

/// The schema the text follows.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What `check` found: problems and notes as results of one run.
///
/// # Errors
///
/// [`Failure::Bug`] when it cannot be written.
pub(crate) fn check(findings: &Findings<'_>) -> Result<String, Failure> {
    let mut rules = BTreeMap::new();
    let mut results = Vec::new();
    for diagnostic in &findings.reading.diagnostics {
        results.push(problem(findings, diagnostic));
        rules.insert(diagnostic.code.0, json!({ "id": diagnostic.code.0 }));
    }
    for checked in &findings.targets {
        for row in checked.account.rows() {
            if let (true, Some(code)) = (row.is_note(), row.code) {
                results.push(note(findings, &checked.name, row, code));
                rules.insert(code.name, rule(code));
            }
        }
    }
    let rules: Vec<Value> = rules.into_values().collect();
    let driver = json!({
        "name": "tranship",
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules,
    });
    json::text(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            // Ours are characters, and SARIF's default is not.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.name,
        "shortDescription": { "text": code.title },
        "help": { "text": code.page, "markdown": code.page },
    })
}

fn problem(findings: &Findings<'_>, diagnostic: &Diagnostic) -> Value {
    let mut text = escape::block(&diagnostic.message).into_owned();
    if let Some(help) = &diagnostic.help {
        text.push_str("; ");
        text.push_str(&escape::block(help));
    }
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let labels = diagnostic.labels.iter();
    let locations: Vec<Value> = labels
        .filter_map(|label| findings.places.place(label.span))
        .map(|place| location(&place))
        .collect();
    json!({
        "ruleId": diagnostic.code.0,
        "level": level,
        "message": { "text": text },
        "locations": locations.first().into_iter().collect::<Vec<_>>(),
        "relatedLocations": locations.get(1..).unwrap_or_default(),
    })
}

fn note(findings: &Findings<'_>, target: &str, row: &Row, code: &Code) -> Value {
    let place = findings.place(row);
    let text = format!("{target}: {}: {}", row.path, row.detail);
    json!({
        "ruleId": code.name,
        "level": level(row),
        "message": { "text": escape::line(&text) },
        "locations": place.iter().map(location).collect::<Vec<_>>(),
        "properties": { "target": target, "path": row.path, "outcome": row.outcome },
    })
}

fn level(row: &Row) -> &'static str {
    match row.outcome {
        _ if row.implicit => "note",
        Outcome::Exact => "none",
        Outcome::Equivalent => "note",
        Outcome::Approximate | Outcome::Dropped => "warning",
        Outcome::Refused => "error",
    }
}

fn location(place: &Place) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&place.file) },
            "region": {
                "startLine": place.location.line,
                "startColumn": place.location.column,
            },
        },
    })
}

/// A path as a URI reference: whatever has a meaning in URIs is written as `%XX`.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_odd_characters_is_a_legal_uri() {
        assert_eq!(uri("a b/ü:#.yaml"), "a%20b/%C3%BC%3A%23.yaml");
    }
}
