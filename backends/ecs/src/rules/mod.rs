//! What Amazon ECS refuses, found before anything is sent.
//!
//! The rules are those of the ECS API reference, version 2014-11-13, and of the developer guide's
//! page on Fargate; each names its place in `table`. They read properties in the spelling of
//! `CloudFormation`; what only the account knows is a function there, and nothing is said of it.

mod container;
mod form;
mod health;
mod order;
mod plain;
mod port;
mod service;
mod size;
mod table;
mod task_definition;
mod volume;
pub(crate) mod words;

use std::fmt::{Display, Formatter, Result};

pub use plain::Plain;
pub use table::{ALL as RULES, Rule};

use form::Form;

/// A rule that a definition breaks, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What AWS demands.
    pub rule: &'static Rule,
    /// The member of the definition, such as `ContainerDefinitions/0/Cpu`.
    pub place: String,
}

impl Display for Violation {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(
            formatter,
            "{}: {} ({})",
            self.place, self.rule.demand, self.rule.name
        )
    }
}

/// The rules that the properties of an `AWS::ECS::TaskDefinition` break.
#[must_use]
pub fn of_task_definition(properties: &Plain) -> Vec<Violation> {
    let mut findings = Findings::default();
    task_definition::check(&mut findings, Form::root(properties));
    findings.found
}

/// The rules that the properties of an `AWS::ECS::Service` break, whose tasks run `definition`.
#[must_use]
pub fn of_service(properties: &Plain, definition: &Plain) -> Vec<Violation> {
    let mut findings = Findings::default();
    service::check(
        &mut findings,
        Form::root(properties),
        Form::root(definition),
    );
    findings.found
}

/// The rules that a request to run `definition` once breaks, in the template's spelling.
#[must_use]
pub fn of_run(request: &Plain, definition: &Plain) -> Vec<Violation> {
    let mut findings = Findings::default();
    service::check_run(&mut findings, Form::root(request), Form::root(definition));
    findings.found
}

/// Violations while they are found.
#[derive(Debug, Default)]
struct Findings {
    found: Vec<Violation>,
}

impl Findings {
    /// Adds a violation at a place if there is one.
    fn when(&mut self, is_broken: bool, rule: &'static Rule, form: Form<'_>) {
        if is_broken {
            let place = form.place();
            self.found.push(Violation { rule, place });
        }
    }
}
