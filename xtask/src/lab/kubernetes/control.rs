//! The control plane: the store, the interface, and the programs that act on it. All of it runs
//! in the first node's network.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::{Cluster, settings};
use crate::command::{output, stdout};
use crate::lab::daemon::Daemon;

/// How long a program may take to answer on a loaded machine.
const START: Duration = Duration::from_mins(2);

/// The programs, in the order in which they start.
pub(super) const PROGRAMS: [&str; 6] = [
    "etcd",
    "apiserver",
    "controllers",
    "scheduler",
    "provider",
    "dns",
];

impl Cluster {
    /// The programs of the control plane, whether they run or not.
    pub(super) fn daemons(&self) -> [Daemon; 6] {
        PROGRAMS.map(|name| Daemon::new(&self.run, name))
    }

    /// Starts what does not run, and waits until it answers.
    pub(super) fn start_control(&self) -> Result<()> {
        let [etcd, apiserver, controllers, scheduler, provider, dns] = self.daemons();
        etcd.start(&mut self.etcd())?;
        etcd.wait(START, || etcd.listens(2379))?;
        let token = self.prepare()?;
        apiserver.start(&mut self.apiserver())?;
        apiserver.wait(START, || self.certificate().exists())?;
        fs::write(self.kubeconfig(), settings::kubeconfig(self, &token))?;
        apiserver.wait(START, || self.answers())?;
        controllers.start(&mut self.controllers())?;
        scheduler.start(&mut self.scheduler())?;
        provider.start(&mut self.provider())?;
        fs::write(self.run.join("Corefile"), settings::dns(self))?;
        let config = self.run.join("Corefile");
        dns.start(self.program("dns").arg("-conf").arg(config))?;
        provider.wait(START, || provider.listens(super::REGISTRY_PORT))?;
        dns.wait(START, || dns.listens(53))?;
        self.apply(settings::OBJECTS)
    }

    /// Makes the key and the token, once, and returns the token.
    fn prepare(&self) -> Result<String> {
        let key = self.key();
        if !key.exists() {
            stdout(Command::new(&self.program).arg("key").arg(&key))?;
        }
        let tokens = self.run.join("tokens");
        if !tokens.exists() {
            fs::write(&tokens, format!("{},admin,1,system:masters\n", random()?))?;
        }
        let line = fs::read_to_string(&tokens)?;
        let (token, _) = line.split_once(',').context("no token")?;
        Ok(token.to_owned())
    }

    fn answers(&self) -> bool {
        let mut ready = self.kubectl();
        ready.args(["get", "--raw", "/readyz"]);
        output(&mut ready).is_ok_and(|said| said.status.success())
    }

    /// Creates objects as a file says.
    pub(super) fn apply(&self, objects: &str) -> Result<()> {
        let file = self.run.join("objects.yaml");
        fs::write(&file, objects)?;
        stdout(self.kubectl().arg("apply").arg("-f").arg(file)).map(drop)
    }

    fn etcd(&self) -> Command {
        let mut command = self.enter("etcd");
        let url = "http://127.0.0.1:2379";
        command
            .arg("--data-dir")
            .arg(self.data.join("etcd"))
            .args(["--listen-client-urls", url, "--advertise-client-urls", url])
            .args(["--listen-peer-urls", "http://127.0.0.1:2380"])
            // What is lost with a crash of the machine is made anew.
            .args(["--unsafe-no-fsync", "--log-level", "warn"]);
        command
    }

    fn apiserver(&self) -> Command {
        let mut command = self.program("apiserver");
        command
            .args(["--etcd-servers", "http://127.0.0.1:2379"])
            .args(["--secure-port", "6443", "--allow-privileged"])
            .args(["--advertise-address", self.address()])
            // Nodes have names, but no name server outside the cluster knows them.
            .args(["--kubelet-preferred-address-types", "InternalIP"])
            .args(["--service-cluster-ip-range", &self.services])
            .args(["--authorization-mode", "Node,RBAC"])
            .args(["--service-account-issuer", "https://kubernetes.default.svc"])
            .args(path("--cert-dir", &self.certificates()))
            .args(path("--token-auth-file", &self.run.join("tokens")))
            .args(path("--service-account-key-file", &self.key()))
            .args(path("--service-account-signing-key-file", &self.key()));
        command
    }

    fn controllers(&self) -> Command {
        let mut command = self.program("controllers");
        command
            .args(["--leader-elect=false", "--secure-port=0"])
            .arg("--use-service-account-credentials")
            .args(path("--kubeconfig", &self.kubeconfig()))
            .args(path("--root-ca-file", &self.certificate()))
            .args(path("--service-account-private-key-file", &self.key()));
        command
    }

    fn scheduler(&self) -> Command {
        let mut command = self.program("scheduler");
        command
            .args(["--leader-elect=false", "--secure-port=0"])
            .args(path("--kubeconfig", &self.kubeconfig()));
        command
    }

    fn provider(&self) -> Command {
        let mut command = self.program("provider");
        command
            .args(path("-kubeconfig", &self.kubeconfig()))
            .args(path("-volumes", &self.data.join("volumes")))
            .args(path("-images", &self.data.join("images")))
            .args(["-addresses", &self.published, "-registry", &self.registry()]);
        command
    }

    /// A command that runs one of our programs in the first node's network.
    fn program(&self, name: &str) -> Command {
        let mut command = self.enter(&self.program);
        command.arg(name);
        command
    }
}

fn path(flag: &str, path: &Path) -> [String; 2] {
    [flag.to_owned(), path.display().to_string()]
}

fn random() -> Result<String> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}
