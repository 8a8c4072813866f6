//! Cases recorded from the reference loader, compared with what this one says.

mod projects;
mod recorded;

use serde_json::{Map, Value};
use tranship_yaml::{Diagnostic, Severity};

use super::Project;
use crate::file_path;
use crate::files::{FileKind, Files, ReadError};
use crate::replay;

/// Where the reference's tests ran.
const CURRENT_DIRECTORY: &str = "/cwd";

fn recorded(kind: &str) -> Vec<Value> {
    let Some(corpus) = replay::corpus() else {
        return Vec::new();
    };
    let places = ["reference-cases", "../reference-cases"];
    let texts =
        places.map(|place| std::fs::read_to_string(corpus.join(place).join("compose-go.jsonl")));
    let text = texts.into_iter().find_map(Result::ok).unwrap_or_default();
    let text = text
        .replace("${CWD}", CURRENT_DIRECTORY)
        .replace("${TMP}", "/temporary");
    let cases = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let cases: Vec<Value> = cases.filter(|case| case["kind"] == kind).collect();
    assert!(!cases.is_empty(), "no recorded case of kind {kind}");
    cases
}

/// The first path where two values differ; absent and empty values count as equal.
fn difference(path: &str, ours: Option<&Value>, theirs: Option<&Value>) -> Option<String> {
    match (
        ours.filter(|value| !is_empty(value)),
        theirs.filter(|value| !is_empty(value)),
    ) {
        (Some(Value::Object(ours)), Some(Value::Object(theirs))) => {
            difference_of_maps(path, ours, theirs)
        }
        (Some(Value::Array(ours)), Some(Value::Array(theirs))) => (0..ours.len().max(theirs.len()))
            .find_map(|index| {
                difference(
                    &format!("{path}[{index}]"),
                    ours.get(index),
                    theirs.get(index),
                )
            }),
        (ours, theirs) if same_scalar(ours, theirs) => None,
        (ours, theirs) => Some(format!(
            "{path}: ours {} theirs {}",
            shown(ours),
            shown(theirs)
        )),
    }
}

fn difference_of_maps(
    path: &str,
    ours: &Map<String, Value>,
    theirs: &Map<String, Value>,
) -> Option<String> {
    let keys = ours
        .keys()
        .chain(theirs.keys().filter(|key| !ours.contains_key(*key)));
    for key in keys {
        // A network joined without settings is null, and yet there.
        if ours.contains_key(key) != theirs.contains_key(key) && path.ends_with("networks") {
            return Some(format!(
                "{path}.{key}: ours {:?} theirs {:?}",
                ours.get(key),
                theirs.get(key)
            ));
        }
        let found = difference(&format!("{path}.{key}"), ours.get(key), theirs.get(key));
        if found.is_some() {
            return found;
        }
    }
    None
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => {
            entries.values().all(is_empty) && !entries.keys().any(|key| key == "default")
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn same_scalar(ours: Option<&Value>, theirs: Option<&Value>) -> bool {
    match (ours, theirs) {
        (Some(Value::Number(ours)), Some(Value::Number(theirs))) => {
            ours.as_f64() == theirs.as_f64()
        }
        (ours, theirs) => ours == theirs,
    }
}

fn shown(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    text.chars().take(300).collect()
}

/// The files of this machine, and some that exist in memory only.
#[derive(Default)]
struct Disk {
    memory: std::collections::BTreeMap<String, String>,
}

impl Files for Disk {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        if let Some(text) = self.memory.get(&file_path::below(CURRENT_DIRECTORY, path)) {
            return Ok(text.clone().into_bytes());
        }
        replay::projects::Disk.read(path, limit)
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        if self
            .memory
            .contains_key(&file_path::below(CURRENT_DIRECTORY, path))
        {
            return Some(FileKind::File);
        }
        replay::projects::Disk.kind(path)
    }
}

/// The problems that refuse a project.
fn errors<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Vec<String> {
    let all = diagnostics.into_iter();
    all.filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| format!("{} {}", diagnostic.code.0, diagnostic.message))
        .collect()
}

/// How our answer differs from the reference's, which has none for what it refuses.
fn verdict(
    project: Option<&Project>,
    errors: &[String],
    expected: Option<&Value>,
) -> Option<String> {
    match (expected, errors) {
        (Some(expected), []) => difference("", Some(&serde_json::json!(project)), Some(expected)),
        (Some(_), errors) => Some(format!("refused: {errors:?}")),
        (None, []) => Some("should be refused".to_owned()),
        (None, _) => None,
    }
}
