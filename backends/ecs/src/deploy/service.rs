//! Services and their task definitions.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;
use tranship_backend::deploy::{Fault, Step, Wanted};
use tranship_model::ObjectId;

use super::apply::{part, service};
use super::caller::CallError;
use super::compare::without;
use super::observe::{at, list, set_member, text};
use super::values::{self, Values, functions};
use super::{Account, marks};
use crate::names;

/// How often something on its way out is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// What `UpdateService` does not take.
const ONLY_ON_CREATE: [&str; 4] = ["serviceName", "launchType", "schedulingStrategy", "tags"];

/// Lists that stay as they are unless an update says that they are empty.
const LISTS: [&str; 4] = [
    "loadBalancers",
    "serviceRegistries",
    "placementConstraints",
    "placementStrategy",
];

impl Account {
    /// Creates or updates a service, and returns the name of the deployment that began.
    pub(super) async fn put_service(
        &self,
        stack: &str,
        step: &Step,
        wanted: &Wanted,
        values: &Values,
    ) -> Result<String, Fault> {
        let id = &wanted.object.id;
        let request = resolved(wanted, "service", values)?;
        let definition = self.put_definition(stack, wanted, values).await?;
        let hash = marks::hash(&request);
        let tags = ours(stack, wanted, &hash);
        let found = self.service(text(&request, "cluster"), &id.name).await?;
        let (operation, request) = match &found {
            None => ("CreateService", creation(request, &definition, &tags)),
            Some(found) => {
                let is_rolled = step.changes.is_empty();
                (
                    "UpdateService",
                    update(&request, found, &definition, is_rolled),
                )
            }
        };
        let answer = self
            .ecs(operation, request)
            .await
            .map_err(|error| error.about(id))?;
        let service = at(&answer, "service");
        if found.is_some() {
            let mark = json!({"resourceArn": at(service, "serviceArn"), "tags": tags});
            self.ecs("TagResource", mark)
                .await
                .map_err(|error| error.about(id))?;
        }
        Ok(rollout(service))
    }

    /// A service that is not on its way out.
    async fn service(&self, cluster: &str, name: &str) -> Result<Option<Value>, Fault> {
        let request = json!({"cluster": cluster, "services": [name]});
        let answer = match self.ecs("DescribeServices", request).await {
            Err(error) if error.is(&["ClusterNotFoundException"]) => return Ok(None),
            answer => answer.map_err(CallError::fault)?,
        };
        let found = list(&answer, "services").find(|service| at(service, "status") == "ACTIVE");
        Ok(found.cloned())
    }

    /// Registers a task definition unless the newest one is the same, and returns its address.
    pub(super) async fn put_definition(
        &self,
        stack: &str,
        wanted: &Wanted,
        values: &Values,
    ) -> Result<String, Fault> {
        let mut request = resolved(wanted, "taskDefinition", values)?;
        let hash = marks::hash(&request);
        if let Some((newest, tags)) = self.newest(text(&request, "family")).await?
            && marks::tag(&tags, marks::HASH) == Some(&hash)
        {
            return Ok(text(&newest, "taskDefinitionArn").to_owned());
        }
        marks::add(&mut request, &ours(stack, wanted, &hash));
        let answer = self.ecs("RegisterTaskDefinition", request).await;
        let answer = answer.map_err(|error| error.about(&wanted.object.id))?;
        Ok(text(at(&answer, "taskDefinition"), "taskDefinitionArn").to_owned())
    }

    /// Deletes a service, and returns when its tasks are gone.
    pub(super) async fn delete_service(&self, stack: &str, id: &ObjectId) -> Result<(), Fault> {
        let cluster = names::dashed(stack, 255);
        if let Some(found) = self.service(&cluster, &id.name).await? {
            let family = family(text(&found, "taskDefinition")).to_owned();
            let request = json!({"cluster": cluster, "service": &*id.name, "force": true});
            self.ecs("DeleteService", request)
                .await
                .map_err(|error| error.about(id))?;
            self.until_stopped(&cluster, &family).await?;
            self.forget_definitions(&family).await?;
        }
        Ok(())
    }

    /// Returns when no task of a family runs.
    pub(super) async fn until_stopped(&self, cluster: &str, family: &str) -> Result<(), Fault> {
        loop {
            let mut arns = Vec::new();
            for status in ["RUNNING", "STOPPED"] {
                let request =
                    json!({"cluster": cluster, "family": family, "desiredStatus": status});
                let listed = self.pages("ListTasks", request, "taskArns").await;
                arns.extend(listed.map_err(CallError::fault)?);
            }
            let tasks = self.tasks(cluster, &arns).await?;
            if tasks.iter().all(|task| at(task, "lastStatus") == "STOPPED") {
                return Ok(());
            }
            sleep(LOOK).await;
        }
    }

    /// Tasks by their addresses.
    pub(super) async fn tasks(&self, cluster: &str, arns: &[String]) -> Result<Vec<Value>, Fault> {
        let mut tasks = Vec::new();
        for arns in arns.chunks(100) {
            let request = json!({"cluster": cluster, "tasks": arns});
            let answer = self
                .ecs("DescribeTasks", request)
                .await
                .map_err(CallError::fault)?;
            tasks.extend(list(&answer, "tasks").cloned());
        }
        Ok(tasks)
    }

    /// Takes every revision of a family out of use, and deletes it.
    pub(super) async fn forget_definitions(&self, family: &str) -> Result<(), Fault> {
        let request = json!({"familyPrefix": family});
        let arns = self
            .pages("ListTaskDefinitions", request, "taskDefinitionArns")
            .await;
        let arns = arns.map_err(CallError::fault)?;
        let own: Vec<String> = arns
            .into_iter()
            .filter(|arn| self::family(arn) == family)
            .collect();
        for arn in &own {
            let request = json!({"taskDefinition": arn});
            self.ecs("DeregisterTaskDefinition", request)
                .await
                .map_err(CallError::fault)?;
        }
        for arns in own.chunks(10) {
            let request = json!({"taskDefinitions": arns});
            self.ecs("DeleteTaskDefinitions", request)
                .await
                .map_err(CallError::fault)?;
        }
        Ok(())
    }
}

/// A part of an object with what the stack says in it.
pub(super) fn resolved(wanted: &Wanted, key: &str, values: &Values) -> Result<Value, Fault> {
    let request = values::resolve(part(wanted, key), values);
    let missing: Vec<String> = functions(&request)
        .iter()
        .map(|one| one.about().to_owned())
        .collect();
    if missing.is_empty() {
        return Ok(request);
    }
    Err(Fault::Refused {
        object: wanted.object.id.clone(),
        reason: format!("the stack does not say what {} is", missing.join(", ")),
    })
}

/// Our tags on what runs something.
pub(super) fn ours(stack: &str, wanted: &Wanted, hash: &str) -> Vec<Value> {
    vec![
        marks::pair(marks::STACK, stack),
        marks::pair(marks::SERVICE, service(wanted)),
        marks::pair(marks::HASH, hash),
    ]
}

fn creation(mut request: Value, definition: &str, tags: &[Value]) -> Value {
    marks::add(&mut request, tags);
    set_member(&mut request, "taskDefinition", Value::from(definition));
    set_member(&mut request, "clientToken", Value::from(marks::token()));
    request
}

fn update(request: &Value, found: &Value, definition: &str, is_rolled: bool) -> Value {
    let mut update = without(request, &ONLY_ON_CREATE);
    for key in LISTS {
        let is_left = list(found, key).next().is_some() && request.get(key).is_none();
        if is_left {
            set_member(&mut update, key, json!([]));
        }
    }
    set_member(&mut update, "service", at(request, "serviceName").clone());
    set_member(&mut update, "taskDefinition", Value::from(definition));
    if is_rolled {
        set_member(&mut update, "forceNewDeployment", Value::Bool(true));
    }
    update
}

/// The name of the deployment under way.
pub(super) fn rollout(service: &Value) -> String {
    let primary = list(service, "deployments").find(|one| *at(one, "status") == "PRIMARY");
    primary
        .map(|one| text(one, "id").to_owned())
        .unwrap_or_default()
}

/// The family in the address of a task definition.
pub(super) fn family(arn: &str) -> &str {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    name.split(':').next().unwrap_or(name)
}
