//! `cargo xtask scale`: deploying many services, beside the orchestrators' own commands.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;

use crate::command::succeed;
use crate::lab::{self, Instance, Part};
use crate::tools;

/// The laboratory of this measurement: nobody else's.
const NAME: &str = "scale";

/// The image of every service: the laboratory's test program.
const IMAGE: &str = "scale.example/app:1.0";

/// Swarm gives out two addresses for each service, and a network of its own making has no room for
/// many: `docker stack deploy` waits then without an end.
const SUBNET: &str = "192.168.64.0/22";

/// How long a peer may wait for its services.
const LIMIT: &str = "--timeout=20m";

/// How much to deploy.
#[derive(Args)]
pub(crate) struct Options {
    /// Number of services
    #[arg(long, default_value_t = 200)]
    services: usize,
    /// Which orchestrators; Kubernetes and Swarm when none is named
    parts: Vec<Part>,
}

/// Seconds one command took.
#[derive(Clone, Copy, Default)]
struct Took {
    /// Until everything was written.
    written: f64,
    /// Until everything ran.
    ran: f64,
    /// To do it again, with nothing to change.
    again: f64,
}

/// Deploys as many services by the peer and by us, and prints the seconds and their ratios.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let instance = Instance::named(NAME)?;
    let stack = Stack::new(options.services)?;
    let parts = match &options.parts[..] {
        [] => vec![Part::Kubernetes, Part::Swarm],
        named => named.to_vec(),
    };
    println!(
        "| {} services | written | running | again |",
        options.services
    );
    println!("|---|---|---|---|");
    for part in parts {
        lab::down(&instance, &[part])?;
        let measured = lab::up(&instance, &[part])
            .and_then(|()| lab::import(&instance, &[IMAGE.to_owned()]))
            .and_then(|()| stack.measure(&instance, part));
        lab::down(&instance, &[part])?;
        if let Some((peer, theirs, ours)) = measured? {
            print(peer, theirs, ours, part);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(peer: &str, theirs: Took, ours: Took, part: Part) {
    let row = |name: &str, took: Took, unit: &str| {
        let Took {
            written,
            ran,
            again,
        } = took;
        println!("| {name} | {written:.2}{unit} | {ran:.2}{unit} | {again:.2}{unit} |");
    };
    row(peer, theirs, " s");
    row(&format!("tranship deploy --to {}", part.name()), ours, " s");
    let ratio = Took {
        written: ours.written / theirs.written,
        ran: ours.ran / theirs.ran,
        again: ours.again / theirs.again,
    };
    row("ratio", ratio, "");
}

/// The services, in a folder of their own.
struct Stack {
    folder: tempfile::TempDir,
    binary: PathBuf,
}

impl Stack {
    fn new(services: usize) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("scale").tempdir()?;
        let mut text = format!(
            "name: scale\nnetworks: {{ default: {{ ipam: {{ config: [{{ subnet: {SUBNET} }}] }} }} }}\n\
             services:\n"
        );
        for number in 0..services {
            write!(
                text,
                "  s{number}:\n    image: {IMAGE}\n    environment: {{ NUMBER: \"{number}\" }}\n    expose: [8080]\n"
            )?;
        }
        fs::write(folder.path().join("compose.yaml"), text)?;
        let binary = tools::optimised()?.0;
        Ok(Self { folder, binary })
    }

    /// The peer's name, what it took and what we took; nothing where there is no peer.
    fn measure(
        &self,
        instance: &Instance,
        part: Part,
    ) -> Result<Option<(&'static str, Took, Took)>> {
        let peer = match part {
            Part::Kubernetes => ("kubectl apply", self.kubectl(instance)?),
            Part::Swarm => ("docker stack deploy", self.docker(instance)?),
            // Nothing applies a folder of its objects.
            Part::Ecs => return Ok(None),
        };
        Ok(Some((peer.0, peer.1, self.ours(instance, part)?)))
    }

    fn tranship(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn rendered(&self, part: Part) -> Result<PathBuf> {
        let folder = self.folder.path().join(part.name());
        let into = folder.to_string_lossy();
        succeed(&mut self.tranship(&["convert", "--to", part.name(), "--output", &into]))?;
        Ok(folder)
    }

    fn kubectl(&self, instance: &Instance) -> Result<Took> {
        let folder = self.rendered(Part::Kubernetes)?;
        let kubectl = |arguments: &[&str]| {
            let mut command = Command::new(lab::kubernetes::kubectl());
            command
                .envs(lab::variables(instance, Part::Kubernetes))
                .args(["--namespace", "peer"])
                .args(arguments)
                .stdout(Stdio::null());
            command
        };
        succeed(&mut kubectl(&["create", "namespace", "peer"]))?;
        let folder = folder.to_string_lossy();
        let apply = ["apply", "--recursive", "--filename", &folder];
        let start = Instant::now();
        succeed(&mut kubectl(&apply))?;
        let written = start.elapsed().as_secs_f64();
        let available = [
            "wait",
            "--for=condition=Available",
            "deployment",
            "--all",
            LIMIT,
        ];
        succeed(&mut kubectl(&available))?;
        let ran = start.elapsed().as_secs_f64();
        let again = seconds(&mut kubectl(&apply))?;
        succeed(&mut kubectl(&["delete", "namespace", "peer", "--wait"]))?;
        Ok(Took {
            written,
            ran,
            again,
        })
    }

    fn docker(&self, instance: &Instance) -> Result<Took> {
        let file = self.rendered(Part::Swarm)?.join("stack.yaml");
        let docker = |arguments: &[&str]| {
            let mut command = Command::new("docker");
            command
                .envs(lab::variables(instance, Part::Swarm))
                .args(arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command
        };
        let deploy = |detach: &str| {
            let mut command = docker(&["stack", "deploy", detach, "--resolve-image", "never"]);
            command.arg("--compose-file").arg(&file).arg("peer");
            command
        };
        let written = seconds(&mut deploy("--detach=true"))?;
        remove_stack(&docker)?;
        let ran = seconds(&mut deploy("--detach=false"))?;
        let again = seconds(&mut deploy("--detach=true"))?;
        remove_stack(&docker)?;
        Ok(Took {
            written,
            ran,
            again,
        })
    }

    fn ours(&self, instance: &Instance, part: Part) -> Result<Took> {
        let events = self.folder.path().join("events");
        let deploy = || {
            let mut command = self.tranship(&["deploy", "--to", part.name()]);
            command
                .args(["--timeout", "20m", "--events"])
                .arg(&events)
                .envs(lab::variables(instance, part))
                .env("TRANSHIP_NAMESPACE", "ours")
                .env("TRANSHIP_CREATE_NAMESPACE", "true");
            command
        };
        let ran = seconds(&mut deploy())?;
        let written = written(&events)?;
        let again = seconds(&mut deploy())?;
        Ok(Took {
            written,
            ran,
            again,
        })
    }
}

fn seconds(command: &mut Command) -> Result<f64> {
    let start = Instant::now();
    succeed(command)?;
    Ok(start.elapsed().as_secs_f64())
}

/// Removes the peer's stack, and waits until its last container is gone.
fn remove_stack(docker: &impl Fn(&[&str]) -> Command) -> Result<()> {
    succeed(&mut docker(&["stack", "rm", "peer"]))?;
    let mut list = docker(&["ps", "--all", "--quiet"]);
    list.stdout(Stdio::piped());
    while !list.output()?.stdout.is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
    Ok(())
}

/// The seconds from the first event to the last write that was done.
fn written(events: &Path) -> Result<f64> {
    let text = fs::read_to_string(events)?;
    let events: Vec<Value> = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let at = |event: &Value| event.get("time").and_then(Value::as_str).and_then(of_day);
    let is_done = |event: &&Value| event.get("state") == Some(&"done".into());
    let first = events.first().and_then(at);
    let last = events.iter().rev().find(is_done).and_then(at);
    let (first, last) = first.zip(last).context("nothing was written")?;
    // A run may pass midnight.
    Ok((last - first).rem_euclid(86_400.0))
}

/// The seconds of the day of `2026-01-31T12:00:00.000Z`.
fn of_day(time: &str) -> Option<f64> {
    let (_, time) = time.strip_suffix('Z')?.split_once('T')?;
    let parts: Vec<f64> = time
        .split(':')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let [hours, minutes, seconds] = parts[..] else {
        return None;
    };
    Some(hours.mul_add(3600.0, minutes.mul_add(60.0, seconds)))
}
