//! The stack file we render, deployed by Docker's own command.

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::command::{stdout, succeed};
use crate::lab::{self, Instance, Part};
use crate::paths::{root, scratch};
use crate::report::Verdict;
use crate::{demo, tools};

/// The laboratory of this test: nobody else's.
const NAME: &str = "checkstack";

/// How long the shop may take to come up.
const LIMIT: Duration = Duration::from_mins(3);

/// Renders the shop, deploys the file, and waits until every service runs.
pub(crate) fn check() -> Result<Verdict> {
    lab::within(NAME, Part::Swarm, |instance| {
        let services = deploy(instance)?;
        Ok(format!("{} services came up", services.lines().count()))
    })
}

fn deploy(instance: &Instance) -> Result<String> {
    lab::import(instance, &demo::images()?)?;
    let folder = scratch("stack-file");
    let into = folder.to_string_lossy();
    succeed(
        Command::new(tools::tranship()?)
            .args(["convert", "--quiet", "--to", "swarm", "--output", &into])
            .current_dir(root().join("fixtures/stacks/shop")),
    )?;
    let host = lab::swarm::host(instance)?;
    let file = folder.join("stack.yaml");
    let options = ["--detach=true", "--resolve-image", "never", "-c"];
    let mut deploy = docker(&host, &["stack", "deploy"]);
    deploy.args(options).arg(&file).arg("shop");
    succeed(deploy.stdout(Stdio::null()))?;
    wait(&host)
}

fn docker(host: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("docker");
    command.env("DOCKER_HOST", host).args(arguments);
    command
}

/// Waits until every service runs all its tasks or, for jobs, completed them.
fn wait(host: &str) -> Result<String> {
    let start = Instant::now();
    let format = ["--format", "{{.Name}} {{.Replicas}}"];
    loop {
        let services = stdout(docker(host, &["stack", "services", "shop"]).args(format))?;
        let mut waiting = Vec::new();
        for line in services.lines() {
            if !replicas_are_there(line) && !completed(host, line)? {
                waiting.push(line);
            }
        }
        if waiting.is_empty() && !services.is_empty() {
            return Ok(services);
        }
        if start.elapsed() > LIMIT {
            let tasks = stdout(&mut docker(host, &["stack", "ps", "--no-trunc", "shop"]))?;
            let waiting = waiting.join(", ");
            bail!("after {LIMIT:?} these wait: {waiting}\n{tasks}");
        }
        sleep(Duration::from_millis(500));
    }
}

/// Whether every task of a service ended well, which counts no longer as a replica.
fn completed(host: &str, line: &str) -> Result<bool> {
    let service = line.split(' ').next().unwrap_or_default();
    let format = ["--format", "{{.CurrentState}}"];
    let states = stdout(docker(host, &["service", "ps", service]).args(format))?;
    Ok(!states.is_empty() && states.lines().all(|state| state.starts_with("Complete")))
}

/// Whether `docker stack services` shows as many replicas as wanted: `shop_web 2/2`.
fn replicas_are_there(line: &str) -> bool {
    let counts = line
        .split(' ')
        .nth(1)
        .and_then(|counts| counts.split_once('/'));
    counts.is_some_and(|(running, wanted)| running == wanted && wanted != "0")
}
