//! `tranship man`.

use std::path::PathBuf;

use clap::Args;
use clap_mangen::Man;
use tranship_backend::File;

use crate::cli;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::{Overwrite, write_directory};

/// What `man` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct ManArgs {
    /// Write a page for the program and one for each command into this directory
    #[arg(
        short,
        long,
        value_name = "DIR",
        env = "TRANSHIP_OUTPUT",
        hide_env = true
    )]
    output: Option<PathBuf>,
}

/// Prints the program's page, or writes all.
///
/// # Errors
///
/// [`Failure::Failed`] when the pages cannot be written.
pub(crate) fn run(args: &ManArgs, console: Console) -> Result<(), Failure> {
    let mut command = cli::command().disable_help_subcommand(true);
    command.build();
    let Some(directory) = &args.output else {
        return console.data(&page(command)?);
    };
    let mut files = Vec::new();
    for inner in command.get_subcommands() {
        let name = format!("tranship-{}", inner.get_name());
        files.push(file(&name, inner.clone())?);
    }
    files.push(file("tranship", command)?);
    write_directory(directory, &files, Overwrite::OwnFiles)
}

fn file(name: &str, command: clap::Command) -> Result<File, Failure> {
    Ok(File {
        path: format!("{name}.1"),
        content: page(command)?,
    })
}

fn page(command: clap::Command) -> Result<String, Failure> {
    let mut text = Vec::new();
    let written = Man::new(command).render(&mut text);
    written.map_err(|error| Failure::Bug(error.to_string()))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
