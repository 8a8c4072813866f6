//! The commands, one file each.

mod check;
mod compare;
mod completions;
mod config;
mod convert;
mod deploy;
mod explain;
mod logs;
mod man;
mod plan;
mod remove;
mod run_args;
mod status;

use clap::Subcommand;

use crate::cli::Invocation;
use crate::console::Console;
use crate::exit::Failure;

pub(crate) use status::StackStatus;

/// What to do.
#[derive(Clone, Debug, Subcommand)]
#[command(next_help_heading = None)]
pub(crate) enum Command {
    /// Print the project as docker compose would resolve it
    Config(config::ConfigArgs),
    /// Say what is wrong with the project, and what would become of every value on each target
    Check(check::CheckArgs),
    /// Write what the project becomes on a target
    #[command(visible_alias = "render")]
    Convert(convert::ConvertArgs),
    /// Say what a deployment would do, field by field
    #[command(visible_alias = "diff")]
    Plan(plan::PlanArgs),
    /// Deploy the project, and wait until it is there
    #[command(visible_alias = "up")]
    Deploy(deploy::DeployArgs),
    /// Show what runs, how it is, and what is no longer as it was deployed
    #[command(visible_alias = "ps")]
    Status(status::StatusArgs),
    /// Print the logs of all tasks
    Logs(logs::LogsArgs),
    /// Remove what the stack has on a target, and nothing else
    #[command(visible_alias = "down")]
    Remove(remove::RemoveArgs),
    /// Put targets side by side: what each value becomes on each
    Compare(compare::CompareArgs),
    /// Explain the code of a note or an error
    Explain(explain::ExplainArgs),
    /// Print completions for a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual page, or write one for each command
    Man(man::ManArgs),
}

/// Does what was asked for.
///
/// # Errors
///
/// A [`Failure`] when it could not be done.
pub(crate) fn run(invocation: Invocation, console: Console) -> Result<(), Failure> {
    let Invocation { global, command } = invocation;
    match command {
        Command::Config(args) => config::run(&args, &global, console),
        Command::Check(args) => check::run(&args, &global, console),
        Command::Convert(args) => convert::run(&args, &global, console),
        Command::Plan(args) => plan::run(&args, &global, console),
        Command::Deploy(args) => deploy::run(&args, &global, console),
        Command::Status(args) => status::run(&args, &global, console),
        Command::Logs(args) => logs::run(&args, &global, console),
        Command::Remove(args) => remove::run(&args, &global, console),
        Command::Compare(args) => compare::run(&args, &global, console),
        Command::Explain(args) => explain::run(&args, console),
        Command::Completions(args) => completions::run(&args, console),
        Command::Man(args) => man::run(&args, console),
    }
}
