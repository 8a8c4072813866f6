//! Kills the client before and after each of its writing calls, runs it again, and looks at what
//! is there.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use serde_json::Value;

use super::proxy::{Fault, Moment, Proxy, Which};

/// One kind of run to be killed in every place.
pub(crate) struct Sweep<'a> {
    /// What people call it.
    pub(crate) name: &'a str,
    /// In front of the API the command talks to.
    pub(crate) proxy: &'a Proxy,
    /// The run.
    pub(crate) command: &'a dyn Fn() -> Command,
    /// Brings the target to where the run starts from.
    pub(crate) reset: &'a dyn Fn() -> Result<()>,
    /// What is there, without what differs from run to run.
    pub(crate) state: &'a dyn Fn() -> Result<Value>,
    /// Only every so many places; 1 for all.
    pub(crate) step: usize,
}

/// How many kills ended well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Runs that were killed, run again, and ended where an undisturbed run ends.
    pub(crate) passed: usize,
    /// All.
    pub(crate) total: usize,
    /// What went wrong in the others.
    pub(crate) failures: Vec<String>,
}

impl Sweep<'_> {
    /// Runs it undisturbed, and then once for each place.
    pub(crate) fn run(&self) -> Result<Figures> {
        (self.reset)()?;
        self.proxy.arm(Vec::new());
        let (code, said) = self.ended()?;
        anyhow::ensure!(code == Some(0), "{}: undisturbed: {said}", self.name);
        let reference = (self.state)()?;
        let writes = self.proxy.writes().len();
        let mut figures = Figures::default();
        let places =
            (1..=writes).flat_map(|number| [(number, Moment::Before), (number, Moment::After)]);
        for (number, moment) in places.step_by(self.step) {
            figures.total += 1;
            match self.killed(number, moment, &reference)? {
                None => figures.passed += 1,
                Some(wrong) => {
                    let name = self.name;
                    let wrong = format!("{name}, {moment:?} write {number}: {wrong}");
                    println!("{wrong}");
                    figures.failures.push(wrong);
                }
            }
        }
        Ok(figures)
    }

    /// Kills one run, runs it again, and says what is wrong then.
    fn killed(&self, number: usize, moment: Moment, reference: &Value) -> Result<Option<String>> {
        (self.reset)()?;
        let kill = Fault::Signal(moment, Signal::SIGKILL);
        self.proxy.arm(vec![(Which::Write(number), kill)]);
        let (first, _) = self.ended()?;
        self.proxy.arm(Vec::new());
        let (code, said) = self.ended()?;
        if code != Some(0) {
            return Ok(Some(format!(
                "run again (first {first:?}): {code:?}: {said}"
            )));
        }
        let state = (self.state)()?;
        Ok((state != *reference).then(|| format!("{state}\n  instead of\n{reference}")))
    }

    /// Runs it to its end, with the proxy knowing whom to kill.
    fn ended(&self) -> Result<(Option<i32>, String)> {
        let mut command = (self.command)();
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {command:?}"))?;
        self.proxy.victim(child.id());
        let output = child.wait_with_output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok((output.status.code(), said))
    }
}
