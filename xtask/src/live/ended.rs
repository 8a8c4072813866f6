//! How a run of the binary ended.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::proxy::Proxy;

/// How a run of the binary ended.
pub(crate) struct Ended {
    /// Its exit code; none when it was killed.
    pub(crate) code: Option<i32>,
    /// What it wrote to both of its outputs.
    pub(crate) said: String,
    /// The calls that wrote, where the proxy saw them.
    pub(crate) writes: Vec<String>,
    /// When it was over.
    pub(crate) at: Instant,
    /// The number of its process.
    pub(crate) process: u32,
}

impl Ended {
    /// Runs a command to its end.
    pub(crate) fn of(command: Command) -> Result<Self> {
        Self::watched(command, |_process| ())
    }

    /// Runs a command whose calls the proxy sees, and whom it may send signals.
    pub(crate) fn through(proxy: &Proxy, command: Command) -> Result<Self> {
        let mut ended = Self::watched(command, |process| proxy.victim(process))?;
        let writes = proxy.writes().into_iter();
        ended.writes = writes.map(|call| call.line).collect();
        Ok(ended)
    }

    fn watched(mut command: Command, started: impl FnOnce(u32)) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {command:?}"))?;
        let process = child.id();
        started(process);
        let output = child.wait_with_output()?;
        let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        Ok(Self {
            code: output.status.code(),
            said,
            writes: Vec::new(),
            at: Instant::now(),
            process,
        })
    }

    /// Itself, if it ended with a code.
    pub(crate) fn with(self, code: i32, folder: &Path, arguments: &[&str]) -> Result<Self> {
        let (got, said) = (self.code, &self.said);
        ensure!(
            got == Some(code),
            "{} in {}: ended with {got:?}, not {code}: {said}",
            arguments.join(" "),
            folder.display()
        );
        Ok(self)
    }
}
