//! Every attribute there is, from the file that has each of them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use serde_json::Value;

use super::table::{Reason, Table};
use crate::command::stdout;
use crate::paths::root;

/// Mappings whose keys are the file's own words.
const NAMED: &[&str] = &[
    "additional_contexts",
    "annotations",
    "args",
    "aux_addresses",
    "depends_on",
    "driver_opts",
    "environment",
    "labels",
    "models",
    "networks",
    "options",
    "sysctls",
    "ulimits",
];

/// Steps that are one attribute with all that is inside: what a hook takes over from its service,
/// and pairs of a path and a value.
const WHOLES: &[&str] = &[
    "pre_start",
    "device_read_bps",
    "device_read_iops",
    "device_write_bps",
    "device_write_iops",
    "weight_device",
];

/// Which attributes stand where.
pub(crate) struct Census {
    /// Those a probe looks at.
    pub(crate) probed: BTreeSet<String>,
    /// Those that show in a running task, and that no probe looks at.
    pub(crate) unprobed: BTreeSet<String>,
    /// Those the table says nothing about.
    pub(crate) unknown: BTreeSet<String>,
}

impl Census {
    /// Counts the attributes of `fixtures/stacks/everything`.
    pub(crate) fn take(binary: &Path, table: &Table) -> Result<Self> {
        let mut census = Self {
            probed: BTreeSet::new(),
            unprobed: BTreeSet::new(),
            unknown: BTreeSet::new(),
        };
        for attribute in all(binary)? {
            if table
                .probes
                .iter()
                .any(|probe| probe.attribute == attribute)
            {
                census.probed.insert(attribute);
            } else if covers(&table.unprobed, &attribute) {
                census.unprobed.insert(attribute);
            } else if !covers(&table.outside, &attribute) {
                census.unknown.insert(attribute);
            }
        }
        Ok(census)
    }

    /// How many show in a running task.
    pub(crate) fn running(&self) -> usize {
        self.probed.len() + self.unprobed.len()
    }
}

fn covers(reasons: &[Reason], attribute: &str) -> bool {
    let mut named = reasons.iter().flat_map(|reason| &reason.attributes);
    named.any(|named| {
        attribute
            .strip_prefix(named.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

fn all(binary: &Path) -> Result<BTreeSet<String>> {
    let mut command = Command::new(binary);
    let config: Value = serde_json::from_str(&stdout(
        command
            .args(["config", "--format", "json"])
            .envs([("EVERYTHING_TOKEN", "t"), ("EVERYTHING_SETTINGS", "s")])
            .current_dir(root().join("fixtures/stacks/everything")),
    )?)?;
    let mut found = BTreeSet::new();
    walk(&mut Vec::new(), &config, &mut found);
    Ok(found)
}

fn walk(steps: &mut Vec<String>, value: &Value, found: &mut BTreeSet<String>) {
    let is_whole = steps
        .last()
        .is_some_and(|step| WHOLES.contains(&step.as_str()));
    match value {
        Value::Object(fields) if !fields.is_empty() && !is_whole => {
            let is_named = match steps.as_slice() {
                [] => false,
                [top] => !top.starts_with("x-"),
                [.., last] => NAMED.contains(&last.as_str()),
            };
            for (key, field) in fields {
                steps.push(if is_named {
                    "*".to_owned()
                } else {
                    key.clone()
                });
                walk(steps, field, found);
                steps.pop();
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                walk(steps, item, found);
            }
        }
        Value::Object(_)
        | Value::Array(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_) => {
            found.insert(steps.join("."));
        }
    }
}
