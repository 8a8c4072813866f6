//! The specification's JSON schema, as the reference loader carries it.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;

/// The schema, with its definitions at hand.
pub(super) struct Schema {
    root: Value,
}

/// A property in one of its forms: what a file has to contain to exercise it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Goal {
    /// The way to it; `*` is any key and `[]` any item.
    pub(super) path: Vec<String>,
    /// A type of JSON: `string`, `integer`, `number`, `boolean`, `null`, `array`, `object`.
    pub(super) form: String,
}

/// What a node of the schema allows below it, its parts put together.
#[derive(Default)]
pub(super) struct Members<'s> {
    /// Known keys.
    pub(super) properties: Vec<(&'s str, &'s Value)>,
    /// Keys that have to be there.
    pub(super) required: Vec<&'s str>,
    /// What stands behind free keys.
    pub(super) free: Option<&'s Value>,
}

impl Schema {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let root = serde_json::from_str(text).context("the schema is no JSON")?;
        Ok(Self { root })
    }

    pub(super) fn root(&self) -> &Value {
        &self.root
    }

    /// The node a reference names, or the node itself.
    fn resolve<'s>(&'s self, node: &'s Value) -> &'s Value {
        let pointer = node.get("$ref").and_then(Value::as_str);
        let target = pointer.and_then(|pointer| self.root.pointer(pointer.trim_start_matches('#')));
        target.unwrap_or(node)
    }

    /// The nodes one of which a value has to fit.
    pub(super) fn alternatives<'s>(&'s self, node: &'s Value) -> Vec<&'s Value> {
        let node = self.resolve(node);
        match node.get("oneOf").and_then(Value::as_array) {
            Some(nodes) => nodes
                .iter()
                .flat_map(|node| self.alternatives(node))
                .collect(),
            None => vec![node],
        }
    }

    /// The types a node without alternatives names.
    pub(super) fn types(node: &Value) -> Vec<&str> {
        match node.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ if node.get("allOf").is_some() => vec!["object"],
            _ => Vec::new(),
        }
    }

    /// The keys of a node that is a mapping.
    pub(super) fn members<'s>(&'s self, node: &'s Value) -> Members<'s> {
        let mut members = Members::default();
        self.collect(node, &mut members);
        members
    }

    fn collect<'s>(&'s self, node: &'s Value, into: &mut Members<'s>) {
        let node = self.resolve(node);
        for part in node
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.collect(part, into);
        }
        let properties = node.get("properties").and_then(Value::as_object);
        let properties = properties.into_iter().flatten();
        into.properties
            .extend(properties.map(|(key, value)| (key.as_str(), value)));
        let required = node.get("required").and_then(Value::as_array);
        into.required
            .extend(required.into_iter().flatten().filter_map(Value::as_str));
        let patterns = node.get("patternProperties").and_then(Value::as_object);
        let mut patterns = patterns.into_iter().flatten();
        if let Some((_, free)) = patterns.find(|(pattern, _)| !pattern.contains("x-")) {
            into.free = Some(free);
        }
    }

    /// Whether the node has what the way leads to.
    pub(super) fn reaches(&self, node: &Value, path: &[String], form: &str) -> bool {
        self.alternatives(node).into_iter().any(|node| {
            let Some((step, rest)) = path.split_first() else {
                return Self::types(node).contains(&form);
            };
            let below = match step.as_str() {
                "[]" => node.get("items"),
                "*" => self.members(node).free,
                name => {
                    let properties = self.members(node).properties;
                    let mut properties = properties.into_iter();
                    properties.find(|(key, _)| *key == name).map(|pair| pair.1)
                }
            };
            below.is_some_and(|below| self.reaches(below, rest, form))
        })
    }

    /// Every property in each of its forms.
    pub(super) fn goals(&self) -> Vec<Goal> {
        let mut goals = BTreeSet::new();
        self.walk(&self.root, &mut Vec::new(), &mut goals);
        goals.into_iter().collect()
    }

    fn walk(&self, node: &Value, path: &mut Vec<String>, goals: &mut BTreeSet<Goal>) {
        for node in self.alternatives(node) {
            for form in Self::types(node) {
                goals.insert(Goal {
                    path: path.clone(),
                    form: form.to_owned(),
                });
            }
            let members = self.members(node);
            for (name, below) in members.properties {
                self.step(name, below, path, goals);
            }
            if let Some(below) = members.free {
                self.step("*", below, path, goals);
            }
            if let Some(below) = node.get("items") {
                self.step("[]", below, path, goals);
            }
        }
    }

    fn step(&self, name: &str, below: &Value, path: &mut Vec<String>, goals: &mut BTreeSet<Goal>) {
        path.push(name.to_owned());
        self.walk(below, path, goals);
        path.pop();
    }
}
