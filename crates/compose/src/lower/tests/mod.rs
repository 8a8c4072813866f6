//! Lowering as a whole: nothing is lost, nothing is silent.

mod account;
mod topics;
mod walk;

use serde_json::Value;
use tranship_model::FieldPath;

use super::{Contents, Lowered, lower};
use crate::project::Project;
use crate::{LoadOptions, MemoryFiles, load};

const EVERYTHING: &str = include_str!("../../../../../fixtures/stacks/everything/compose.yaml");

/// What the sample stacks read beside their compose file.
fn files(text: &str) -> MemoryFiles {
    MemoryFiles::new()
        .with("/stack/compose.yaml", text)
        .with("/stack/full.env", "FROM_FILE=1\n")
        .with("/stack/full.labels", "org.example.file=1\n")
        .with("/stack/settings.toml", "greeting = \"hello\"\n")
        .with("/stack/password.txt", "unread")
}

fn options() -> LoadOptions {
    let mut options = LoadOptions {
        current_directory: "/stack".to_owned(),
        ..LoadOptions::default()
    };
    options.variables.set("EVERYTHING_SETTINGS", "a = 1");
    options.variables.set("EVERYTHING_TOKEN", "hunter2");
    options
}

/// The project a compose file says, or what is wrong with it.
fn loaded(text: &str, options: &LoadOptions) -> Result<Project, String> {
    let loaded = load(&files(text), options);
    let errors: Vec<_> = loaded
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == tranship_yaml::Severity::Error)
        .map(|diagnostic| diagnostic.message.clone())
        .collect();
    match loaded.project {
        Some(project) if errors.is_empty() => Ok(project),
        Some(_) | None => Err(errors.join("\n")),
    }
}

fn lowered(project: &Project) -> Lowered {
    lower(project, &Contents::read(project, &files("")))
}

/// A compose file through the whole front end.
fn front(text: &str) -> Result<Lowered, String> {
    loaded(text, &options()).map(|project| lowered(&project))
}

/// The path of every leaf of a canonical form; what is empty is a leaf.
fn leaves(value: &Value) -> Vec<FieldPath> {
    let mut leaves = Vec::new();
    if let Value::Object(object) = value {
        for (key, value) in object {
            collect_leaves(value, &FieldPath::root(key), &mut leaves);
        }
    }
    leaves
}

fn collect_leaves(value: &Value, at: &FieldPath, leaves: &mut Vec<FieldPath>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                collect_leaves(value, &at.key(key), leaves);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                collect_leaves(item, &at.index(index), leaves);
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Object(_)
        | Value::Array(_) => leaves.push(at.clone()),
    }
}
