//! What a command costs: processor time and peak memory of it and its children.

use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use serde::{Deserialize, Serialize};

use crate::command::output;

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// End it after so many seconds
    #[arg(long)]
    limit: Option<u64>,
    /// The program and its arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    command: Vec<String>,
}

/// What one run cost.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// User and system time in seconds.
    pub(crate) cpu: f64,
    /// Wall time in seconds.
    pub(crate) wall: f64,
    /// Peak resident memory in mebibytes.
    pub(crate) memory: f64,
}

/// What became of one run.
#[derive(Serialize, Deserialize)]
pub(crate) enum Outcome {
    /// It succeeded, at this cost.
    Done(Cost),
    /// It was ended at the limit.
    TooLong,
    /// It failed; the last line it wrote about that.
    Refused(String),
}

/// Runs the command once and prints what became of it; its errors go where ours go.
///
/// A process of its own for each run, because the system adds up children and keeps only the
/// largest peak.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let (program, arguments) = options.command.split_first().context("no program")?;
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()?;
    let outcome = match wait(&mut child, options.limit.map(Duration::from_secs))? {
        None => Outcome::TooLong,
        Some(status) if status.success() => Outcome::Done(spent(start.elapsed())?),
        Some(status) => Outcome::Refused(status.to_string()),
    };
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(ExitCode::SUCCESS)
}

/// What our only child has cost.
#[expect(clippy::cast_precision_loss, reason = "kibibytes fit")]
fn spent(wall: Duration) -> Result<Cost> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(Cost {
        cpu: seconds(usage.user_time()) + seconds(usage.system_time()),
        wall: wall.as_secs_f64(),
        memory: usage.max_rss() as f64 / 1024.0,
    })
}

/// Waits for the end; ends the program itself, and returns nothing, when the limit is reached.
fn wait(child: &mut Child, limit: Option<Duration>) -> Result<Option<ExitStatus>> {
    let Some(limit) = limit else {
        return Ok(Some(child.wait()?));
    };
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        // Only peers have a limit, and they take longer than this by far.
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

#[expect(clippy::cast_precision_loss, reason = "seconds and microseconds fit")]
fn seconds(time: TimeVal) -> f64 {
    time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6
}

/// Measures one run of `command` in `folder`, which may take `limit` seconds.
pub(crate) fn measure(command: &[String], folder: &Path, limit: Option<u64>) -> Result<Outcome> {
    let ourselves = std::env::current_exe()?;
    let limit = limit.map(|seconds| format!("--limit={seconds}"));
    let output = output(
        Command::new(ourselves)
            .arg("measure")
            .args(limit)
            .args(command)
            .current_dir(folder),
    )?;
    let errors = String::from_utf8_lossy(&output.stderr);
    let outcome = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("cannot measure {command:?}: {errors}"))?;
    Ok(match (outcome, errors.trim().lines().last()) {
        (Outcome::Refused(_), Some(reason)) => Outcome::Refused(reason.to_owned()),
        (outcome, _) => outcome,
    })
}
