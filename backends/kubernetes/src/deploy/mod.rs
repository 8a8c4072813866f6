//! Deploying to a cluster.
//!
//! Objects are sent by server-side apply under our own name as manager, one at a time and never
//! with force, so that the API server itself keeps count of whose each field is. Everything is in
//! one namespace: the one of the options, else the kubeconfig's; one that does not exist is refused,
//! as `kubectl` and `helm` do, unless it is to be created.

mod apply;
mod calls;
mod check;
mod compare;
mod connect;
mod converge;
mod faults;
mod kinds;
mod lists;
mod logs;
mod marks;
mod namespace;
mod observe;
mod progress;
mod removal;
mod rollout;
mod status;
mod store;
mod version;
mod wanted;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tranship_backend::Translation;
use tranship_backend::deploy::{
    Convergence, Deploy, Difference, Fault, Live, LogLine, LogQuery, Observation, Place, Secrets,
    ServiceStatus, Step, Store, Wanted, Watched,
};
use tranship_model::{ObjectId, Stack};

use crate::Kubernetes;
use calls::Server;

/// What people choose about a cluster.
///
/// Credentials are never among it: they come from the kubeconfig, or from the service account of
/// the pod we run in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The context of the kubeconfig; the current one when none.
    pub context: Option<String>,
    /// The namespace everything is in; that of the context, else `default`, when none.
    pub namespace: Option<String>,
    /// What to do when the namespace does not exist.
    pub missing_namespace: MissingNamespace,
    /// How the stack is translated: names of secrets and services follow from it.
    pub translate: Kubernetes,
}

/// What to do when the namespace does not exist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MissingNamespace {
    /// Refuse to deploy, and say how to make it.
    #[default]
    Refuse,
    /// Make it with the first write; it stays when the stack is removed.
    Create,
}

/// A cluster, as one stack's namespace of it is deployed to.
pub struct Cluster {
    server: Server,
}

/// Reads the kubeconfig; the cluster itself is asked nothing yet.
///
/// # Errors
///
/// [`Fault::Unreachable`] when no cluster is named, or not the one asked for.
pub async fn connect(options: Options) -> Result<Cluster, Fault> {
    let server = Server::new(options).await?;
    Ok(Cluster { server })
}

#[async_trait]
impl Deploy for Cluster {
    fn place(&self) -> Place {
        Place {
            backend: "kubernetes".to_owned(),
            endpoint: self.server.endpoint.clone(),
            scope: self.server.namespace.clone(),
        }
    }

    fn wanted(&self, stack: &Stack, translation: &Translation) -> Vec<Wanted> {
        wanted::wanted(
            &self.server.options().translate,
            stack,
            &translation.objects,
        )
    }

    async fn check(&self, _stack: &str, steps: &[Step]) -> Result<(), Fault> {
        check::check(&self.server, steps).await
    }

    async fn observe(
        &self,
        stack: &str,
        wanted: &[Wanted],
        secrets: &Secrets,
    ) -> Result<Observation, Fault> {
        observe::observe(&self.server, stack, wanted, secrets).await
    }

    fn compare(&self, wanted: &Wanted, live: &Live) -> Difference {
        compare::compare(wanted, live)
    }

    async fn apply(&self, _stack: &str, step: &Step, secrets: &Secrets) -> Result<String, Fault> {
        apply::apply(&self.server, step, secrets).await
    }

    async fn rollouts(&self, stack: &str, workloads: &[ObjectId]) -> Result<Vec<String>, Fault> {
        progress::rollouts(&self.server, stack, workloads).await
    }

    async fn progress(&self, stack: &str, watched: &[Watched]) -> Result<Vec<Convergence>, Fault> {
        progress::progress(&self.server, stack, watched).await
    }

    fn store(&self) -> &dyn Store {
        self
    }

    async fn status(&self, stack: &str) -> Result<Vec<ServiceStatus>, Fault> {
        status::status(&self.server, stack).await
    }

    async fn logs(
        &self,
        stack: &str,
        query: &LogQuery,
        lines: mpsc::Sender<LogLine>,
    ) -> Result<(), Fault> {
        logs::logs(&self.server, stack, query, &lines).await
    }
}
