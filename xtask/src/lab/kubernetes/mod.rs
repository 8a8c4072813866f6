//! Kubernetes 1.34, real: built from its Go modules, with etcd, containerd and CNI from Debian.

pub(crate) mod check;
mod control;
mod node;
mod settings;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::daemon::{Daemon, stop_all};
use super::go::{Linking, Module};
use super::image::Archive;
use super::network::Network;
use super::{Instance, Part, State, Variable};
use crate::command::{exists, stdout};
use crate::tools::install;
use node::ClusterNode;

/// How long nodes may take to be ready on a loaded machine.
const READY: Duration = Duration::from_mins(2);

/// Where the cluster's registry of images answers.
const REGISTRY_PORT: u16 = 5000;

/// The programs, and what they say of themselves.
const PROGRAMS: Module = Module {
    folder: "kubernetes",
    packages: &[".", "./kubectl"],
    linking: Linking::Any,
    variables: &[
        ("k8s.io/component-base/version.gitVersion", "v1.34.4"),
        ("k8s.io/component-base/version.gitMajor", "1"),
        ("k8s.io/component-base/version.gitMinor", "34"),
    ],
};

/// A cluster: where its files are and which addresses it has.
struct Cluster {
    /// Sockets, pids, logs and settings.
    run: PathBuf,
    /// The store, volumes and images.
    data: PathBuf,
    /// The program of all components.
    program: PathBuf,
    /// The addresses of services inside.
    services: String,
    /// The addresses of services outside.
    published: String,
    nodes: Vec<ClusterNode>,
    first: super::network::Node,
}

/// Brings the cluster up, or what is missing of it.
pub(super) fn up(instance: &Instance) -> Result<()> {
    install_programs()?;
    let programs = PROGRAMS.build()?;
    let archive = Archive::of_probe(&[settings::PAUSE.to_owned()])?;
    instance.make_folders(Part::Kubernetes)?;
    let cluster = Cluster::new(instance, &instance.network()?, &programs);
    cluster.connect()?;
    cluster.import(&archive)?;
    cluster.start_control()?;
    for node in &cluster.nodes {
        node.start(&cluster)?;
    }
    cluster.wait()
}

/// Takes it down with all its pods.
pub(super) fn down(instance: &Instance) -> Result<()> {
    let Some(cluster) = existing(instance) else {
        return Ok(());
    };
    stop_all(&cluster.all_daemons())?;
    for node in &cluster.nodes {
        node.remove()?;
    }
    Ok(())
}

/// How it is.
pub(super) fn status(instance: &Instance) -> Result<State> {
    let Some(cluster) = existing(instance) else {
        return Ok(State::Absent);
    };
    cluster.state()
}

/// What points `kubectl` at it.
pub(super) fn env(instance: &Instance) -> Vec<Variable> {
    let Some(cluster) = existing(instance) else {
        return Vec::new();
    };
    vec![("KUBECONFIG", cluster.kubeconfig().display().to_string())]
}

/// The cluster's own `kubectl`, which is built with it.
pub(crate) fn kubectl() -> PathBuf {
    super::go::programs().join("kubectl")
}

/// The same, built if need be.
pub(crate) fn kubectl_built() -> Result<PathBuf> {
    Ok(PROGRAMS.build()?.join("kubectl"))
}

/// Lets it pull images.
pub(super) fn import(instance: &Instance, archive: &Archive) -> Result<()> {
    let cluster = existing(instance).context("there is no cluster")?;
    cluster.import(archive)
}

fn existing(instance: &Instance) -> Option<Cluster> {
    if !instance.run_folder(Part::Kubernetes).exists() {
        return None;
    }
    let network = instance.existing_network()?;
    Some(Cluster::new(instance, &network, &super::go::programs()))
}

fn install_programs() -> Result<()> {
    for (program, package) in [
        ("etcd", "etcd-server"),
        ("containerd", "containerd"),
        ("runc", "runc"),
        ("/usr/lib/cni/ptp", "containernetworking-plugins"),
        ("ip", "iproute2"),
        ("iptables", "iptables"),
        ("nsenter", "util-linux"),
        ("sysctl", "procps"),
    ] {
        if !exists(program) && !Path::new("/usr/sbin").join(program).is_file() {
            install(package)?;
        }
    }
    Ok(())
}

/// Debian keeps `iptables` where not every caller looks.
fn add_path(command: &mut Command) {
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{path}:/usr/sbin:/sbin"));
}

impl Cluster {
    fn new(instance: &Instance, network: &Network, programs: &Path) -> Self {
        let prefix = network.prefix();
        let nodes = 1..=instance.nodes(Part::Kubernetes);
        Self {
            run: instance.run_folder(Part::Kubernetes),
            data: instance.data_folder(Part::Kubernetes),
            program: programs.join("kubernetes"),
            services: format!("{prefix}.32.0/20"),
            published: format!("{prefix}.1.0/24"),
            nodes: nodes
                .map(|number| ClusterNode::new(instance, network, number))
                .collect(),
            first: network.node(Part::Kubernetes, 1),
        }
    }

    /// Where the interface answers, and DNS.
    fn address(&self) -> &str {
        &self.first.address
    }

    fn registry(&self) -> String {
        format!("{}:{REGISTRY_PORT}", self.address())
    }

    fn kubeconfig(&self) -> PathBuf {
        self.run.join("kubeconfig")
    }

    fn certificates(&self) -> PathBuf {
        self.run.join("certificates")
    }

    /// The interface's certificate with that of its maker.
    fn certificate(&self) -> PathBuf {
        self.certificates().join("apiserver.crt")
    }

    /// The key that signs the tokens of service accounts.
    fn key(&self) -> PathBuf {
        self.run.join("service-accounts.key")
    }

    fn enter(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = self.first.enter(program);
        add_path(&mut command);
        command
    }

    /// A command on the cluster.
    fn kubectl(&self) -> Command {
        let mut command = Command::new(kubectl());
        command.env("KUBECONFIG", self.kubeconfig());
        command
    }

    /// Makes the networks of all nodes and the routes between them.
    fn connect(&self) -> Result<()> {
        for node in &self.nodes {
            node.connect()?;
        }
        for range in [&self.services, &self.published] {
            self.first.receive(range)?;
        }
        for from in &self.nodes {
            for to in self.nodes.iter().filter(|to| to.pods != from.pods) {
                from.node.route(&to.pods, &to.node)?;
            }
        }
        Ok(())
    }

    /// Puts images where the registry finds them.
    fn import(&self, archive: &Archive) -> Result<()> {
        let folder = self.data.join("images");
        fs::create_dir_all(&folder)?;
        // A file of another inode: the registry may be reading the old one.
        fs::copy(&archive.file, folder.join("new.tar"))?;
        fs::rename(folder.join("new.tar"), folder.join("image.tar"))?;
        let known = fs::read_to_string(folder.join("names")).unwrap_or_default();
        let mut names: BTreeSet<&str> = known.lines().collect();
        names.extend(archive.names.iter().map(String::as_str));
        let names: Vec<&str> = names.into_iter().collect();
        fs::write(folder.join("names"), names.join("\n"))?;
        let hosts = self.run.join("registries/_default");
        fs::create_dir_all(&hosts)?;
        fs::write(
            hosts.join("hosts.toml"),
            settings::registry_hosts(&self.registry()),
        )?;
        Ok(())
    }

    /// Waits until every node is ready and pods can be created.
    fn wait(&self) -> Result<()> {
        let state = std::cell::RefCell::new(String::new());
        let is_ready = || match self.state() {
            Ok(State::Running(_)) => true,
            Ok(State::Broken(reason)) => {
                state.replace(reason);
                false
            }
            Ok(State::Absent) | Err(_) => false,
        };
        let [.., kubelet, _] = self.nodes.last().context("no node")?.daemons();
        kubelet
            .wait(READY, is_ready)
            .with_context(|| state.borrow().clone())
    }

    fn all_daemons(&self) -> Vec<Daemon> {
        let of_nodes = self.nodes.iter().flat_map(ClusterNode::daemons);
        self.daemons().into_iter().chain(of_nodes).collect()
    }

    fn state(&self) -> Result<State> {
        for daemon in self.all_daemons() {
            if !daemon.runs() {
                let lines = daemon.last_lines();
                return Ok(State::Broken(format!("not running: {lines}")));
            }
        }
        let condition = r#"jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{" "}{.status.nodeInfo.kubeletVersion}{"\n"}{end}"#;
        let nodes = stdout(self.kubectl().args(["get", "nodes", "-o", condition]))?;
        let ready = nodes.lines().filter(|line| line.starts_with("True "));
        let (ready, wanted) = (ready.count(), self.nodes.len());
        if ready < wanted {
            return Ok(State::Broken(format!(
                "{ready} of {wanted} nodes are ready"
            )));
        }
        // Made by the controllers; no pod is admitted without it.
        stdout(self.kubectl().args(["get", "serviceaccount", "default"]))?;
        let version = nodes.split_whitespace().nth(1).unwrap_or_default();
        Ok(State::Running(format!(
            "Kubernetes {version}, {ready} node(s), https://{}:6443; kubectl is {}",
            self.address(),
            kubectl().display()
        )))
    }
}
