//! The live tests of Swarm: the real binary against Debian's engine.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::http;
use super::proxy::{Listen, Proxy, by_method};
use super::rig::{self, IMAGE, Rig, Target, Way};
use super::stacks::{self, Door, Protocol};
use super::upstream::Upstream;
use crate::command::stdout;
use crate::demo;
use crate::lab::{self, Instance, Part};
use crate::paths::root;
use crate::report::Verdict;

/// The instances of these tests: nobody else's.
const NAME: &str = "checkswarm";
const STACKS: &str = "stackswarm";

/// Runs all of them: a sample of the kills, or every one.
pub(crate) fn run(full: bool) -> Result<Verdict> {
    lab::within(NAME, Part::Swarm, |instance| {
        let mut images = demo::images()?;
        images.push(IMAGE.to_owned());
        lab::import(instance, &images)?;
        rig(instance)?.all(full)
    })
}

/// Runs the stacks of different make.
pub(crate) fn stacks() -> Result<Verdict> {
    lab::within(STACKS, Part::Swarm, |instance| {
        lab::import(instance, &[stacks::IMAGE.to_owned()])?;
        stacks::all(Part::Swarm, || rig(instance))
    })
}

fn rig(instance: &Instance) -> Result<Rig<Swarm>> {
    let folder = rig::folder()?;
    let target = Swarm::new(instance, folder.path())?;
    Rig::new(target, folder)
}

/// A swarm of one node.
struct Swarm {
    engine: String,
    socket: PathBuf,
    address: String,
    proxy: Proxy,
}

impl Target for Swarm {
    const WORKLOAD: &'static str = "/services/";
    const IS_SENT_AGAIN: bool = false;
    const ROLLOUT: &'static str = "      endpoint_mode: dnsrr
      update_config: { order: start-first, failure_action: rollback, monitor: 2s }";
    // A note is emptied before it is deleted.
    const RELEASE: usize = 2;

    fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    fn aim(&self, command: &mut Command, _stack: &str, way: Way) {
        let host = match way {
            Way::Proxied => self.proxy.address(),
            Way::Direct => &self.engine,
        };
        command.env("DOCKER_HOST", host).args(["--to", "swarm"]);
    }

    fn prepare(&self, _stack: &str) -> Result<()> {
        Ok(())
    }

    fn state(&self, stack: &str) -> Result<Value> {
        let filter = format!("label=tranship.stack={stack}");
        let mut state = serde_json::Map::new();
        for kind in ["service", "secret", "config"] {
            let listed = self.docker(&[kind, "ls", "--quiet", "--filter", &filter])?;
            let mut objects = BTreeMap::new();
            for id in listed.lines() {
                let inspect = [kind, "inspect", id, "--format", "{{json .}}"];
                let object: Value = serde_json::from_str(&self.docker(&inspect)?)?;
                let (name, content) = known(kind, &object);
                objects.insert(name, content);
            }
            state.insert(format!("{kind}s"), json!(objects));
        }
        let networks = self.networks(stack)?.into_iter().map(|(name, _)| name);
        state.insert("networks".to_owned(), networks.collect());
        Ok(Value::Object(state))
    }

    fn wipe(&self, stack: &str) -> Result<()> {
        let filter = format!("label=tranship.stack={stack}");
        for kind in ["service", "secret", "config"] {
            let listed = self.docker(&[kind, "ls", "--quiet", "--filter", &filter])?;
            for id in listed.lines() {
                self.delete(kind, id)?;
            }
        }
        for (_, id) in self.networks(stack)? {
            self.delete("network", &id)?;
        }
        Ok(())
    }

    fn is_locked(&self, stack: &str) -> Result<bool> {
        let filter = format!("name=tranship_{stack}_lock");
        let listed = self.docker(&["config", "ls", "--quiet", "--filter", &filter])?;
        Ok(!listed.is_empty())
    }

    fn nothing_left(&self, stack: &str) -> Result<()> {
        let left = self.state(stack)?;
        let nothing = json!({"services": {}, "networks": [], "secrets": {}, "configs": {}});
        ensure!(left == nothing, "left behind: {left}");
        Ok(())
    }

    fn door(&self, stack: &str, door: &Door) -> Result<String> {
        let Door {
            service,
            target,
            published,
            protocol,
        } = door;
        let port = match published {
            Some(port) => port.to_string(),
            None => self.chosen_port(&format!("{stack}_{service}"), *target, *protocol)?,
        };
        Ok(format!("{}:{port}", self.address))
    }
}

impl Swarm {
    fn new(instance: &Instance, folder: &Path) -> Result<Self> {
        let engine = lab::swarm::host(instance)?;
        let socket = engine.strip_prefix("unix://").context("no socket")?;
        let listen = Listen::Unix(folder.join("proxy.sock"));
        Ok(Self {
            socket: socket.into(),
            proxy: Proxy::start(listen, Upstream::Unix(socket.into()), by_method)?,
            address: lab::swarm::address(instance)?,
            engine,
        })
    }

    fn docker(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new("docker");
        stdout(command.env("DOCKER_HOST", &self.engine).args(arguments))
    }

    /// The port of the node that the engine chose for a port of the one task of a service.
    fn chosen_port(&self, service: &str, target: u16, protocol: Protocol) -> Result<String> {
        let container = self.container(service)?;
        let protocol = protocol.name();
        let port = self.docker(&["port", &container, &format!("{target}/{protocol}")])?;
        let port = port.lines().next().and_then(|line| line.rsplit(':').next());
        Ok(port.context("no port was chosen")?.to_owned())
    }

    /// The running container of a service with one task.
    fn container(&self, service: &str) -> Result<String> {
        let filter = format!("label=com.docker.swarm.service.name={service}");
        let found = self.docker(&["ps", "--quiet", "--filter", &filter])?;
        Ok(found.lines().next().context("no container")?.to_owned())
    }

    /// Deletes an object; networks are still in use for a moment after the last service is gone.
    fn delete(&self, kind: &str, id: &str) -> Result<()> {
        let start = Instant::now();
        while let Err(error) = self.docker(&[kind, "rm", id]) {
            let patience = start.elapsed() < Duration::from_mins(1);
            ensure!(patience, "{kind} {id} stays: {error:#}");
            std::thread::sleep(Duration::from_millis(300));
        }
        Ok(())
    }

    /// The networks of a stack: names and identities. Those that only the node still remembers
    /// are not among them; `docker network ls` shows them, and does not tell them apart.
    fn networks(&self, stack: &str) -> Result<Vec<(String, String)>> {
        let mut engine = UnixStream::connect(&self.socket)?;
        engine.write_all(
            b"GET /v1.41/networks HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n",
        )?;
        let (_, body) = http::read_answer(&mut engine)?;
        let all: Vec<Value> = serde_json::from_slice(&body)?;
        let text = |network: &Value, pointer: &str| {
            let text = network.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let ours = all.iter().filter(|network| {
            text(network, "/Labels/tranship.stack") == stack
                && network.get("Containers").is_none_or(Value::is_null)
        });
        let pair = |network| (text(network, "/Labels/tranship.name"), text(network, "/Id"));
        Ok(ours.map(pair).collect())
    }
}

impl Rig<Swarm> {
    fn all(&self, full: bool) -> Result<String> {
        let shop = self.shop()?;
        self.changes()?;
        let told = self.failures()?.join(", ");
        self.neighbours()?;
        let disturbed = rig::disturb(self, full)?;
        Ok(format!(
            "{shop} services of the shop; causes told: {told}; {disturbed}"
        ))
    }

    /// The shop comes up; deploying it again writes nothing; removed, nothing of it is left.
    fn shop(&self) -> Result<usize> {
        let shop = root().join("fixtures/stacks/shop");
        self.expect(&shop, &["deploy"], 0)?;
        let services = self
            .target
            .state("shop")?
            .get("services")
            .and_then(Value::as_object)
            .map_or(0, serde_json::Map::len);
        let (_, page) = http::get(&format!("{}:8080", self.target.address), "")?;
        ensure!(page.contains("<h1>Open</h1>"), "the shop's page is {page}");
        let again = self.expect(&shop, &["deploy"], 0)?;
        ensure!(
            again.writes.is_empty(),
            "deployed again, it wrote {:?}",
            again.writes
        );
        self.expect(&shop, &["plan", "--detailed-exitcode"], 0)?;
        self.expect(&shop, &["status"], 0)?;
        self.expect(&shop, &["remove", "--yes"], 0)?;
        self.target.nothing_left("shop")?;
        Ok(services)
    }

    /// A change of one service writes one service; changed secrets and configs reach the tasks.
    fn changes(&self) -> Result<()> {
        let folder = self.write("changes", &Self::two_services("1", IMAGE))?;
        self.expect(&folder, &["deploy"], 0)?;
        self.write("changes", &Self::two_services("2", IMAGE))?;
        let updated = self.expect(&folder, &["deploy"], 0)?;
        let services: Vec<&String> = updated
            .writes
            .iter()
            .filter(|line| line.contains("/services/"))
            .collect();
        ensure!(services.len() == 1, "one change wrote {services:?}");
        fs::write(folder.join("word"), "changed\n")?;
        fs::write(folder.join("page"), "changed\n")?;
        self.expect(&folder, &["deploy"], 0)?;
        let seen = self.inside("changes_web", "cat /run/secrets/word /page")?;
        ensure!(seen == "changed\nchanged\n", "the task sees {seen:?}");
        let again = self.expect(&folder, &["deploy"], 0)?;
        ensure!(
            again.writes.is_empty(),
            "deployed again, it wrote {:?}",
            again.writes
        );
        let secrets = self.target.docker(&["secret", "ls", "--quiet"])?;
        ensure!(
            secrets.lines().count() == 1,
            "old secrets are left: {secrets}"
        );
        self.expect(&folder, &["remove", "--yes"], 0).map(drop)
    }

    /// What does not come up is told with its cause, and leaves what ran.
    fn failures(&self) -> Result<Vec<String>> {
        let good = Self::two_services("1", IMAGE);
        let folder = self.write("fails", &good)?;
        self.expect(&folder, &["deploy"], 0)?;
        self.write("fails", &Self::two_services("1", "live.example/none:1.0"))?;
        let told = self.doomed(&folder, &[], 8, "image-missing")?;
        let running = self.target.docker(&[
            "service",
            "ps",
            "fails_web",
            "--filter",
            "desired-state=running",
            "--format",
            "{{.Image}}",
        ])?;
        ensure!(
            running.contains(IMAGE),
            "the old task was taken down: {running}"
        );
        self.write(
            "fails",
            &good.replace("failure_action: rollback", "failure_action: pause"),
        )?;
        self.expect(&folder, &["deploy"], 0)?;
        let paused = Self::two_services("1", "live.example/none:1.0");
        self.write(
            "fails",
            &paused.replace("failure_action: rollback", "failure_action: pause"),
        )?;
        self.doomed(&folder, &[], 7, "image-missing")?;
        self.expect(&folder, &["remove", "--yes"], 0)?;
        let mut all = self.first_failures()?;
        all.insert(0, told);
        Ok(all)
    }

    /// Causes of what never ran before: an image that is not there, and a process that ends.
    fn first_failures(&self) -> Result<Vec<String>> {
        let mut all = Vec::new();
        for (name, image, command, cause) in [
            (
                "noimage",
                "live.example/none:1.0",
                "sleep 600",
                "image-missing",
            ),
            ("crashes", IMAGE, "[\"false\"]", "crash-loop"),
        ] {
            let file = format!(
                "name: {name}\nservices:\n  web:\n    image: {image}\n    command: {command}\n"
            );
            let folder = self.write(name, &file)?;
            all.push(self.doomed(&folder, &[], 7, cause)?);
            self.expect(&folder, &["remove", "--yes"], 0)?;
        }
        Ok(all)
    }

    /// What is not ours is neither taken nor touched.
    fn neighbours(&self) -> Result<()> {
        let create = [
            "service",
            "create",
            "--detach",
            "--name",
            "prune_old",
            IMAGE,
            "sleep",
            "900",
        ];
        self.target.docker(&create)?;
        self.target.docker(&[
            "service",
            "create",
            "--detach",
            "--name",
            "prune_web",
            IMAGE,
            "sleep",
            "900",
        ])?;
        let before = self
            .target
            .docker(&["service", "inspect", "prune_old", "prune_web"])?;
        let folder = self.write("prune", &Self::two_services("1", IMAGE))?;
        let refused = self.expect(&folder, &["deploy"], 6)?;
        ensure!(
            refused.writes.is_empty(),
            "refused, it wrote {:?}",
            refused.writes
        );
        let after = self
            .target
            .docker(&["service", "inspect", "prune_old", "prune_web"])?;
        ensure!(before == after, "a neighbour was touched");
        self.target.docker(&["service", "rm", "prune_web"])?;
        self.expect(&folder, &["deploy"], 0)?;
        let one = Self::two_services("1", IMAGE).replace("  job:", "  later:");
        self.write("prune", &one)?;
        self.expect(&folder, &["deploy", "--prune"], 0)?;
        let names = self
            .target
            .docker(&["service", "ls", "--format", "{{.Name}}"])?;
        ensure!(
            names.contains("prune_old"),
            "the neighbour is gone: {names}"
        );
        ensure!(!names.contains("prune_job"), "nothing was pruned: {names}");
        self.expect(&folder, &["remove", "--yes"], 0)?;
        self.target
            .docker(&["service", "rm", "prune_old"])
            .map(drop)
    }

    /// What a command inside the running task of a service says.
    fn inside(&self, service: &str, command: &str) -> Result<String> {
        let container = self.target.container(service)?;
        self.target
            .docker(&["exec", &container, "sh", "-c", command])
    }
}

/// What an object is called in a translation, and what of it stays the same from run to run.
fn known(kind: &str, object: &Value) -> (String, Value) {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
    let name = [
        "/Spec/Labels/tranship.name",
        "/Labels/tranship.name",
        "/Spec/Name",
        "/Name",
    ];
    let name = name
        .into_iter()
        .find_map(text)
        .unwrap_or_default()
        .to_owned();
    let mut content = object.pointer("/Spec/TaskTemplate/ContainerSpec").cloned();
    if let Some(content) = content.as_mut().and_then(Value::as_object_mut) {
        content.remove("Secrets");
        content.remove("Configs");
    }
    let data = object.pointer("/Spec/Data").cloned();
    (
        name,
        content
            .or(data.filter(|_| kind == "config"))
            .unwrap_or_default(),
    )
}
