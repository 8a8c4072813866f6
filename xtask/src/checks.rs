//! The checks of renderings by the targets' own tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::command::{exists, output, succeed};
use crate::corpus::{self, Case, text};
use crate::paths::{emptied, root, scratch};
use crate::references::{self, Judgement, Target, judge};
use crate::report::Verdict;
use crate::tools;

/// Every accepted case renders for every target, and every value is accounted for.
pub(crate) fn accepted(binary: &Path, cases: &[Case], folder: &Path) -> Result<Verdict> {
    let mut faults = Vec::new();
    let accepted: Vec<&Case> = cases.iter().filter(|case| case.accepted).collect();
    for case in &accepted {
        if let Err(error) = case.render(binary, folder) {
            faults.push(format!("{error:#}"));
            continue;
        }
        match case.unaccounted(binary, folder) {
            Ok(missing) => faults.extend(
                missing
                    .iter()
                    .map(|path| format!("{}: no account of {path}", case.name)),
            ),
            Err(error) => faults.push(format!("{error:#}")),
        }
    }
    verdict(
        &faults,
        format!(
            "{} cases rendered for every target, every value accounted for",
            accepted.len()
        ),
    )
}

/// Every case the reference loader refuses ends in a placed diagnostic and exit code 3.
pub(crate) fn refused(binary: &Path, cases: &[Case]) -> Result<Verdict> {
    let mut faults = Vec::new();
    let refused: Vec<&Case> = cases.iter().filter(|case| !case.accepted).collect();
    for case in &refused {
        let output = case.tranship(binary, &["convert", "--to", "kubernetes"])?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.code() != Some(3) || !output.stdout.is_empty() || !names_a_place(&said) {
            faults.push(format!(
                "{}: {}: {}",
                case.name,
                output.status,
                text(&output.stderr)
            ));
        }
    }
    verdict(
        &faults,
        format!("{} cases refused with a place", refused.len()),
    )
}

/// Whether a diagnostic shows a place, as in `[compose.yaml:3:5]`.
fn names_a_place(said: &str) -> bool {
    said.lines().filter(|line| line.contains("─[")).any(|line| {
        let inside = line
            .rsplit('[')
            .next()
            .unwrap_or_default()
            .trim_end_matches(']');
        let mut parts = inside.rsplit(':');
        let mut number = || parts.next().is_some_and(|part| part.parse::<u32>().is_ok());
        number() && number()
    })
}

fn verdict(faults: &[String], passed: String) -> Result<Verdict> {
    if faults.is_empty() {
        return Ok(Verdict::Passed(passed));
    }
    for fault in faults.iter().take(40) {
        println!("  {fault}");
    }
    bail!("{} faults", faults.len())
}

fn python_check(script: &str, renderings: &Path) -> Result<Verdict> {
    let Some(output) = python_output(script, renderings)? else {
        return Ok(Verdict::Skipped("no python3".to_owned()));
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<&str> = said.lines().collect();
    if output.status.success() {
        return Ok(Verdict::Passed(
            lines.last().copied().unwrap_or_default().to_owned(),
        ));
    }
    for line in lines.iter().take(40) {
        println!("  {line}");
    }
    bail!(
        "{} {}",
        lines.last().copied().unwrap_or_default(),
        text(&output.stderr)
    )
}

/// What a script says of renderings; nothing where there is no Python.
fn python_output(script: &str, renderings: &Path) -> Result<Option<Output>> {
    let Some(python) = tools::python()? else {
        return Ok(None);
    };
    let script = root().join("xtask/checks").join(script);
    let mut command = Command::new(python.join("python"));
    output(command.arg(script).arg(renderings)).map(Some)
}

/// How many Kubernetes documents the schema refuses; nothing where there is no Python.
pub(crate) fn refused_objects(renderings: &Path) -> Result<Option<usize>> {
    let Some(output) = python_output("kubernetes.py", renderings)? else {
        return Ok(None);
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let sum = said.lines().last().and_then(|sum| {
        let (_, refused) = sum.strip_suffix(" refused")?.rsplit_once(' ')?;
        refused.parse().ok()
    });
    // Without the sum below, the script died on the way.
    sum.map(Some).with_context(|| text(&output.stderr))
}

/// Every Kubernetes document passes the schema of its version, strictly.
pub(crate) fn kubernetes(renderings: &Path) -> Result<Verdict> {
    python_check("kubernetes.py", renderings)
}

/// Every ECS request passes the aws CLI's own check.
pub(crate) fn aws(renderings: &Path) -> Result<Verdict> {
    python_check("aws.py", renderings)
}

/// What every rendering refers to is there, for every target.
pub(crate) fn references(renderings: &Path) -> Result<Verdict> {
    let mut all = Judgement::default();
    for (target, folder, file) in [
        (Target::Kubernetes, "kubernetes", ""),
        (Target::Swarm, "swarm", "stack.yaml"),
        (Target::Ecs, "ecs", "template.yaml"),
    ] {
        let mut sum = Judgement::default();
        for case in folders(renderings)? {
            let mut judgement = judged(&case, target, folder, file)?;
            let name = case
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            for fault in &mut judgement.faults {
                *fault = format!("{name} on {folder}: {fault}");
            }
            sum.add(judgement);
        }
        println!("  {folder}: {}", sum.sums());
        all.add(sum);
    }
    verdict(&all.faults, all.sums())
}

fn judged(case: &Path, target: Target, folder: &str, file: &str) -> Result<Judgement> {
    let json =
        |name: &str| -> Result<Value> { Ok(serde_json::from_slice(&fs::read(case.join(name))?)?) };
    let (config, check) = (json(corpus::CONFIG)?, json(corpus::CHECK)?);
    let mut accounts = references::items(&check, "/targets").iter();
    let is_it = |account: &&Value| references::text(account, "/target") == Some(folder);
    let account = accounts.find(is_it).context("no account for the target")?;
    let documents: Result<Vec<Value>> = files(&case.join(folder), file)?
        .iter()
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|file| Ok(serde_saphyr::from_str(&fs::read_to_string(file)?)?))
        .collect();
    Ok(judge(target, &config, account, &documents?))
}

/// Every CloudFormation template passes cfn-lint without an error.
pub(crate) fn cloudformation(renderings: &Path) -> Result<Verdict> {
    let Some(python) = tools::python()? else {
        return Ok(Verdict::Skipped("no python3".to_owned()));
    };
    let templates = files(renderings, "template.yaml")?;
    if templates.is_empty() {
        bail!("there is no template to check");
    }
    // A thread for each core of a small machine: the linter uses one.
    let (first, second) = templates.split_at(templates.len() / 2);
    thread::scope(|scope| {
        let other = scope.spawn(|| lint(&python, second));
        let first = lint(&python, first);
        let second = other.join();
        first.and(second.map_err(|_panic| anyhow!("a linting thread panicked"))?)
    })?;
    Ok(Verdict::Passed(format!(
        "{} templates, no errors",
        templates.len()
    )))
}

/// In batches: one process for hundreds of templates keeps all of them in memory.
fn lint(python: &Path, templates: &[PathBuf]) -> Result<()> {
    for batch in templates.chunks(24) {
        let mut command = Command::new(python.join("cfn-lint"));
        let format = ["--non-zero-exit-code", "error", "--format", "parseable"];
        let output = output(command.args(format).arg("--").args(batch))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            for line in said.lines().filter(|line| line.contains(":E")).take(40) {
                println!("  {line}");
            }
            bail!("cfn-lint found errors: {}", text(&output.stderr));
        }
    }
    Ok(())
}

/// How many errors `cfn-lint` finds in templates; nothing where there is no Python.
pub(crate) fn lint_errors(templates: &[&PathBuf]) -> Result<Option<usize>> {
    let Some(python) = tools::python()? else {
        return Ok(None);
    };
    let mut command = Command::new(python.join("cfn-lint"));
    let format = ["--format", "parseable", "--"];
    let said = output(command.args(format).args(templates))?.stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    Ok(Some(
        said.lines().filter(|line| line.contains(":E")).count(),
    ))
}

/// Every stack file is taken by `docker stack config`.
pub(crate) fn stack_files(renderings: &Path) -> Result<Verdict> {
    if !exists("docker") {
        return Ok(Verdict::Skipped("no docker command".to_owned()));
    }
    let stacks = files(renderings, "stack.yaml")?;
    let mut faults = Vec::new();
    for stack in &stacks {
        let output = output(
            Command::new("docker")
                .args(["stack", "config", "-c"])
                .arg(stack),
        )?;
        if !output.status.success() {
            faults.push(format!("{}: {}", stack.display(), text(&output.stderr)));
        }
    }
    if stacks.is_empty() {
        bail!("there is no stack file to check");
    }
    verdict(&faults, format!("{} stack files taken", stacks.len()))
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut folders = entries.collect::<Result<Vec<_>>>()?;
    folders.sort();
    if folders.is_empty() {
        bail!("there is no rendering to check");
    }
    Ok(folders)
}

/// Every file of this name below a folder, in order.
fn files(folder: &Path, name: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with(name) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Where a run leaves its renderings: a folder for each case, in it one for each target.
pub(crate) fn rendered() -> PathBuf {
    scratch("renderings")
}

/// An empty folder for renderings.
pub(crate) fn renderings() -> Result<PathBuf> {
    let folder = rendered();
    emptied(&folder)?;
    Ok(folder)
}

/// The project's own hygiene: format and lints.
pub(crate) fn lints() -> Result<Verdict> {
    succeed(
        tools::cargo()
            .args(["fmt", "--all", "--check"])
            .current_dir(root()),
    )?;
    succeed(
        tools::cargo()
            .args([
                "clippy",
                "--quiet",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ])
            .current_dir(root()),
    )?;
    Ok(Verdict::Passed("formatted, no warnings".to_owned()))
}

/// The tests that need nothing but cargo.
pub(crate) fn unit_tests() -> Result<Verdict> {
    succeed(
        tools::cargo()
            .args(["test", "--workspace"])
            .current_dir(root()),
    )?;
    Ok(Verdict::Passed("cargo test --workspace".to_owned()))
}
