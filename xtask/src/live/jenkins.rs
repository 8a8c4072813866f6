//! The pipeline of `docs/jenkins.md`: its shell steps, in their order, with its own variables.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::command::{output, stdout, succeed};
use crate::lab::{self, Instance, Part};
use crate::paths::root;
use crate::report::Verdict;
use crate::{demo, tools};

/// The laboratory of this test: nobody else's.
const NAME: &str = "jenkins";

/// What the first plan of a stack ends with: there are changes.
const CHANGES: i32 = 9;

/// The pipeline as people copy it.
const PIPELINE: &str = include_str!("../../../docs/jenkins.md");

/// Runs every shell step against a new cluster, as the first build does and as the next one does.
pub(crate) fn check() -> Result<Verdict> {
    lab::within(NAME, Part::Kubernetes, |instance| {
        let agent = Agent::new(instance)?;
        let steps: Vec<&str> = PIPELINE.lines().filter_map(script).collect();
        let [check, plan, deploy] = steps[..] else {
            anyhow::bail!("not three shell steps: {steps:?}");
        };
        agent.run(check, 0)?;
        agent.run(plan, CHANGES)?;
        agent.run(deploy, 0)?;
        agent.reports()?;
        // The next build finds nothing to do, and asks nobody.
        agent.run(plan, 0)?;
        Ok(format!("{} shell steps ended as it says", steps.len()))
    })
}

/// What a line of the pipeline gives to the shell.
fn script(line: &str) -> Option<&str> {
    let (_, rest) = line
        .split_once("sh '")
        .or_else(|| line.split_once("script: '"))?;
    rest.split_once('\'').map(|(script, _)| script)
}

/// A variable of the pipeline: `NAME = 'value'`.
fn variable(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim().split_once(" = '")?;
    Some((name, value.strip_suffix('\'')?))
}

/// What a build agent has: a workspace with the sources, the variables, and the program.
struct Agent {
    workspace: tempfile::TempDir,
    path: String,
    kubeconfig: PathBuf,
}

impl Agent {
    fn new(instance: &Instance) -> Result<Self> {
        lab::import(instance, &demo::images()?)?;
        let kubeconfig = instance.run_folder(Part::Kubernetes).join("kubeconfig");
        let workspace = tempfile::Builder::new().prefix("jenkins").tempdir()?;
        let sources = root().join("fixtures/stacks/shop/.");
        succeed(
            Command::new("cp")
                .arg("--recursive")
                .arg(sources)
                .arg(workspace.path()),
        )?;
        let binary = tools::tranship()?;
        let programs = binary.parent().unwrap_or(Path::new("/")).display();
        let path = format!("{programs}:{}", std::env::var("PATH").unwrap_or_default());
        let agent = Self {
            workspace,
            path,
            kubeconfig,
        };
        // The owner of the cluster gives the team its namespace.
        let kubectl = lab::kubernetes::kubectl();
        stdout(agent.command(kubectl).args(["create", "namespace", "shop"]))?;
        Ok(agent)
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .envs(PIPELINE.lines().filter_map(variable))
            .env("PATH", &self.path)
            .env("KUBECONFIG", &self.kubeconfig)
            .current_dir(self.workspace.path());
        command
    }

    fn run(&self, script: &str, code: i32) -> Result<()> {
        let ended = output(self.command("sh").args(["-c", script]))?;
        let got = ended.status.code();
        let said = String::from_utf8_lossy(&ended.stderr);
        ensure!(
            got == Some(code),
            "`{script}` ended with {got:?}, not {code}: {said}"
        );
        ensure!(!said.contains('\u{1b}'), "escapes in a log: {said:?}");
        Ok(())
    }

    /// What the pipeline archives can be read by what Jenkins reads it with.
    fn reports(&self) -> Result<()> {
        let read = |name: &str| {
            let text = fs::read_to_string(self.workspace.path().join(name));
            text.with_context(|| format!("no {name}"))
        };
        let losses: Value = serde_json::from_str(&read("losses.sarif")?)?;
        ensure!(
            losses.pointer("/runs/0/tool/driver/name") == Some(&"tranship".into()),
            "not SARIF: {losses}"
        );
        let junit = read("deploy.xml")?;
        ensure!(
            junit.contains("<testcase") && !junit.contains("<failure"),
            "not a result: {junit}"
        );
        let events = read("deploy.jsonl")?;
        for event in events.lines() {
            serde_json::from_str::<Value>(event).with_context(|| format!("no event: {event}"))?;
        }
        Ok(())
    }
}
