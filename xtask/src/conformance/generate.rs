//! Compose files made along the specification's schema.

use std::collections::BTreeSet;

use serde_json::Value;

use super::draft::Draft;
use super::random::Random;
use super::schema::{Goal, Schema};
use super::values;

/// Makes parts of files, and remembers which properties they exercise in which form.
pub(super) struct Generator<'s> {
    pub(super) schema: &'s Schema,
    pub(super) random: Random,
    /// The properties exercised since the last file was begun.
    pub(super) covered: BTreeSet<Goal>,
    /// How many of 100 scalars are odd ones.
    pub(super) odd: usize,
}

/// The rest of the way to what has to be in the file.
type Way<'g> = Option<(&'g [String], &'g str)>;

impl Generator<'_> {
    /// A whole document that contains what the goal asks for.
    pub(super) fn document(&mut self, goal: &Goal) -> Draft {
        let way = Some((goal.path.as_slice(), goal.form.as_str()));
        let mut document = self.mapping(self.schema.root(), &mut Vec::new(), way);
        if let Draft::Map(entries) = &mut document {
            entries.retain(|(key, _)| key != "include" || goal.path.first() == Some(key));
        }
        document
    }

    fn value(&mut self, node: &Value, path: &mut Vec<String>, way: Way<'_>) -> Draft {
        let schema = self.schema;
        let alternatives = schema.alternatives(node);
        let fitting: Vec<&Value> = match way {
            Some((rest, form)) => {
                let all = alternatives.iter().copied();
                all.filter(|node| schema.reaches(node, rest, form))
                    .collect()
            }
            None => alternatives.clone(),
        };
        let node = self.random.pick(&fitting).or_else(|| alternatives.first());
        let Some(node) = node.copied() else {
            return Draft::scalar("null");
        };
        let form = self.form(node, way);
        self.covered.insert(Goal {
            path: path.clone(),
            form: form.clone(),
        });
        match form.as_str() {
            "object" => self.mapping(node, path, way),
            "array" => self.list(node, path, way),
            _ => self.scalar(node, path, &form, way),
        }
    }

    /// The type the value takes.
    fn form(&mut self, node: &Value, way: Way<'_>) -> String {
        let types = Schema::types(node);
        let wanted = match way {
            Some(([], form)) => Some(form),
            Some(([step, ..], _)) if step == "[]" => Some("array"),
            Some(_) => Some("object"),
            None => None,
        };
        let wanted = wanted.filter(|form| types.contains(form));
        wanted
            .unwrap_or_else(|| self.random.word(&types))
            .to_owned()
    }

    fn mapping(&mut self, node: &Value, path: &mut Vec<String>, way: Way<'_>) -> Draft {
        let members = self.schema.members(node);
        let next = way.and_then(|(path, form)| Some((path.split_first()?, form)));
        let mut entries = Vec::new();
        for (name, below) in &members.properties {
            let goal = next.filter(|((step, _), _)| step == name);
            let required = members.required.contains(name) && !self.random.percent(1);
            let expected = goal.is_none() && self.expects(name, path);
            if goal.is_none()
                && !required
                && !expected
                && !self.wants(name, path, members.properties.len())
            {
                continue;
            }
            let rest = goal.map(|((_, rest), form)| (rest, form));
            let value = self.at(name, below, path, rest);
            entries.push(((*name).to_owned(), value));
        }
        let goal = next
            .and_then(|((step, _), _)| members.properties.iter().find(|(name, _)| name == step));
        self.choose(&mut entries, path, goal.map(|(name, _)| *name));
        if let Some(below) = members.free {
            let goal = next.filter(|((step, _), _)| *step == "*");
            let rest = goal.map(|((_, rest), form)| (rest, form));
            entries.extend(self.free_entries(below, path, rest));
        } else if members.properties.is_empty() {
            return Draft::scalar(self.random.word(values::of(path)));
        }
        if path.len() == 2 && self.random.percent(2) {
            entries.push((
                "x-mine".to_owned(),
                Draft::scalar(self.random.word(values::ODD)),
            ));
        }
        Draft::Map(entries)
    }

    /// Whether the mapping should have the key, by what loaders ask for beyond the schema.
    fn expects(&mut self, name: &str, path: &[String]) -> bool {
        let mut expected = values::EXPECTED.iter();
        let expected = expected.any(|(end, key)| *key == name && values::ends_with(path, end));
        expected && self.random.percent(97)
    }

    /// Keeps one of the keys that exclude each other, the one of the goal if it is among them.
    fn choose(&mut self, entries: &mut Vec<(String, Draft)>, path: &[String], goal: Option<&str>) {
        for (end, names) in values::EXCLUSIVE {
            if !values::ends_with(path, end) || self.random.percent(2) {
                continue;
            }
            let among = |name: &&str| names.contains(name);
            let last = || {
                entries
                    .iter()
                    .rev()
                    .map(|(key, _)| key.as_str())
                    .find(among)
            };
            let Some(kept) = goal.filter(among).or_else(last).map(str::to_owned) else {
                continue;
            };
            entries.retain(|(key, _)| *key == kept || !names.contains(&key.as_str()));
        }
    }

    /// Whether a key nobody asked for is in the file.
    fn wants(&mut self, name: &str, path: &[String], siblings: usize) -> bool {
        match path.len() {
            0 => name == "services" || self.random.percent(8),
            2 if name == "extends" => self.random.percent(1),
            2 if siblings > 30 => self.random.percent(4),
            _ if siblings > 30 => self.random.percent(2),
            _ => self.random.percent(25),
        }
    }

    fn free_entries(
        &mut self,
        below: &Value,
        path: &mut Vec<String>,
        way: Way<'_>,
    ) -> Vec<(String, Draft)> {
        let names = values::names(path);
        let count = 1 + self.random.below(2);
        let first = self.random.below(names.len());
        let chosen = names
            .iter()
            .cycle()
            .skip(first)
            .take(count.min(names.len()));
        let mut way = way;
        let mut entries = Vec::new();
        for name in chosen {
            path.push("*".to_owned());
            entries.push(((*name).to_owned(), self.value(below, path, way.take())));
            path.pop();
        }
        entries
    }

    fn at(&mut self, name: &str, below: &Value, path: &mut Vec<String>, way: Way<'_>) -> Draft {
        path.push(name.to_owned());
        let value = self.value(below, path, way);
        path.pop();
        value
    }

    fn list(&mut self, node: &Value, path: &mut Vec<String>, way: Way<'_>) -> Draft {
        let Some(below) = node.get("items") else {
            return Draft::List(Vec::new());
        };
        let goal = way.and_then(|(path, form)| Some((path.split_first()?.1, form)));
        let count = match self.random.below(20) {
            0 if goal.is_none() => 0,
            1..=9 => 1,
            10..=16 => 2,
            _ => 3,
        };
        let mut items = Vec::new();
        for index in 0..count {
            let item = self.at("[]", below, path, goal.filter(|_| index == 0));
            if !items.contains(&item) || self.random.percent(3) {
                items.push(item);
            }
        }
        Draft::List(items)
    }

    fn scalar(&mut self, node: &Value, path: &[String], form: &str, way: Way<'_>) -> Draft {
        if way.is_none() && self.random.below(1000) < self.odd {
            return Draft::scalar(self.random.word(values::ODD));
        }
        let allowed = node.get("enum").and_then(Value::as_array);
        let allowed: Vec<&str> = allowed
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if !allowed.is_empty() {
            return Draft::scalar(self.random.word(&allowed));
        }
        let known = values::of(path).iter().copied();
        let known: Vec<&str> = known
            .filter(|value| fits(values::form(value), form))
            .collect();
        if known.is_empty() {
            let types = Schema::types(node);
            let form = match form {
                "string" if types.contains(&"boolean") => "string of boolean",
                "string" if types.contains(&"integer") || types.contains(&"number") => {
                    "string of integer"
                }
                form => form,
            };
            return Draft::scalar(self.random.word(values::of_type(form)));
        }
        Draft::scalar(self.random.word(&known))
    }
}

fn fits(found: &str, wanted: &str) -> bool {
    found == wanted || (found == "integer" && wanted == "number")
}
