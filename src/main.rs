//! `tranship`: one compose file, any orchestrator.
//!
//! This package turns arguments into calls of the libraries and their results into streams, files
//! and exit codes. It decides nothing about what a value becomes on a target.

mod cli;
mod commands;
mod console;
mod deploy;
mod disk;
mod escape;
mod exit;
mod output;
mod pipeline;
mod report;
mod targets;
mod view;

use std::process::ExitCode;

/// A run makes and drops some million small values: with the system's allocator a stack of 1,000
/// services takes a good third more time. The second version of this one needs a quarter less memory
/// than its third, and memory that was never used is what costs most here.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    exit::report_bugs();
    std::panic::catch_unwind(run).unwrap_or(ExitCode::from(exit::BUG))
}

fn run() -> ExitCode {
    let invocation = cli::parse();
    let console = console::Console::new(invocation.global.color());
    let result = commands::run(invocation, console);
    exit::code(result, console)
}
