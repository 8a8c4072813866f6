//! Questions to the laboratory's account, beside the proxy. It checks no signature: a call only
//! has to say which service it is for.

use std::io::Write;
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

use crate::live::http;
use crate::live::stacks::Door;

/// How long one answer may take, and what goes may take to be gone.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often it is looked whether something is gone.
const LOOK: Duration = Duration::from_millis(300);

/// What our objects are marked with: the stack they belong to.
const MARK: &str = "tranship:stack";

/// The account.
pub(super) struct Account {
    /// Its host and port.
    address: String,
}

impl Account {
    /// The account behind `http://HOST:PORT`.
    pub(super) fn at(endpoint: &str) -> Self {
        let address = endpoint.trim_start_matches("http://").to_owned();
        Self { address }
    }

    /// Its host and port.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Calls ECS.
    pub(super) fn ecs(&self, operation: &str, request: &Value) -> Result<Value> {
        let target = format!("AmazonEC2ContainerServiceV20141113.{operation}");
        self.json("ecs", &target, request)
    }

    /// Calls Secrets Manager.
    pub(super) fn secrets(&self, operation: &str, request: &Value) -> Result<Value> {
        let target = format!("secretsmanager.{operation}");
        self.json("secretsmanager", &target, request)
    }

    fn json(&self, service: &str, target: &str, request: &Value) -> Result<Value> {
        let headers =
            format!("Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: {target}\r\n");
        let answer = self.post(service, &headers, &request.to_string())?;
        serde_json::from_slice(&answer).with_context(|| format!("what {target} said"))
    }

    /// Calls `CloudFormation`.
    fn formation(&self, action: &str, name: Option<&str>) -> Result<String> {
        let name = name.map_or_else(String::new, |name| format!("&StackName={name}"));
        let form = format!("Action={action}&Version=2010-05-15{name}");
        let headers = "Content-Type: application/x-www-form-urlencoded\r\n";
        let answer = self.post("cloudformation", headers, &form)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    fn post(&self, service: &str, headers: &str, body: &str) -> Result<Vec<u8>> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let (host, length) = (&self.address, body.len());
        write!(
            stream,
            "POST / HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: {length}\r\n\
             Authorization: AWS4-HMAC-SHA256 \
             Credential=test/20260101/eu-west-1/{service}/aws4_request, SignedHeaders=host, \
             Signature=0\r\nConnection: close\r\n\r\n{body}"
        )?;
        let (status, answer) = http::read_answer(&mut stream)?;
        let said = String::from_utf8_lossy(&answer);
        ensure!(
            status == 200,
            "{headers}{body} was answered {status}: {said}"
        );
        Ok(answer)
    }

    /// Whether there is a stack of this name.
    fn has_stack(&self, name: &str) -> Result<bool> {
        let stacks = self.formation("DescribeStacks", None)?;
        Ok(stacks.contains(&format!("<StackName>{name}</StackName>")))
    }

    /// The families of task definitions in use of a stack.
    pub(super) fn families(&self, stack: &str) -> Result<Vec<String>> {
        let request = json!({"familyPrefix": format!("{stack}-"), "status": "ACTIVE"});
        let listed = self.ecs("ListTaskDefinitionFamilies", &request)?;
        Ok(texts(&listed, "families"))
    }

    /// The addresses of the tasks of a family that run.
    pub(super) fn tasks(&self, cluster: &str, family: &str) -> Result<Vec<String>> {
        let request = json!({"cluster": cluster, "family": family});
        let mut tasks = texts(&self.ecs("ListTasks", &request)?, "taskArns");
        tasks.sort();
        Ok(tasks)
    }

    /// The names of the secrets with the mark of a stack, and of our notes about it.
    pub(super) fn secrets_of(&self, stack: &str) -> Result<Vec<String>> {
        let listed = self.secrets("ListSecrets", &json!({}))?;
        let secrets = listed.get("SecretList").and_then(Value::as_array);
        let is_ours = |secret: &&Value| {
            let tags = secret.get("Tags").and_then(Value::as_array);
            let mark = json!({"Key": MARK, "Value": stack});
            tags.is_some_and(|tags| tags.contains(&mark))
                || text(secret, "Name").starts_with(&format!("tranship/{stack}/"))
        };
        let ours = secrets.into_iter().flatten().filter(is_ours);
        let mut names: Vec<String> = ours.map(|secret| text(secret, "Name").to_owned()).collect();
        names.sort();
        Ok(names)
    }

    /// The services of a cluster as they are described; none when there is no such cluster.
    pub(super) fn services(&self, cluster: &str) -> Result<Vec<Value>> {
        let clusters = texts(&self.ecs("ListClusters", &json!({}))?, "clusterArns");
        let ending = format!("/{cluster}");
        if clusters.iter().all(|known| !known.ends_with(&ending)) {
            return Ok(Vec::new());
        }
        let listed = self.ecs("ListServices", &json!({"cluster": cluster}))?;
        let request = json!({"cluster": cluster, "services": texts(&listed, "serviceArns")});
        let mut described = self.ecs("DescribeServices", &request)?;
        let services = described.get_mut("services").map(Value::take);
        Ok(services
            .and_then(|services| services.as_array().cloned())
            .unwrap_or_default())
    }

    /// The containers of the newest definition of a family.
    pub(super) fn containers(&self, family: &str) -> Result<Value> {
        let request = json!({"taskDefinition": family});
        let found = self.ecs("DescribeTaskDefinition", &request)?;
        let containers = found.pointer("/taskDefinition/containerDefinitions");
        Ok(containers.cloned().unwrap_or_default())
    }

    /// Where a published port is asked: at the balancer, which has the account's own address here,
    /// or at the task.
    pub(super) fn door(&self, stack: &str, door: &Door) -> Result<String> {
        let services = self.services(stack)?;
        let family = format!("{stack}-{}", door.service);
        let definition = format!(":task-definition/{family}:");
        let runs = |service: &&Value| text(service, "taskDefinition").contains(&definition);
        let service = services.iter().find(runs).context("no such service")?;
        let is_balanced = service.pointer("/loadBalancers/0").is_some();
        let (host, _) = self.address.split_once(':').context("no port")?;
        match door.published {
            Some(port) if is_balanced => Ok(format!("{host}:{port}")),
            Some(_) | None => Ok(format!(
                "{}:{}",
                self.task_address(stack, &family)?,
                door.target
            )),
        }
    }

    /// The address of the first task of a family.
    fn task_address(&self, cluster: &str, family: &str) -> Result<String> {
        let request = json!({"cluster": cluster, "tasks": self.tasks(cluster, family)?});
        let described = self.ecs("DescribeTasks", &request)?;
        let address = "/tasks/0/containers/0/networkInterfaces/0/privateIpv4Address";
        let address = described.pointer(address).and_then(Value::as_str);
        Ok(address.context("a task without an address")?.to_owned())
    }

    /// Everything of a stack, without what differs from run to run; the lock is no part of it.
    pub(super) fn state(&self, stack: &str) -> Result<Value> {
        let mut services = Map::new();
        for service in self.services(stack)? {
            let kept = ["desiredCount", "runningCount", "deploymentConfiguration"];
            let member = |key: &str| Some((key.to_owned(), service.get(key)?.clone()));
            let kept = kept.into_iter().filter_map(member).collect();
            services.insert(text(&service, "serviceName").to_owned(), kept);
        }
        let mut families = Map::new();
        for family in self.families(stack)? {
            let mut containers = self.containers(&family)?;
            // The address of a secret ends otherwise each time it is made.
            for container in containers.as_array_mut().into_iter().flatten() {
                container.as_object_mut().map(|one| one.remove("secrets"));
            }
            families.insert(family, containers);
        }
        let mut secrets = self.secrets_of(stack)?;
        secrets.retain(|name| !name.ends_with("/lock"));
        Ok(json!({
            "services": services,
            "families": families,
            "secrets": secrets,
            "stack": self.has_stack(stack)?,
        }))
    }

    /// Removes everything of a stack and our notes.
    pub(super) fn wipe(&self, stack: &str) -> Result<()> {
        for service in self.services(stack)? {
            let name = text(&service, "serviceName");
            let request = json!({"cluster": stack, "service": name, "force": true});
            if text(&service, "status") == "ACTIVE" {
                self.ecs("DeleteService", &request)?;
            }
        }
        for family in self.families(stack)? {
            until("tasks", || {
                let tasks = self.tasks(stack, &family).unwrap_or_default();
                for task in &tasks {
                    self.ecs("StopTask", &json!({"cluster": stack, "task": task}))?;
                }
                Ok(tasks.is_empty())
            })?;
            let listed = self.ecs("ListTaskDefinitions", &json!({"familyPrefix": family}))?;
            for definition in texts(&listed, "taskDefinitionArns") {
                let request = json!({"taskDefinition": definition});
                self.ecs("DeregisterTaskDefinition", &request)?;
            }
        }
        until("services", || {
            let services = self.services(stack)?;
            let is_gone = |service: &Value| text(service, "status") == "INACTIVE";
            Ok(services.iter().all(is_gone))
        })?;
        if self.has_stack(stack)? {
            self.formation("DeleteStack", Some(stack))?;
            until("the stack", || Ok(!self.has_stack(stack)?))?;
        }
        for name in self.secrets_of(stack)? {
            let request = json!({"SecretId": name, "ForceDeleteWithoutRecovery": true});
            self.secrets("DeleteSecret", &request)?;
        }
        Ok(())
    }
}

fn until(what: &str, is_gone: impl Fn() -> Result<bool>) -> Result<()> {
    let start = Instant::now();
    while !is_gone()? {
        ensure!(start.elapsed() < PATIENCE, "{what} stay");
        sleep(LOOK);
    }
    Ok(())
}

/// What there is of a stack that is gone.
pub(super) fn nothing() -> Value {
    json!({"services": {}, "families": {}, "secrets": [], "stack": false})
}

/// A member of an answer that is a text; empty when it is not.
pub(super) fn text<'answer>(answer: &'answer Value, key: &str) -> &'answer str {
    answer.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn texts(answer: &Value, key: &str) -> Vec<String> {
    let items = answer.get(key).and_then(Value::as_array);
    let texts = items.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}
