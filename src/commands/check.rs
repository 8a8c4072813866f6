//! `tranship check`.

use clap::{Args, ValueEnum};
use tranship_compare::{Document, Row};
use tranship_model::Outcome;

use crate::cli::GlobalArgs;
use crate::console::Console;
use crate::exit::Failure;
use crate::pipeline::{self, Read, Reading, Ready, Translated};
use crate::targets::{TargetArgs, TargetName};
use crate::view::check::{Checked, Findings};
use crate::view::groups::Workloads;
use crate::view::places::Places;
use crate::view::{diagnostics, human, json, junit, sarif};

/// What `check` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct CheckArgs {
    /// Check for this target only: kubernetes, swarm, ecs or ecs:ec2; repeat for several
    #[arg(long = "to", visible_alias = "target", value_name = "TARGET")]
    #[arg(env = "TRANSHIP_TO", hide_env = true, value_delimiter = ',')]
    targets: Vec<TargetName>,
    /// Fail with exit code 10 when a value has this outcome or a worse one
    ///
    /// `default` denies values the files leave open and the target fills in differently; no other
    /// word does.
    #[arg(long, value_name = "OUTCOME", env = "TRANSHIP_DENY", hide_env = true)]
    #[arg(value_delimiter = ',')]
    deny: Vec<Denied>,
    /// The form of the output
    #[arg(long, value_name = "FORMAT", env = "TRANSHIP_FORMAT", hide_env = true)]
    #[arg(default_value = "human", hide_default_value = true)]
    format: Format,
    #[command(flatten)]
    choices: TargetArgs,
}

/// Forms of what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for build servers.
    Junit,
}

/// What `--deny` denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Denied {
    /// Values the files leave open and the target fills in differently.
    Default,
    /// Values carried by other means, and everything worse.
    Equivalent,
    /// Values carried with a difference, and everything worse.
    Approximate,
    /// Values not carried.
    Dropped,
    /// Values not carried the stack cannot do without.
    Refused,
}

/// Checks a project.
///
/// # Errors
///
/// [`Failure::InvalidInput`] when it has errors, [`Failure::Denied`] when a value has an outcome
/// that is denied, [`Failure::Failed`] when something around us refuses.
pub(crate) fn run(args: &CheckArgs, global: &GlobalArgs, console: Console) -> Result<(), Failure> {
    let mut ready = match pipeline::read(global)? {
        Read::Sound(ready) => ready,
        Read::Broken(reading) => return broken(args, &reading, console),
    };
    match ready.translate_all(args.targets(), &args.choices) {
        Ok(translations) => sound(args, &ready, translations, console),
        Err(conflicts) => {
            ready.reading.diagnostics.append(conflicts);
            broken(args, &ready.reading, console)
        }
    }
}

/// Shows a project without errors.
fn sound(
    args: &CheckArgs,
    ready: &Ready,
    translations: Vec<Translated>,
    console: Console,
) -> Result<(), Failure> {
    let config = ready.config()?;
    let document = Document::new(&config);
    let targets = translations.into_iter().map(|translated| Checked {
        account: ready.account(&document, &translated.translation.ledger),
        name: translated.name.to_string(),
        target: translated.target,
    });
    let findings = Findings {
        project: ready.lowered.stack.name.clone(),
        workloads: Workloads::new(&config),
        targets: targets.collect(),
        reading: &ready.reading,
        places: Places::new(&ready.reading),
    };
    show(args, &findings, console)?;
    deny(args, &findings)
}

/// Shows a project with errors.
fn broken(args: &CheckArgs, reading: &Reading, console: Console) -> Result<(), Failure> {
    let findings = Findings {
        project: String::new(),
        workloads: Workloads::default(),
        targets: Vec::new(),
        reading,
        places: Places::new(reading),
    };
    show(args, &findings, console)?;
    Err(Failure::InvalidInput)
}

/// The problems are part of the forms for programs; for people they are talk.
fn show(args: &CheckArgs, findings: &Findings<'_>, console: Console) -> Result<(), Failure> {
    let text = match args.format {
        Format::Human => {
            diagnostics::show(findings.reading, console);
            human::check(findings, console.stdout)
        }
        Format::Json => json::check(findings)?,
        Format::Sarif => sarif::check(findings)?,
        Format::Junit => junit::check(findings, &|row| args.denies(row)),
    };
    console.data(&text)
}

fn deny(args: &CheckArgs, findings: &Findings<'_>) -> Result<(), Failure> {
    let rows = findings
        .targets
        .iter()
        .flat_map(|checked| checked.account.rows());
    match rows.filter(|row| args.denies(row)).count() {
        0 => Ok(()),
        1 => Err(Failure::Denied("1 value has a denied outcome".to_owned())),
        count => Err(Failure::Denied(format!(
            "{count} values have a denied outcome"
        ))),
    }
}

impl CheckArgs {
    fn targets(&self) -> &[TargetName] {
        if self.targets.is_empty() {
            return &TargetName::ALL;
        }
        &self.targets
    }

    fn denies(&self, row: &Row) -> bool {
        self.deny.iter().any(|denied| denied.covers(row))
    }
}

impl Denied {
    fn covers(self, row: &Row) -> bool {
        let worst_allowed = match self {
            Self::Default => return row.implicit,
            Self::Equivalent => Outcome::Exact,
            Self::Approximate => Outcome::Equivalent,
            Self::Dropped => Outcome::Approximate,
            Self::Refused => Outcome::Dropped,
        };
        !row.implicit && row.outcome > worst_allowed
    }
}
