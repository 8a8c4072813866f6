//! `tranship plan`.

use std::path::{Path, PathBuf};

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args};
use tranship_engine::{Plan, plan};

use super::run_args::{ConsentArgs, Format};
use crate::cli::GlobalArgs;
use crate::console::{self, Console};
use crate::deploy::{self, DestinationArgs, Prepared};
use crate::exit::Failure;
use crate::view::{json, steps};

/// What `plan` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct PlanArgs {
    /// Write the plan to this file, for `tranship deploy FILE`
    #[arg(
        short,
        long,
        value_name = "FILE",
        env = "TRANSHIP_OUT",
        hide_env = true
    )]
    out: Option<PathBuf>,
    /// End with exit code 9 when something would change
    #[arg(long, env = "TRANSHIP_DETAILED_EXITCODE", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    detailed_exitcode: bool,
    /// The form of the output
    #[arg(long, value_name = "FORMAT", env = "TRANSHIP_FORMAT", hide_env = true)]
    #[arg(default_value = "human", hide_default_value = true)]
    format: Format,
    #[command(flatten)]
    consent: ConsentArgs,
    #[command(flatten)]
    destination: DestinationArgs,
}

/// Says what a deployment would do, field by field, and writes nothing to the target.
///
/// # Errors
///
/// [`Failure`], with the exit code its reason has.
pub(crate) fn run(args: &PlanArgs, global: &GlobalArgs, console: Console) -> Result<(), Failure> {
    let destination = args.destination.resolve()?;
    deploy::runtime()?.block_on(async {
        let consent = args.consent.consent();
        let prepared = deploy::prepare(&destination, global, consent, console).await?;
        let plan = make(&prepared).await?;
        show(args, &plan, &prepared, console)?;
        if let Some(path) = &args.out {
            write(&plan, path)?;
        }
        if args.detailed_exitcode && plan.writes() {
            return Err(Failure::Pending);
        }
        Ok(())
    })
}

async fn make(prepared: &Prepared) -> Result<Plan, Failure> {
    let Prepared {
        ready: _,
        translated: _,
        target,
        wish,
        secrets,
    } = prepared;
    let observed = target.observe(&wish.stack, &wish.wanted, secrets).await;
    let observed = observed.map_err(|fault| Failure::Run(fault.into()))?;
    plan(target.as_ref(), wish, &observed).map_err(|refusal| Failure::Run(refusal.into()))
}

fn show(
    args: &PlanArgs,
    plan: &Plan,
    prepared: &Prepared,
    console: Console,
) -> Result<(), Failure> {
    match args.format {
        Format::Json => console.data(&json::text(plan)?),
        Format::Human => console.data(&steps::plan(plan, prepared, console.stdout)),
    }
}

fn write(plan: &Plan, path: &Path) -> Result<(), Failure> {
    std::fs::write(path, json::text(plan)?).map_err(|error| {
        let reason = console::reason(&error);
        Failure::Failed(format!("cannot write {}: {reason}", path.display()))
    })
}
