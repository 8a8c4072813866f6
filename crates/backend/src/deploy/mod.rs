//! The seam for deploying: what a backend has to be able to do, and the words for it.
//!
//! The engine (`crates/engine`) plans, orders, waits, locks, prunes and records, the same for every
//! target; a backend reads, compares, sends one object, and says how far a rollout is.

mod convergence;
mod fault;
mod observation;
mod plan;
mod secret;
mod status;
mod store;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tranship_model::Stack;

pub use convergence::{Cause, CauseKind, Convergence, Waiting, Watched};
pub use fault::{Conflict, Fault};
pub use observation::{Change, Difference, Live, Observation, Owner, Role, Wanted};
pub use plan::{Action, Place, Step};
pub use secret::{SecretValue, Secrets};
pub use status::{LogLine, LogQuery, ServiceStatus, TaskState, TaskStatus};
pub use store::{Note, Store, Stored, Written};

use crate::Translation;

/// Deploys to one place of one orchestrator.
///
/// Every call is bounded: a deadline on each request, retries on what passes (429, 502, 503, 504,
/// a cut connection; a server's wish for a pause is granted), and none on what does not. A write
/// that is tried again must come to the same end: an object that exists with our mark and our
/// content counts as created.
#[async_trait]
pub trait Deploy: Send + Sync {
    /// Where it deploys, in words that stay the same from run to run.
    fn place(&self) -> Place;

    /// Everything that is to exist, foundations first, each carrying the mark of the stack; pure.
    fn wanted(&self, stack: &Stack, translation: &Translation) -> Vec<Wanted>;

    /// Finds everything that would stop a run before the first write: the target answers, we are
    /// known, and may do what the steps need. All of it at once.
    ///
    /// # Errors
    ///
    /// [`Fault::Unreachable`], [`Fault::Denied`] with every missing permission.
    async fn check(&self, stack: &str, steps: &[Step]) -> Result<(), Fault>;

    /// Reads each wanted object that exists, whoever owns it, and each object with the mark of the
    /// stack; writes nothing.
    ///
    /// # Errors
    ///
    /// What the target said.
    async fn observe(
        &self,
        stack: &str,
        wanted: &[Wanted],
        secrets: &Secrets,
    ) -> Result<Observation, Fault>;

    /// How a wanted object differs from the live one, in fields we set; what the target adds or
    /// spells in another way is no difference. Pure.
    fn compare(&self, wanted: &Wanted, live: &Live) -> Difference;

    /// Does one step, nothing beside it, and returns what the target calls the rollout it began
    /// (empty where nothing is to be waited for).
    ///
    /// Create and update put the mark of the stack on the object; replace deletes, waits until it
    /// is gone, and creates; delete returns when it is gone, and says nothing when it was gone
    /// already. Fields of others are never taken.
    ///
    /// # Errors
    ///
    /// What the target said.
    async fn apply(&self, stack: &str, step: &Step, secrets: &Secrets) -> Result<String, Fault>;

    /// What the target calls the present rollout of each workload, for a run that waits for what
    /// an earlier one began; in the order asked, empty for one that does not exist.
    ///
    /// # Errors
    ///
    /// What the target said.
    async fn rollouts(
        &self,
        stack: &str,
        workloads: &[tranship_model::ObjectId],
    ) -> Result<Vec<String>, Fault>;

    /// How far each rollout is, in the order asked, with few calls whatever their number.
    ///
    /// # Errors
    ///
    /// What the target said.
    async fn progress(&self, stack: &str, watched: &[Watched]) -> Result<Vec<Convergence>, Fault>;

    /// Where our own notes about stacks are kept.
    fn store(&self) -> &dyn Store;

    /// What runs of a stack.
    ///
    /// # Errors
    ///
    /// What the target said.
    async fn status(&self, stack: &str) -> Result<Vec<ServiceStatus>, Fault>;

    /// Sends the log lines of a stack's tasks until there are no more, or nobody listens.
    ///
    /// # Errors
    ///
    /// What the target said.
    async fn logs(
        &self,
        stack: &str,
        query: &LogQuery,
        lines: mpsc::Sender<LogLine>,
    ) -> Result<(), Fault>;
}
