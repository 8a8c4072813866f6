//! `cargo xtask fuzz`: inputs no person would write, for as long as one likes.
//!
//! The engine is libFuzzer on stable Rust: coverage comes from flags to the compiler, and there is
//! no sanitizer, because nothing of ours is unsafe.

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};
use clap::Args;

use crate::command::{stdout, succeed};
use crate::paths;

/// The targets, as in `fuzz/targets`.
const TARGETS: [&str; 9] = [
    "byte_size",
    "dotenv",
    "duration",
    "image",
    "interpolation",
    "load",
    "port",
    "volume",
    "yaml",
];

/// Where each branch counts how often it was taken.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1 \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// What to fuzz, and for how long.
#[derive(Args)]
pub(crate) struct Options {
    /// One target; all of them without it
    target: Option<String>,
    /// Seconds for each target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

/// Runs one target after another; ends at the first input that breaks a promise.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let targets: Vec<&str> = match &options.target {
        None => TARGETS.to_vec(),
        Some(name) if TARGETS.contains(&name.as_str()) => vec![name.as_str()],
        Some(name) => bail!(
            "there is no target `{name}`; there are {}",
            TARGETS.join(", ")
        ),
    };
    for target in targets {
        println!("== {target}");
        fuzz(target, options.seconds)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What was found in earlier runs is kept in `grown`; what broke a promise in `artifacts`.
fn fuzz(target: &str, seconds: u64) -> Result<()> {
    let folder = paths::root().join("fuzz");
    for made in ["grown", "artifacts"] {
        std::fs::create_dir_all(folder.join(made).join(target))?;
    }
    let host = host()?;
    let mut command = Command::new("cargo");
    command
        .current_dir(&folder)
        .env("RUSTFLAGS", COVERAGE)
        // With a target named, the flags stay away from what runs while building.
        .args(["run", "--release", "--target", &host, "--bin", target, "--"])
        .args([format!("grown/{target}"), format!("corpus/{target}")])
        .arg(format!("-artifact_prefix=artifacts/{target}/"))
        .arg(format!("-max_total_time={seconds}"))
        .args(["-max_len=4096", "-timeout=10", "-print_final_stats=1"]);
    succeed(&mut command)
}

/// The triple of this machine.
fn host() -> Result<String> {
    Ok(
        stdout(Command::new("rustc").args(["--print", "host-tuple"]))?
            .trim()
            .to_owned(),
    )
}
