//! The cases the checks run on: fixtures of our own, and real stacks where the caller has them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::command::output;
use crate::paths::{self, root};

/// The targets every case is rendered for.
pub(crate) const TARGETS: [&str; 4] = ["kubernetes", "swarm", "ecs", "ecs:ec2"];

/// The resolved project, beside a case's renderings.
pub(crate) const CONFIG: &str = "config.json";

/// The account for every target, beside a case's renderings.
pub(crate) const CHECK: &str = "check.json";

/// One way to load one stack.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// `stack` or `stack-case`, good as a folder's name.
    pub(crate) name: String,
    /// The folder it is loaded in.
    folder: PathBuf,
    /// The arguments that choose files, profiles and the rest.
    arguments: Vec<String>,
    /// Variables of the environment.
    variables: Vec<(String, String)>,
    /// Whether the reference loader accepts it.
    pub(crate) accepted: bool,
}

/// One line of `cases.tsv`.
pub(crate) struct Row {
    /// The folder it is loaded in.
    pub(crate) stack: String,
    /// Which of the ways to load it.
    pub(crate) name: String,
    /// The compose files.
    pub(crate) files: Vec<String>,
    /// The files of variables.
    pub(crate) env_files: Vec<String>,
    /// The active profiles.
    pub(crate) profiles: Vec<String>,
    /// Variables of the environment.
    pub(crate) variables: Vec<(String, String)>,
    /// The file with the reference's answer: a project as JSON, or its words when it refuses.
    pub(crate) expected: String,
}

/// Every line of `cases.tsv`.
pub(crate) fn rows(corpus: &Path) -> Result<Vec<Row>> {
    let table = fs::read_to_string(corpus.join("cases.tsv"))?;
    table.lines().skip(1).map(row).collect()
}

fn row(line: &str) -> Result<Row> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [
        stack,
        name,
        files,
        env_files,
        profiles,
        variables,
        expected,
        ..,
    ] = columns.as_slice()
    else {
        bail!("a case with too few columns: {line}");
    };
    let list = |text: &str| -> Vec<String> {
        let items = text.split(',').filter(|item| !item.is_empty());
        items.map(str::to_owned).collect()
    };
    let pair = |text: String| {
        let (name, value) = text.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    Ok(Row {
        stack: (*stack).to_owned(),
        name: (*name).to_owned(),
        files: list(files),
        env_files: list(env_files),
        profiles: list(profiles),
        variables: list(variables).into_iter().filter_map(pair).collect(),
        expected: (*expected).to_owned(),
    })
}

/// Every case of `cases.tsv`.
pub(crate) fn real(corpus: &Path) -> Result<Vec<Case>> {
    let rows = rows(corpus)?.into_iter();
    Ok(rows.map(|row| case(corpus, row)).collect())
}

fn case(corpus: &Path, row: Row) -> Case {
    let mut arguments = vec!["-p".to_owned(), row.stack.to_lowercase()];
    for (flag, list) in [
        ("-f", row.files),
        ("--env-file", row.env_files),
        ("--profile", row.profiles),
    ] {
        for value in list {
            arguments.extend([flag.to_owned(), value]);
        }
    }
    Case {
        name: format!("{}-{}", row.stack, row.name),
        folder: corpus.join(row.stack),
        arguments,
        variables: row.variables,
        accepted: Path::new(&row.expected)
            .extension()
            .is_some_and(|extension| extension == "json"),
    }
}

/// Every stack of `fixtures/stacks`.
pub(crate) fn fixtures() -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(root().join("fixtures/stacks"))? {
        let folder = entry?.path();
        let name = folder
            .file_name()
            .context("no name")?
            .to_string_lossy()
            .into_owned();
        cases.push(Case {
            arguments: vec!["-p".to_owned(), name.clone()],
            name: format!("fixture-{name}"),
            folder,
            variables: Vec::new(),
            accepted: true,
        });
    }
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(cases)
}

/// Fixtures of our own, and real stacks where the caller has them, as far as they are accepted.
pub(crate) fn accepted() -> Result<Vec<Case>> {
    let mut cases = fixtures()?;
    if let Some(corpus) = paths::corpus() {
        cases.extend(real(&corpus)?);
    }
    cases.retain(|case| case.accepted);
    Ok(cases)
}

impl Case {
    /// The project `st` of a folder.
    pub(crate) fn of_folder(name: &str, folder: &Path) -> Self {
        Self {
            name: name.to_owned(),
            folder: folder.to_owned(),
            arguments: vec!["-p".to_owned(), "st".to_owned()],
            variables: Vec::new(),
            accepted: true,
        }
    }

    /// Runs the tool on this case, in an environment without anything of ours.
    pub(crate) fn tranship(&self, binary: &Path, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(binary);
        command
            .args(&self.arguments)
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("HOME", "/nonexistent")
            .env("PWD", &self.folder)
            .envs(self.variables.iter().map(|(key, value)| (key, value)));
        output(&mut command)
    }

    /// The resolved project.
    pub(crate) fn config(&self, binary: &Path) -> Result<Value> {
        self.json(binary, &["config", "--format", "json"])
    }

    fn json(&self, binary: &Path, arguments: &[&str]) -> Result<Value> {
        let output = self.tranship(binary, arguments)?;
        if !output.status.success() {
            bail!(
                "{}: {arguments:?} ended with {}: {}",
                self.name,
                output.status,
                text(&output.stderr)
            );
        }
        serde_json::from_slice(&output.stdout).with_context(|| format!("{}: no JSON", self.name))
    }

    /// Renders the case for every target into `folder`.
    pub(crate) fn render(&self, binary: &Path, folder: &Path) -> Result<()> {
        for target in TARGETS {
            let into = folder.join(&self.name).join(target.replace(':', "-"));
            let into = into.to_string_lossy().into_owned();
            let output = self.tranship(binary, &["convert", "--to", target, "-o", &into])?;
            if !output.status.success() {
                bail!(
                    "{} for {target} ended with {}: {}",
                    self.name,
                    output.status,
                    text(&output.stderr)
                );
            }
        }
        Ok(())
    }

    /// Every leaf of the resolved project that some target's account does not cover; both are left
    /// beside the renderings in `folder`.
    pub(crate) fn unaccounted(&self, binary: &Path, folder: &Path) -> Result<Vec<String>> {
        let folder = folder.join(&self.name);
        let config = self.config(binary)?;
        fs::write(folder.join(CONFIG), config.to_string())?;
        let mut leaves = Vec::new();
        collect_leaves("", &config, &mut leaves);
        let check = self.json(binary, &["check", "--format", "json"])?;
        fs::write(folder.join(CHECK), check.to_string())?;
        let targets = check
            .get("targets")
            .and_then(Value::as_array)
            .context("no targets")?;
        if targets.len() < 3 {
            bail!("{}: only {} targets", self.name, targets.len());
        }
        let mut missing = Vec::new();
        for target in targets {
            let rows = account(target)?;
            let name = target
                .get("target")
                .map(Value::to_string)
                .unwrap_or_default();
            missing.extend(
                leaves
                    .iter()
                    .filter(|leaf| !covered(leaf, &rows))
                    .map(|leaf| format!("{name} {leaf}")),
            );
        }
        Ok(missing)
    }
}

fn account(target: &Value) -> Result<BTreeSet<String>> {
    let rows = target
        .get("account")
        .and_then(Value::as_array)
        .context("no account")?;
    let path = |row: &Value| Some(row.get("path")?.as_str()?.to_owned());
    rows.iter()
        .map(|row| path(row).context("a row without a path"))
        .collect()
}

/// Whether a row stands for the path or for one of its parents.
fn covered(leaf: &str, rows: &BTreeSet<String>) -> bool {
    rows.contains(leaf)
        || leaf
            .match_indices(['.', '['])
            .filter_map(|(at, _)| leaf.get(..at))
            .any(|parent| rows.contains(parent))
}

fn collect_leaves(path: &str, value: &Value, leaves: &mut Vec<String>) {
    let below = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                collect_leaves(&below(key), value, leaves);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                collect_leaves(&format!("{path}[{index}]"), value, leaves);
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => {
            leaves.push(path.to_owned());
        }
    }
}

/// What a program said, for people.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(2000).collect()
}
