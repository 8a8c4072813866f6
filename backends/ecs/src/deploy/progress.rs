//! Asking how far rollouts are.

use serde_json::{Value, json};
use tranship_backend::deploy::{Cause, CauseKind, Convergence, Fault, Watched};
use tranship_model::ObjectId;

use super::caller::CallError;
use super::observe::text;
use super::service::rollout;
use super::{Account, converge, kinds};
use crate::names;

impl Account {
    /// What the present rollouts are called.
    pub(super) async fn present_rollouts(
        &self,
        stack: &str,
        workloads: &[ObjectId],
    ) -> Result<Vec<String>, Fault> {
        let services = self.services(stack).await?;
        let mut rollouts = Vec::with_capacity(workloads.len());
        for id in workloads {
            rollouts.push(match id.kind.as_ref() {
                kinds::JOB => self.last_run(stack, &id.name).await?,
                _service => named(&services, &id.name).map(rollout).unwrap_or_default(),
            });
        }
        Ok(rollouts)
    }

    /// How far rollouts are.
    pub(super) async fn progress_of(
        &self,
        stack: &str,
        watched: &[Watched],
    ) -> Result<Vec<Convergence>, Fault> {
        let services = self.services(stack).await?;
        let stopped = self.stopped(stack, &services, watched).await?;
        let mut states = Vec::with_capacity(watched.len());
        for one in watched {
            states.push(if one.object.kind == kinds::JOB {
                converge::job(&self.run(stack, &one.rollout).await?)
            } else {
                match named(&services, &one.object.name) {
                    Some(service) => converge::service(service, &one.rollout, &stopped),
                    None => gone(),
                }
            });
        }
        Ok(states)
    }

    /// Tasks that ended, where some service is not as it should be.
    async fn stopped(
        &self,
        stack: &str,
        services: &[Value],
        watched: &[Watched],
    ) -> Result<Vec<Value>, Fault> {
        let is_well = |one: &Watched| {
            let service = named(services, &one.object.name);
            service.is_none_or(|service| {
                converge::service(service, &one.rollout, &[]) == Convergence::Converged
            })
        };
        if watched.iter().all(is_well) {
            return Ok(Vec::new());
        }
        let cluster = names::dashed(stack, 255);
        let request = json!({"cluster": cluster, "desiredStatus": "STOPPED"});
        let arns = self.pages("ListTasks", request, "taskArns").await;
        self.tasks(&cluster, &arns.map_err(CallError::fault)?).await
    }
}

fn named<'a>(services: &'a [Value], name: &str) -> Option<&'a Value> {
    services
        .iter()
        .find(|service| text(service, "serviceName") == name)
}

fn gone() -> Convergence {
    Convergence::Failed(Cause {
        kind: CauseKind::Superseded,
        detail: "the service was deleted meanwhile".to_owned(),
    })
}
