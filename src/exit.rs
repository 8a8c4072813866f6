//! Exit codes, a contract: see the table in `docs/cli.md`.

use std::fmt::Write as _;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use tranship_backend::deploy::Fault;
use tranship_engine::{RunError, Signal};

use crate::console::Console;
use crate::escape;

/// The exit code of a panic; its hook has spoken already.
pub(crate) const BUG: u8 = 70;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something around us refused, such as the disk; the text says what.
    Failed(String),
    /// The arguments make no sense together.
    Usage(String),
    /// The input is broken; its problems have been shown.
    InvalidInput,
    /// The input has outcomes `--deny` does not allow; they have been shown.
    Denied(String),
    /// A target, or a run against it, did not do what was asked.
    Run(RunError),
    /// Something would change, and `--detailed-exitcode` asks to say so.
    Pending,
    /// We are broken.
    Bug(String),
}

impl Failure {
    /// The exit code.
    fn code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::InvalidInput => 3,
            Self::Run(error) => run_code(error),
            Self::Pending => 9,
            Self::Denied(_) => 10,
            Self::Bug(_) => BUG,
        }
    }
}

/// The exit code of what a target, or a run against it, did not do.
const fn run_code(error: &RunError) -> u8 {
    match error {
        RunError::Fault(Fault::Denied { .. }) => 4,
        RunError::Fault(Fault::Unreachable { .. }) => 5,
        RunError::Fault(Fault::Conflict { .. } | Fault::Changed { .. })
        | RunError::Refused(_)
        | RunError::Locked(_)
        | RunError::LockLost
        | RunError::Stale => 6,
        RunError::Fault(Fault::Refused { .. } | Fault::Other(_))
        | RunError::NothingToRollBack
        | RunError::Record(_) => 1,
        RunError::Fault(Fault::SecretMissing { .. }) | RunError::BadPlan(_) => 3,
        RunError::RolloutFailed(_) => 7,
        RunError::RolledBack(_) => 8,
        RunError::TimedOut(_) => 124,
        RunError::Interrupted(Signal::Interrupt) => 130,
        RunError::Interrupted(Signal::Terminate) => 143,
    }
}

/// The exit code of a run; says why when it was not what was asked for.
pub(crate) fn code(result: Result<(), Failure>, console: Console) -> ExitCode {
    let Err(failure) = result else {
        return ExitCode::SUCCESS;
    };
    let code = ExitCode::from(failure.code());
    match failure {
        Failure::Failed(message) | Failure::Usage(message) | Failure::Denied(message) => {
            console.error(&message);
        }
        Failure::Run(error) => console.error(&escape::line(&error.to_string())),
        Failure::InvalidInput | Failure::Pending => {}
        Failure::Bug(message) => console.error(&bug_report(&message)),
    }
    code
}

/// Makes a panic a request to report it, without a backtrace.
pub(crate) fn report_bugs() {
    std::panic::set_hook(Box::new(|panic| {
        Console::plain().error(&bug_report(&describe(panic)));
    }));
}

fn describe(panic: &PanicHookInfo<'_>) -> String {
    let mut text = panic.payload_as_str().unwrap_or("no message").to_owned();
    if let Some(location) = panic.location() {
        let _ = write!(text, " ({}:{})", location.file(), location.line());
    }
    text
}

fn bug_report(what: &str) -> String {
    format!(
        "this is a bug in tranship {}: {what}\n  please report it with the compose file that led here: {}/issues",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY"),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Each way to fail, with what people are told of it.
    fn every() -> Vec<Failure> {
        let text = || "x".to_owned();
        let object = || tranship_model::ObjectId::new("service", "web");
        let cause = || {
            let kind = tranship_backend::deploy::CauseKind::CrashLoop;
            let detail = text();
            vec![(text(), tranship_backend::deploy::Cause { kind, detail })]
        };
        let runs = [
            RunError::Fault(Fault::Denied {
                place: text(),
                missing: vec![text()],
            }),
            RunError::Fault(Fault::Unreachable {
                place: text(),
                reason: text(),
            }),
            RunError::Fault(Fault::Conflict {
                conflicts: Vec::new(),
            }),
            RunError::Fault(Fault::Changed { object: object() }),
            RunError::Fault(Fault::Refused {
                object: object(),
                reason: text(),
            }),
            RunError::Fault(Fault::SecretMissing {
                secret: text(),
                reason: text(),
            }),
            RunError::Fault(Fault::Other(text())),
            RunError::LockLost,
            RunError::Stale,
            RunError::BadPlan(text()),
            RunError::NothingToRollBack,
            RunError::RolloutFailed(cause()),
            RunError::RolledBack(cause()),
            RunError::TimedOut(vec![text()]),
            RunError::Interrupted(Signal::Interrupt),
            RunError::Interrupted(Signal::Terminate),
        ];
        let mut every = vec![
            Failure::Failed(text()),
            Failure::Usage(text()),
            Failure::InvalidInput,
            Failure::Denied(text()),
            Failure::Pending,
            Failure::Bug(text()),
        ];
        every.extend(runs.into_iter().map(Failure::Run));
        every
    }

    #[test]
    fn the_documented_codes_are_those_we_end_with() {
        let page = include_str!("../docs/deploying.md");
        let (_, table) = page.split_once("## Exit codes").unwrap();
        let (table, _) = table.split_once("## ").unwrap();
        let rows = table.lines().filter_map(|line| line.split('|').nth(1));
        let codes = rows.flat_map(|codes| codes.split(',')).map(str::trim);
        let documented: BTreeSet<u8> = codes.filter_map(|code| code.parse().ok()).collect();
        let ours = every().iter().map(Failure::code).chain([0]).collect();
        assert_eq!(documented, ours);
    }

    #[test]
    fn how_a_run_ended_decides_its_code() {
        let codes: Vec<u8> = every().iter().map(Failure::code).collect();
        let arguments_and_input = [1, 2, 3, 10, 9, 70];
        let faults = [4, 5, 6, 6, 1, 3, 1];
        let runs = [6, 6, 3, 1, 7, 8, 124, 130, 143];
        let wanted = [&arguments_and_input[..], &faults, &runs].concat();
        assert_eq!(codes, wanted);
    }

    #[test]
    fn a_bug_asks_to_be_reported() {
        assert!(bug_report("lost a value").contains("please report it"));
    }
}
