//! The live tests of Kubernetes: the real binary against the laboratory's cluster.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::Value;

use super::http::Request;
use super::kubernetes_api::setting;
use super::proxy::{Listen, Proxy};
use super::sweep::{Figures, Sweep};
use super::upstream::Upstream;
use crate::command::{output, stdout};
use crate::lab::{self, Instance, Part};
use crate::paths::root;
use crate::report::Verdict;
use crate::{demo, tools};

/// The instance of these tests: nobody else's.
const NAME: &str = "livekube";

/// The image of the stacks below; the laboratory's test program with a shell.
const IMAGE: &str = "live.example/app:1.0";

/// How soon a cause has to be told, on a machine that does much else: far from the ten minutes a
/// rollout may take.
const SOON: Duration = Duration::from_secs(150);

/// What a stack may be made of.
const KINDS: &str = "deployments,statefulsets,daemonsets,jobs,cronjobs,services,configmaps,\
                     secrets,networkpolicies,ingresses,persistentvolumeclaims";

/// Runs all of them: a sample of the kills, or every one.
pub(crate) fn run(full: bool) -> Result<Verdict> {
    lab::within(NAME, Part::Kubernetes, |instance| {
        Rig::new(instance)?.all(full)
    })
}

/// Whether a call writes: questions are asked by `POST` too, and a rehearsal changes nothing.
fn writes(request: &Request) -> bool {
    let line = request.line();
    !line.starts_with("GET ")
        && !line.contains("/selfsubjectaccessreviews")
        && !line.contains("dryRun=All")
}

/// What the tests work with.
struct Rig {
    binary: PathBuf,
    /// Leads to the API server.
    direct: PathBuf,
    /// Leads through the proxy.
    kubeconfig: PathBuf,
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

impl Ended {
    fn with(self, code: i32, folder: &Path, arguments: &[&str]) -> Result<Self> {
        let (got, said) = (self.code, &self.said);
        ensure!(
            got == Some(code),
            "{} in {}: ended with {got:?}, not {code}: {said}",
            arguments.join(" "),
            folder.display()
        );
        Ok(self)
    }
}

impl Rig {
    fn new(instance: &Instance) -> Result<Self> {
        let mut images = demo::images()?;
        images.push(IMAGE.to_owned());
        lab::import(instance, &images)?;
        let run = instance.run_folder(Part::Kubernetes);
        let direct = run.join("kubeconfig");
        let text = fs::read_to_string(&direct)?;
        let server = setting(&text, "server").context("no server")?;
        let address = server.trim_start_matches("https://");
        let certificate = setting(&text, "certificate-authority").context("no certificate")?;
        let upstream = Upstream::tls(address, Path::new(certificate), None)?;
        let proxy = Proxy::start(Listen::Loopback, upstream, writes)?;
        let folder = tempfile::Builder::new().prefix("live").tempdir()?;
        let kubeconfig = folder.path().join("kubeconfig");
        let through = format!("http://{}", proxy.address());
        fs::write(&kubeconfig, text.replace(server, &through))?;
        Ok(Self {
            binary: tools::tranship()?,
            direct,
            kubeconfig,
            proxy,
            folder,
        })
    }

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
        let kills = self.kills(if full { 1 } else { 11 })?;
        Ok(format!(
            "{services} services of the shop; killed runs that ended well: {}",
            kills.join(", ")
        ))
    }

    /// The shop comes up; deploying it again writes nothing; removed, nothing of it is left.
    fn shop(&self) -> Result<usize> {
        let shop = root().join("fixtures/stacks/shop");
        self.expect(&shop, &["deploy", "--create-namespace"], 0)?;
        let again = self.expect(&shop, &["deploy"], 0)?;
        ensure!(
            again.writes.is_empty(),
            "deployed again, it wrote {:?}",
            again.writes
        );
        self.expect(&shop, &["plan", "--detailed-exitcode"], 0)?;
        let status = self.expect(&shop, &["status"], 0)?;
        ensure!(
            status.said.contains("8080->8080/tcp"),
            "no port: {}",
            status.said
        );
        let logs = self.expect(&shop, &["logs"], 0)?;
        ensure!(logs.said.contains("migrated"), "no log: {}", logs.said);
        let services = self.kubectl("shop", &["get", "services", "-o", "name"])?;
        self.expect(&shop, &["remove", "--yes", "--volumes"], 0)?;
        self.nothing_left("shop")?;
        Ok(services.lines().count())
    }

    /// A change of one service writes one service; a changed secret reaches the tasks.
    fn changes(&self) -> Result<()> {
        let folder = self.write("changes", &two_services("1", IMAGE))?;
        self.expect(&folder, &["deploy", "--create-namespace"], 0)?;
        self.write("changes", &two_services("2", IMAGE))?;
        let updated = self.expect(&folder, &["deploy"], 0)?;
        let objects: Vec<_> = updated
            .writes
            .iter()
            .filter(|line| !line.contains("/configmaps"))
            .collect();
        ensure!(objects.len() == 1, "one change wrote {objects:?}");
        fs::write(folder.join("word"), "changed\n")?;
        fs::write(folder.join("page"), "changed\n")?;
        self.expect(&folder, &["deploy"], 0)?;
        let seen = [
            "exec",
            "deployment/web",
            "--",
            "cat",
            "/run/secrets/word",
            "/page",
        ];
        let seen = self.kubectl("changes", &seen)?;
        ensure!(seen == "changed\nchanged\n", "the task sees {seen:?}");
        let again = self.expect(&folder, &["deploy"], 0)?;
        ensure!(
            again.writes.is_empty(),
            "deployed again, it wrote {:?}",
            again.writes
        );
        let patch = r#"{"spec":{"template":{"spec":{"automountServiceAccountToken":null}}}}"#;
        self.kubectl("changes", &["patch", "deployment/web", "-p", patch])?;
        let drift = self.expect(&folder, &["plan", "--detailed-exitcode"], 9)?;
        ensure!(
            drift.said.contains("automountServiceAccountToken"),
            "a change by hand is not found: {}",
            drift.said
        );
        self.expect(&folder, &["remove", "--yes"], 0).map(drop)
    }

    /// What does not come up is told with its cause, each in a namespace of its own.
    fn causes(&self) -> Result<Vec<String>> {
        thread::scope(|scope| {
            let mut all = vec![
                scope.spawn(|| self.missing_image()),
                scope.spawn(|| self.quota()),
            ];
            for (name, service, cause) in CAUSES {
                all.push(scope.spawn(move || self.cause(name, service, cause)));
            }
            let ends = all.into_iter().map(thread::ScopedJoinHandle::join);
            ends.map(|end| end.map_err(|_panic| anyhow!("a cause panicked"))?)
                .collect()
        })
    }

    /// An image that is missing leaves what ran.
    fn missing_image(&self) -> Result<String> {
        let folder = self.write("fails", &two_services("1", IMAGE))?;
        self.unseen(&folder, &["deploy", "--create-namespace"], 0)?;
        self.write("fails", &two_services("1", "live.example/none:1.0"))?;
        let bad = self.unseen(&folder, &["deploy"], 7)?;
        let told = told(&bad, "the image is missing")?;
        let ready = [
            "get",
            "deployment/web",
            "-o",
            "jsonpath={.status.readyReplicas}",
        ];
        let ready = self.kubectl("fails", &ready)?;
        ensure!(ready == "1", "the old task was taken down: {ready}");
        self.unseen(&folder, &["remove", "--yes"], 0)?;
        Ok(told)
    }

    fn cause(&self, name: &str, service: &str, cause: &str) -> Result<String> {
        let file = format!("name: {name}\nservices:\n  web:\n    image: {IMAGE}\n{service}");
        let folder = self.write(name, &file)?;
        let ended = self.unseen(&folder, &["deploy", "--create-namespace"], 7)?;
        let told = told(&ended, cause)?;
        self.unseen(&folder, &["remove", "--yes"], 0)?;
        Ok(told)
    }

    /// A quota that refuses tasks is named.
    fn quota(&self) -> Result<String> {
        self.kubectl("default", &["create", "namespace", "quota"])?;
        let quota = ["create", "quota", "few", "--hard=pods=1"];
        self.kubectl("quota", &quota)?;
        let file = format!(
            "name: quota\nservices:\n  web:\n    image: {IMAGE}\n    command: [sleep, \"900\"]\n    \
             stop_grace_period: 1s\n    deploy: {{ replicas: 2 }}\n"
        );
        let folder = self.write("quota", &file)?;
        let ended = self.unseen(&folder, &["deploy", "--timeout", "30s"], 7)?;
        let told = told(&ended, "exceeded quota")?;
        self.unseen(&folder, &["remove", "--yes"], 0)?;
        Ok(told)
    }

    /// What is not ours is neither taken nor touched, whole objects or fields.
    fn neighbours(&self) -> Result<()> {
        self.kubectl("default", &["create", "namespace", "near"])?;
        self.kubectl("near", &["create", "deployment", "web", "--image", IMAGE])?;
        self.kubectl(
            "near",
            &["create", "service", "clusterip", "other", "--tcp=80"],
        )?;
        let folder = self.write("near", &two_services("1", IMAGE))?;
        let refused = self.expect(&folder, &["deploy"], 6)?;
        ensure!(
            refused.writes.is_empty(),
            "refused, it wrote {:?}",
            refused.writes
        );
        self.kubectl("near", &["delete", "deployment", "web", "--wait"])?;
        self.expect(&folder, &["deploy"], 0)?;
        let set = ["set", "env", "deployment/web", "VERSION=9"];
        self.kubectl("near", &set)?;
        let conflict = self.expect(&folder, &["deploy"], 6)?;
        ensure!(
            conflict.said.contains("kubectl-set") && conflict.said.contains("VERSION"),
            "whose field it is is not said: {}",
            conflict.said
        );
        self.expect(&folder, &["remove", "--yes"], 0)?;
        self.kubectl("near", &["get", "service", "other"]).map(drop)
    }

    /// Every missing permission is named before the first write.
    fn permissions(&self) -> Result<()> {
        self.kubectl("default", &["create", "namespace", "denied"])?;
        self.kubectl("denied", &["create", "serviceaccount", "reader"])?;
        let binding = [
            "create",
            "rolebinding",
            "reader",
            "--clusterrole=view",
            "--serviceaccount=denied:reader",
        ];
        self.kubectl("denied", &binding)?;
        let role = [
            "create",
            "role",
            "secrets",
            "--verb=get,list",
            "--resource=secrets",
        ];
        self.kubectl("denied", &role)?;
        let binding = [
            "create",
            "rolebinding",
            "secrets",
            "--role=secrets",
            "--serviceaccount=denied:reader",
        ];
        self.kubectl("denied", &binding)?;
        let token = self.kubectl("denied", &["create", "token", "reader"])?;
        let text = fs::read_to_string(&self.kubeconfig)?;
        let ours = setting(&text, "token").context("no token")?;
        let reader = self.folder.path().join("reader");
        fs::write(&reader, text.replace(ours, token.trim()))?;
        let folder = self.write("denied", &two_services("1", IMAGE))?;
        let mut command = self.command(&folder, &["deploy"]);
        let ended = self.ended(command.env("KUBECONFIG", &reader))?;
        ensure!(
            ended.code == Some(4),
            "denied: {:?}: {}",
            ended.code,
            ended.said
        );
        for missing in [
            "create deployments.apps",
            "patch secrets",
            "create jobs.batch",
        ] {
            ensure!(ended.said.contains(missing), "{missing}: {}", ended.said);
        }
        ensure!(
            ended.writes.is_empty(),
            "denied, it wrote {:?}",
            ended.writes
        );
        Ok(())
    }

    /// Kills in every place of a first run, an upgrade and a removal.
    fn kills(&self, step: usize) -> Result<Vec<String>> {
        let folder = self.write("kills", &two_services("1", IMAGE))?;
        let earlier = two_services("0", IMAGE).replace("NAME", "kills");
        let old = self.write("kills-before", &earlier)?;
        self.kubectl("default", &["create", "namespace", "kills"])?;
        let wipe = || self.wipe("kills");
        let before = || {
            self.wipe("kills")?;
            self.directly(&old, &["deploy"])
        };
        let deploy = || self.command_in("kills", &folder, &["deploy"]);
        let remove = || self.command_in("kills", &folder, &["remove", "--yes"]);
        let state = || self.state("kills");
        let sweep = |name, command, reset| {
            let (proxy, state) = (&self.proxy, &state as &dyn Fn() -> Result<Value>);
            let sweep = Sweep {
                name,
                proxy,
                command,
                reset,
                state,
                step,
            };
            sweep.run()
        };
        let figures = [
            ("first run", sweep("first run", &deploy, &wipe)?),
            ("upgrade", sweep("upgrade", &deploy, &before)?),
            ("removal", sweep("removal", &remove, &before)?),
        ];
        let failures: usize = figures.iter().map(|(_, one)| one.failures.len()).sum();
        ensure!(failures == 0, "{failures} kills ended badly");
        let line = |(name, figures): &(&str, Figures)| {
            format!("{name} {}/{}", figures.passed, figures.total)
        };
        Ok(figures.iter().map(line).collect())
    }

    /// A command that goes through the proxy, in the namespace named like the folder.
    fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let namespace = folder.file_name().and_then(|name| name.to_str());
        self.command_in(namespace.unwrap_or(NAME), folder, arguments)
    }

    fn command_in(&self, namespace: &str, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .current_dir(folder)
            .env("KUBECONFIG", &self.kubeconfig)
            .args(arguments)
            .args(["--to", "kubernetes", "--namespace", namespace]);
        command
    }

    /// Runs the binary without the proxy.
    fn directly(&self, folder: &Path, arguments: &[&str]) -> Result<()> {
        let mut command = self.command_in("kills", folder, arguments);
        stdout(command.env("KUBECONFIG", &self.direct)).map(drop)
    }

    fn expect(&self, folder: &Path, arguments: &[&str], code: i32) -> Result<Ended> {
        let ended = self.ended(&mut self.command(folder, arguments))?;
        ended.with(code, folder, arguments)
    }

    /// As [`Rig::expect`], beside the proxy: its writes are not counted.
    fn unseen(&self, folder: &Path, arguments: &[&str], code: i32) -> Result<Ended> {
        let mut command = self.command(folder, arguments);
        let ended = ended(command.env("KUBECONFIG", &self.direct))?;
        ended.with(code, folder, arguments)
    }

    fn ended(&self, command: &mut Command) -> Result<Ended> {
        self.proxy.arm(Vec::new());
        let mut ended = ended(command)?;
        let writes = self.proxy.writes().into_iter();
        ended.writes = writes.map(|call| call.line).collect();
        Ok(ended)
    }

    /// A folder with a compose file, and what it refers to.
    fn write(&self, name: &str, file: &str) -> Result<PathBuf> {
        let folder = self.folder.path().join(name);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("compose.yaml"), file.replace("NAME", name))?;
        for extra in ["word", "page"] {
            if !folder.join(extra).exists() {
                fs::write(folder.join(extra), "first\n")?;
            }
        }
        Ok(folder)
    }

    fn kubectl(&self, namespace: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(lab::kubernetes::kubectl());
        let command = command.env("KUBECONFIG", &self.direct);
        stdout(command.args(["--namespace", namespace]).args(arguments))
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

    /// Whether all of a stack is gone: a removal returns no earlier.
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

    /// Everything of a stack, without what differs from run to run.
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

    /// Removes everything of a stack and our notes, by `kubectl`.
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
}

/// What a run does not get over: its service, and the cause.
const CAUSES: &[(&str, &str, &str)] = &[
    (
        "crashes",
        "    command: [\"false\"]\n",
        "the process ends again and again",
    ),
    (
        "sick",
        "    command: [sleep, \"900\"]\n    \
         healthcheck: { test: \"false\", interval: 1s, timeout: 1s, retries: 2 }\n",
        "the health check fails",
    ),
    (
        "lost",
        "    command: [sleep, \"900\"]\n    secrets: [gone]\n\
         secrets: { gone: { external: true } }\n",
        "something a task needs is not there",
    ),
    (
        "ended",
        "    command: [sh, -c, exit 4]\n    restart: \"no\"\n",
        "the job failed",
    ),
];

/// Runs a command to its end.
fn ended(command: &mut Command) -> Result<Ended> {
    let start = Instant::now();
    let output = output(command)?;
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    Ok(Ended {
        code: output.status.code(),
        said,
        writes: Vec::new(),
        took: start.elapsed(),
    })
}

/// Whether a run said why, in time.
fn told(ended: &Ended, cause: &str) -> Result<String> {
    ensure!(ended.said.contains(cause), "no cause: {}", ended.said);
    let took = ended.took;
    ensure!(took < SOON, "`{cause}` is told after {took:?}");
    Ok(format!("{cause} ({:.0} s)", took.as_secs_f32()))
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

/// A service that is healthy, with a secret and a config, and a job it waits for.
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
    stop_grace_period: 1s
    healthcheck: {{ test: ["CMD", "true"], interval: 1s }}
    depends_on:
      job: {{ condition: service_completed_successfully }}
    secrets: [word]
    configs: [{{ source: page, target: /page }}]
    deploy:
      update_config: {{ order: start-first }}
secrets:
  word: {{ file: ./word }}
configs:
  page: {{ file: ./page }}
"#
    )
}
