//! One engine for every orchestrator: what a deployment does, in what order, and when it is done.
//!
//! - [`plan()`] compares what is wanted with what is there; a [`Plan`] is a value that can be
//!   written to a file and read back.
//! - [`Run`] does what a plan says and nothing else: in waves that honour dependencies, under a
//!   lock that expires by itself, waiting for every rollout, deleting last.
//! - What happens is told as [`DeployEvent`]s; the engine prints nothing.

mod event;
#[cfg(any(test, feature = "fake"))]
pub mod fake;
mod inspect;
mod lock;
mod order;
mod outcome;
mod plan;
mod record;
mod run;
mod tally;
#[cfg(test)]
mod tests;
mod wait;

pub use event::{Counts, DeployEvent, StepState};
pub use inspect::{Inspection, inspect};
pub use lock::Holder;
pub use order::{Gate, Order, Until};
pub use outcome::{RunError, Signal};
pub use plan::{Consent, Foreign, Goal, Leftovers, Plan, Refusal, Wish, plan};
pub use record::{Deployment, Record, RecordError};
pub use run::{Report, Run, RunOptions};
