//! The values of a project in the order its canonical form has them.

use std::collections::HashMap;

use serde_json::Value;
use tranship_model::FieldPath;

/// Where every value of a project stands in its canonical form.
#[derive(Clone, Debug, Default)]
pub struct Document {
    leaves: Vec<FieldPath>,
    runs: HashMap<FieldPath, Run>,
}

/// The positions a value and everything inside it take up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    first: usize,
    last: usize,
}

/// A place in the order of a [`Document`]; paths it does not have stand behind their parent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position<'path> {
    at: usize,
    foreign: Option<&'path str>,
}

impl Document {
    /// Reads the canonical form of a project.
    #[must_use]
    pub fn new(config: &Value) -> Self {
        let mut document = Self::default();
        for (key, value) in config.as_object().into_iter().flatten() {
            document.read(FieldPath::root(key), value);
        }
        document
    }

    /// Every value without values inside, in order; an empty list or mapping is one too.
    #[must_use]
    pub fn leaves(&self) -> &[FieldPath] {
        &self.leaves
    }

    /// Whether the project has a value at `path`.
    #[must_use]
    pub fn contains(&self, path: &FieldPath) -> bool {
        self.runs.contains_key(path)
    }

    fn read(&mut self, path: FieldPath, value: &Value) {
        let first = self.runs.len();
        self.runs.insert(path.clone(), Run { first, last: first });
        let is_leaf = match value {
            Value::Object(fields) => {
                for (key, field) in fields {
                    self.read(path.key(key), field);
                }
                fields.is_empty()
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.read(path.index(index), item);
                }
                items.is_empty()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        };
        if is_leaf {
            self.leaves.push(path);
            return;
        }
        let last = self.runs.len() - 1;
        self.runs.insert(path, Run { first, last });
    }

    /// Where `path` stands: at its own place, or behind everything inside its nearest parent.
    pub(crate) fn position<'path>(&self, path: &'path FieldPath) -> Position<'path> {
        if let Some(run) = self.runs.get(path) {
            return Position {
                at: run.first,
                foreign: None,
            };
        }
        let parents = std::iter::successors(path.parent(), FieldPath::parent);
        let parent = parents
            .into_iter()
            .find_map(|parent| self.runs.get(&parent));
        Position {
            at: parent.map_or(self.runs.len(), |run| run.last),
            foreign: Some(path.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shop() -> Document {
        Document::new(&json!({
            "name": "shop",
            "services": {
                "web": { "image": "nginx", "ports": [{ "target": 80 }] },
                "db": { "networks": { "default": null }, "cap_add": [] },
            },
        }))
    }

    #[test]
    fn nulls_and_empty_lists_are_values_too() {
        let document = shop();
        let leaves: Vec<&str> = document.leaves().iter().map(FieldPath::as_str).collect();
        let expected = [
            "name",
            "services.web.image",
            "services.web.ports[0].target",
            "services.db.networks.default",
            "services.db.cap_add",
        ];
        assert_eq!(leaves, expected);
    }

    #[test]
    fn a_path_the_project_does_not_have_stands_behind_its_parent() {
        let document = shop();
        let mut paths = [
            FieldPath::root("elsewhere"),
            FieldPath::root("services").key("db").key("image"),
            FieldPath::root("services").key("web").key("restart"),
            FieldPath::root("services").key("db"),
            FieldPath::root("services").key("web").key("ports"),
        ];
        paths.sort_by(|one, other| document.position(one).cmp(&document.position(other)));
        let sorted: Vec<&str> = paths.iter().map(FieldPath::as_str).collect();
        let expected = [
            "services.web.ports",
            "services.web.restart",
            "services.db",
            "services.db.image",
            "elsewhere",
        ];
        assert_eq!(sorted, expected);
    }
}
