//! What the tool says depends on its files and arguments alone, and on no network.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::command::{exists, output};
use crate::conformance::random::Random;
use crate::corpus::text;
use crate::paths::root;
use crate::report::Verdict;

/// How often each command is run, each time in another environment.
const RUNS: u64 = 100;

/// Every command that needs no orchestrator.
const COMMANDS: &[&str] = &[
    "config",
    "check --format json",
    "convert --to kubernetes",
    "convert --to swarm",
    "convert --to ecs",
    "convert --to ecs:ec2",
    "compare --format json",
];

/// What a run may find in its environment, and must not heed.
const NOISE: &[(&str, &[&str])] = &[
    (
        "LANG",
        &["C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ja_JP.EUC-JP"],
    ),
    ("LC_ALL", &["", "POSIX", "tr_TR.UTF-8", "nonsense"]),
    (
        "TZ",
        &["UTC", "Asia/Kathmandu", "America/St_Johns", ":", "XXX-25"],
    ),
    ("USER", &["root", "nobody", "ünïcode"]),
    ("HOSTNAME", &["a", "b.example"]),
    ("TERM", &["dumb", "xterm-256color"]),
    ("COLUMNS", &["1", "40", "500"]),
    ("HTTP_PROXY", &["http://127.0.0.1:1"]),
    ("KUBECONFIG", &["/nonexistent"]),
    ("DOCKER_HOST", &["tcp://127.0.0.1:1"]),
    ("AWS_REGION", &["eu-central-1", "us-east-1"]),
    ("RUST_BACKTRACE", &["0", "full"]),
    ("MALLOC_ARENA_MAX", &["1", "8"]),
];

/// The fixture with every attribute, in environments that differ, in a network namespace without
/// interfaces.
pub(crate) fn check(binary: &Path) -> Result<Verdict> {
    if !nix::unistd::geteuid().is_root() || !exists("unshare") {
        let reason = "a network namespace needs root and unshare";
        return Ok(Verdict::Skipped(reason.to_owned()));
    }
    let room = tempfile::tempdir()?;
    let stack = root().join("fixtures/stacks/everything");
    let mut answers: BTreeMap<&str, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for seed in 0..RUNS {
        let random = &mut Random::new(seed);
        let folder = room.path().join("stack");
        copy(&stack, &folder, random)?;
        for line in COMMANDS {
            let answer = answer(binary, line, &folder, random)?;
            answers.entry(line).or_default().insert(answer);
        }
        fs::remove_dir_all(&folder)?;
    }
    for (line, answers) in &answers {
        ensure!(
            answers.len() == 1,
            "`{line}` gave {} answers",
            answers.len()
        );
    }
    let sockets = sockets(binary, &stack, &room.path().join("trace"))?;
    Ok(Verdict::Passed(format!(
        "{} commands, {RUNS} environments each without a network: one answer each; {sockets}",
        COMMANDS.len()
    )))
}

/// Copies a folder's files, made in an order of its own: directories list them in another then.
fn copy(from: &Path, to: &Path, random: &mut Random) -> Result<()> {
    fs::create_dir_all(to)?;
    let entries = fs::read_dir(from)?.map(|entry| Ok(entry?.path()));
    for path in shuffled(entries.collect::<Result<Vec<_>>>()?, random) {
        fs::copy(&path, to.join(path.file_name().context("no name")?))?;
    }
    Ok(())
}

fn shuffled<T>(mut items: Vec<T>, random: &mut Random) -> Vec<T> {
    for last in (1..items.len()).rev() {
        items.swap(last, random.below(last + 1));
    }
    items
}

/// What a command says in an environment that chance made. `env` keeps the order it is given.
fn answer(binary: &Path, line: &str, folder: &Path, random: &mut Random) -> Result<Vec<u8>> {
    let mut command = Command::new("unshare");
    command.args(["--net", "env", "-i"]);
    let values = NOISE
        .iter()
        .map(|(name, values)| format!("{name}={}", random.word(values)));
    let values = values.collect();
    let kept = shuffled(values, random)
        .into_iter()
        .filter(|_| random.percent(80));
    command.args(kept.collect::<Vec<_>>()).arg(binary);
    let file = folder.join("compose.yaml");
    command
        .arg("-f")
        .arg(&file)
        .arg("--project-directory")
        .arg(folder);
    command.args(line.split(' '));
    // Places are named from the current directory, as people would type them, where they lie in
    // it: so none of these holds the stack.
    let elsewhere = ["/dev", "/etc", "/usr"];
    command.current_dir(random.word(&elsewhere));
    let output = output(&mut command)?;
    if !output.status.success() {
        bail!(
            "`{line}` ended with {}: {}",
            output.status,
            text(&output.stderr)
        );
    }
    Ok([output.stdout, output.stderr].concat())
}

/// Whether a command makes a socket, where there is a tool that sees it.
fn sockets(binary: &Path, stack: &Path, trace: &Path) -> Result<&'static str> {
    if !exists("strace") {
        return Ok("sockets not counted, for want of strace");
    }
    for line in COMMANDS {
        let mut command = Command::new("strace");
        let calls = ["-f", "-qq", "-e", "trace=socket", "-e", "signal=none"];
        command
            .args(calls)
            .arg("-o")
            .arg(trace)
            .arg(binary)
            .args(line.split(' '));
        output(command.current_dir(stack))?;
        let seen = fs::read_to_string(trace)?;
        ensure!(!seen.contains("socket("), "`{line}` makes a socket: {seen}");
    }
    Ok("no socket made")
}
