//! `tranship deploy`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args};
use tranship_backend::deploy::Secrets;
use tranship_engine::{Consent, Plan, RunError};

use super::run_args::{ConsentArgs, RunArgs};
use crate::cli::GlobalArgs;
use crate::console::{self, Console};
use crate::deploy::{self, Destination, DestinationArgs, Prepared};
use crate::exit::Failure;

/// What `deploy` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct DeployArgs {
    /// Do what this plan says, made by `tranship plan --out`, unless something changed since
    #[arg(value_name = "PLAN", conflicts_with_all = ["rollback", "prune", "adopt", "volumes"])]
    plan: Option<PathBuf>,
    /// Return to the deployment before this one, as it is recorded on the target
    #[arg(long, env = "TRANSHIP_ROLLBACK", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    rollback: bool,
    #[command(flatten)]
    consent: ConsentArgs,
    #[command(flatten)]
    run: RunArgs,
    #[command(flatten)]
    destination: DestinationArgs,
}

/// Deploys a project, and waits until it is there.
///
/// # Errors
///
/// [`Failure`], with the exit code its reason has.
pub(crate) fn run(args: &DeployArgs, global: &GlobalArgs, console: Console) -> Result<(), Failure> {
    let destination = args.destination.resolve()?;
    deploy::runtime()?.block_on(async {
        match &args.plan {
            _ if args.rollback => roll_back(args, &destination, global, console).await,
            Some(path) => planned(args, path, &destination, global, console).await,
            None => wished(args, &destination, global, console).await,
        }
    })
}

async fn wished(
    args: &DeployArgs,
    destination: &Destination,
    global: &GlobalArgs,
    console: Console,
) -> Result<(), Failure> {
    let consent = args.consent.consent();
    let prepared = deploy::prepare(destination, global, consent, console).await?;
    let Prepared {
        ready: _,
        translated: _,
        target,
        wish,
        secrets,
    } = &prepared;
    let tell = args.run.tell(console)?;
    let run = args.run.start(target.as_ref(), secrets, &tell);
    let ended = run.deploy(wish, deploy::stop()).await;
    args.run
        .finish(&wish.stack, &target.place(), ended, console)
}

/// The files are read beside the plan: they say where the secrets are.
async fn planned(
    args: &DeployArgs,
    path: &Path,
    destination: &Destination,
    global: &GlobalArgs,
    console: Console,
) -> Result<(), Failure> {
    let plan = read(path)?;
    let prepared = deploy::prepare(destination, global, Consent::default(), console).await?;
    let tell = args.run.tell(console)?;
    let target = prepared.target.as_ref();
    let run = args.run.start(target, &prepared.secrets, &tell);
    let ended = run.apply(&plan, deploy::stop()).await;
    args.run
        .finish(&plan.stack, &target.place(), ended, console)
}

fn read(path: &Path) -> Result<Plan, Failure> {
    let text = fs::read_to_string(path).map_err(|error| {
        let reason = console::reason(&error);
        Failure::Failed(format!("cannot read {}: {reason}", path.display()))
    })?;
    serde_json::from_str(&text).map_err(|error| {
        let reason = format!("{}: {error}", path.display());
        Failure::Run(RunError::BadPlan(reason))
    })
}

async fn roll_back(
    args: &DeployArgs,
    destination: &Destination,
    global: &GlobalArgs,
    console: Console,
) -> Result<(), Failure> {
    let stack = deploy::stack_name(global, console)?;
    let target = destination.connect().await?;
    let secrets = Secrets::new();
    let tell = args.run.tell(console)?;
    let run = args.run.start(target.as_ref(), &secrets, &tell);
    let ended = run.roll_back(&stack, deploy::stop()).await;
    args.run.finish(&stack, &target.place(), ended, console)
}
