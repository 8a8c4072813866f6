//! Whether a server kept what a rendering holds.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// What was sent so far, and what came of it.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) stacks: usize,
    pub(super) objects: usize,
    pub(super) faults: Vec<String>,
}

impl Tally {
    /// The figures; an error when a fault was found, or nothing was sent.
    pub(super) fn verdict(self) -> Result<String> {
        let Self {
            stacks,
            objects,
            faults,
        } = self;
        ensure!(objects > 0, "there is no object to send");
        for fault in faults.iter().take(40) {
            println!("  {fault}");
        }
        if !faults.is_empty() {
            bail!("{} faults in {objects} objects", faults.len());
        }
        Ok(format!(
            "{objects} objects of {stacks} stacks accepted, each returned with all that was sent"
        ))
    }

    /// Adds what a server said to an object: that it has it, as it was sent.
    pub(super) fn add(&mut self, place: &str, sent: &Value, status: u16, answer: &Value) {
        self.objects += 1;
        if !matches!(status, 200 | 201) {
            let message = answer.get("message").and_then(Value::as_str);
            let message = message.unwrap_or_default();
            self.faults.push(format!("{place}: {status}: {message}"));
            return;
        }
        let mut lost = Vec::new();
        changes("", sent, answer, &mut lost);
        let lost = lost.into_iter().map(|what| format!("{place}: {what}"));
        self.faults.extend(lost);
    }
}

/// Every value that was sent and did not come back as it was; what came back besides is defaults.
fn changes(path: &str, sent: &Value, returned: &Value, found: &mut Vec<String>) {
    match (sent, returned) {
        (Value::Object(sent), Value::Object(returned)) => {
            for (key, value) in sent {
                let other = returned.get(key).unwrap_or(&Value::Null);
                changes(&format!("{path}.{key}"), value, other, found);
            }
        }
        (Value::Array(sent), Value::Array(returned)) if sent.len() == returned.len() => {
            for (index, (value, other)) in sent.iter().zip(returned).enumerate() {
                changes(&format!("{path}[{index}]"), value, other, found);
            }
        }
        // The server leaves out what is the zero of its type: for it that is the same.
        _ if sent == returned || (returned.is_null() && is_zero(sent)) => {}
        _ => found.push(format!("{path} is {sent}, and came back as {returned}")),
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(value) => value.as_f64() == Some(0.0),
        Value::String(value) => value.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
    }
}

/// What is in a folder, but for hidden files, in order.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let paths = entries.map(|entry| Ok(entry?.path()));
    let mut paths: Vec<PathBuf> = paths.collect::<Result<_>>()?;
    paths.retain(|path| path.file_name().is_some_and(|name| !is_hidden(name)));
    paths.sort();
    Ok(paths)
}

fn is_hidden(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_server_dropped_or_changed_is_found_and_its_defaults_are_not() {
        let sent = json!({"a": {"b": 1, "c": [1, {"d": "x"}]}, "e": "y", "f": [1], "h": ""});
        let returned = json!({"a": {"b": 1, "c": [1, {"d": "z", "k": 1}]}, "f": [1, 2], "g": 3});
        let mut found = Vec::new();
        changes("", &sent, &returned, &mut found);
        assert_eq!(
            found,
            [
                ".a.c[1].d is \"x\", and came back as \"z\"",
                ".e is \"y\", and came back as null",
                ".f is [1], and came back as [1,2]",
            ]
        );
    }
}
