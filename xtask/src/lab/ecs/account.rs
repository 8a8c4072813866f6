//! The aws CLI against the laboratory, as a person would use it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::command::stdout;
use crate::lab::{Instance, ecs};
use crate::tools;

/// How long a stack may take to be made or removed.
const STACK: Duration = Duration::from_mins(5);

/// An account of the laboratory.
pub(super) struct Account {
    program: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Account {
    /// The account of an instance; `None` where there is no Python to run the CLI with.
    pub(super) fn of(instance: &Instance) -> Result<Option<Self>> {
        let environment = ecs::env(instance);
        Ok(tools::python()?.map(|folder| Self {
            program: folder.join("aws"),
            environment,
        }))
    }

    /// The answer of a command, as JSON; nothing is null.
    pub(super) fn ask(&self, arguments: &[&str]) -> Result<Value> {
        let mut command = Command::new(&self.program);
        command
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("AWS_PAGER", "")
            .args(["--output", "json"])
            .args(arguments);
        let answer = stdout(&mut command)?;
        if answer.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&answer).with_context(|| format!("aws {arguments:?} said {answer}"))
    }

    /// The same for an answer that is one text.
    pub(super) fn text(&self, arguments: &[&str]) -> Result<String> {
        let answer = self.ask(arguments)?;
        let text = answer.as_str().map(str::to_owned);
        text.with_context(|| format!("aws {arguments:?} said {answer}"))
    }

    /// The VPC there is.
    pub(super) fn vpc(&self) -> Result<String> {
        self.text(&["ec2", "describe-vpcs", "--query", "Vpcs[0].VpcId"])
    }

    /// Its subnets, with commas between them.
    pub(super) fn subnets(&self) -> Result<String> {
        let all = "join(',', Subnets[].SubnetId)";
        self.text(&["ec2", "describe-subnets", "--query", all])
    }

    /// Makes or changes a stack and returns the state it ends in.
    pub(super) fn deploy(&self, verb: &str, stack: &Stack<'_>) -> Result<String> {
        let body = format!("file://{}", stack.template.display());
        let mut arguments = vec!["cloudformation", verb, "--stack-name", stack.name];
        arguments.extend(["--capabilities", "CAPABILITY_IAM", "--template-body", &body]);
        arguments.push("--parameters");
        arguments.extend(stack.parameters.iter().map(String::as_str));
        self.ask(&arguments)?;
        self.end_of(stack.name)
    }

    /// Removes a stack and all that is in it.
    pub(super) fn delete(&self, name: &str) -> Result<()> {
        self.ask(&["cloudformation", "delete-stack", "--stack-name", name])?;
        let start = Instant::now();
        // A stack that is gone is an error of the CLI, which is what is waited for.
        while let Ok(state) = self.state(name) {
            if state == "DELETE_FAILED" || start.elapsed() > STACK {
                bail!("the stack {name} is {state}");
            }
            sleep(Duration::from_millis(500));
        }
        Ok(())
    }

    fn end_of(&self, name: &str) -> Result<String> {
        let start = Instant::now();
        loop {
            let state = self.state(name)?;
            if !state.ends_with("IN_PROGRESS") {
                return Ok(state);
            }
            if start.elapsed() > STACK {
                bail!("the stack {name} is {state} after {STACK:?}");
            }
            sleep(Duration::from_millis(500));
        }
    }

    fn state(&self, name: &str) -> Result<String> {
        let query = "Stacks[0].StackStatus";
        self.text(&[
            "cloudformation",
            "describe-stacks",
            "--stack-name",
            name,
            "--query",
            query,
        ])
    }
}

/// A stack to make.
pub(super) struct Stack<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// The file of its template.
    pub(super) template: &'a Path,
    /// Its parameters as the CLI takes them.
    pub(super) parameters: &'a [String],
}
