//! The reference loader, asked live: a Go program of ours over it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use super::case::{Case, Outcome};
use crate::command::{stdout, succeed};
use crate::paths::{root, scratch};

/// A running reference loader.
pub(super) struct Oracle {
    binary: PathBuf,
    server: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

#[derive(Deserialize)]
struct Answer {
    id: usize,
    project: Option<Value>,
    error: Option<String>,
}

impl Oracle {
    /// Builds the program and starts it.
    pub(super) fn start() -> Result<Self> {
        let binary = scratch("oracle");
        let mut build = Command::new("go");
        build.args(["build", "-o"]).arg(&binary).arg(".");
        succeed(build.current_dir(root().join("xtask/oracle")))?;
        let mut server = Command::new(&binary)
            .arg("serve")
            .env_clear()
            .env("HOME", "/nonexistent")
            .env("PATH", "/usr/bin:/bin")
            // It lives for minutes; collecting garbage takes a third of its time otherwise.
            .env("GOGC", "400")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the reference loader does not start")?;
        let (Some(questions), Some(answers)) = (server.stdin.take(), server.stdout.take()) else {
            bail!("the reference loader has no streams");
        };
        Ok(Self {
            binary,
            server,
            questions,
            answers: BufReader::new(answers),
        })
    }

    /// The specification's schema as the reference carries it.
    pub(super) fn schema(&self) -> Result<String> {
        stdout(Command::new(&self.binary).arg("schema"))
    }

    /// The paths of all properties, by the reference's own count.
    pub(super) fn properties(&self) -> Result<Vec<String>> {
        let paths = stdout(Command::new(&self.binary).arg("paths"))?;
        Ok(paths.lines().map(str::to_owned).collect())
    }

    /// Asks all cases at once; `meanwhile` runs while the reference works.
    pub(super) fn ask<R>(
        &mut self,
        cases: &[Case],
        meanwhile: impl FnOnce() -> R,
    ) -> Result<(Vec<Outcome>, R)> {
        for (id, case) in cases.iter().enumerate() {
            writeln!(self.questions, "{}", question(id, case))?;
        }
        self.questions.flush()?;
        let result = meanwhile();
        let mut answers = HashMap::new();
        while answers.len() < cases.len() {
            let mut line = String::new();
            if self.answers.read_line(&mut line)? == 0 {
                bail!("the reference loader ended");
            }
            let answer: Answer = serde_json::from_str(&line)?;
            answers.insert(answer.id, outcome(answer));
        }
        let ordered = (0..cases.len()).filter_map(|id| answers.remove(&id));
        Ok((ordered.collect(), result))
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // It ends by itself once its input does; there is nothing to be done if it is gone.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn question(id: usize, case: &Case) -> Value {
    let absolute = |paths: &[String]| -> Vec<String> {
        paths.iter().map(|path| case.absolute(path)).collect()
    };
    let variables = case.environment().into_iter();
    let variables: Vec<String> = variables
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    json!({
        "id": id,
        "directory": if case.files.is_empty() { case.absolute("") } else { String::new() },
        "files": absolute(&case.files),
        "env_files": absolute(&case.env_files),
        "profiles": case.profiles,
        "variables": variables,
        "name": case.project_name,
    })
}

fn outcome(answer: Answer) -> Outcome {
    match (answer.project, answer.error) {
        (_, Some(error)) => Outcome::Refused(vec![error]),
        (project, None) => {
            let project = without_job_names(project.unwrap_or_default());
            Outcome::Accepted(project, Vec::new())
        }
    }
}

/// The reference's YAML form names jobs twice; its JSON form does not.
fn without_job_names(mut project: Value) -> Value {
    let jobs = project.get_mut("jobs").and_then(Value::as_object_mut);
    for (_, job) in jobs.into_iter().flatten() {
        if let Some(job) = job.as_object_mut() {
            job.remove("name");
        }
    }
    project
}
