//! The generated parts of the documentation.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::command::stdout;
use crate::corpus::TARGETS;
use crate::paths::root;
use crate::report::Verdict;
use crate::tools;

/// Marks around the table in the README.
const BEGIN: &str = "<!-- generated: what each target carries -->\n";
const END: &str = "<!-- end of generated table -->";

/// The commands whose help makes the command line's page.
const COMMANDS: [&str; 12] = [
    "config",
    "check",
    "convert",
    "plan",
    "deploy",
    "status",
    "logs",
    "remove",
    "compare",
    "explain",
    "completions",
    "man",
];

/// What to do with the generated documentation.
#[derive(Args)]
pub(crate) struct Options {
    /// Only say whether it is current
    #[arg(long)]
    check: bool,
}

/// Writes or checks the generated documentation.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let binary = tools::tranship()?;
    if options.check {
        current(&binary)?;
    } else {
        for (path, text) in generated(&binary)? {
            fs::create_dir_all(path.parent().context("no folder")?)?;
            fs::write(path, text)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether what is committed is what would be generated.
pub(crate) fn current(binary: &Path) -> Result<Verdict> {
    let generated = generated(binary)?;
    for (path, text) in &generated {
        if fs::read_to_string(path).unwrap_or_default() != *text {
            bail!("{} is not current; run `cargo xtask docs`", path.display());
        }
    }
    Ok(Verdict::Passed(format!("{} files", generated.len())))
}

fn generated(binary: &Path) -> Result<Vec<(PathBuf, String)>> {
    let codes = codes(binary)?;
    Ok(vec![
        (root().join("README.md"), readme(binary)?),
        (root().join("docs/cli.md"), command_line(binary)?),
        (root().join("docs/codes.md"), codes),
    ])
}

fn tranship(binary: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(binary);
    let folder = root().join("fixtures/stacks/everything");
    stdout(
        command
            .args(arguments)
            .current_dir(folder)
            .env_remove("COMPOSE_FILE")
            .env("COLUMNS", "100"),
    )
}

fn readme(binary: &Path) -> Result<String> {
    let text = fs::read_to_string(root().join("README.md"))?;
    let (before, rest) = text
        .split_once(BEGIN)
        .context("README.md has no place for the table")?;
    let (_, after) = rest
        .split_once(END)
        .context("the table in README.md has no end")?;
    Ok(format!("{before}{BEGIN}{}{END}{after}", table(binary)?))
}

/// Attribute by attribute, the worst outcome on each target.
fn table(binary: &Path) -> Result<String> {
    let mut rows: BTreeMap<String, [&'static str; TARGETS.len()]> = BTreeMap::new();
    for (column, target) in TARGETS.into_iter().enumerate() {
        for (attribute, outcome) in outcomes(binary, target)? {
            if let Some(cell) = rows.entry(attribute).or_default().get_mut(column) {
                *cell = worse(cell, &outcome);
            }
        }
    }
    let mut text = format!("\n| attribute | {} |\n", TARGETS.join(" | "));
    let _ = writeln!(text, "|---|{}", "---|".repeat(TARGETS.len()));
    for (attribute, cells) in &rows {
        // An account speaks of a whole where its parts share one fate.
        let whole = rows.get(&parent(attribute)).copied().unwrap_or_default();
        let cells = cells
            .iter()
            .zip(whole)
            .map(|(cell, whole)| if cell.is_empty() { whole } else { cell });
        let _ = writeln!(
            text,
            "| `{attribute}` | {} |",
            cells.collect::<Vec<_>>().join(" | ")
        );
    }
    text.push('\n');
    Ok(text)
}

/// Every attribute the file sets and what becomes of it on a target.
fn outcomes(binary: &Path, target: &str) -> Result<Vec<(String, String)>> {
    let check: Value = serde_json::from_str(&tranship(
        binary,
        &["check", "--to", target, "--format", "json"],
    )?)?;
    let account = check
        .pointer("/targets/0/account")
        .and_then(Value::as_array)
        .context("no account")?;
    let text = |row: &Value, key| {
        row.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let set = account
        .iter()
        .filter(|row| row.get("implicit") != Some(&Value::Bool(true)));
    Ok(set
        .map(|row| (attribute(&text(row, "path")), text(row, "outcome")))
        .collect())
}

/// What an attribute is a part of: `configs.*.labels` of `configs.*`.
fn parent(attribute: &str) -> String {
    attribute
        .rsplit_once('.')
        .map(|(parent, _)| parent.to_owned())
        .unwrap_or_default()
}

const ORDER: [&str; 6] = [
    "",
    "exact",
    "equivalent",
    "approximate",
    "dropped",
    "refused",
];

fn worse(left: &str, right: &str) -> &'static str {
    let rank = |word: &str| ORDER.iter().position(|known| *known == word).unwrap_or(0);
    ORDER
        .get(rank(left).max(rank(right)))
        .copied()
        .unwrap_or_default()
}

/// The attribute a path belongs to: `services.web.deploy.replicas` gives `services.*.deploy.replicas`.
fn attribute(path: &str) -> String {
    let plain = path.split('[').next().unwrap_or_default();
    let steps: Vec<&str> = plain.split('.').collect();
    match steps.as_slice() {
        [top, _, attribute, below, ..] if *attribute == "deploy" => {
            format!("{top}.*.{attribute}.{below}")
        }
        [top, _, attribute, ..] => format!("{top}.*.{attribute}"),
        [top, _] => format!("{top}.*"),
        [..] => plain.to_owned(),
    }
}

fn command_line(binary: &Path) -> Result<String> {
    let mut text = String::from("# The command line\n\nWritten by `cargo xtask docs`.\n");
    let overview = tranship(binary, &["--help"])?;
    let _ = write!(
        text,
        "\n## tranship\n\n```text\n{}\n```\n",
        overview.trim_end()
    );
    for command in COMMANDS {
        let help = tranship(binary, &[command, "--help"])?;
        let _ = write!(
            text,
            "\n## tranship {command}\n\n```text\n{}\n```\n",
            help.trim_end()
        );
    }
    Ok(text)
}

fn codes(binary: &Path) -> Result<String> {
    let list = tranship(binary, &["explain"])?;
    let mut text = String::from(
        "# Codes\n\nWritten by `cargo xtask docs`: the pages of `tranship explain`.\n",
    );
    for code in list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
    {
        let page = tranship(binary, &["explain", code])?;
        let _ = write!(text, "\n## {code}\n\n{}\n", page.trim_end());
    }
    Ok(text)
}
