//! `cargo xtask demo`: the main job on a sample shop.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;

use crate::command::{stdout, succeed};
use crate::engine::Engine;
use crate::paths::{root, scratch};
use crate::report::Verdict;
use crate::tools;

/// How long the shop may take to come up.
const LIMIT: Duration = Duration::from_mins(3);

/// How to show it.
#[derive(Args)]
pub(crate) struct Options {
    /// Convert and compare only; start no engine
    #[arg(long)]
    no_deploy: bool,
}

/// Converts the shop for every target, compares them, and deploys it to a Swarm of its own.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let binary = tools::tranship()?;
    let folder = convert(&binary)?;
    println!("\nThe same stack, side by side:\n");
    run_tranship(&binary, &["compare"])?;
    if !options.no_deploy {
        println!(
            "\nDeploying {}/swarm/stack.yaml to a Swarm of its own:\n",
            folder.display()
        );
        println!("{}", deploy(&folder)?);
    }
    Ok(ExitCode::SUCCESS)
}

/// The same without the talk, as a test.
pub(crate) fn check() -> Result<Verdict> {
    if !nix::unistd::geteuid().is_root() {
        return Ok(Verdict::Skipped("starting an engine needs root".to_owned()));
    }
    let folder = convert(&tools::tranship()?)?;
    let services = deploy(&folder)?;
    Ok(Verdict::Passed(format!(
        "{} services came up",
        services.lines().count()
    )))
}

fn shop() -> PathBuf {
    root().join("fixtures/stacks/shop")
}

fn run_tranship(binary: &Path, arguments: &[&str]) -> Result<()> {
    succeed(Command::new(binary).args(arguments).current_dir(shop()))
}

fn convert(binary: &Path) -> Result<PathBuf> {
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
    Ok(folder)
}

/// Deploys the stack file with Docker's own command and waits until everything runs.
fn deploy(folder: &Path) -> Result<String> {
    let place = tempfile::Builder::new().prefix("tranship-").tempdir()?;
    let engine = Engine::start(place.path())?;
    engine.import_busybox(&images()?)?;
    let stack = folder.join("swarm/stack.yaml");
    let stack = stack.to_string_lossy();
    let arguments = [
        "stack",
        "deploy",
        "--detach=true",
        "--resolve-image",
        "never",
        "-c",
        &stack,
        "shop",
    ];
    succeed(engine.docker(&arguments).stdout(Stdio::null()))?;
    let services = engine.wait_for_stack("shop", LIMIT)?;
    succeed(
        engine
            .docker(&["stack", "rm", "shop"])
            .stdout(Stdio::null()),
    )?;
    Ok(services)
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
