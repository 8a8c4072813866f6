//! One node of a swarm: Debian's engine in a network namespace of its own.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::command::{output, stdout};
use crate::lab::cgroup::Cgroup;
use crate::lab::daemon::Daemon;
use crate::lab::image::Archive;
use crate::lab::network::{Network, Node};
use crate::lab::{Instance, Part};

/// How long an engine may take to answer.
const START: Duration = Duration::from_mins(1);

/// An engine, whether it runs or not.
pub(super) struct Engine {
    node: Node,
    daemon: Daemon,
    cgroup: Cgroup,
    run: PathBuf,
    data: PathBuf,
    bridge: String,
}

impl Engine {
    /// The engine of a node by its number, from 1.
    pub(super) fn of(instance: &Instance, network: &Network, number: u8) -> Self {
        let folder = format!("node{number}");
        let run = instance.run_folder(Part::Swarm).join(&folder);
        Self {
            node: network.node(Part::Swarm, number),
            daemon: Daemon::new(&run, "dockerd"),
            cgroup: Cgroup::new(format!("tranship-{}-swarm-{number}", instance.name())),
            data: instance.data_folder(Part::Swarm).join(folder),
            bridge: format!("{}.{}.1/24", network.prefix(), 64 + number),
            run,
        }
    }

    /// Where the host reaches the node, and what it publishes.
    pub(super) fn address(&self) -> &str {
        &self.node.address
    }

    /// Where docker commands find it.
    pub(super) fn host(&self) -> String {
        format!("unix://{}", self.run.join("docker.sock").display())
    }

    /// Starts it.
    pub(super) fn start(&self) -> Result<()> {
        std::fs::create_dir_all(&self.run)?;
        self.node.create()?;
        self.cgroup.create()?;
        self.daemon.start(&mut self.command())?;
        self.daemon.wait(START, || self.answers())
    }

    fn command(&self) -> Command {
        let mut command = self.node.enter("dockerd");
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .env("PATH", format!("{path}:/usr/sbin:/sbin"))
            // There is no registry: a pull that fails at once instead of after the resolver's
            // patience of 20 seconds lets the engine go on with the image it has.
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .arg("--data-root")
            .arg(&self.data)
            .arg("--exec-root")
            .arg(self.run.join("exec"))
            .arg("--pidfile")
            .arg(self.run.join("docker.pid"))
            .args(["--host", &self.host()])
            .args(["--bip", &self.bridge])
            .args(["--cgroup-parent", &self.cgroup.path()]);
        command
    }

    /// Stops it and all its containers, and removes its network.
    pub(super) fn stop(&self) -> Result<()> {
        if self.answers() {
            // Whatever it says: the data goes behind it.
            output(&mut self.docker(&["swarm", "leave", "--force"]))?;
            let listed = stdout(&mut self.docker(&["ps", "--all", "--quiet"]))?;
            let containers: Vec<&str> = listed.lines().collect();
            if !containers.is_empty() {
                output(self.docker(&["rm", "--force"]).args(containers))?;
            }
        }
        self.daemon.stop()?;
        self.node.remove()?;
        self.cgroup.remove()
    }

    /// Whether it answers.
    pub(super) fn answers(&self) -> bool {
        succeeds(&mut self.docker(&["info"]))
    }

    /// What it says about the swarm: `active`, `inactive` and others.
    pub(super) fn swarm_state(&self) -> Result<String> {
        let format = "{{.Swarm.LocalNodeState}}";
        let state = stdout(&mut self.docker(&["info", "--format", format]))?;
        Ok(state.trim().to_owned())
    }

    /// Gives it images.
    pub(super) fn import(&self, archive: &Archive) -> Result<()> {
        archive.import_into_docker(|arguments| self.docker(arguments))
    }

    /// A docker command against it.
    pub(super) fn docker(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command.env("DOCKER_HOST", self.host()).args(arguments);
        command
    }
}

fn succeeds(command: &mut Command) -> bool {
    output(command).is_ok_and(|said| said.status.success())
}
