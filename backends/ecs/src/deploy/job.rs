//! Jobs: tasks that run once for each content.
//!
//! ECS forgets tasks an hour after they ended; that a definition was run is a tag on it.

use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tranship_backend::deploy::{Fault, Live, Role, Wanted};
use tranship_model::ObjectId;

use super::caller::CallError;
use super::converge::{self, Ending};
use super::observe::{at, list, owner, set_member, text};
use super::service::{family, resolved};
use super::values::Values;
use super::{Account, kinds, marks};
use crate::names;

impl Account {
    /// Registers a job's definition, runs it, and returns the tasks' names.
    pub(super) async fn put_job(
        &self,
        stack: &str,
        wanted: &Wanted,
        values: &Values,
    ) -> Result<String, Fault> {
        let id = &wanted.object.id;
        let definition = self.put_definition(stack, wanted, values).await?;
        let mut request = resolved(wanted, "run", values)?;
        set_member(
            &mut request,
            "taskDefinition",
            Value::from(definition.as_str()),
        );
        set_member(&mut request, "startedBy", Value::from("tranship"));
        set_member(&mut request, "clientToken", Value::from(marks::token()));
        let answer = self
            .ecs("RunTask", request)
            .await
            .map_err(|error| error.about(id))?;
        if let Some(failure) = list(&answer, "failures").next() {
            let reason = format!("{} {}", text(failure, "reason"), text(failure, "detail"));
            return Err(Fault::Refused {
                object: id.clone(),
                reason,
            });
        }
        let tasks = list(&answer, "tasks").map(|task| short(text(task, "taskArn")));
        let tasks: Vec<&str> = tasks.collect();
        // A tag holds 256 letters, which is seven tasks; the others are waited for by no later run.
        let run = tasks.iter().take(7).copied().collect::<Vec<_>>().join(" ");
        let mark = json!({"resourceArn": definition, "tags": [marks::pair(marks::RUN, &run)]});
        self.ecs("TagResource", mark)
            .await
            .map_err(|error| error.about(id))?;
        Ok(tasks.join(" "))
    }

    /// The jobs of a stack: definitions that were run.
    pub(super) async fn live_jobs(&self, stack: &str, values: &Values) -> Result<Vec<Live>, Fault> {
        let prefix = format!("{stack}-");
        let request = json!({"familyPrefix": prefix, "status": "ACTIVE"});
        let families = self
            .pages("ListTaskDefinitionFamilies", request, "families")
            .await;
        let families = families.map_err(CallError::fault)?;
        let lives = families
            .iter()
            .map(|family| self.live_job(stack, family, values));
        Ok(try_join_all(lives).await?.into_iter().flatten().collect())
    }

    async fn live_job(
        &self,
        stack: &str,
        family: &str,
        values: &Values,
    ) -> Result<Option<Live>, Fault> {
        let Some((definition, tags)) = self.newest(family).await? else {
            return Ok(None);
        };
        let Some(run) = marks::tag(&tags, marks::RUN) else {
            return Ok(None);
        };
        let tasks = self.run(stack, run).await?;
        let ending = converge::ending(&tasks);
        let service = marks::tag(&tags, marks::SERVICE).unwrap_or_default();
        let body = json!({
            "taskDefinition": definition,
            "definitionHash": marks::tag(&tags, marks::HASH),
            "failed": matches!(ending, Ending::Failed(_)),
            "values": values,
        });
        Ok(Some(Live {
            id: ObjectId::new(kinds::JOB, names::dashed(service, 255)),
            version: marks::hash(&json!([at(&definition, "taskDefinitionArn"), run])),
            body,
            owner: owner(&tags, stack),
            role: Role::Workload {
                service: service.to_owned(),
            },
            secret_is_current: true,
        }))
    }

    /// The tasks of a run, as far as they are remembered.
    pub(super) async fn run(&self, stack: &str, run: &str) -> Result<Vec<Value>, Fault> {
        let tasks: Vec<String> = run.split_whitespace().map(str::to_owned).collect();
        match self.tasks(&names::dashed(stack, 255), &tasks).await {
            Err(Fault::Other(reason)) if reason.starts_with("ClusterNotFound") => Ok(Vec::new()),
            tasks => tasks,
        }
    }

    /// What ran a job last.
    pub(super) async fn last_run(&self, stack: &str, name: &str) -> Result<String, Fault> {
        let family = names::dashed(&format!("{stack}-{name}"), 255);
        let found = self.newest(&family).await?;
        let run = found
            .as_ref()
            .and_then(|(_, tags)| marks::tag(tags, marks::RUN));
        Ok(run.unwrap_or_default().to_owned())
    }

    /// Stops a job's tasks, and forgets its definitions.
    pub(super) async fn delete_job(&self, stack: &str, id: &ObjectId) -> Result<(), Fault> {
        let cluster = names::dashed(stack, 255);
        let family = family(&names::dashed(&format!("{stack}-{}", id.name), 255)).to_owned();
        let request = json!({"cluster": cluster, "family": family});
        let running = match self.pages("ListTasks", request, "taskArns").await {
            Err(error) if error.is(&["ClusterNotFoundException"]) => Vec::new(),
            running => running.map_err(CallError::fault)?,
        };
        for task in &running {
            let request = json!({"cluster": cluster, "task": task, "reason": "the job is removed"});
            self.ecs("StopTask", request)
                .await
                .map_err(|error| error.about(id))?;
        }
        if !running.is_empty() {
            self.until_stopped(&cluster, &family).await?;
        }
        self.forget_definitions(&family).await
    }
}

/// The name of a task in its address.
pub(super) fn short(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}
