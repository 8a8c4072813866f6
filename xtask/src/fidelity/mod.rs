//! `cargo xtask fidelity`: what a task sees of each attribute, beside what we claim of it.

mod attributes;
mod claims;
mod evidence;
mod page;
mod run;
mod table;
mod verdict;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use clap::Args;

use self::attributes::Census;
use self::claims::Claims;
use self::run::Bench;
use self::table::Table;
use crate::lab::{self, Instance, Part};
use crate::paths::root;
use crate::report::Verdict;
use crate::tools;

/// The value of the one secret that comes from the environment.
const TOKEN: &str = "opaque";

/// What to look at.
#[derive(Args)]
pub(crate) struct Options {
    /// Only these targets; all when none is named
    #[arg(long)]
    to: Vec<Part>,
    /// Use this laboratory, which is up and stays so, not one of its own
    #[arg(long)]
    lab: Option<String>,
}

/// What was found on a target.
struct Found {
    page: String,
    figures: String,
    contradictions: Vec<String>,
}

/// Probes the targets and writes their pages.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let parts = if options.to.is_empty() {
        Part::ALL.to_vec()
    } else {
        options.to.clone()
    };
    let mut code = ExitCode::SUCCESS;
    for part in parts {
        let found = match &options.lab {
            Some(name) => probe(&Instance::named(name)?, part)?,
            None => alone(part)?,
        };
        fs::create_dir_all(root().join("docs/fidelity"))?;
        fs::write(file(part), &found.page)?;
        for contradiction in &found.contradictions {
            println!("{}: {contradiction}", part.name());
            code = ExitCode::FAILURE;
        }
        print!("{}: {}", part.name(), found.figures);
    }
    Ok(code)
}

/// Whether nothing contradicts what is claimed of a target, and its page is current.
pub(crate) fn check(part: Part) -> Result<Verdict> {
    if let Some(obstacle) = lab::obstacle().or_else(obstacle) {
        return Ok(Verdict::Skipped(obstacle.to_owned()));
    }
    let found = alone(part)?;
    for contradiction in &found.contradictions {
        println!("  {contradiction}");
    }
    ensure!(
        found.contradictions.is_empty(),
        "{}",
        found.figures.trim_end()
    );
    if fs::read_to_string(file(part)).unwrap_or_default() != found.page {
        bail!(
            "{} is not current; run `cargo xtask fidelity`",
            file(part).display()
        );
    }
    Ok(Verdict::Passed(found.figures.trim_end().to_owned()))
}

/// Why the pages cannot be made here, if so: the second layout of control groups counts otherwise.
fn obstacle() -> Option<&'static str> {
    let is_first = Path::new("/sys/fs/cgroup/memory/memory.limit_in_bytes").exists();
    (!is_first).then_some("the expectations are in the words of control groups of version 1")
}

fn file(part: Part) -> PathBuf {
    root()
        .join("docs/fidelity")
        .join(format!("{}.md", part.name()))
}

/// Probes a part in a laboratory that is new before and gone after.
fn alone(part: Part) -> Result<Found> {
    let name = match part {
        Part::Kubernetes => "seekube",
        Part::Swarm => "seeswarm",
        Part::Ecs => "seeecs",
    };
    let mut found = None;
    lab::within(name, part, |instance| {
        found = Some(probe(instance, part)?);
        Ok(String::new())
    })?;
    found.ok_or_else(|| anyhow::anyhow!("no laboratory can run here"))
}

fn probe(instance: &Instance, part: Part) -> Result<Found> {
    let table = Table::read()?;
    let binary = tools::tranship()?;
    let census = Census::take(&binary, &table)?;
    ensure!(
        census.unknown.is_empty(),
        "expectations.yaml does not speak of {:#?}",
        census.unknown
    );
    let claims = Claims::ask(&binary, part)?;
    let evidence = Bench::new(instance, part)?.hear(&table)?;
    let findings = verdict::findings(&table, part, &claims, &evidence);
    let page = page::page(part, &table, &census, &findings);
    let contradictions = findings.iter().filter(|one| one.is_contradiction());
    Ok(Found {
        page,
        figures: page::figures(&census, &findings),
        contradictions: contradictions.map(page::row).collect(),
    })
}
