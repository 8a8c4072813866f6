//! The engine that runs the tasks: Debian's, in a network namespace of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::command::{exists, output, stdout};
use crate::lab::cgroup::Cgroup;
use crate::lab::daemon::Daemon;
use crate::lab::image::Archive;
use crate::lab::network::{Network, Node};
use crate::lab::{Instance, Part};
use crate::tools::install;

/// The image that holds a task's network.
pub(super) const PAUSE: &str = "tranship.lab/pause:1";

/// The image renderings prepare files and names with, which comes from a registry elsewhere.
const INIT: &str = "public.ecr.aws/docker/library/busybox:1.37";

/// The network of tasks in the engine.
pub(super) const NETWORK: &str = "tasks";

/// How long the engine may take to answer.
const START: Duration = Duration::from_mins(1);

/// The engine of an instance, whether it runs or not.
pub(super) struct Engine {
    node: Node,
    daemon: Daemon,
    cgroup: Cgroup,
    run: PathBuf,
    data: PathBuf,
}

impl Engine {
    /// The engine of this instance.
    pub(super) fn of(instance: &Instance, network: &Network) -> Self {
        let run = instance.run_folder(Part::Ecs);
        Self {
            node: network.node(Part::Ecs, 1),
            daemon: Daemon::new(&run, "dockerd"),
            cgroup: Cgroup::new(format!("tranship-{}-ecs", instance.name())),
            run,
            data: instance.data_folder(Part::Ecs),
        }
    }

    /// Where the engine, the emulator and the tasks are.
    pub(super) fn node(&self) -> &Node {
        &self.node
    }

    /// Where docker commands find it.
    pub(super) fn host(&self) -> String {
        format!("unix://{}", self.run.join("docker.sock").display())
    }

    /// Starts it with the tasks' network and the images every task needs.
    pub(super) fn start(&self, network: &Network) -> Result<()> {
        install_programs()?;
        self.node.create()?;
        if !self.daemon.runs() {
            self.clear_killed()?;
        }
        self.cgroup.create()?;
        self.daemon.start(&mut self.command(network))?;
        self.daemon.wait(START, || self.answers())?;
        self.make_network(network)?;
        if !succeeds(&mut self.docker(&["image", "inspect", PAUSE, INIT])) {
            self.import(&Archive::of_probe(&[PAUSE.to_owned(), INIT.to_owned()])?)?;
        }
        Ok(())
    }

    /// An engine that was killed left its containers, and a pid it would take for its own.
    fn clear_killed(&self) -> Result<()> {
        self.cgroup.remove()?;
        match fs::remove_file(self.pid_file()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn pid_file(&self) -> PathBuf {
        self.run.join("docker.pid")
    }

    fn command(&self, network: &Network) -> Command {
        let mut command = self.node.enter("dockerd");
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .env("PATH", format!("{path}:/usr/sbin:/sbin"))
            // There is no registry: a pull that fails at once instead of after the resolver's
            // patience of 20 seconds lets the engine go on with the image it has.
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .arg("--data-root")
            .arg(self.data.join("docker"))
            .arg("--exec-root")
            .arg(self.run.join("exec"))
            .arg("--pidfile")
            .arg(self.pid_file())
            .args(["--host", &self.host()])
            .args(["--bip", &format!("{}.128.1/24", network.prefix())])
            .args(["--cgroup-parent", &self.cgroup.path()]);
        command
    }

    /// The tasks' network, with a way in for the host: a published port of a task is a port of
    /// its own address.
    fn make_network(&self, network: &Network) -> Result<()> {
        if !succeeds(&mut self.docker(&["network", "inspect", NETWORK])) {
            let subnet = format!("{}.132.0/22", network.prefix());
            let create = ["network", "create", "--subnet", &subnet, "--gateway"];
            let name = [gateway(network), NETWORK.to_owned()];
            stdout(self.docker(&create).args(name))?;
        }
        let rule = ["DOCKER-USER", "-j", "ACCEPT"];
        if !succeeds(self.iptables().arg("-C").args(rule)) {
            stdout(self.iptables().arg("-I").args(rule))?;
        }
        self.node.receive(&format!("{}.128.0/18", network.prefix()))
    }

    fn iptables(&self) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = self.node.enter("iptables");
        command
            .env("PATH", format!("{path}:/usr/sbin:/sbin"))
            .arg("--wait");
        command
    }

    /// Stops it with all its containers and removes its network.
    pub(super) fn stop(&self) -> Result<()> {
        if self.answers() {
            self.remove_containers()?;
        }
        self.daemon.stop()?;
        self.cgroup.remove()?;
        self.node.remove()
    }

    /// Removes every container, whatever it does.
    pub(super) fn remove_containers(&self) -> Result<()> {
        let containers = self.containers()?;
        if containers.is_empty() {
            return Ok(());
        }
        stdout(
            self.docker(&["rm", "--force", "--volumes"])
                .args(containers),
        )
        .map(drop)
    }

    /// Whether it answers.
    pub(super) fn answers(&self) -> bool {
        succeeds(&mut self.docker(&["info"]))
    }

    /// The containers there are, running or not.
    pub(super) fn containers(&self) -> Result<Vec<String>> {
        let listed = stdout(&mut self.docker(&["ps", "--all", "--quiet"]))?;
        Ok(listed.lines().map(str::to_owned).collect())
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

/// The address of the tasks' bridge.
pub(super) fn gateway(network: &Network) -> String {
    format!("{}.132.1", network.prefix())
}

fn succeeds(command: &mut Command) -> bool {
    output(command).is_ok_and(|said| said.status.success())
}

fn install_programs() -> Result<()> {
    for (program, package) in [
        ("dockerd", "docker.io"),
        ("docker", "docker.io"),
        ("ip", "iproute2"),
        ("iptables", "iptables"),
        ("nsenter", "util-linux"),
    ] {
        if !exists(program) && !Path::new("/usr/sbin").join(program).is_file() {
            install(package)?;
        }
    }
    Ok(())
}
