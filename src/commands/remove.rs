//! `tranship remove`.

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args};
use tranship_backend::deploy::Secrets;

use super::run_args::{RunArgs, confirm};
use crate::cli::GlobalArgs;
use crate::console::Console;
use crate::deploy::{self, DestinationArgs};
use crate::escape;
use crate::exit::Failure;
use crate::targets::TargetName;

/// What `remove` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct RemoveArgs {
    /// Delete these volumes too, with all data in them; without names, all of the stack
    #[arg(short, long, value_name = "NAME", num_args = 0.., value_delimiter = ',')]
    #[arg(env = "TRANSHIP_VOLUMES", hide_env = true)]
    volumes: Option<Vec<String>>,
    /// Do not ask
    #[arg(short, long, env = "TRANSHIP_YES", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    yes: bool,
    #[command(flatten)]
    run: RunArgs,
    #[command(flatten)]
    destination: DestinationArgs,
}

/// Removes what a stack has on a target, and nothing else.
///
/// # Errors
///
/// [`Failure`], with the exit code its reason has.
pub(crate) fn run(args: &RemoveArgs, global: &GlobalArgs, console: Console) -> Result<(), Failure> {
    let destination = args.destination.resolve()?;
    let stack = deploy::stack_name(global, console)?;
    let data = deploy::named(args.volumes.as_ref());
    if !data.is_empty() {
        let question = format!("this deletes data of `{stack}` that cannot be brought back");
        confirm(&question, args.yes, console)?;
        if destination.name == TargetName::Swarm {
            console.say(&on_nodes(&stack));
        }
    }
    deploy::runtime()?.block_on(async {
        let target = destination.connect().await?;
        let secrets = Secrets::new();
        let tell = args.run.tell(console)?;
        let run = args.run.start(target.as_ref(), &secrets, &tell);
        let ended = run.remove(&stack, data, deploy::stop()).await;
        args.run.finish(&stack, &target.place(), ended, console)
    })
}

/// Volumes of a swarm are each node's own: no manager knows of them or can delete them.
fn on_nodes(stack: &str) -> String {
    let stack = escape::line(stack);
    format!(
        "volumes stay: a swarm keeps them on its nodes, out of a manager's reach; on each node, \
         `docker volume ls --filter label=com.docker.stack.namespace={stack}` lists them and \
         `docker volume rm` deletes one\n"
    )
}
