//! What passed, failed and was skipped.

use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Result, anyhow};

/// How one check ended.
pub(crate) enum Verdict {
    /// It holds; with a figure or remark.
    Passed(String),
    /// It could not run here, and why.
    Skipped(String),
}

/// A check that needs a real orchestrator, by its name; it is told whether to do all it can.
pub(crate) type Live = (&'static str, fn(full: bool) -> Result<Verdict>);

/// The checks of one run, printed as they end.
pub(crate) struct Report {
    sums: Mutex<Sums>,
    /// Whether a skipped check that needs a laboratory counts as failed.
    require_live: bool,
    /// Only checks with one of these in their names run; all when none is given.
    only: Vec<String>,
}

#[derive(Default)]
struct Sums {
    passed: usize,
    /// How many of those passed at the second attempt alone.
    repeated: usize,
    failed: Vec<String>,
    skipped: usize,
}

impl Report {
    /// A report without any check yet.
    pub(crate) fn new(require_live: bool, only: Vec<String>) -> Self {
        Self {
            sums: Mutex::default(),
            require_live,
            only,
        }
    }

    fn sums(&self) -> MutexGuard<'_, Sums> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a check and prints how it ended, and after how many seconds.
    pub(crate) fn check(&self, name: &str, check: impl FnOnce() -> Result<Verdict>) {
        if !self.only.is_empty() && !self.only.iter().any(|only| name.contains(only)) {
            return;
        }
        println!("=== {name}");
        let start = Instant::now();
        let verdict = check();
        let took = start.elapsed().as_secs();
        let mut sums = self.sums();
        match verdict {
            Ok(Verdict::Passed(remark)) => {
                sums.passed += 1;
                println!("ok: {name} ({took} s): {remark}");
            }
            Ok(Verdict::Skipped(reason)) => {
                sums.skipped += 1;
                println!("skipped: {name}: {reason}");
            }
            Err(error) => {
                sums.failed.push(name.to_owned());
                println!("FAILED: {name} ({took} s): {error:#}");
            }
        }
    }

    /// Runs checks that need real orchestrators: those of a lane one after another, the lanes beside
    /// each other. They mostly wait, and each has a laboratory of its own.
    pub(crate) fn live(&self, full: bool, lanes: &[&[Live]]) {
        thread::scope(|scope| {
            for lane in lanes {
                scope.spawn(move || {
                    for (name, check) in *lane {
                        self.check(name, || self.required(self.twice(name, || check(full))?));
                    }
                });
            }
        });
    }

    /// Runs a check once more where it failed: a machine that stood still for a moment is no fault of
    /// ours. What failed first is printed, and counted in the end.
    fn twice(&self, name: &str, check: impl Fn() -> Result<Verdict>) -> Result<Verdict> {
        check().or_else(|first| {
            println!("once more: {name}: {first:#}");
            let verdict = check()?;
            self.sums().repeated += 1;
            Ok(verdict)
        })
    }

    fn required(&self, verdict: Verdict) -> Result<Verdict> {
        match verdict {
            Verdict::Skipped(reason) if self.require_live => Err(anyhow!("not run: {reason}")),
            verdict @ (Verdict::Passed(_) | Verdict::Skipped(_)) => Ok(verdict),
        }
    }

    /// Prints the sums and returns the exit code.
    pub(crate) fn finish(self) -> ExitCode {
        let sums = self.sums();
        for name in &sums.failed {
            println!("failed: {name}");
        }
        println!(
            "{} passed ({} at the second attempt), {} failed, {} skipped",
            sums.passed,
            sums.repeated,
            sums.failed.len(),
            sums.skipped
        );
        if sums.failed.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
