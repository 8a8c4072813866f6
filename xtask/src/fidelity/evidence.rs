//! What the services of a deployed stack reported of themselves.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The reports of each service, by what they are about.
#[derive(Default)]
pub(crate) struct Evidence(BTreeMap<String, Map<String, Value>>);

/// A line of `tranship logs --format json`.
#[derive(Deserialize)]
struct Line {
    service: String,
    task: String,
    text: String,
}

impl Evidence {
    /// Reads what `tranship logs --format json` wrote to a file so far.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let mut evidence = Self::default();
        evidence.0.insert("machine".to_owned(), machine());
        for line in fs::read_to_string(file)?.lines() {
            // The last line may still be on its way.
            if let Ok(line) = serde_json::from_str(line) {
                evidence.add(&line);
            }
        }
        Ok(evidence)
    }

    /// The first report of a kind stands, except that the last tells how long a task lived on.
    fn add(&mut self, line: &Line) {
        let Line {
            service,
            task,
            text,
        } = line;
        let known = self.0.entry(service.clone()).or_default();
        let Ok(Value::Object(report)) = serde_json::from_str(text.trim()) else {
            return;
        };
        for (kind, value) in report {
            let replaces = match kind.as_str() {
                "lived" => true,
                "world" => is_later(known, &value),
                _ => !known.contains_key(&kind),
            };
            if replaces {
                known.insert(kind, value);
            }
        }
        let tasks = known.entry("tasks").or_insert_with(|| json!([]));
        if let Some(tasks) = tasks.as_array_mut()
            && !tasks.iter().any(|one| one == task)
        {
            tasks.push(json!(task));
        }
    }

    /// What a service reported at a place; `/tasks` counts its tasks.
    pub(crate) fn at(&self, service: &str, pointer: &str) -> Option<Value> {
        let reports = self.0.get(service)?;
        if pointer == "/tasks" {
            let tasks = reports.get("tasks").and_then(Value::as_array);
            return Some(json!(tasks.map_or(0, Vec::len)));
        }
        let mut parts = pointer.strip_prefix('/')?.splitn(2, '/');
        let report = reports.get(parts.next()?)?;
        let rest = parts
            .next()
            .map(|rest| format!("/{rest}"))
            .unwrap_or_default();
        Some(report.pointer(&rest).cloned().unwrap_or(Value::Null))
    }
}

/// What this machine, which is every node, would report of its namespaces.
fn machine() -> Map<String, Value> {
    let kinds = ["ipc", "pid", "user", "uts"];
    let link = |kind: &str| fs::read_link(Path::new("/proc/self/ns").join(kind)).ok();
    let namespaces: Map<String, Value> = kinds
        .into_iter()
        .filter_map(|kind| Some((kind.to_owned(), json!(link(kind)?.to_string_lossy()))))
        .collect();
    let world = json!({ "namespaces": namespaces });
    Map::from_iter([("world".to_owned(), world)])
}

/// Whether a report is of a later start than the one that is known.
fn is_later(known: &Map<String, Value>, world: &Value) -> bool {
    let starts = |world: &Value| world.get("starts").and_then(Value::as_i64).unwrap_or(0);
    known
        .get("world")
        .is_none_or(|known| starts(world) > starts(known))
}
