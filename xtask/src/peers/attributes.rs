//! What becomes of each attribute: it is taken out of the file, and the answers are compared.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::converter::{Converter, Made};

/// Sections of a service whose attributes are looked at one by one.
const SECTIONS: [&str; 2] = ["deploy", "healthcheck"];

/// What became of attributes, each once in each file that has it.
#[derive(Default)]
pub(super) struct Fates {
    /// Without it the objects are others.
    pub(super) carried: usize,
    /// Without it only the messages are others.
    pub(super) told: usize,
    /// Without it everything is the same: how often, by attribute.
    pub(super) silent: BTreeMap<String, usize>,
}

impl Fates {
    /// Takes each attribute of a file's services out, where it is first found.
    pub(super) fn add(
        &mut self,
        converter: &dyn Converter,
        config: &Value,
        whole: &Made,
        folder: &Path,
    ) -> Result<()> {
        for (attribute, places) in attributes(config) {
            let mut less = config.clone();
            remove(&mut less, &places);
            match converter.convert(&less, folder)? {
                Ok(made) if made.objects != whole.objects => self.carried += 1,
                Ok(made) if made.messages != whole.messages => self.told += 1,
                Ok(_) => *self.silent.entry(attribute).or_default() += 1,
                Err(_) => self.carried += 1,
            }
        }
        Ok(())
    }

    /// All that were looked at.
    pub(super) fn all(&self) -> usize {
        self.carried + self.told + self.silent.values().sum::<usize>()
    }
}

/// The first place of each attribute of the services that says something.
fn attributes(config: &Value) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for (service, attributes) in entries(config.get("services")) {
        for (key, value) in entries(Some(attributes)) {
            let place = vec!["services".to_owned(), service.clone(), key.clone()];
            if !SECTIONS.contains(&key.as_str()) {
                note(&mut found, key.clone(), place, value);
                continue;
            }
            for (below, value) in entries(Some(value)) {
                let place = [place.as_slice(), std::slice::from_ref(below)].concat();
                note(&mut found, format!("{key}.{below}"), place, value);
            }
        }
    }
    found
}

fn note(
    found: &mut BTreeMap<String, Vec<String>>,
    attribute: String,
    place: Vec<String>,
    value: &Value,
) {
    // What runs cannot be taken out, and what says nothing is not missed.
    let is_needed = ["image", "build"].contains(&attribute.as_str());
    let says_nothing = [Value::Null, json!({}), json!({"default": null})].contains(value);
    if !is_needed && !says_nothing {
        found.entry(attribute).or_insert(place);
    }
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// Takes what stands at a place out of a project.
fn remove(project: &mut Value, place: &[String]) {
    let Some((last, parents)) = place.split_last() else {
        return;
    };
    let parent = parents
        .iter()
        .try_fold(project, |value, key| value.get_mut(key));
    if let Some(parent) = parent.and_then(Value::as_object_mut) {
        parent.remove(last);
    }
}
