//! The live check of the cluster: it comes up, works, heals, and goes without a trace.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::{Cluster, State, existing};
use crate::command::stdout;
use crate::lab::{self, Instance, Part, go};
use crate::report::Verdict;

/// The instance of the check: nobody else's.
const NAME: &str = "checkkube";

/// How long something asked for may take on a loaded machine.
const LIMIT: &str = "90s";

/// What it runs.
const OBJECTS: &str = include_str!("check.yaml");

/// Runs it.
pub(crate) fn run() -> Result<Verdict> {
    if let Some(obstacle) = lab::obstacle().or_else(go::obstacle) {
        return Ok(Verdict::Skipped(obstacle.to_owned()));
    }
    let instance = Instance::named(NAME)?;
    lab::down(&instance, &[Part::Kubernetes])?;
    let passed = in_laboratory(&instance);
    let network = instance.existing_network();
    lab::down(&instance, &[Part::Kubernetes])?;
    let passed = passed?;
    let mut remains = instance.remains(Part::Kubernetes)?;
    if let Some(network) = network {
        remains.extend(Instance::routes_to(&network)?);
    }
    ensure!(remains.is_empty(), "left behind: {remains:#?}");
    Ok(passed)
}

fn in_laboratory(instance: &Instance) -> Result<Verdict> {
    // What is built and installed for the first time is not part of the time it takes.
    lab::up(instance, &[Part::Kubernetes])?;
    let names = ["check.example/probe:1", "check.example/probe:latest"];
    lab::import(instance, &names.map(str::to_owned))?;
    let cluster = existing(instance).context("there is no cluster")?;
    let start = Instant::now();
    cluster.apply(OBJECTS)?;
    cluster.check_pods()?;
    let took = start.elapsed();
    cluster.check_services()?;
    cluster.check_volume()?;
    cluster.check_missing_image()?;
    heals(instance, &cluster)?;
    Ok(Verdict::Passed(format!(
        "pods, names, published ports, volumes and logs work; first pods after {:.1} s",
        took.as_secs_f32()
    )))
}

/// A part of it that ended is seen, and started by the next `up`; pods go on meanwhile.
fn heals(instance: &Instance, cluster: &Cluster) -> Result<()> {
    let [_, apiserver, ..] = cluster.daemons();
    apiserver.stop()?;
    let state = cluster.state()?;
    ensure!(
        matches!(state, State::Broken(_)),
        "a loss is not seen: {state:?}"
    );
    cluster.get(&format!("http://{}:8081/version", cluster.address()))?;
    lab::up(instance, &[Part::Kubernetes])?;
    let state = cluster.state()?;
    ensure!(
        matches!(state, State::Running(_)),
        "it does not heal: {state:?}"
    );
    Ok(())
}

impl Cluster {
    /// A command on the check's namespace that has to succeed.
    fn ask(&self, arguments: &[&str]) -> Result<String> {
        stdout(
            self.kubectl()
                .args(["--namespace", "check"])
                .args(arguments),
        )
    }

    fn check_pods(&self) -> Result<()> {
        for workload in ["deployment/web", "daemonset/agent"] {
            let timeout = format!("--timeout={LIMIT}");
            self.ask(&["rollout", "status", workload, &timeout])?;
        }
        let logs = self.ask(&["logs", "deployment/web"])?;
        ensure!(logs.contains("listens on :8080"), "no logs: {logs}");
        Ok(())
    }

    /// By name inside; by an address of its own, by the node's port, and by a host port outside.
    fn check_services(&self) -> Result<()> {
        let ingress = "jsonpath={.status.loadBalancer.ingress[0].ip} {.spec.ports[0].nodePort}";
        let published = self.ask(&["get", "service", "web-published", "-o", ingress])?;
        let (address, port) = published.split_once(' ').context("no address")?;
        let node = self.address();
        let inside = "get?url=http://web:8000/version";
        for url in [
            format!("http://{address}/version"),
            format!("http://{address}/{inside}"),
            format!("http://{node}:{port}/version"),
        ] {
            let version = self.get(&url)?;
            ensure!(version == "check.example/probe:1\n", "{url} is {version}");
        }
        // With this tag the image is asked for again each time: the registry answers.
        let version = self.get(&format!("http://{node}:8081/version"))?;
        ensure!(
            version == "check.example/probe:latest\n",
            "the agent is {version}"
        );
        let echo = self.probe(&["udp", "-retry", LIMIT, &format!("{address}:90")])?;
        ensure!(echo == "hello\n", "the echo is {echo}");
        Ok(())
    }

    /// Both pods see one volume.
    fn check_volume(&self) -> Result<()> {
        let addresses = "jsonpath={.items[*].status.podIP}";
        let pods = self.ask(&["get", "pods", "-l", "app=web", "-o", addresses])?;
        let pods: Vec<&str> = pods.split_whitespace().collect();
        let [first, second] = pods[..] else {
            anyhow::bail!("not two pods: {pods:?}");
        };
        self.get(&format!("http://{first}:8080/write/shared/note?text=hello"))?;
        let read = self.get(&format!("http://{second}:8080/file/shared/note"))?;
        ensure!(read == "hello", "the other pod reads {read}");
        Ok(())
    }

    /// An image nobody has fails at once, as one does that a real registry does not have.
    fn check_missing_image(&self) -> Result<()> {
        let reason = "jsonpath={.status.containerStatuses[0].state.waiting.reason}";
        let start = Instant::now();
        loop {
            let reason = self.ask(&["get", "pod", "missing", "-o", reason])?;
            if ["ErrImagePull", "ImagePullBackOff"].contains(&reason.as_str()) {
                return Ok(());
            }
            ensure!(start.elapsed() < Duration::from_mins(1), "it is {reason:?}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// What a URL answers this machine.
    fn get(&self, url: &str) -> Result<String> {
        self.probe(&["client", "-retry", LIMIT, url])
    }

    fn probe(&self, arguments: &[&str]) -> Result<String> {
        stdout(Command::new(self.program.with_file_name("probe")).args(arguments))
    }
}
