//! Deploying to an account of AWS.
//!
//! What is not ECS, and the cluster, is one `CloudFormation` stack, which makes, changes and takes
//! back what it holds in an order of its own. Secrets, services and jobs are made by calls of
//! their own, so that each is compared, waited for and changed alone.

mod apply;
mod caller;
mod compare;
mod connect;
mod converge;
mod formation;
mod job;
mod logs;
mod marks;
mod observe;
mod progress;
mod secret;
mod service;
mod status;
mod store;
mod values;
mod wanted;

use async_trait::async_trait;
use aws_sdk_cloudformation::Client as Formation;
use tokio::sync::mpsc;
use tranship_backend::Translation;
use tranship_backend::deploy::{
    Convergence, Deploy, Difference, Fault, Live, LogLine, LogQuery, Observation, Place, Secrets,
    ServiceStatus, Step, Store, Wanted, Watched,
};
use tranship_model::{ObjectId, Stack};

use self::caller::Caller;
pub use self::connect::{Options, connect};

/// What the kinds of objects are called.
mod kinds {
    /// The stack everything stands on.
    pub(super) const STACK: &str = "AWS::CloudFormation::Stack";
    /// A secret.
    pub(super) const SECRET: &str = "AWS::SecretsManager::Secret";
    /// A service with its task definition.
    pub(super) const SERVICE: &str = "AWS::ECS::Service";
    /// A job with its task definition.
    pub(super) const JOB: &str = "AWS::ECS::Task";
    /// A task definition, which is part of the two above.
    pub(super) const TASK_DEFINITION: &str = "AWS::ECS::TaskDefinition";
}

/// Where tasks run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Network {
    vpc: Option<String>,
    subnets: Vec<String>,
}

/// A region of an account, ready to deploy to.
#[derive(Clone, Debug)]
pub struct Account {
    caller: Caller,
    formation: Formation,
    network: Network,
    region: String,
    endpoint: String,
}

#[async_trait]
impl Deploy for Account {
    fn place(&self) -> Place {
        Place {
            backend: "ecs".to_owned(),
            endpoint: self.endpoint.clone(),
            scope: self.region.clone(),
        }
    }

    fn wanted(&self, stack: &Stack, translation: &Translation) -> Vec<Wanted> {
        wanted::wanted(&self.network, stack, translation)
    }

    async fn check(&self, _stack: &str, steps: &[Step]) -> Result<(), Fault> {
        Self::parameters_are_known(steps)?;
        self.secrets_are_there(steps).await
    }

    async fn observe(
        &self,
        stack: &str,
        wanted: &[Wanted],
        secrets: &Secrets,
    ) -> Result<Observation, Fault> {
        self.observe_all(stack, wanted, secrets).await
    }

    fn compare(&self, wanted: &Wanted, live: &Live) -> Difference {
        compare::compare(wanted, live)
    }

    async fn apply(&self, stack: &str, step: &Step, secrets: &Secrets) -> Result<String, Fault> {
        self.apply_step(stack, step, secrets).await
    }

    async fn rollouts(&self, stack: &str, workloads: &[ObjectId]) -> Result<Vec<String>, Fault> {
        self.present_rollouts(stack, workloads).await
    }

    async fn progress(&self, stack: &str, watched: &[Watched]) -> Result<Vec<Convergence>, Fault> {
        self.progress_of(stack, watched).await
    }

    fn store(&self) -> &dyn Store {
        self
    }

    async fn status(&self, stack: &str) -> Result<Vec<ServiceStatus>, Fault> {
        self.status_of(stack).await
    }

    async fn logs(
        &self,
        stack: &str,
        query: &LogQuery,
        lines: mpsc::Sender<LogLine>,
    ) -> Result<(), Fault> {
        self.send_logs(stack, query, &lines).await
    }
}
