//! The converters, and what they make of a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::command::{output, stdout};
use crate::paths::emptied;

/// What a converter made of a file.
#[derive(PartialEq, Eq)]
pub(super) struct Made {
    /// The objects, in an order of their own.
    pub(super) objects: Vec<Value>,
    /// What it told people about what is lost or otherwise.
    pub(super) messages: BTreeSet<String>,
    /// Our account; a peer has none.
    rows: Value,
}

/// What it made, or what it said when it made nothing.
type Outcome = std::result::Result<Made, String>;

/// Who makes objects of Kubernetes from compose files.
pub(super) trait Converter {
    /// Its name, good as a folder's.
    fn name(&self) -> &'static str;

    /// Its name and version.
    fn title(&self) -> Result<String>;

    /// Converts a resolved project in an empty folder.
    fn convert(&self, config: &Value, into: &Path) -> Result<Outcome>;

    /// Which object each service ended in, and what people are told of it.
    fn account(&self, config: &Value, made: &Made) -> Value;
}

/// Ours.
pub(super) struct Ours {
    pub(super) binary: PathBuf,
}

/// kompose.
pub(super) struct Kompose {
    pub(super) program: PathBuf,
}

impl Converter for Ours {
    fn name(&self) -> &'static str {
        "tranship"
    }

    fn title(&self) -> Result<String> {
        Ok(stdout(Command::new(&self.binary).arg("--version"))?
            .trim()
            .to_owned())
    }

    fn convert(&self, config: &Value, into: &Path) -> Result<Outcome> {
        let file = prepared(config, into)?;
        let run = |arguments: &[&str]| {
            let mut command = Command::new(&self.binary);
            output(
                command
                    .args(arguments)
                    .args(["--to", "kubernetes", "-f"])
                    .arg(&file),
            )
        };
        let folder = into.join("kubernetes");
        let converted = run(&["convert", "-o", &folder.to_string_lossy()])?;
        if !converted.status.success() {
            return Ok(Err(last_line(&converted)));
        }
        let checked = run(&["check", "--format", "json"])?;
        let checked: Value = serde_json::from_slice(&checked.stdout)?;
        let rows = checked
            .pointer("/targets/0/account")
            .context("no account")?;
        let rows = rows.as_array().into_iter().flatten();
        let is_told = |row: &&Value| row.get("outcome") != Some(&"exact".into());
        let message = |row: &Value| {
            let [path, code, detail] = ["/path", "/code", "/detail"].map(|key| row.pointer(key));
            json!([path, code, detail]).to_string()
        };
        Ok(Ok(Made {
            objects: objects(&folder)?,
            messages: rows.clone().filter(is_told).map(message).collect(),
            rows: rows.cloned().collect(),
        }))
    }

    fn account(&self, _config: &Value, made: &Made) -> Value {
        json!({"account": made.rows})
    }
}

impl Converter for Kompose {
    fn name(&self) -> &'static str {
        "kompose"
    }

    fn title(&self) -> Result<String> {
        let said = stdout(Command::new(&self.program).arg("version"))?;
        let version = said.split_whitespace().next().context("no version")?;
        Ok(format!("kompose {version}"))
    }

    fn convert(&self, config: &Value, into: &Path) -> Result<Outcome> {
        let file = prepared(config, into)?;
        let folder = into.join("kubernetes");
        fs::create_dir_all(&folder)?;
        let mut command = Command::new(&self.program);
        // Found by itself on the way, it would start itself three times for each service.
        command
            .env("PATH", "")
            .args(["convert", "-f"])
            .arg(&file)
            .arg("-o")
            .arg(&folder);
        let converted = output(&mut command)?;
        if !converted.status.success() {
            return Ok(Err(last_line(&converted)));
        }
        let said = plain(&converted);
        let warnings = said.lines().filter(|line| line.starts_with("WARN"));
        Ok(Ok(Made {
            objects: objects(&folder)?.into_iter().map(as_workload).collect(),
            messages: warnings.map(str::to_owned).collect(),
            rows: Value::Null,
        }))
    }

    /// In its favour, a warning that names a service counts as told of everything about it.
    fn account(&self, config: &Value, made: &Made) -> Value {
        let services = config.get("services").and_then(Value::as_object);
        let services = services.into_iter().flatten();
        let rows = services.flat_map(|(name, service)| {
            let objects = made.objects.iter().filter(|object| is_of(object, name));
            let image = json!({
                "path": format!("services.{name}.image"),
                "outcome": "exact",
                "objects": objects.filter_map(title).collect::<Vec<_>>(),
            });
            let is_named = made
                .messages
                .iter()
                .any(|line| words(line).any(|word| word == name));
            let told = is_named.then(|| told(name, service));
            told.into_iter().flatten().chain([image])
        });
        json!({"account": rows.collect::<Vec<_>>()})
    }
}

/// Rows that say that everything of a service is otherwise.
fn told(name: &str, service: &Value) -> Vec<Value> {
    let volumes = service.get("volumes").and_then(Value::as_array);
    let volumes = (0..volumes.map_or(0, Vec::len)).map(|index| format!(".volumes[{index}]"));
    let others = ["", ".healthcheck", ".networks"].map(str::to_owned);
    let places = volumes.chain(others);
    places
        .map(|place| json!({"path": format!("services.{name}{place}"), "outcome": "dropped"}))
        .collect()
}

/// The words of a warning, without what sets them apart.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|sign: char| sign.is_whitespace() || "\"'`:,()".contains(sign))
}

/// Whether an object is the workload of a service, by the label kompose gives it.
fn is_of(object: &Value, service: &str) -> bool {
    let label = object.pointer("/metadata/labels/io.kompose.service");
    let normal = service.to_lowercase().replace(['_', '.'], "-");
    label.and_then(Value::as_str) == Some(&normal) && object.pointer("/spec/template").is_some()
}

fn title(object: &Value) -> Option<String> {
    let kind = object.get("kind")?.as_str()?;
    Some(format!(
        "{kind} {}",
        object.pointer("/metadata/name")?.as_str()?
    ))
}

/// An object of kompose for what judges: without the command line it notes, which has our folders
/// in it; a pod of its own as a workload, and a liveness probe as one for readiness.
fn as_workload(mut object: Value) -> Value {
    for place in ["/metadata", "/spec/template/metadata"] {
        let annotations = object.pointer_mut(&format!("{place}/annotations"));
        if let Some(annotations) = annotations.and_then(Value::as_object_mut) {
            annotations.retain(|key, _| !key.starts_with("kompose."));
        }
    }
    if object.get("kind") == Some(&"Pod".into()) {
        let labels = object.pointer("/metadata/labels").cloned();
        let pod = object.get_mut("spec").map(Value::take);
        let template = json!({"template": {"metadata": {"labels": labels}, "spec": pod}});
        object
            .as_object_mut()
            .map(|object| object.insert("spec".to_owned(), template));
    }
    let containers = object.pointer_mut("/spec/template/spec/containers");
    let containers = containers.and_then(Value::as_array_mut);
    for container in containers.into_iter().flatten() {
        if let Some(probe) = container.get("livenessProbe").cloned() {
            let members = container.as_object_mut();
            members.map(|members| members.insert("readinessProbe".to_owned(), probe));
        }
    }
    object
}

/// The file all converters are given, in a folder without anything else.
fn prepared(config: &Value, into: &Path) -> Result<PathBuf> {
    emptied(into)?;
    let file = into.join("compose.yaml");
    // JSON is YAML.
    fs::write(&file, serde_json::to_string_pretty(config)?)?;
    Ok(file)
}

fn objects(folder: &Path) -> Result<Vec<Value>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths: Vec<PathBuf> = entries.collect::<Result<_>>()?;
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    });
    paths.sort();
    let object = |path: &PathBuf| {
        let object = serde_saphyr::from_str(&fs::read_to_string(path)?);
        object.with_context(|| path.display().to_string())
    };
    paths.iter().map(object).collect()
}

/// What a program said, without colours.
fn plain(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let mut parts = said.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut plain, part| {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
        plain
    })
}

fn last_line(output: &Output) -> String {
    plain(output).lines().last().unwrap_or_default().to_owned()
}
