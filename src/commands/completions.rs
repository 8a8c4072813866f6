//! `tranship completions`.

use clap::Args;
use clap_complete::Shell;

use crate::cli;
use crate::console::Console;
use crate::exit::Failure;

/// What `completions` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct CompletionsArgs {
    /// The shell that will read them
    #[arg(env = "TRANSHIP_SHELL", hide_env = true)]
    shell: Shell,
}

/// Prints a completion script.
///
/// # Errors
///
/// [`Failure::Failed`] when the output cannot be written.
pub(crate) fn run(args: &CompletionsArgs, console: Console) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::command(), "tranship", &mut script);
    console.data(&String::from_utf8_lossy(&script))
}
