//! Deploying to a swarm through an engine of one of its managers.

mod apply;
mod cause;
mod compare;
mod connect;
mod converge;
mod digest;
mod inventory;
mod labels;
mod logs;
mod newer;
mod observe;
mod preflight;
mod progress;
#[cfg(test)]
mod recorded;
mod references;
mod remove;
mod secret;
mod status;
mod store;
mod time;
mod transport;
mod trouble;
mod wanted;

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tranship_backend::Translation;
use tranship_backend::deploy::{
    Convergence, Deploy, Difference, Fault, Live, LogLine, LogQuery, Observation, Place, Secrets,
    ServiceStatus, Step, Store, Wanted, Watched,
};
use tranship_model::{ObjectId, Stack};

pub use connect::Options;

use inventory::{Inventory, Referenced};
use progress::Snapshot;
use store::Notes;
use transport::Engine;

/// A swarm, reached through one engine.
pub struct SwarmTarget {
    engine: Arc<Engine>,
    notes: Notes,
    referenced: Referenced,
}

/// Connects to an engine and agrees on a version of its API.
///
/// # Errors
///
/// [`Fault::Unreachable`] when it does not answer, [`Fault::Other`] when what the options and the
/// environment name cannot be used.
pub async fn connect(options: &Options) -> Result<SwarmTarget, Fault> {
    let endpoint = connect::endpoint(options)?;
    let engine = Arc::new(Engine::connect(&endpoint).await?);
    let notes = Notes {
        engine: Arc::clone(&engine),
    };
    Ok(SwarmTarget {
        engine,
        notes,
        referenced: Referenced::default(),
    })
}

#[async_trait]
impl Deploy for SwarmTarget {
    fn place(&self) -> Place {
        Place {
            backend: "swarm".to_owned(),
            endpoint: self.engine.host.clone(),
            scope: String::new(),
        }
    }

    fn wanted(&self, stack: &Stack, translation: &Translation) -> Vec<Wanted> {
        let mut wanted = wanted::wanted(stack, translation);
        for wanted in &mut wanted {
            newer::leave_out(&mut wanted.object.body, self.engine.api);
        }
        wanted
    }

    async fn check(&self, stack: &str, steps: &[Step]) -> Result<(), Fault> {
        preflight::check(&self.engine, stack, steps).await
    }

    async fn observe(
        &self,
        stack: &str,
        wanted: &[Wanted],
        secrets: &Secrets,
    ) -> Result<Observation, Fault> {
        let inventory = Inventory::read(&self.engine).await?;
        Ok(observe::observation(stack, wanted, secrets, &inventory))
    }

    fn compare(&self, wanted: &Wanted, live: &Live) -> Difference {
        compare::compare(wanted, live)
    }

    async fn apply(&self, stack: &str, step: &Step, secrets: &Secrets) -> Result<String, Fault> {
        apply::apply(&self.engine, &self.referenced, stack, step, secrets).await
    }

    async fn rollouts(&self, stack: &str, workloads: &[ObjectId]) -> Result<Vec<String>, Fault> {
        let snapshot = Snapshot::read(&self.engine, stack).await?;
        Ok(snapshot.rollouts(workloads))
    }

    async fn progress(&self, stack: &str, watched: &[Watched]) -> Result<Vec<Convergence>, Fault> {
        let snapshot = Snapshot::read(&self.engine, stack).await?;
        Ok(snapshot.convergences(watched))
    }

    fn store(&self) -> &dyn Store {
        &self.notes
    }

    async fn status(&self, stack: &str) -> Result<Vec<ServiceStatus>, Fault> {
        status::status(&self.engine, stack).await
    }

    async fn logs(
        &self,
        stack: &str,
        query: &LogQuery,
        lines: mpsc::Sender<LogLine>,
    ) -> Result<(), Fault> {
        logs::logs(&self.engine, stack, query, lines).await
    }
}
