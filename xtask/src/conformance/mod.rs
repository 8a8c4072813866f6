//! `cargo xtask conformance`: this loader beside the reference.

mod case;
mod difference;
mod draft;
mod folder;
mod generate;
mod interpolation;
mod live;
mod minimise;
mod mutate;
mod oracle;
pub(crate) mod random;
mod recorded;
mod rules;
mod scenario;
mod schema;
mod tally;
mod values;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use crate::command::exists;
use crate::paths;
use crate::report::Verdict;

/// What to compare.
#[derive(Args)]
pub(crate) struct Options {
    /// A folder with a `cases.tsv`; `TRANSHIP_CORPUS` if it is not given
    folder: Option<PathBuf>,
    /// Build the reference loader and ask it live, with generated and changed files too (needs Go)
    #[arg(long)]
    oracle: bool,
    /// How many files to generate; a fifth of them are changed files of the folder
    #[arg(long, default_value_t = 2000)]
    files: usize,
    /// Where the row of generated files begins
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print why generated files are refused by both
    #[arg(long)]
    reasons: bool,
}

/// Compares on the folder, where there is one, and on a thousand files, where there is Go.
pub(crate) fn check() -> Result<Verdict> {
    let options = Options {
        folder: None,
        oracle: exists("go"),
        files: 1000,
        seed: 1,
        reasons: false,
    };
    if !options.oracle && paths::corpus().is_none() {
        let reason = "there is neither Go nor a folder of cases";
        return Ok(Verdict::Skipped(reason.to_owned()));
    }
    match failures(&options)? {
        0 => Ok(Verdict::Passed("every difference is explained".to_owned())),
        count => bail!("{count} differences are not explained"),
    }
}

/// Compares, and prints what differs.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    Ok(if failures(options)? == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn failures(options: &Options) -> Result<usize> {
    let corpus = options.folder.clone().or_else(paths::corpus);
    let mut failures = 0;
    match &corpus {
        Some(corpus) => {
            failures += folder::compare(corpus)?;
            failures += recorded::compare(corpus)?;
        }
        None => println!("no folder of cases: name one, or set TRANSHIP_CORPUS"),
    }
    if options.oracle {
        failures += live::compare(corpus.as_deref(), options)?;
    }
    Ok(failures)
}
