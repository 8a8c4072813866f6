//! Options of the commands that write to a target.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, ValueEnum};
use jiff::SignedDuration;
use serde::Serialize;
use tranship_backend::deploy::{Deploy, Place, Secrets};
use tranship_engine::{Consent, Foreign, Leftovers, Report, Run, RunError, RunOptions};
use tranship_model::ObjectId;

use crate::console::Console;
use crate::deploy;
use crate::exit::Failure;
use crate::report::{self, Tell, Wishes};
use crate::view::json;

/// What people allow a deployment to do.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ConsentArgs {
    /// Delete what an earlier deployment made and the files no longer have; data stays
    #[arg(long, env = "TRANSHIP_PRUNE", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    prune: bool,
    /// Delete these volumes with their data where the files no longer have them or change them
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    #[arg(env = "TRANSHIP_VOLUMES", hide_env = true)]
    volumes: Option<Vec<String>>,
    /// Take over objects that exist and are not ours
    #[arg(long, env = "TRANSHIP_ADOPT", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    adopt: bool,
    /// Do it even when most of the services would be deleted, and do not ask
    #[arg(short, long, env = "TRANSHIP_YES", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    yes: bool,
}

impl ConsentArgs {
    /// What is allowed.
    pub(crate) fn consent(&self) -> Consent {
        Consent {
            leftovers: match (self.prune, self.yes) {
                (false, _) => Leftovers::Keep,
                (true, false) => Leftovers::Prune,
                (true, true) => Leftovers::PruneAny,
            },
            foreign: if self.adopt {
                Foreign::Adopt
            } else {
                Foreign::Refuse
            },
            data: deploy::named(self.volumes.as_ref()),
        }
    }
}

/// How a run behaves, and who is told.
#[derive(Args, Clone, Debug)]
pub(crate) struct RunArgs {
    /// Give up after this time
    #[arg(
        long,
        value_name = "DURATION",
        env = "TRANSHIP_TIMEOUT",
        hide_env = true
    )]
    #[arg(default_value = "10m", value_parser = duration)]
    timeout: Duration,
    /// Wait this long when someone else deploys the stack
    #[arg(
        long,
        value_name = "DURATION",
        env = "TRANSHIP_LOCK_WAIT",
        hide_env = true
    )]
    #[arg(default_value = "0s", hide_default_value = true, value_parser = duration)]
    lock_wait: Duration,
    /// Write every event as a line of JSON to this file
    #[arg(long, value_name = "FILE", env = "TRANSHIP_EVENTS", hide_env = true)]
    events: Option<PathBuf>,
    /// Write the result as JUnit XML to this file
    #[arg(long, value_name = "FILE", env = "TRANSHIP_JUNIT", hide_env = true)]
    junit: Option<PathBuf>,
    /// The form of the result on standard output
    #[arg(long, value_name = "FORMAT", env = "TRANSHIP_FORMAT", hide_env = true)]
    #[arg(default_value = "human", hide_default_value = true)]
    format: Format,
    /// Say nothing but how it ended
    #[arg(short, long, env = "TRANSHIP_QUIET", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    quiet: bool,
}

/// Forms of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

/// A duration as people write it: `90s`, `10m`, `1h 30m`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let duration: SignedDuration = text.parse().map_err(|_| {
        "a duration is a number with its unit, such as `90s`, `10m` or `1h30m`".to_owned()
    })?;
    Duration::try_from(duration).map_err(|_| "a duration is not negative".to_owned())
}

/// How a run ended, for programs.
#[derive(Serialize)]
struct Summary<'a> {
    stack: &'a str,
    place: &'a Place,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    done: &'a [ObjectId],
    pending: &'a [ObjectId],
}

impl RunArgs {
    /// Who is told.
    ///
    /// # Errors
    ///
    /// [`Failure::Failed`] when a file cannot be written.
    pub(crate) fn tell(&self, console: Console) -> Result<Tell, Failure> {
        let wishes = Wishes {
            quiet: self.quiet,
            events: self.events.clone(),
            junit: self.junit.clone(),
        };
        report::tell(&wishes, console)
    }

    /// A run that has not begun.
    pub(crate) fn start<'a>(
        &self,
        target: &'a dyn Deploy,
        secrets: &'a Secrets,
        tell: &'a Tell,
    ) -> Run<'a> {
        Run {
            target,
            holder: deploy::holder(),
            secrets,
            options: RunOptions {
                timeout: self.timeout,
                lock_wait: self.lock_wait,
                is_gone: deploy::is_gone,
            },
            tell,
        }
    }

    /// Says how a run ended.
    ///
    /// # Errors
    ///
    /// [`Failure::Run`] when it did not do what was asked.
    pub(crate) fn finish(
        &self,
        stack: &str,
        place: &Place,
        (report, result): (Report, Result<(), RunError>),
        console: Console,
    ) -> Result<(), Failure> {
        let Report { done, pending } = &report;
        match self.format {
            Format::Json => {
                let summary = Summary {
                    stack,
                    place,
                    outcome: result.as_ref().err().map_or("done", RunError::word),
                    reason: result.as_ref().err().map(ToString::to_string),
                    done,
                    pending,
                };
                console.data(&json::text(&summary)?)?;
            }
            Format::Human if result.is_err() => console.say(&left_over(&report)),
            Format::Human => console.say(&format!("{stack}: done, {} written\n", done.len())),
        }
        result.map_err(Failure::Run)
    }
}

/// What is done and what is not, for whoever has to decide what to do now.
fn left_over(report: &Report) -> String {
    let names = |objects: &[ObjectId]| {
        let names: Vec<String> = objects.iter().map(ToString::to_string).collect();
        if names.is_empty() {
            return "nothing".to_owned();
        }
        names.join(", ")
    };
    format!(
        "done: {}\npending: {}\n",
        names(&report.done),
        names(&report.pending)
    )
}

/// Asks before something is destroyed; off a terminal only `--yes` answers.
///
/// # Errors
///
/// [`Failure::Usage`] without an answer, [`Failure::Failed`] when it is no.
pub(crate) fn confirm(question: &str, yes: bool, console: Console) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failure::Usage(format!("{question}: say `--yes`")));
    }
    console.say(&format!("{question}. Go on? [y/N] "));
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    if read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::Failed("nothing was done".to_owned()))
}
