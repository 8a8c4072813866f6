//! What passed, failed and was skipped.

use std::process::ExitCode;

use anyhow::Error;

/// How one check ended.
pub(crate) enum Verdict {
    /// It holds; with a figure or remark.
    Passed(String),
    /// It could not run here, and why.
    Skipped(String),
}

/// The checks of one run, printed as they end.
#[derive(Default)]
pub(crate) struct Report {
    passed: usize,
    failed: Vec<String>,
    skipped: usize,
    /// Whether a skipped check that needs a laboratory counts as failed.
    require_live: bool,
    /// Only checks with this in their names run; all when it is not given.
    only: Option<String>,
}

impl Report {
    /// A report without any check yet.
    pub(crate) fn new(require_live: bool, only: Option<String>) -> Self {
        Self {
            require_live,
            only,
            ..Self::default()
        }
    }

    /// Runs a check and prints how it ended.
    pub(crate) fn check(&mut self, name: &str, check: impl FnOnce() -> Result<Verdict, Error>) {
        if self
            .only
            .as_ref()
            .is_some_and(|only| !name.contains(only.as_str()))
        {
            return;
        }
        println!("=== {name}");
        match check() {
            Ok(Verdict::Passed(remark)) => {
                self.passed += 1;
                println!("ok: {name}: {remark}");
            }
            Ok(Verdict::Skipped(reason)) => {
                self.skipped += 1;
                println!("skipped: {name}: {reason}");
            }
            Err(error) => {
                self.failed.push(name.to_owned());
                println!("FAILED: {name}: {error:#}");
            }
        }
    }

    /// Runs a check that needs a real orchestrator.
    pub(crate) fn live(&mut self, name: &str, check: impl FnOnce() -> Result<Verdict, Error>) {
        let required = self.require_live;
        self.check(name, || match check()? {
            Verdict::Skipped(reason) if required => Err(anyhow::anyhow!("not run: {reason}")),
            verdict @ (Verdict::Passed(_) | Verdict::Skipped(_)) => Ok(verdict),
        });
    }

    /// Prints the sums and returns the exit code.
    pub(crate) fn finish(self) -> ExitCode {
        for name in &self.failed {
            println!("failed: {name}");
        }
        println!(
            "{} passed, {} failed, {} skipped",
            self.passed,
            self.failed.len(),
            self.skipped
        );
        if self.failed.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
