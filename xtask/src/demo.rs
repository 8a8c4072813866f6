//! `cargo xtask demo`: the main job on a sample shop, on three real orchestrators.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::command::{stdout, succeed};
use crate::lab::{self, Instance, Part};
use crate::paths::{root, scratch};
use crate::tools;

/// The laboratory of the demonstration: nobody else's.
const NAME: &str = "demo";

/// How to show it.
#[derive(Args)]
pub(crate) struct Options {
    /// Convert and compare only; start no orchestrator
    #[arg(long)]
    no_deploy: bool,
    /// Leave the shop and the laboratory running
    #[arg(long)]
    keep: bool,
}

/// How long a target took.
struct Took {
    part: Part,
    first: Duration,
    again: Duration,
}

/// Converts the shop for every target, compares them, and deploys it to each of them in a
/// laboratory.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let binary = tools::tranship()?;
    convert(&binary)?;
    println!("\nThe same stack, side by side:\n");
    run_tranship(&binary, &["compare"])?;
    if options.no_deploy {
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(obstacle) = lab::obstacle() {
        bail!("{obstacle}; `cargo xtask demo --no-deploy` converts and compares without it");
    }
    let instance = Instance::named(NAME)?;
    let shown = show(&binary, &instance, options);
    if !options.keep {
        lab::down(&instance, &Part::ALL)?;
    }
    shown.map(|()| ExitCode::SUCCESS)
}

fn show(binary: &Path, instance: &Instance, options: &Options) -> Result<()> {
    println!("\nBringing up real orchestrators; the first time builds them, some 15 minutes.\n");
    lab::up(instance, &Part::ALL)?;
    lab::import(instance, &images()?)?;
    let took: Result<Vec<Took>> = Part::ALL
        .into_iter()
        .map(|part| deploy(binary, instance, part))
        .collect();
    let took = took?;
    for part in Part::ALL {
        println!();
        tranship(binary, instance, part, &["status"])?;
    }
    println!("\n{:<12} {:>8} {:>8}", "", "deploy", "again");
    for Took { part, first, again } in took {
        let (first, again) = (first.as_secs_f32(), again.as_secs_f32());
        println!("{:<12} {first:>6.1} s {again:>6.1} s", part.name());
    }
    if options.keep {
        println!(
            "\n`TRANSHIP_LAB={NAME} cargo xtask lab env` points kubectl, docker and aws at it."
        );
        return Ok(());
    }
    for part in Part::ALL {
        println!();
        tranship(binary, instance, part, &["remove", "--volumes", "--yes"])?;
    }
    Ok(())
}

/// Deploys the shop twice: the second time nothing is left to do.
fn deploy(binary: &Path, instance: &Instance, part: Part) -> Result<Took> {
    let once = || {
        println!();
        let start = Instant::now();
        tranship(binary, instance, part, &["deploy"])?;
        Ok::<_, anyhow::Error>(start.elapsed())
    };
    Ok(Took {
        part,
        first: once()?,
        again: once()?,
    })
}

/// Runs a command of ours against a part of the laboratory.
fn tranship(binary: &Path, instance: &Instance, part: Part, arguments: &[&str]) -> Result<()> {
    let place = match part {
        Part::Kubernetes => vec![
            ("TRANSHIP_NAMESPACE", "shop".to_owned()),
            ("TRANSHIP_CREATE_NAMESPACE", "true".to_owned()),
        ],
        Part::Swarm => Vec::new(),
        Part::Ecs => lab::ecs::place(instance)?,
    };
    println!("$ tranship {} --to {}", arguments.join(" "), part.name());
    succeed(
        Command::new(binary)
            .args(arguments)
            .args(["--to", part.name()])
            .envs(lab::variables(instance, part))
            .envs(place)
            .current_dir(shop()),
    )
}

fn shop() -> PathBuf {
    root().join("fixtures/stacks/shop")
}

fn run_tranship(binary: &Path, arguments: &[&str]) -> Result<()> {
    succeed(Command::new(binary).args(arguments).current_dir(shop()))
}

fn convert(binary: &Path) -> Result<()> {
    let folder = scratch("demo");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for target in ["kubernetes", "swarm", "ecs"] {
        let into = folder.join(target);
        println!("tranship convert --to {target} -o {}", into.display());
        run_tranship(
            binary,
            &["convert", "--to", target, "-o", &into.to_string_lossy()],
        )?;
    }
    Ok(())
}

/// The images the shop names.
pub(crate) fn images() -> Result<Vec<String>> {
    let binary = tools::tranship()?;
    let config = stdout(
        Command::new(binary)
            .args(["config", "--format", "json"])
            .current_dir(shop()),
    )?;
    let config: Value = serde_json::from_str(&config)?;
    let services = config
        .get("services")
        .and_then(Value::as_object)
        .context("no services")?;
    let image = |service: &Value| Some(service.get("image")?.as_str()?.to_owned());
    let images: BTreeSet<String> = services.values().filter_map(image).collect();
    Ok(images.into_iter().collect())
}
