//! One step.

use serde_json::Value;
use tranship_backend::deploy::{Action, Fault, Role, Secrets, Step, Wanted};

use super::values::Values;
use super::{Account, kinds};

impl Account {
    /// Does one step.
    pub(super) async fn apply_step(
        &self,
        stack: &str,
        step: &Step,
        secrets: &Secrets,
    ) -> Result<String, Fault> {
        match step.action {
            Action::Keep => return Ok(String::new()),
            Action::Delete => {
                self.delete(stack, step).await?;
                return Ok(String::new());
            }
            Action::Replace => self.delete(stack, step).await?,
            Action::Create | Action::Update => {}
        }
        match &step.wanted {
            Some(wanted) => self.put(stack, step, wanted, secrets).await,
            None => Ok(String::new()),
        }
    }

    async fn put(
        &self,
        stack: &str,
        step: &Step,
        wanted: &Wanted,
        secrets: &Secrets,
    ) -> Result<String, Fault> {
        let values = || self.values(stack);
        match step.object.kind.as_ref() {
            kinds::STACK => self.put_stack(stack, wanted).await?,
            kinds::SECRET => self.put_secret(stack, wanted, secrets).await?,
            kinds::JOB => return self.put_job(stack, wanted, &values().await?).await,
            _service => {
                return self
                    .put_service(stack, step, wanted, &values().await?)
                    .await;
            }
        }
        Ok(String::new())
    }

    async fn delete(&self, stack: &str, step: &Step) -> Result<(), Fault> {
        match step.object.kind.as_ref() {
            kinds::STACK => self.delete_stack(stack, &step.object).await,
            kinds::SECRET => self.delete_secret(&step.object.name).await,
            kinds::JOB => self.delete_job(stack, &step.object).await,
            _service => self.delete_service(stack, &step.object).await,
        }
    }

    /// What the stack says of what it made.
    async fn values(&self, stack: &str) -> Result<Values, Fault> {
        let formation = self.describe_stack(stack).await?;
        Ok(formation
            .map(|formation| formation.values(&self.region))
            .unwrap_or_default())
    }
}

/// The service or job an object runs.
pub(super) fn service(wanted: &Wanted) -> &str {
    match &wanted.role {
        Role::Workload { service } => service,
        Role::Foundation | Role::Content | Role::Secret { .. } | Role::Storage => "",
    }
}

/// A part of an object's body.
pub(super) fn part<'a>(wanted: &'a Wanted, key: &str) -> &'a Value {
    wanted.object.body.get(key).unwrap_or(&Value::Null)
}
