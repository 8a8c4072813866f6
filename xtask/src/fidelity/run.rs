//! Deploying the stack of probes and hearing what its tasks report.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::evidence::Evidence;
use super::table::{Table, folder};
use crate::command::output;
use crate::lab::{self, Instance, Part, Variable};
use crate::tools;

/// The image of every service.
const IMAGE: &str = "fidelity.example/probe:1";

/// How long after the deployment the last report may come.
const PATIENCE: Duration = Duration::from_secs(25);

/// One part of the laboratory with the binary that deploys to it.
pub(crate) struct Bench {
    binary: PathBuf,
    part: Part,
    variables: Vec<Variable>,
    folder: tempfile::TempDir,
}

impl Bench {
    /// Gives a part the image of the probes.
    pub(crate) fn new(instance: &Instance, part: Part) -> Result<Self> {
        lab::import(instance, &[IMAGE.to_owned()])?;
        let mut variables = lab::variables(instance, part);
        variables.extend(match part {
            Part::Kubernetes => vec![
                ("TRANSHIP_NAMESPACE", "fidelity".to_owned()),
                ("TRANSHIP_CREATE_NAMESPACE", "true".to_owned()),
            ],
            Part::Swarm => Vec::new(),
            Part::Ecs => lab::ecs::place(instance)?,
        });
        Ok(Self {
            binary: tools::tranship()?,
            part,
            variables,
            folder: tempfile::Builder::new().prefix("fidelity").tempdir()?,
        })
    }

    /// Deploys the stack, hears its tasks, removes it, and hears how they ended.
    pub(crate) fn hear(&self, table: &Table) -> Result<Evidence> {
        let file = self.folder.path().join("reports");
        let deployed = self.tranship(&["deploy", "--timeout", "3m"]);
        let mut follower = self.follow(&file)?;
        let heard = deployed.and_then(|()| wait(|| self.is_complete(table, &file)));
        let removed = self.tranship(&["remove", "--yes", "--volumes"]);
        // It goes on waiting for tasks to come; what the last of them said is on its way.
        sleep(Duration::from_secs(1));
        follower.kill().context("cannot end the log")?;
        follower.wait()?;
        heard.and(removed)?;
        Evidence::read(&file)
    }

    fn tranship(&self, arguments: &[&str]) -> Result<()> {
        let output = output(&mut self.command(arguments))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let end: Vec<&str> = said.lines().rev().take(5).collect();
        ensure!(output.status.success(), "{arguments:?}: {end:#?}");
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        let target = self.part.name();
        command
            .args(arguments)
            .args(["--to", target, "--profile", target])
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env("FIDELITY_TOKEN", super::TOKEN)
            .current_dir(folder());
        command
    }

    fn follow(&self, file: &Path) -> Result<Child> {
        let mut command = self.command(&["logs", "--follow", "--format", "json"]);
        command
            .stdin(Stdio::null())
            .stdout(File::create(file)?)
            .stderr(Stdio::null());
        command.spawn().context("cannot follow the log")
    }

    /// Whether every service a look needs has reported; how a task ends comes later.
    fn is_complete(&self, table: &Table, file: &Path) -> Result<bool> {
        let evidence = Evidence::read(file)?;
        let visible = table
            .probes
            .iter()
            .filter(|probe| probe.hidden_by(self.part).is_none());
        let mut looks = visible.flat_map(|probe| probe.looks.iter().map(move |look| (probe, look)));
        Ok(looks.all(|(probe, look)| {
            let is_end = look.at.starts_with("/signal") || look.at.starts_with("/lived");
            let service = look.of.as_deref().unwrap_or(probe.service());
            is_end || evidence.at(service, &look.at).is_some()
        }))
    }
}

/// Waits until something is so, or long enough: what is missing then is told by its probe.
fn wait(mut is_so: impl FnMut() -> Result<bool>) -> Result<()> {
    let start = Instant::now();
    while !is_so()? && start.elapsed() < PATIENCE {
        sleep(Duration::from_millis(200));
    }
    Ok(())
}
