//! What runs of a stack.

use serde_json::{Value, json};
use tranship_backend::deploy::{Fault, ServiceStatus, TaskState, TaskStatus};

use super::caller::CallError;
use super::job::short;
use super::observe::{at, list, text};
use super::service::family;
use super::{Account, marks};
use crate::names;

impl Account {
    /// Each service and its tasks.
    pub(super) async fn status_of(&self, stack: &str) -> Result<Vec<ServiceStatus>, Fault> {
        let services = self.services(stack).await?;
        let tasks = self.all_tasks(stack).await?;
        let own = services
            .iter()
            .filter(|service| marks::tag(at(service, "tags"), marks::STACK) == Some(stack));
        let mut found = Vec::new();
        for service in own {
            found.push(self.service_status(service, &tasks).await?);
        }
        Ok(found)
    }

    /// Every task of a stack the API remembers.
    pub(super) async fn all_tasks(&self, stack: &str) -> Result<Vec<Value>, Fault> {
        let cluster = names::dashed(stack, 255);
        let mut arns = Vec::new();
        for status in ["RUNNING", "STOPPED"] {
            let request = json!({"cluster": cluster, "desiredStatus": status});
            match self.pages("ListTasks", request, "taskArns").await {
                Err(error) if error.is(&["ClusterNotFoundException"]) => return Ok(Vec::new()),
                listed => arns.extend(listed.map_err(CallError::fault)?),
            }
        }
        self.tasks(&cluster, &arns).await
    }

    async fn service_status(
        &self,
        service: &Value,
        tasks: &[Value],
    ) -> Result<ServiceStatus, Fault> {
        let definition = text(service, "taskDefinition");
        let described = self.definition(definition).await?.unwrap_or_default().0;
        let name = marks::tag(at(service, "tags"), marks::SERVICE).unwrap_or_default();
        let main = list(&described, "containerDefinitions")
            .find(|container| text(container, "name") == name);
        let group = format!("service:{}", text(service, "serviceName"));
        let mut tasks: Vec<&Value> = tasks
            .iter()
            .filter(|task| text(task, "group") == group)
            .collect();
        tasks.sort_by_key(|task| std::cmp::Reverse(at(task, "createdAt").to_string()));
        let tasks: Vec<TaskStatus> = tasks.into_iter().map(task).collect();
        let count = |key: &str| service.get(key).and_then(Value::as_u64).unwrap_or_default();
        let ready = tasks
            .iter()
            .filter(|task| task.state == TaskState::Running)
            .count();
        Ok(ServiceStatus {
            service: if name.is_empty() {
                family(definition)
            } else {
                name
            }
            .to_owned(),
            image: main
                .map(|main| text(main, "image").to_owned())
                .unwrap_or_default(),
            wanted: count("desiredCount"),
            running: count("runningCount"),
            ready: ready as u64,
            ports: Vec::new(),
            tasks,
        })
    }
}

fn task(task: &Value) -> TaskStatus {
    let state = state(task);
    let reason = text(task, "stoppedReason");
    TaskStatus {
        name: short(text(task, "taskArn")).to_owned(),
        node: None,
        state,
        detail: (!reason.is_empty()).then(|| reason.to_owned()),
        restarts: 0,
    }
}

fn state(task: &Value) -> TaskState {
    match (text(task, "lastStatus"), text(task, "desiredStatus")) {
        ("STOPPED", _) => {
            let is_well = list(task, "containers").all(|container| at(container, "exitCode") == 0);
            if is_well {
                TaskState::Completed
            } else {
                TaskState::Failed
            }
        }
        (_, "STOPPED") => TaskState::Stopping,
        ("RUNNING", _) => match text(task, "healthStatus") {
            "UNHEALTHY" => TaskState::Unhealthy,
            _ => TaskState::Running,
        },
        _ => TaskState::Pending,
    }
}
