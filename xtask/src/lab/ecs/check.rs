//! The live check: what `tranship convert --to ecs` writes comes up, works, and goes without a trace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::account::{Account, Stack};
use super::emulator::get;
use super::engine::Engine;
use crate::command::{output, stdout, succeed};
use crate::lab::network::Network;
use crate::lab::{self, Instance, Part, ecs};
use crate::paths::{root, scratch};
use crate::report::Verdict;
use crate::{demo, tools};

/// The instance of the check: nobody else's.
const NAME: &str = "checkecs";

/// Where the published page is asked for.
const PAGE: u16 = 8081;

/// Runs it.
pub(crate) fn run() -> Result<Verdict> {
    if let Some(obstacle) = lab::obstacle() {
        return Ok(Verdict::Skipped(obstacle.to_owned()));
    }
    let instance = Instance::named(NAME)?;
    lab::down(&instance, &[Part::Ecs])?;
    let passed = in_laboratory(&instance);
    lab::down(&instance, &[Part::Ecs])?;
    let passed = passed?;
    nothing_is_left(&instance)?;
    Ok(passed)
}

fn in_laboratory(instance: &Instance) -> Result<Verdict> {
    lab::up(instance, &[Part::Ecs])?;
    lab::import(instance, &demo::images()?)?;
    let Some(account) = Account::of(instance)? else {
        return Ok(Verdict::Skipped("no python3".to_owned()));
    };
    let network = instance.network()?;
    let bench = Bench {
        engine: Engine::of(instance, &network),
        network,
        account,
    };
    let services = bench.shop()?;
    bench.published()?;
    behaves(instance)?;
    bench.account.delete("shop")?;
    bench.account.delete("published")?;
    let left = bench.engine.containers()?;
    ensure!(left.is_empty(), "containers outlive their stacks: {left:?}");
    Ok(Verdict::Passed(format!(
        "{services} services of the shop and a page behind a balancer came up, worked and went; \
         the agent behaves"
    )))
}

/// What the check works with.
struct Bench {
    account: Account,
    engine: Engine,
    network: Network,
}

impl Bench {
    /// Brings up the shop and returns how many services run.
    fn shop(&self) -> Result<usize> {
        let folder = render(&root().join("fixtures/stacks/shop"), "shop")?;
        let secret = self.account.text(&[
            "secretsmanager",
            "create-secret",
            "--name",
            "shop_database_password",
            "--secret-string",
            "open sesame",
            "--query",
            "ARN",
        ])?;
        self.create("shop", &folder, &secret)?;
        let services = self.services_run("shop")?;
        self.health("shop", &["api", "db"])?;
        self.names_resolve()?;
        let page = get(&self.address_of("shop-web")?, 8080, "/")?;
        ensure!(page.contains("<h1>Open</h1>"), "the shop's page is {page}");
        self.job_ends_well()?;
        Ok(services)
    }

    /// A page behind a load balancer, and an update to an image that is not there.
    fn published(&self) -> Result<()> {
        let folder = render(&root().join("lab/ecs/published"), "published")?;
        let template = self.create("published", &folder, "")?;
        let address = self.engine.node().address.clone();
        let mut pages = std::collections::BTreeSet::new();
        for _ in 0..4 {
            let page = get(&address, PAGE, "/")?;
            ensure!(page.contains("page of"), "the published page is {page}");
            pages.insert(page);
        }
        ensure!(pages.len() == 2, "one of two tasks answers: {pages:?}");
        let before = self.tasks("published-page")?;
        let text = fs::read_to_string(&template)?.replace("web:1.0", "web:none");
        fs::write(&template, text)?;
        let state = self.deploy("update-stack", "published", &template, "")?;
        ensure!(
            state == "UPDATE_ROLLBACK_COMPLETE",
            "an image that is not there: {state}"
        );
        ensure!(
            self.tasks("published-page")? == before,
            "old tasks were touched"
        );
        Ok(())
    }

    fn create(&self, name: &str, folder: &Path, secret: &str) -> Result<PathBuf> {
        let template = folder.join("template.yaml");
        let state = self.deploy("create-stack", name, &template, secret)?;
        ensure!(state == "CREATE_COMPLETE", "the stack {name} is {state}");
        Ok(template)
    }

    fn deploy(&self, verb: &str, name: &str, template: &Path, secret: &str) -> Result<String> {
        let parameters = self.parameters(template, secret)?;
        self.account.deploy(
            verb,
            &Stack {
                name,
                template,
                parameters: &parameters,
            },
        )
    }

    /// The parameters a template asks for, filled from the account's own network.
    fn parameters(&self, template: &Path, secret: &str) -> Result<Vec<String>> {
        let template: Value = serde_saphyr::from_str(&fs::read_to_string(template)?)?;
        let asked = template
            .get("Parameters")
            .and_then(Value::as_object)
            .context("a template without parameters")?;
        let vpc = self.account.vpc()?;
        let subnets = self.account.subnets()?;
        let mut parameters = Vec::new();
        for (name, asked) in asked {
            let value = match asked.get("Type").and_then(Value::as_str) {
                Some("AWS::EC2::VPC::Id") => vpc.clone(),
                Some("List<AWS::EC2::Subnet::Id>") => format!("\"{subnets}\""),
                _ if name.ends_with("SecretArn") => secret.to_owned(),
                _ => continue,
            };
            parameters.push(format!("ParameterKey={name},ParameterValue={value}"));
        }
        Ok(parameters)
    }

    fn services_run(&self, cluster: &str) -> Result<usize> {
        let arns = self.account.ask(&[
            "ecs",
            "list-services",
            "--cluster",
            cluster,
            "--query",
            "serviceArns",
        ])?;
        let arns: Vec<&str> = texts(&arns);
        let mut arguments = vec![
            "ecs",
            "describe-services",
            "--cluster",
            cluster,
            "--services",
        ];
        arguments.extend(&arns);
        let described = self.account.ask(&arguments)?;
        let services = described.get("services").and_then(Value::as_array);
        for service in services.context("no services")? {
            let (running, desired) = (service.get("runningCount"), service.get("desiredCount"));
            let state = service.pointer("/deployments/0/rolloutState");
            let is_steady = state.and_then(Value::as_str) == Some("COMPLETED");
            ensure!(running == desired && is_steady, "not steady: {service}");
        }
        Ok(arns.len())
    }

    fn health(&self, cluster: &str, services: &[&str]) -> Result<()> {
        for service in services {
            let family = format!("{cluster}-{service}");
            let list = [
                "ecs",
                "list-tasks",
                "--cluster",
                cluster,
                "--family",
                &family,
            ];
            let listed = self.account.ask(&list)?;
            let tasks = listed.get("taskArns").map(texts).unwrap_or_default();
            ensure!(!tasks.is_empty(), "{service} has no task");
            let mut arguments = vec!["ecs", "describe-tasks", "--cluster", cluster];
            arguments.extend(["--query", "tasks[].healthStatus", "--tasks"]);
            arguments.extend(tasks);
            let health = self.account.ask(&arguments)?;
            let is_healthy = texts(&health).iter().all(|health| *health == "HEALTHY");
            ensure!(is_healthy, "{service} is {health}");
        }
        Ok(())
    }

    /// From within the page's container, by short names and by an alias.
    fn names_resolve(&self) -> Result<()> {
        let [container] = &self.tasks("shop-web")?[..] else {
            bail!("the page has not one task");
        };
        for name in ["api", "backend", "cache", "db"] {
            let ask = ["exec", container, "nslookup", name];
            let answer = stdout(&mut self.engine.docker(&ask))?;
            let tasks = format!("{}.13", self.network.prefix());
            ensure!(answer.contains(&tasks), "{name} is not a task: {answer}");
        }
        let unknown = ["exec", container, "nslookup", "nobody"];
        let answer = output(&mut self.engine.docker(&unknown))?;
        ensure!(!answer.status.success(), "a name nobody has resolves");
        Ok(())
    }

    fn job_ends_well(&self) -> Result<()> {
        let subnets = ["ec2", "describe-subnets", "--query", "Subnets[0].SubnetId"];
        let subnet = self.account.text(&subnets)?;
        let network = format!("awsvpcConfiguration={{subnets=[{subnet}]}}");
        let mut run = vec![
            "ecs",
            "run-task",
            "--cluster",
            "shop",
            "--launch-type",
            "FARGATE",
        ];
        run.extend(["--task-definition", "shop-migrate"]);
        run.extend(["--network-configuration", &network]);
        run.extend(["--query", "tasks[0].taskArn"]);
        let task = self.account.text(&run)?;
        let at = ["--cluster", "shop", "--tasks", &task];
        self.account
            .ask(&[&["ecs", "wait", "tasks-stopped"], &at[..]].concat())?;
        let query = ["--query", "tasks[0].containers[?name=='migrate'].exitCode"];
        let codes = self
            .account
            .ask(&[&["ecs", "describe-tasks"], &at[..], &query].concat())?;
        ensure!(
            codes == serde_json::json!([0]),
            "the job ended with {codes}"
        );
        Ok(())
    }

    /// The containers that run the main container of a family's tasks.
    fn tasks(&self, family: &str) -> Result<Vec<String>> {
        let name = family.rsplit('-').next().unwrap_or(family);
        let prefix = "label=com.amazonaws.ecs";
        let family = format!("{prefix}.task-definition-family={family}");
        let name = format!("{prefix}.container-name={name}");
        let mut list = self.engine.docker(&["ps", "--quiet", "--no-trunc"]);
        let listed = stdout(list.args(["--filter", &family, "--filter", &name]))?;
        let mut tasks: Vec<String> = listed.lines().map(str::to_owned).collect();
        tasks.sort();
        Ok(tasks)
    }

    /// The address of the one task of a family.
    fn address_of(&self, family: &str) -> Result<String> {
        let cluster = family.split('-').next().unwrap_or(family);
        let list = [
            "ecs",
            "list-tasks",
            "--cluster",
            cluster,
            "--family",
            family,
        ];
        let task = self
            .account
            .text(&[&list[..], &["--query", "taskArns[0]"]].concat())?;
        let query = "tasks[0].containers[0].networkInterfaces[0].privateIpv4Address";
        let describe = [
            "ecs",
            "describe-tasks",
            "--cluster",
            cluster,
            "--tasks",
            &task,
        ];
        self.account
            .text(&[&describe[..], &["--query", query]].concat())
    }
}

/// The agent does what real ECS does, one by one.
fn behaves(instance: &Instance) -> Result<()> {
    let script = root().join("lab/ecs/behaviour.py");
    let output = output(Command::new("python3").arg(script).envs(ecs::env(instance)))?;
    let [said, raised] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    ensure!(
        output.status.success(),
        "the agent does not behave:\n{said}{raised}"
    );
    Ok(())
}

fn texts(list: &Value) -> Vec<&str> {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).collect()
}

/// Translates a stack and returns the folder of what came out.
fn render(stack: &Path, name: &str) -> Result<PathBuf> {
    let folder = scratch("lab/ecs-check").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let into = folder.to_string_lossy();
    succeed(
        Command::new(tools::tranship()?)
            .args(["convert", "--quiet", "--to", "ecs", "-o", &into])
            .current_dir(stack),
    )?;
    Ok(folder)
}

/// No folder, namespace, route or process of the instance.
fn nothing_is_left(instance: &Instance) -> Result<()> {
    for folder in [
        instance.run_folder(Part::Ecs),
        instance.data_folder(Part::Ecs),
    ] {
        ensure!(!folder.exists(), "{} is left", folder.display());
    }
    let namespaces = stdout(Command::new("ip").args(["netns", "list"]))?;
    let ours = format!("tranship-{NAME}-");
    ensure!(
        !namespaces.contains(&ours),
        "namespaces are left: {namespaces}"
    );
    for entry in fs::read_dir("/proc")? {
        // A process may end while we look.
        let line = fs::read(entry?.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let folder = instance.run_folder(Part::Ecs);
        ensure!(
            !line.contains(&*folder.to_string_lossy()),
            "a process is left: {line}"
        );
    }
    Ok(())
}
