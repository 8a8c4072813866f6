//! `tranship compare`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use tranship_compare::{Column, Comparison, Document};

use crate::cli::GlobalArgs;
use crate::console::{self, Console};
use crate::exit::Failure;
use crate::output::write_file;
use crate::pipeline;
use crate::targets::{TargetArgs, TargetName};
use crate::view::comparison::{self, Extent};
use crate::view::groups::Workloads;
use crate::view::{html, json, markdown};

/// What `compare` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct CompareArgs {
    /// Compare this target; repeat for several, all without
    #[arg(long = "to", visible_alias = "target", value_name = "TARGET")]
    #[arg(env = "TRANSHIP_TO", hide_env = true, value_delimiter = ',')]
    targets: Vec<TargetName>,
    /// The form of the output
    #[arg(long, value_name = "FORMAT", env = "TRANSHIP_FORMAT", hide_env = true)]
    #[arg(default_value = "table", hide_default_value = true)]
    format: Format,
    /// Show values too that every target carries as they stand (json and html always do)
    #[arg(long, env = "TRANSHIP_ALL", hide_env = true)]
    #[arg(value_parser = clap::builder::FalseyValueParser::new())]
    #[arg(action = clap::ArgAction::SetTrue)]
    all: bool,
    /// Write to this file instead of standard output
    #[arg(
        short,
        long,
        value_name = "FILE",
        env = "TRANSHIP_OUTPUT",
        hide_env = true
    )]
    output: Option<PathBuf>,
    #[command(flatten)]
    choices: TargetArgs,
}

/// Forms of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for the terminal.
    Table,
    /// Markdown.
    Markdown,
    /// For programs.
    Json,
    /// One page for the browser, without scripts.
    Html,
}

/// Compares targets.
///
/// # Errors
///
/// [`Failure::InvalidInput`] when the project has errors, [`Failure::Failed`] when something
/// around us refuses, [`Failure::Usage`] when a target is named twice.
pub(crate) fn run(
    args: &CompareArgs,
    global: &GlobalArgs,
    console: Console,
) -> Result<(), Failure> {
    let targets = args.targets()?;
    let mut ready = pipeline::ready(global, console)?;
    let translated = ready.translate_or_show(targets, &args.choices, console)?;
    let config = ready.config()?;
    let document = Document::new(&config);
    let columns = translated.into_iter().map(|translated| Column {
        account: ready.account(&document, &translated.translation.ledger),
        objects: translated
            .translation
            .objects
            .into_iter()
            .map(|object| object.id)
            .collect(),
        name: translated.name.to_string(),
        target: translated.target,
    });
    let comparison = Comparison::new(&document, columns.collect());
    let text = view(
        args,
        &ready.lowered.stack.name,
        &comparison,
        &Workloads::new(&config),
    )?;
    match &args.output {
        Some(path) => write_file(path, &text),
        None => console.data(&text),
    }
}

impl CompareArgs {
    fn targets(&self) -> Result<&[TargetName], Failure> {
        let mut rest = self.targets.as_slice();
        while let Some((first, others)) = rest.split_first() {
            if others.contains(first) {
                return Err(Failure::Usage(format!("`--to {first}` is given twice")));
            }
            rest = others;
        }
        if self.targets.is_empty() {
            return Ok(&TargetName::ALL);
        }
        Ok(&self.targets)
    }
}

fn view(
    args: &CompareArgs,
    project: &str,
    compared: &Comparison,
    workloads: &Workloads,
) -> Result<String, Failure> {
    let extent = if args.all {
        Extent::Everything
    } else {
        Extent::Noteworthy
    };
    Ok(match args.format {
        Format::Table => comparison::table(compared, workloads, extent, console::width()),
        Format::Markdown => markdown::comparison(project, compared, workloads, extent),
        Format::Json => json::comparison(project, compared)?,
        Format::Html => html::comparison(project, compared, workloads),
    })
}
