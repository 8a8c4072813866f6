//! Results for programs.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use tranship_backend::Target;
use tranship_compare::{Cell, Comparison, Counts, Line, Row, Standing};
use tranship_model::{FieldPath, ObjectId, Outcome};
use tranship_yaml::{Diagnostic, Severity};

use super::check::{Checked, Findings};
use super::places::{Place, Places};
use crate::escape;
use crate::exit::Failure;

/// The version of the forms below; it changes when a field goes or means something else.
const VERSION: u32 = 1;

/// What `check` found.
#[derive(Serialize)]
struct Report<'report> {
    version: u32,
    project: &'report str,
    targets: Vec<TargetAccount<'report>>,
    diagnostics: Vec<Value>,
}

/// A target and what became of every value there.
#[derive(Serialize)]
struct TargetAccount<'account> {
    #[serde(flatten)]
    target: Map<String, Value>,
    counts: Counts,
    account: Vec<RowText<'account>>,
    /// Values the account says nothing about; any would be a bug of ours.
    missing: &'account [FieldPath],
}

/// What became of a value.
#[derive(Serialize)]
struct RowText<'row> {
    path: &'row FieldPath,
    outcome: Outcome,
    code: Option<&'static str>,
    detail: &'row str,
    objects: Vec<Shown<'row>>,
    implicit: bool,
    #[serde(flatten)]
    place: Option<PlaceText>,
}

/// An object in words, such as `Deployment web`.
struct Shown<'object>(&'object ObjectId);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

/// A place in a file.
#[derive(Serialize)]
struct PlaceText {
    file: String,
    line: u32,
    column: u32,
}

impl From<Place> for PlaceText {
    fn from(place: Place) -> Self {
        Self {
            file: place.file,
            line: place.location.line,
            column: place.location.column,
        }
    }
}

/// What `check` found.
///
/// # Errors
///
/// [`Failure::Bug`] when it cannot be written.
pub(crate) fn check(findings: &Findings<'_>) -> Result<String, Failure> {
    let targets = findings.targets.iter();
    let diagnostics = findings.reading.diagnostics.iter();
    text(&Report {
        version: VERSION,
        project: &findings.project,
        targets: targets
            .map(|checked| target_account(findings, checked))
            .collect(),
        diagnostics: diagnostics
            .map(|diagnostic| problem(diagnostic, &findings.places))
            .collect(),
    })
}

/// What `compare` found.
///
/// # Errors
///
/// [`Failure::Bug`] when it cannot be written.
pub(crate) fn comparison(project: &str, comparison: &Comparison) -> Result<String, Failure> {
    let targets: Vec<Value> = comparison
        .columns
        .iter()
        .map(|column| {
            let mut fields = target(&column.name, &column.target);
            let objects: Vec<String> = column.objects.iter().map(ObjectId::to_string).collect();
            fields.insert("counts".to_owned(), json!(column.counts()));
            fields.insert("objects".to_owned(), json!(objects));
            Value::Object(fields)
        })
        .collect();
    let names: Vec<&str> = comparison
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let values: Vec<Value> = comparison
        .lines
        .iter()
        .map(|line| value(&names, line))
        .collect();
    text(&json!({
        "version": VERSION,
        "project": project,
        "targets": targets,
        "values": values,
    }))
}

/// A value as JSON text for people and programs, safe to be shown on a terminal.
///
/// # Errors
///
/// [`Failure::Bug`] when it cannot be written.
pub(crate) fn text(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    let mut text = text.map_err(|error| Failure::Bug(error.to_string()))?;
    text.push('\n');
    Ok(escape::json(text))
}

fn target_account<'account>(
    findings: &Findings<'_>,
    checked: &'account Checked,
) -> TargetAccount<'account> {
    let rows = checked.account.rows().iter();
    TargetAccount {
        target: target(&checked.name, &checked.target),
        counts: checked.account.counts(),
        account: rows.map(|row| row_text(row, findings.place(row))).collect(),
        missing: checked.account.missing(),
    }
}

fn target(chosen: &str, target: &Target) -> Map<String, Value> {
    let Target {
        name: _,
        version,
        settings,
    } = target;
    let settings = settings.iter();
    let settings: Map<String, Value> = settings
        .map(|setting| (setting.name.to_owned(), json!(setting.value)))
        .collect();
    let mut fields = Map::new();
    fields.insert("target".to_owned(), json!(chosen));
    fields.insert("version".to_owned(), json!(version));
    fields.insert("settings".to_owned(), Value::Object(settings));
    fields
}

fn row_text(row: &Row, place: Option<Place>) -> RowText<'_> {
    let Row {
        path,
        outcome,
        code,
        detail,
        objects,
        implicit,
    } = row;
    RowText {
        path,
        outcome: *outcome,
        code: code.map(|code| code.name),
        detail,
        objects: objects.iter().map(Shown).collect(),
        implicit: *implicit,
        place: place.map(PlaceText::from),
    }
}

fn value(targets: &[&str], line: &Line) -> Value {
    let cells = targets.iter().zip(&line.cells);
    let cells: Map<String, Value> = cells
        .map(|(target, cell)| ((*target).to_owned(), cell_value(cell)))
        .collect();
    json!({ "path": line.path, "targets": cells })
}

fn cell_value(cell: &Cell) -> Value {
    let standing = match cell.standing {
        Standing::Own => "own",
        Standing::Parent => "parent",
        Standing::Elsewhere => return Value::Null,
    };
    let rows: Vec<RowText<'_>> = cell.rows.iter().map(|row| row_text(row, None)).collect();
    json!({ "outcome": cell.outcome(), "of": standing, "rows": rows })
}

fn problem(diagnostic: &Diagnostic, places: &Places<'_>) -> Value {
    let Diagnostic {
        code,
        severity,
        message,
        labels,
        help,
    } = diagnostic;
    let severity = match severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let labels: Vec<Value> = labels
        .iter()
        .filter_map(|label| {
            let place = PlaceText::from(places.place(label.span)?);
            Some(json!({
                "file": place.file,
                "line": place.line,
                "column": place.column,
                "text": label.text,
            }))
        })
        .collect();
    json!({
        "code": code.0,
        "severity": severity,
        "message": message,
        "labels": labels,
        "help": help,
    })
}
