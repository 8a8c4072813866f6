//! The first place where two projects differ.

use serde_json::{Map, Value};

/// How exactly two projects have to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exactness {
    /// Null is the same as nothing, and that is all.
    Values,
    /// Empty values are the same as nothing too: answers that were kept without them.
    FilledValues,
}

/// Two values that are not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The way to them, such as `services.web.ports[0].published`.
    pub(super) path: String,
    /// What this loader has, as JSON.
    pub(super) ours: String,
    /// What the reference has, as JSON.
    pub(super) theirs: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { path, ours, theirs } = self;
        write!(formatter, "{path}: ours {ours}, theirs {theirs}")
    }
}

/// The first difference between two projects.
pub(super) fn difference(ours: &Value, theirs: &Value, exactness: Exactness) -> Option<Difference> {
    exactness.between("", Some(ours), Some(theirs))
}

/// Mappings with keys people choose, in which null says something.
const FREE: &[&str] = &[
    "networks",
    "volumes",
    "models",
    "environment",
    "args",
    "ssh",
    "options",
    "labels",
];

impl Exactness {
    fn between(
        self,
        path: &str,
        ours: Option<&Value>,
        theirs: Option<&Value>,
    ) -> Option<Difference> {
        let counts = |value: &&Value| !self.is_nothing(value);
        match (ours.filter(counts), theirs.filter(counts)) {
            (Some(Value::Object(ours)), Some(Value::Object(theirs))) => {
                self.maps(path, ours, theirs)
            }
            (Some(Value::Array(ours)), Some(Value::Array(theirs))) => {
                let (ours, theirs) = if path.ends_with(".build.ssh") {
                    (in_order(ours), in_order(theirs))
                } else {
                    (ours.clone(), theirs.clone())
                };
                let mut indices = 0..ours.len().max(theirs.len());
                indices.find_map(|index| {
                    let path = format!("{path}[{index}]");
                    self.between(&path, ours.get(index), theirs.get(index))
                })
            }
            (ours, theirs) if same(ours, theirs) => None,
            (ours, theirs) => Some(Difference {
                path: path.trim_start_matches('.').to_owned(),
                ours: shown(ours),
                theirs: shown(theirs),
            }),
        }
    }

    fn maps(
        self,
        path: &str,
        ours: &Map<String, Value>,
        theirs: &Map<String, Value>,
    ) -> Option<Difference> {
        let is_free = FREE.iter().any(|name| path.ends_with(name));
        let more = theirs.keys().filter(|key| !ours.contains_key(*key));
        ours.keys().chain(more).find_map(|key| {
            let path = format!("{path}.{key}");
            let (ours, theirs) = (ours.get(key), theirs.get(key));
            if is_free && ours.is_some() != theirs.is_some() {
                return Some(Difference {
                    path: path.trim_start_matches('.').to_owned(),
                    ours: shown(ours),
                    theirs: shown(theirs),
                });
            }
            self.between(&path, ours, theirs)
        })
    }

    fn is_nothing(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null) => true,
            (Self::FilledValues, Value::Array(items)) => items.is_empty(),
            (Self::FilledValues, Value::Object(entries)) => {
                entries.values().all(|value| self.is_nothing(value))
                    && !entries.contains_key("default")
            }
            (Self::Values | Self::FilledValues, _) => false,
        }
    }
}

/// The keys of a build, which the reference writes in any order.
fn in_order(keys: &[Value]) -> Vec<Value> {
    let mut keys = keys.to_vec();
    keys.sort_by_key(Value::to_string);
    keys
}

fn same(ours: Option<&Value>, theirs: Option<&Value>) -> bool {
    match (ours, theirs) {
        (Some(Value::Number(ours)), Some(Value::Number(theirs))) => {
            ours.as_f64() == theirs.as_f64()
        }
        (ours, theirs) => ours == theirs,
    }
}

fn shown(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    text.chars().take(200).collect()
}
