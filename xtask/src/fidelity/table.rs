//! What Docker gives for each attribute, as `lab/fidelity/expectations.yaml` says it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::lab::Part;
use crate::paths::root;

/// The stack of probes and what is expected of it.
pub(crate) fn folder() -> PathBuf {
    root().join("lab/fidelity")
}

/// Everything `expectations.yaml` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    /// What is looked at.
    pub(crate) probes: Vec<Probe>,
    /// Attributes that show in a running task and that no probe looks at yet, and why.
    pub(crate) unprobed: Vec<Reason>,
    /// Attributes no task can see the difference of, and why.
    pub(crate) outside: Vec<Reason>,
}

/// One value of the stack, and where in the world of its service it shows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Probe {
    /// The attribute, as in `services.*.user`.
    pub(crate) attribute: String,
    /// The value in the stack whose outcome is compared with what is seen.
    pub(crate) path: String,
    /// What Docker gives, in words, and who says so.
    pub(crate) docker: String,
    /// What shows it: all of it has to hold.
    pub(crate) looks: Vec<Look>,
    /// Why a part of the laboratory cannot show it.
    #[serde(default)]
    pub(crate) hidden: BTreeMap<String, String>,
}

/// One place in what a service reported, and what Docker leaves there.
#[derive(Deserialize)]
pub(crate) struct Look {
    /// The service whose report it is; the one of the probe's path when it is not said.
    pub(crate) of: Option<String>,
    /// A JSON pointer into the report.
    pub(crate) at: String,
    /// Whether something else that is there is of the machine, and not worth telling.
    #[serde(default)]
    pub(crate) varies: bool,
    /// What is there with Docker.
    #[serde(flatten)]
    pub(crate) expected: Expected,
}

/// How a value is compared.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Expected {
    /// It is this.
    Is(Value),
    /// It is not this.
    IsNot(Value),
    /// It has each of these as members, or, if it is a text, as parts.
    Has(Vec<Value>),
    /// It has none of these.
    Lacks(Vec<Value>),
    /// It is a number from the first to the second.
    Between([i64; 2]),
    /// It is at least so much later than the same place of another service, in milliseconds.
    After(Later),
    /// It is the same as that place of another service.
    SameAs(String),
}

/// How much later something is than it is for another service.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Later {
    /// The other service.
    pub(crate) service: String,
    /// Milliseconds.
    pub(crate) by: i64,
}

/// Why attributes are not probed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    /// Attributes, each with all that is below it.
    pub(crate) attributes: Vec<String>,
    /// Why.
    pub(crate) why: String,
}

impl Table {
    /// Reads it.
    pub(crate) fn read() -> Result<Self> {
        let file = folder().join("expectations.yaml");
        let text = fs::read_to_string(&file)?;
        serde_saphyr::from_str(&text).with_context(|| file.display().to_string())
    }
}

impl Probe {
    /// Why a part of the laboratory cannot show it, if it cannot.
    pub(crate) fn hidden_by(&self, part: Part) -> Option<&str> {
        self.hidden.get(part.name()).map(String::as_str)
    }

    /// The service its value is in.
    pub(crate) fn service(&self) -> &str {
        self.path.split('.').nth(1).unwrap_or_default()
    }
}
