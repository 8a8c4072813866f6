//! The live tests of Kubernetes: the real binary against the laboratory's cluster.

mod causes;
mod changes;
mod permissions;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::Value;

use super::http::Request;
use super::kubernetes_api::setting;
use super::proxy::{Listen, Proxy};
use super::rig::{self, IMAGE, Rig, Target, Way};
use super::stacks::{self, Door};
use super::upstream::Upstream;
use crate::command::stdout;
use crate::demo;
use crate::lab::{self, Instance, Part};
use crate::report::Verdict;

/// The instances of these tests: nobody else's.
const NAME: &str = "livekube";
const STACKS: &str = "stackkube";

/// What a stack may be made of.
const KINDS: &str = "deployments,statefulsets,daemonsets,jobs,cronjobs,services,configmaps,\
                     secrets,networkpolicies,ingresses,persistentvolumeclaims";

/// Runs all of them: a sample of the kills, or every one.
pub(crate) fn run(full: bool) -> Result<Verdict> {
    lab::within(NAME, Part::Kubernetes, |instance| {
        let mut images = demo::images()?;
        images.push(IMAGE.to_owned());
        lab::import(instance, &images)?;
        rig(instance)?.all(full)
    })
}

/// Runs the stacks of different make.
pub(crate) fn stacks() -> Result<Verdict> {
    lab::within(STACKS, Part::Kubernetes, |instance| {
        lab::import(instance, &[stacks::IMAGE.to_owned()])?;
        stacks::all(Part::Kubernetes, || rig(instance))
    })
}

fn rig(instance: &Instance) -> Result<Rig<Cluster>> {
    let folder = rig::folder()?;
    let target = Cluster::new(instance, folder.path())?;
    Rig::new(target, folder)
}

/// Whether a call writes: questions are asked by `POST` too, and a rehearsal changes nothing.
fn writes(request: &Request) -> bool {
    let line = request.line();
    !line.starts_with("GET ")
        && !line.contains("/selfsubjectaccessreviews")
        && !line.contains("dryRun=All")
}

/// A cluster; each stack is in a namespace of its name.
struct Cluster {
    /// Leads to the API server.
    direct: PathBuf,
    /// Leads through the proxy.
    proxied: PathBuf,
    proxy: Proxy,
}

impl Target for Cluster {
    const WORKLOAD: &'static str = "/deployments/web";
    const IS_SENT_AGAIN: bool = false;
    const ROLLOUT: &'static str = "      update_config: { order: start-first }";
    const RELEASE: usize = 1;

    fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    fn aim(&self, command: &mut Command, stack: &str, way: Way) {
        let kubeconfig = match way {
            Way::Proxied => &self.proxied,
            Way::Direct => &self.direct,
        };
        command
            .env("KUBECONFIG", kubeconfig)
            .args(["--to", "kubernetes", "--namespace", stack]);
    }

    fn prepare(&self, stack: &str) -> Result<()> {
        let namespace = [
            "get",
            "namespace",
            stack,
            "--ignore-not-found",
            "-o",
            "name",
        ];
        if self.kubectl("default", &namespace)?.is_empty() {
            self.kubectl("default", &["create", "namespace", stack])?;
        }
        Ok(())
    }

    fn state(&self, stack: &str) -> Result<Value> {
        let content = |object: &Value| {
            let mut spec = object.get("spec").or(object.get("data")).cloned();
            let spec = spec.as_mut().map(settled);
            (title(object), spec.unwrap_or_default())
        };
        Ok(Value::Object(
            self.listed(stack, stack, KINDS)?
                .iter()
                .map(content)
                .collect(),
        ))
    }

    fn wipe(&self, stack: &str) -> Result<()> {
        let selector = "app.kubernetes.io/managed-by=tranship";
        let delete = [
            "delete",
            KINDS,
            "--selector",
            selector,
            "--wait",
            "--cascade=foreground",
        ];
        self.kubectl(stack, &delete).map(drop)
    }

    fn is_locked(&self, stack: &str) -> Result<bool> {
        let lock = format!("tranship-{stack}-lock");
        let lock = [
            "get",
            "configmap",
            &lock,
            "--ignore-not-found",
            "-o",
            "name",
        ];
        Ok(!self.kubectl(stack, &lock)?.is_empty())
    }

    fn nothing_left(&self, stack: &str) -> Result<()> {
        let kinds = format!("{KINDS},replicasets,pods");
        let left: Vec<_> = self
            .listed(stack, stack, &kinds)?
            .iter()
            .map(title)
            .collect();
        ensure!(left.is_empty(), "left behind: {left:?}");
        Ok(())
    }

    fn door(&self, stack: &str, door: &Door) -> Result<String> {
        let port = door.published.context("no port is said")?;
        let published = format!("{}-published", door.service);
        let ingress = "jsonpath={.status.loadBalancer.ingress[0].ip}";
        let balancer = [
            "get",
            "service",
            &published,
            "--ignore-not-found",
            "-o",
            ingress,
        ];
        let address = match self.kubectl(stack, &balancer)? {
            none if none.is_empty() => self.node()?,
            address => address,
        };
        Ok(format!("{address}:{port}"))
    }
}

impl Cluster {
    fn new(instance: &Instance, folder: &Path) -> Result<Self> {
        let run = instance.run_folder(Part::Kubernetes);
        let direct = run.join("kubeconfig");
        let text = fs::read_to_string(&direct)?;
        let server = setting(&text, "server").context("no server")?;
        let address = server.trim_start_matches("https://");
        let certificate = setting(&text, "certificate-authority").context("no certificate")?;
        let upstream = Upstream::tls(address, Path::new(certificate), None)?;
        let proxy = Proxy::start(Listen::Loopback, upstream, writes)?;
        let proxied = folder.join("kubeconfig");
        let through = format!("http://{}", proxy.address());
        fs::write(&proxied, text.replace(server, &through))?;
        Ok(Self {
            direct,
            proxied,
            proxy,
        })
    }

    fn kubectl(&self, namespace: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(lab::kubernetes::kubectl());
        let command = command.env("KUBECONFIG", &self.direct);
        stdout(command.args(["--namespace", namespace]).args(arguments))
    }

    /// The address of the one node.
    fn node(&self) -> Result<String> {
        let address = "jsonpath={.items[0].status.addresses[0].address}";
        self.kubectl("default", &["get", "nodes", "-o", address])
    }

    /// Everything with the mark of a stack.
    fn listed(&self, namespace: &str, stack: &str, kinds: &str) -> Result<Vec<Value>> {
        let selector = format!("app.kubernetes.io/part-of={stack}");
        let list = ["get", kinds, "--selector", &selector, "-o", "json"];
        let mut list: Value = serde_json::from_str(&self.kubectl(namespace, &list)?)?;
        let items = list.get_mut("items").map(Value::take);
        Ok(items
            .and_then(|items| items.as_array().cloned())
            .unwrap_or_default())
    }
}

impl Rig<Cluster> {
    fn all(&self, full: bool) -> Result<String> {
        thread::scope(|scope| {
            // They mostly wait, and go by themselves beside what counts calls.
            let causes = scope.spawn(|| self.causes());
            let others = self.one_by_one(full);
            let causes = causes
                .join()
                .map_err(|_panic| anyhow!("the causes panicked"))?;
            let (told, ended) = (causes?, others?);
            Ok(format!("{ended}; causes told: {}", told.join(", ")))
        })
    }

    /// What looks at the calls a run makes, or breaks them.
    fn one_by_one(&self, full: bool) -> Result<String> {
        let services = self.shop()?;
        self.changes()?;
        self.neighbours()?;
        self.permissions()?;
        let disturbed = rig::disturb(self, full)?;
        Ok(format!("{services} services of the shop; {disturbed}"))
    }
}

fn title(object: &Value) -> String {
    let text = |pointer| {
        object
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    format!("{} {}", text("/kind"), text("/metadata/name"))
}

/// A specification without what the cluster gives anew each time.
fn settled(spec: &mut Value) -> Value {
    let annotations = spec.pointer_mut("/template/metadata/annotations");
    if let Some(annotations) = annotations.and_then(Value::as_object_mut) {
        annotations.remove("deploy.tranship/secrets");
    }
    for place in ["/template/metadata/labels", "/selector/matchLabels"] {
        if let Some(labels) = spec.pointer_mut(place).and_then(Value::as_object_mut) {
            labels.retain(|key, _| !key.ends_with("controller-uid"));
        }
    }
    spec.take()
}
