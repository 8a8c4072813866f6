//! `cargo xtask generate`: a compose file of a number of services.

use std::process::ExitCode;

use clap::Args;

use crate::sample::compose;

/// What to generate.
#[derive(Args)]
pub(crate) struct Options {
    /// Number of services
    services: usize,
}

/// Prints a generated file.
pub(crate) fn run(options: &Options) -> ExitCode {
    print!("{}", compose(options.services));
    ExitCode::SUCCESS
}
