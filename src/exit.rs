//! Exit codes, a contract: see the table in `docs/cli.md`.

use std::fmt::Write as _;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use crate::console::Console;

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
    /// We are broken.
    Bug(String),
}

/// The exit code of a run; says why when it was not what was asked for.
pub(crate) fn code(result: Result<(), Failure>, console: &Console) -> ExitCode {
    let Err(failure) = result else {
        return ExitCode::SUCCESS;
    };
    match failure {
        Failure::Failed(message) => said(console, &message, 1),
        Failure::Usage(message) => said(console, &message, 2),
        Failure::InvalidInput => ExitCode::from(3),
        Failure::Denied(message) => said(console, &message, 10),
        Failure::Bug(message) => said(console, &bug_report(&message), BUG),
    }
}

fn said(console: &Console, message: &str, code: u8) -> ExitCode {
    console.error(message);
    ExitCode::from(code)
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
