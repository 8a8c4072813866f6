//! Results for programs.

use serde::Serialize;
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

/// A target and what became of every value there.
#[derive(Debug, Serialize)]
struct TargetAccount<'account> {
    #[serde(flatten)]
    target: Value,
    counts: Counts,
    account: Vec<Value>,
    /// Values the account says nothing about; any would be a bug of ours.
    missing: &'account [FieldPath],
}

/// What became of a value.
#[derive(Debug, Serialize)]
struct RowText<'row> {
    path: &'row str,
    outcome: Outcome,
    code: Option<&'static str>,
    detail: &'row str,
    objects: Vec<String>,
    implicit: bool,
}

/// What `check` found.
///
/// # Errors
///
/// [`Failure::Bug`] when it cannot be written.
pub(crate) fn check(findings: &Findings<'_>) -> Result<String, Failure> {
    let targets: Vec<TargetAccount<'_>> = findings
        .targets
        .iter()
        .map(|checked| target_account(findings, checked))
        .collect();
    let diagnostics = findings.reading.diagnostics.iter();
    let diagnostics: Vec<Value> = diagnostics
        .map(|diagnostic| problem(diagnostic, &findings.places))
        .collect();
    text(&json!({
        "version": VERSION,
        "project": findings.project,
        "targets": targets,
        "diagnostics": diagnostics,
    }))
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
        target: Value::Object(target(&checked.name, &checked.target)),
        counts: checked.account.counts(),
        account: rows.map(|row| placed(row, findings.place(row))).collect(),
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

fn row_text(row: &Row) -> RowText<'_> {
    let Row {
        path,
        outcome,
        code,
        detail,
        objects,
        implicit,
    } = row;
    RowText {
        path: path.as_str(),
        outcome: *outcome,
        code: code.map(|code| code.name),
        detail,
        objects: objects.iter().map(ObjectId::to_string).collect(),
        implicit: *implicit,
    }
}

fn placed(row: &Row, place: Option<Place>) -> Value {
    let mut value = json!(row_text(row));
    if let (Some(place), Some(fields)) = (place, value.as_object_mut()) {
        add_place(fields, &place);
    }
    value
}

fn add_place(fields: &mut Map<String, Value>, place: &Place) {
    fields.insert("file".to_owned(), json!(place.file));
    fields.insert("line".to_owned(), json!(place.location.line));
    fields.insert("column".to_owned(), json!(place.location.column));
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
    let rows: Vec<RowText<'_>> = cell.rows.iter().map(row_text).collect();
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
            let mut fields = Map::new();
            add_place(&mut fields, &places.place(label.span)?);
            fields.insert("text".to_owned(), json!(label.text));
            Some(Value::Object(fields))
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
