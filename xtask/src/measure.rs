//! What a command costs: processor time and peak memory of it and its children.

use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use serde_json::{Value, json};

use crate::command::stdout;

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
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// User and system time in seconds.
    pub(crate) cpu: f64,
    /// Wall time in seconds.
    pub(crate) wall: f64,
    /// Peak resident memory in mebibytes.
    pub(crate) memory: f64,
}

/// Runs the command once and prints its cost.
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
        .stderr(Stdio::null())
        .spawn()?;
    let Some(status) = wait(&mut child, options.limit.map(Duration::from_secs))? else {
        println!("{}", Value::Null);
        return Ok(ExitCode::SUCCESS);
    };
    let wall = start.elapsed().as_secs_f64();
    if !status.success() {
        bail!("{program} ended with {status}");
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = seconds(usage.user_time()) + seconds(usage.system_time());
    println!(
        "{}",
        json!({ "cpu": cpu, "wall": wall, "kib": usage.max_rss() })
    );
    Ok(ExitCode::SUCCESS)
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

/// Measures one run of `command` in `folder`; nothing when it takes longer than `limit` seconds.
pub(crate) fn cost(command: &[String], folder: &Path, limit: Option<u64>) -> Result<Option<Cost>> {
    let ourselves = std::env::current_exe()?;
    let limit = limit.map(|seconds| format!("--limit={seconds}"));
    let text = stdout(
        Command::new(ourselves)
            .arg("measure")
            .args(limit)
            .args(command)
            .current_dir(folder),
    )?;
    let value: Value = serde_json::from_str(&text)?;
    if value.is_null() {
        return Ok(None);
    }
    let figure = |key: &str| value.get(key).and_then(Value::as_f64).context("no figure");
    Ok(Some(Cost {
        cpu: figure("cpu")?,
        wall: figure("wall")?,
        memory: figure("kib")? / 1024.0,
    }))
}
