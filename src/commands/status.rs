//! `tranship status`.

use clap::Args;
use serde::Serialize;
use tranship_backend::deploy::{Place, Secrets, ServiceStatus, Step};
use tranship_engine::{Inspection, inspect};

use super::run_args::Format;
use crate::cli::GlobalArgs;
use crate::console::Console;
use crate::deploy::{self, DestinationArgs};
use crate::exit::Failure;
use crate::view::{json, status};

/// What `status` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct StatusArgs {
    /// The form of the output
    #[arg(long, value_name = "FORMAT", env = "TRANSHIP_FORMAT", hide_env = true)]
    #[arg(default_value = "human", hide_default_value = true)]
    format: Format,
    #[command(flatten)]
    destination: DestinationArgs,
}

/// A stack on a target.
#[derive(Serialize)]
pub(crate) struct StackStatus {
    /// The stack.
    pub(crate) stack: String,
    /// Where.
    pub(crate) place: Place,
    /// When the deployment began that runs now.
    pub(crate) deployed_at: Option<String>,
    /// When a deployment began that has not come up.
    pub(crate) unfinished_since: Option<String>,
    /// Its services and their tasks.
    pub(crate) services: Vec<ServiceStatus>,
    /// What is no longer as it was deployed.
    pub(crate) drift: Vec<Step>,
}

/// Shows what runs of a stack, how it is, and what is no longer as it was deployed.
///
/// # Errors
///
/// [`Failure`], with the exit code its reason has.
pub(crate) fn run(args: &StatusArgs, global: &GlobalArgs, console: Console) -> Result<(), Failure> {
    let destination = args.destination.resolve()?;
    let stack = deploy::stack_name(global, console)?;
    let status = deploy::runtime()?.block_on(async {
        let target = destination.connect().await?;
        let services = target.status(&stack).await;
        let services = services.map_err(|fault| Failure::Run(fault.into()))?;
        let inspection = inspect(target.as_ref(), &stack, &Secrets::new()).await;
        let Inspection {
            deployed_at,
            unfinished_since,
            drift,
        } = inspection.map_err(Failure::Run)?;
        Ok::<_, Failure>(StackStatus {
            stack,
            place: target.place(),
            deployed_at,
            unfinished_since,
            services,
            drift,
        })
    })?;
    match args.format {
        Format::Json => console.data(&json::text(&status)?),
        Format::Human => console.data(&status::human(&status, console.stdout)),
    }
}
