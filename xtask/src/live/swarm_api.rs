//! Every object of every rendering for Swarm, made on a real manager.
//!
//! A manager refuses what no schema forbids: two services on one port, a mount it cannot make, a
//! name that is too long. It has no dry run, so its only node takes no tasks, each object is made,
//! read back, and has to hold all that was sent.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::http;
use super::kept::{Tally, entries};
use super::upstream::Upstream;
use crate::lab::{self, Part};
use crate::report::Verdict;
use crate::{checks, features};

/// The instance of this check: nobody else's.
const NAME: &str = "checkengine";

/// How long what is deleted may be in use by what was deleted before it.
const LIMIT: Duration = Duration::from_secs(20);

/// Kinds whose objects others refer to, with the path of their list.
const REFERRED: [(&str, &str); 3] = [
    ("network", "/TaskTemplate/Networks"),
    ("secret", "/TaskTemplate/ContainerSpec/Secrets"),
    ("config", "/TaskTemplate/ContainerSpec/Configs"),
];

/// Fields newer than the engine of Debian 12, which speaks version 1.41 of the API and drops them;
/// a deployment leaves them out.
const NEWER: [&str; 13] = [
    "StartInterval",
    "NoNewPrivileges",
    "Seccomp",
    "AppArmor",
    "CreateMountpoint",
    "ReadOnlyNonRecursive",
    "ReadOnlyForceRecursive",
    "Subpath",
    "Options",
    "OomScoreAdj",
    "EnableIPv4",
    "SwapBytes",
    "MemorySwappiness",
];

/// What this engine refuses for what it is or has, and in which words.
const REFUSED: [(&str, &str); 7] = [
    // Stacks that leave the version of an image to a variable or a template; the loader warns.
    ("", "is not a valid repository/tag"),
    ("fixture-everything/", "invalid MountType: \"image\""),
    // A name the engine keeps for itself.
    ("net_external_str/", "network default not found"),
    ("secret_driver/", "plugin \"foo\" not found"),
    ("volume_cluster/", "invalid MountType: \"cluster\""),
    ("volume_image/", "invalid MountType: \"image\""),
    ("volume_image_subpath/", "invalid MountType: \"image\""),
];

/// Makes the objects of every rendering of this run, one stack after another.
pub(crate) fn check() -> Result<Verdict> {
    lab::within(NAME, Part::Swarm, |instance| {
        let host = lab::swarm::host(instance)?;
        let socket = host.strip_prefix("unix://").context("no socket")?;
        let manager = Manager(Upstream::Unix(PathBuf::from(socket)));
        manager.drain()?;
        let mut tally = Tally::default();
        for (renderings, engine) in [
            (checks::rendered(), "swarm/engine"),
            (features::rendered(), "engine"),
        ] {
            for stack in entries(&renderings)? {
                tally.stacks += 1;
                let mut made = Made::default();
                made.stack(&manager, &mut tally, &renderings, &stack.join(engine))?;
                made.delete(&manager)?;
            }
        }
        tally.verdict()
    })
}

/// The manager of a swarm.
struct Manager(Upstream);

impl Manager {
    fn call(&self, method: &str, path: &str, body: &Value) -> Result<(u16, Value)> {
        let body = body.to_string();
        let length = body.len();
        let request = format!(
            "{method} /v1.41{path} HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let mut stream = self.0.connect()?;
        stream.write_all(request.as_bytes())?;
        let (status, body) = http::read_answer(&mut stream)?;
        let body = serde_json::from_slice(&body).unwrap_or_default();
        Ok((status, body))
    }

    fn get(&self, path: &str) -> Result<Value> {
        let (status, body) = self.call("GET", path, &Value::Null)?;
        ensure!(status == 200, "{path}: {status}: {body}");
        Ok(body)
    }

    /// Lets the node run nothing: no image is there to run.
    fn drain(&self) -> Result<()> {
        let nodes = self.get("/nodes")?;
        let node = nodes.get(0).context("no node")?;
        let id = node.get("ID").and_then(Value::as_str).context("no ID")?;
        let version = node.pointer("/Version/Index").context("no version")?;
        let mut spec = node.get("Spec").cloned().context("no Spec")?;
        set(&mut spec, "Availability", "drain");
        let path = format!("/nodes/{id}/update?version={version}");
        let (status, said) = self.call("POST", &path, &spec)?;
        ensure!(status == 200, "the node is not drained: {status}: {said}");
        Ok(())
    }

    /// Makes an object, with some content where only a deployment reads it; its identity, or what
    /// the manager said.
    fn create(&self, kind: &str, body: &Value) -> Result<Result<String, (u16, Value)>> {
        let mut body = body.clone();
        if matches!(kind, "secret" | "config") && body.get("Data").is_none() {
            set(&mut body, "Data", "c2VjcmV0");
        }
        let (status, said) = self.call("POST", &format!("/{kind}s/create"), &body)?;
        let id = ["ID", "Id"].iter().find_map(|key| said.get(key)?.as_str());
        Ok(match id {
            Some(id) if status == 201 => Ok(id.to_owned()),
            _ => Err((status, said)),
        })
    }

    /// An object as the manager has it, in the form it is made with.
    fn read(&self, kind: &str, id: &str) -> Result<Value> {
        let mut read = self.get(&format!("/{kind}s/{id}"))?;
        // A network's driver is known once its addresses are.
        let start = Instant::now();
        while read.get("Driver") == Some(&json!("")) && start.elapsed() < LIMIT {
            sleep(Duration::from_millis(20));
            read = self.get(&format!("/{kind}s/{id}"))?;
        }
        let mut spec = read.get_mut("Spec").map(Value::take).unwrap_or(read);
        if let Some(container) = spec.pointer_mut("/TaskTemplate/ContainerSpec") {
            // The engine takes this name in any case, and gives it in its own.
            let check = container.get_mut("Healthcheck").map(Value::take);
            if let Some(members) = container.as_object_mut() {
                members.extend(check.map(|check| ("HealthCheck".to_owned(), check)));
            }
        }
        Ok(spec)
    }

    /// Deletes an object, once what used it is gone.
    fn delete(&self, kind: &str, id: &str) -> Result<()> {
        let start = Instant::now();
        loop {
            let (status, said) = self.call("DELETE", &format!("/{kind}s/{id}"), &Value::Null)?;
            if matches!(status, 200 | 204 | 404) {
                return Ok(());
            }
            if start.elapsed() > LIMIT {
                bail!("{kind} {id} does not go: {status}: {said}");
            }
            sleep(Duration::from_millis(50));
        }
    }
}

/// What was made of one stack.
#[derive(Default)]
struct Made {
    /// Identities by kind and name.
    referred: HashMap<(&'static str, String), String>,
    services: Vec<String>,
}

impl Made {
    fn stack(
        &mut self,
        manager: &Manager,
        tally: &mut Tally,
        renderings: &Path,
        folder: &Path,
    ) -> Result<()> {
        for kind in ["network", "secret", "config", "service"] {
            let folder = folder.join(kind);
            if !folder.is_dir() {
                continue;
            }
            for file in entries(&folder)? {
                let body: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
                let place = file.strip_prefix(renderings)?.display().to_string();
                let sent = self.complete(manager, body)?;
                let (status, answer) = self.make(manager, kind, &sent)?;
                if !is_expected(&place, &answer) {
                    tally.add(&place, &without_newer(sent), status, &answer);
                }
            }
        }
        Ok(())
    }

    /// Makes an object, and reads what became of it.
    fn make(&mut self, manager: &Manager, kind: &str, body: &Value) -> Result<(u16, Value)> {
        let id = match manager.create(kind, body)? {
            Ok(id) => id,
            Err(refusal) => return Ok(refusal),
        };
        let answer = manager.read(kind, &id)?;
        match REFERRED.iter().find(|(referred, _)| *referred == kind) {
            Some((kind, _)) => drop(self.referred.insert((kind, name(body)), id)),
            None => self.services.push(id),
        }
        Ok((201, answer))
    }

    /// Puts in the identities a rendering cannot know.
    fn complete(&mut self, manager: &Manager, mut body: Value) -> Result<Value> {
        for (kind, list) in REFERRED {
            let items = body.pointer_mut(list).and_then(Value::as_array_mut);
            for item in items.into_iter().flatten() {
                self.refer(manager, kind, item)?;
            }
        }
        let account = "/TaskTemplate/ContainerSpec/Privileges/CredentialSpec/Config";
        if let Some(config) = body.pointer_mut(account) {
            *config = json!(self.identity(manager, "config", config.as_str())?);
        }
        Ok(body)
    }

    fn refer(&mut self, manager: &Manager, kind: &'static str, item: &mut Value) -> Result<()> {
        let (name, identity) = match kind {
            "network" => ("Target", "Target"),
            "secret" => ("SecretName", "SecretID"),
            _ => ("ConfigName", "ConfigID"),
        };
        let name = item.get(name).and_then(Value::as_str);
        if name != Some("default") {
            let id = self.identity(manager, kind, name)?;
            set(item, identity, &id);
        }
        Ok(())
    }

    /// The identity of what has a name; what the stack only refers to is made first.
    fn identity(
        &mut self,
        manager: &Manager,
        kind: &'static str,
        name: Option<&str>,
    ) -> Result<String> {
        let name = name.context("a reference without a name")?;
        let key = (kind, name.to_owned());
        if let Some(id) = self.referred.get(&key) {
            return Ok(id.clone());
        }
        if matches!(name, "host" | "bridge" | "none") {
            let network = manager.get(&format!("/networks/{name}?scope=swarm"))?;
            let id = network.get("Id").and_then(Value::as_str);
            return Ok(id.context("no Id")?.to_owned());
        }
        let body = match kind {
            "network" => json!({"Name": name, "Driver": "overlay"}),
            _ => json!({"Name": name}),
        };
        match manager.create(kind, &body)? {
            Ok(id) => {
                self.referred.insert(key, id.clone());
                Ok(id)
            }
            Err((status, said)) => bail!("no {kind} {name}: {status}: {said}"),
        }
    }

    fn delete(self, manager: &Manager) -> Result<()> {
        for id in self.services {
            manager.delete("service", &id)?;
        }
        for ((kind, _), id) in self.referred {
            manager.delete(kind, &id)?;
        }
        Ok(())
    }
}

fn is_expected(place: &str, answer: &Value) -> bool {
    let said = answer.get("message").and_then(Value::as_str);
    let mut refused = REFUSED.iter();
    refused.any(|(of, words)| place.starts_with(of) && said.is_some_and(|it| it.contains(words)))
}

fn set(body: &mut Value, key: &str, value: &str) {
    if let Some(members) = body.as_object_mut() {
        members.insert(key.to_owned(), json!(value));
    }
}

fn name(body: &Value) -> String {
    let name = body.get("Name").and_then(Value::as_str);
    name.unwrap_or_default().to_owned()
}

/// A specification without the fields this engine does not know.
fn without_newer(mut body: Value) -> Value {
    match &mut body {
        Value::Object(members) => {
            members.retain(|key, _| !NEWER.contains(&&**key));
            for value in members.values_mut() {
                *value = without_newer(value.take());
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = without_newer(item.take());
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    body
}
