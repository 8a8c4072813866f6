//! A node: containers, the agent that starts them, and the rules that carry services.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::{Cluster, settings};
use crate::command::stdout;
use crate::lab::cgroup::Cgroup;
use crate::lab::daemon::Daemon;
use crate::lab::network::{Network, Node};
use crate::lab::{Instance, Part};

/// How long a daemon may take to answer on a loaded machine.
const START: Duration = Duration::from_mins(1);

/// One node of the cluster.
pub(super) struct ClusterNode {
    /// Its network.
    pub(super) node: Node,
    /// Where its pods' processes are.
    pub(super) cgroup: Cgroup,
    /// Its pods' addresses.
    pub(super) pods: String,
    /// Its sockets, pids, logs and settings.
    pub(super) run: PathBuf,
    /// Its images, containers and volumes' mounts.
    pub(super) data: PathBuf,
    number: u8,
}

impl ClusterNode {
    /// A node by its number, from 1, whether it runs or not.
    pub(super) fn new(instance: &Instance, network: &Network, number: u8) -> Self {
        let node = network.node(Part::Kubernetes, number);
        Self {
            cgroup: Cgroup::new(node.namespace.clone()),
            node,
            pods: format!("{}.{}.0/24", network.prefix(), 16 + number),
            run: instance
                .run_folder(Part::Kubernetes)
                .join(number.to_string()),
            data: instance
                .data_folder(Part::Kubernetes)
                .join(number.to_string()),
            number,
        }
    }

    /// What the cluster calls it.
    pub(super) fn name(&self) -> String {
        format!("node-{}", self.number)
    }

    /// Where its containerd answers.
    pub(super) fn socket(&self) -> PathBuf {
        self.run.join("containerd.sock")
    }

    /// Its programs, in the order in which they start.
    pub(super) fn daemons(&self) -> [Daemon; 3] {
        ["containerd", "kubelet", "proxy"].map(|name| Daemon::new(&self.run, name))
    }

    /// Makes its network: its pods are reached from the machine.
    pub(super) fn connect(&self) -> Result<()> {
        self.node.create()?;
        let forward = "net.ipv4.ip_forward=1";
        stdout(self.node.enter("sysctl").args(["-q", "-w", forward]))?;
        self.node.receive(&self.pods)
    }

    /// Starts what does not run.
    pub(super) fn start(&self, cluster: &Cluster) -> Result<()> {
        self.write_settings(cluster)?;
        self.cgroup.create()?;
        let [containerd, kubelet, proxy] = self.daemons();
        let config = self.run.join("containerd.toml");
        containerd.start(self.enter("containerd").arg("--config").arg(config))?;
        containerd.wait(START, || self.socket().exists())?;
        kubelet.start(&mut self.kubelet(cluster))?;
        let config = self.run.join("proxy.yaml");
        let mut command = self.enter(&cluster.program);
        proxy.start(command.args(["proxy", "--config"]).arg(config))
    }

    fn kubelet(&self, cluster: &Cluster) -> Command {
        let mut command = self.enter(&cluster.program);
        command
            .args(["kubelet", "--node-ip", &self.node.address])
            .args(["--hostname-override", &self.name()])
            .arg("--config")
            .arg(self.run.join("kubelet.yaml"))
            .arg("--kubeconfig")
            .arg(cluster.kubeconfig())
            .arg("--root-dir")
            .arg(self.data.join("kubelet"))
            .arg("--cert-dir")
            .arg(self.run.join("kubelet-certificates"));
        command
    }

    fn write_settings(&self, cluster: &Cluster) -> Result<()> {
        for folder in [self.run.join("cni"), self.data.join("log")] {
            fs::create_dir_all(folder)?;
        }
        let write = |name: &str, text: String| write_if_new(&self.run.join(name), &text);
        write("containerd.toml", settings::containerd(cluster, self))?;
        write("cni/pods.conflist", settings::pod_network(self))?;
        write("kubelet.yaml", settings::kubelet(cluster, self))?;
        write("proxy.yaml", settings::proxy(cluster, self))?;
        // Pods inherit it beside the cluster's own: nothing of the machine's shall leak in.
        write("resolv.conf", String::new())?;
        Ok(())
    }

    /// Kills what its pods run, and removes its network. Its programs are stopped before.
    pub(super) fn remove(&self) -> Result<()> {
        self.cgroup.remove()?;
        self.node.remove()
    }

    fn enter(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = self.node.enter(program);
        super::add_path(&mut command);
        command
    }
}

/// Leaves a file alone that says this already: kube-proxy ends when its own is written at all.
fn write_if_new(file: &Path, text: &str) -> std::io::Result<()> {
    if fs::read_to_string(file).is_ok_and(|before| before == text) {
        return Ok(());
    }
    fs::write(file, text)
}
