//! The live tests of Swarm: the real binary against Debian's engine.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::proxy::{Listen, Proxy, by_method};
use super::sweep::{Figures, Sweep};
use super::upstream::Upstream;
use crate::command::{output, stdout};
use crate::lab::{self, Instance, Part};
use crate::paths::root;
use crate::report::Verdict;
use crate::{demo, tools};

/// The instance of these tests: nobody else's.
const NAME: &str = "checkswarm";

/// The image of the stacks below; the laboratory's test program with a shell.
const IMAGE: &str = "live.example/app:1.0";

/// Runs all of them: a sample of the kills, or every one.
pub(crate) fn run(full: bool) -> Result<Verdict> {
    lab::within(NAME, Part::Swarm, |instance| Rig::new(instance)?.all(full))
}

/// What the tests work with.
struct Rig {
    binary: PathBuf,
    engine: String,
    address: String,
    proxy: Proxy,
    folder: tempfile::TempDir,
}

/// How a run of the binary ended.
struct Ended {
    code: Option<i32>,
    said: String,
    writes: Vec<String>,
    took: Duration,
}

impl Rig {
    fn new(instance: &Instance) -> Result<Self> {
        let mut images = demo::images()?;
        images.push(IMAGE.to_owned());
        lab::import(instance, &images)?;
        let engine = lab::swarm::host(instance)?;
        let socket = engine.strip_prefix("unix://").context("no socket")?;
        let folder = tempfile::Builder::new().prefix("live").tempdir()?;
        let listen = Listen::Unix(folder.path().join("proxy.sock"));
        Ok(Self {
            binary: tools::tranship()?,
            proxy: Proxy::start(listen, Upstream::Unix(socket.into()), by_method)?,
            address: lab::swarm::address(instance)?,
            engine,
            folder,
        })
    }

    fn all(&self, full: bool) -> Result<String> {
        let shop = self.shop()?;
        self.changes()?;
        self.failures()?;
        self.neighbours()?;
        // Engine 20.10 goes on listing a network for a while after its last task is gone, and a
        // service made meanwhile is refused: until that is met, the kills run on request alone.
        let kills = if full {
            format!("killed runs that ended well: {}", self.kills()?.join(", "))
        } else {
            "no run was killed without --full".to_owned()
        };
        Ok(format!("{shop} services of the shop; {kills}"))
    }

    /// The shop comes up; deploying it again writes nothing; removed, nothing of it is left.
    fn shop(&self) -> Result<usize> {
        let shop = root().join("fixtures/stacks/shop");
        self.expect(&shop, &["deploy"], 0)?;
        let services = self
            .state("shop")?
            .get("services")
            .and_then(Value::as_object)
            .map_or(0, serde_json::Map::len);
        let page = get(&self.address, 8080)?;
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
        let left = self.state("shop")?;
        ensure!(left == nothing(), "left behind: {left}");
        Ok(services)
    }

    /// A change of one service writes one service; changed secrets and configs reach the tasks.
    fn changes(&self) -> Result<()> {
        let folder = self.write("changes", &two_services("1", IMAGE))?;
        self.expect(&folder, &["deploy"], 0)?;
        self.write("changes", &two_services("2", IMAGE))?;
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
        let secrets = self.docker(&["secret", "ls", "--quiet"])?;
        ensure!(
            secrets.lines().count() == 1,
            "old secrets are left: {secrets}"
        );
        self.expect(&folder, &["remove", "--yes"], 0).map(drop)
    }

    /// What does not come up is told with its cause, and leaves what ran.
    fn failures(&self) -> Result<()> {
        let good = two_services("1", IMAGE);
        let folder = self.write("fails", &good)?;
        self.expect(&folder, &["deploy"], 0)?;
        self.write("fails", &two_services("1", "live.example/none:1.0"))?;
        let bad = self.expect(&folder, &["deploy", "--timeout", "2m"], 8)?;
        ensure!(
            bad.said.contains("the image is missing"),
            "no cause: {}",
            bad.said
        );
        let running = self.docker(&[
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
        let paused = two_services("1", "live.example/none:1.0");
        self.write(
            "fails",
            &paused.replace("failure_action: rollback", "failure_action: pause"),
        )?;
        self.expect(&folder, &["deploy", "--timeout", "2m"], 7)?;
        self.expect(&folder, &["remove", "--yes"], 0)?;
        self.first_failures()
    }

    /// Causes of what never ran before: an image that is not there, and a process that ends.
    fn first_failures(&self) -> Result<()> {
        for (name, image, command, cause) in [
            (
                "noimage",
                "live.example/none:1.0",
                "sleep 600",
                "the image is missing",
            ),
            (
                "crashes",
                IMAGE,
                "[\"false\"]",
                "the process ends again and again",
            ),
        ] {
            let file = format!(
                "name: {name}\nservices:\n  web:\n    image: {image}\n    command: {command}\n"
            );
            let folder = self.write(name, &file)?;
            let ended = self.expect(&folder, &["deploy", "--timeout", "2m"], 7)?;
            ensure!(
                ended.said.contains(cause),
                "{name}: no cause: {}",
                ended.said
            );
            println!("{name}: told as failed after {:?}", ended.took);
            self.expect(&folder, &["remove", "--yes"], 0)?;
        }
        Ok(())
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
        self.docker(&create)?;
        self.docker(&[
            "service",
            "create",
            "--detach",
            "--name",
            "prune_web",
            IMAGE,
            "sleep",
            "900",
        ])?;
        let before = self.docker(&["service", "inspect", "prune_old", "prune_web"])?;
        let folder = self.write("prune", &two_services("1", IMAGE))?;
        let refused = self.expect(&folder, &["deploy"], 6)?;
        ensure!(
            refused.writes.is_empty(),
            "refused, it wrote {:?}",
            refused.writes
        );
        let after = self.docker(&["service", "inspect", "prune_old", "prune_web"])?;
        ensure!(before == after, "a neighbour was touched");
        self.docker(&["service", "rm", "prune_web"])?;
        self.expect(&folder, &["deploy"], 0)?;
        let one = two_services("1", IMAGE).replace("  job:", "  later:");
        self.write("prune", &one)?;
        self.expect(&folder, &["deploy", "--prune"], 0)?;
        let names = self.docker(&["service", "ls", "--format", "{{.Name}}"])?;
        ensure!(
            names.contains("prune_old"),
            "the neighbour is gone: {names}"
        );
        ensure!(!names.contains("prune_job"), "nothing was pruned: {names}");
        self.expect(&folder, &["remove", "--yes"], 0)?;
        self.docker(&["service", "rm", "prune_old"]).map(drop)
    }

    /// Kills in every place of a first run, an upgrade and a removal.
    fn kills(&self) -> Result<Vec<String>> {
        let folder = self.write("kills", &two_services("1", IMAGE))?;
        let old = self.write(
            "kills-before",
            &two_services("0", IMAGE).replace("name: kills-before", "name: kills"),
        )?;
        let wipe = || self.wipe("kills");
        let before = || {
            self.wipe("kills")?;
            self.direct(&old, &["deploy"])
        };
        let deploy = || self.command(&folder, &["deploy"]);
        let remove = || self.command(&folder, &["remove", "--yes"]);
        let state = || self.state("kills");
        let sweep = |name, command, reset| {
            let (proxy, state) = (&self.proxy, &state as &dyn Fn() -> Result<Value>);
            Sweep {
                name,
                proxy,
                command,
                reset,
                state,
                step: 1,
            }
            .run()
        };
        let figures = [
            ("first run", sweep("first run", &deploy, &wipe)?),
            ("upgrade", sweep("upgrade", &deploy, &before)?),
            ("removal", sweep("removal", &remove, &before)?),
        ];
        let failures: Vec<&String> = figures.iter().flat_map(|(_, one)| &one.failures).collect();
        ensure!(failures.is_empty(), "{} kills ended badly", failures.len());
        let line = |(name, Figures { passed, total, .. }): &(&str, Figures)| {
            format!("{name} {passed}/{total}")
        };
        self.wipe("kills")?;
        Ok(figures.iter().map(line).collect())
    }

    /// A command that goes through the proxy.
    fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .current_dir(folder)
            .env("DOCKER_HOST", self.proxy.address())
            .args(arguments)
            .args(["--to", "swarm"]);
        command
    }

    /// Runs the binary without the proxy.
    fn direct(&self, folder: &Path, arguments: &[&str]) -> Result<()> {
        let mut command = self.command(folder, arguments);
        stdout(command.env("DOCKER_HOST", &self.engine)).map(drop)
    }

    fn expect(&self, folder: &Path, arguments: &[&str], code: i32) -> Result<Ended> {
        self.proxy.arm(Vec::new());
        let start = Instant::now();
        let output = output(&mut self.command(folder, arguments))?;
        let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        let ended = Ended {
            code: output.status.code(),
            said,
            writes: self
                .proxy
                .writes()
                .into_iter()
                .map(|call| call.line)
                .collect(),
            took: start.elapsed(),
        };
        let (got, said) = (ended.code, &ended.said);
        ensure!(
            got == Some(code),
            "{arguments:?} ended with {got:?}, not {code}: {said}"
        );
        Ok(ended)
    }

    /// A folder with a compose file, and what it refers to.
    fn write(&self, name: &str, file: &str) -> Result<PathBuf> {
        let folder = self.folder.path().join(name);
        fs::create_dir_all(&folder)?;
        let file = file.replace("NAME", name);
        fs::write(folder.join("compose.yaml"), file)?;
        for extra in ["word", "page"] {
            if !folder.join(extra).exists() {
                fs::write(folder.join(extra), "first\n")?;
            }
        }
        Ok(folder)
    }

    fn docker(&self, arguments: &[&str]) -> Result<String> {
        stdout(
            Command::new("docker")
                .env("DOCKER_HOST", &self.engine)
                .args(arguments),
        )
    }

    /// What a command inside the running task of a service says.
    fn inside(&self, service: &str, command: &str) -> Result<String> {
        let filter = format!("label=com.docker.swarm.service.name={service}");
        let found = self.docker(&["ps", "--quiet", "--filter", &filter])?;
        let container = found.lines().next().context("no container")?;
        self.docker(&["exec", container, "sh", "-c", command])
    }

    /// Everything with the mark of a stack, without what differs from run to run.
    fn state(&self, stack: &str) -> Result<Value> {
        let filter = format!("label=tranship.stack={stack}");
        let mut state = serde_json::Map::new();
        for kind in ["service", "network", "secret", "config"] {
            let listed = self.docker(&[kind, "ls", "--quiet", "--filter", &filter])?;
            let mut objects = BTreeMap::new();
            for id in listed.lines() {
                let object: Value = serde_json::from_str(&self.docker(&[
                    kind,
                    "inspect",
                    id,
                    "--format",
                    "{{json .}}",
                ])?)?;
                let (name, content) = known(kind, &object);
                objects.insert(name, content);
            }
            state.insert(format!("{kind}s"), json!(objects));
        }
        Ok(Value::Object(state))
    }

    /// Removes everything with the mark of a stack, by docker's own commands.
    fn wipe(&self, stack: &str) -> Result<()> {
        let filter = format!("label=tranship.stack={stack}");
        for kind in ["service", "secret", "config", "network"] {
            let listed = self.docker(&[kind, "ls", "--quiet", "--filter", &filter])?;
            for id in listed.lines() {
                let start = Instant::now();
                while self.docker(&[kind, "rm", id]).is_err() {
                    ensure!(
                        start.elapsed() < Duration::from_mins(1),
                        "{kind} {id} stays"
                    );
                    std::thread::sleep(Duration::from_millis(300));
                }
            }
        }
        Ok(())
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

/// What a web server says.
fn get(address: &str, port: u16) -> Result<String> {
    let mut stream = TcpStream::connect((address, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET / HTTP/1.0\r\nHost: shop\r\n\r\n")?;
    let mut page = String::new();
    stream.read_to_string(&mut page)?;
    Ok(page)
}

fn nothing() -> Value {
    json!({"services": {}, "networks": {}, "secrets": {}, "configs": {}})
}

/// A service that is healthy, with a secret, a config and a network, and a job it waits for.
fn two_services(version: &str, image: &str) -> String {
    format!(
        r#"name: NAME
services:
  job:
    image: {IMAGE}
    command: ["true"]
    restart: "no"
  web:
    image: {image}
    command: ["sleep", "900"]
    environment: {{ VERSION: "{version}" }}
    init: true
    healthcheck: {{ test: ["CMD", "true"], interval: 1s }}
    depends_on:
      job: {{ condition: service_completed_successfully }}
    secrets: [word]
    configs: [{{ source: page, target: /page }}]
    deploy:
      endpoint_mode: dnsrr
      update_config: {{ order: start-first, failure_action: rollback, monitor: 2s }}
secrets:
  word: {{ file: ./word }}
configs:
  page: {{ file: ./page }}
"#
    )
}
