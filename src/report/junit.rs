//! A run as JUnit XML, for build servers: a case for the plan, for each object and each service.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use tranship_backend::deploy::Cause;
use tranship_engine::{DeployEvent, StepState};

use super::{Listener, words};
use crate::exit::Failure;
use crate::view::junit::{Case, Suite, document};

/// A file that is written when the run ends.
pub(crate) struct Cases {
    file: File,
    stack: String,
    all: Vec<Case>,
}

impl Cases {
    /// Begins the file.
    ///
    /// # Errors
    ///
    /// [`Failure::Failed`] when it cannot be written.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        Ok(Self {
            file: super::create(path)?,
            stack: String::new(),
            all: Vec::new(),
        })
    }

    /// The case of a name, made when it is new.
    fn case(&mut self, name: &str) -> Option<&mut Case> {
        if !self.all.iter().any(|case| case.name == name) {
            self.all.push(Case {
                name: name.to_owned(),
                ..Case::default()
            });
        }
        self.all.iter_mut().find(|case| case.name == name)
    }

    fn remark(&mut self, name: &str, remark: String) {
        if let Some(case) = self.case(name) {
            case.remarks.push(remark);
        }
    }

    fn fail(&mut self, name: &str, failure: String) {
        if let Some(case) = self.case(name) {
            case.failures.push(failure);
        }
    }

    fn trouble(&mut self, service: &str, cause: &Cause) {
        let words = format!("{}: {}", cause.kind.as_str(), cause.detail);
        self.remark(&ready(service), words);
    }

    /// A service that is not there when the run ends has failed, for what was last known of it.
    fn end(&mut self, reason: Option<&str>) {
        if let Some(reason) = reason {
            self.fail("result", reason.to_owned());
        }
        let suite = Suite {
            name: self.stack.clone(),
            cases: std::mem::take(&mut self.all),
        };
        let text = document(&self.stack, &[suite]);
        // A disk that is full must not change how the run ends.
        drop(self.file.write_all(text.as_bytes()));
    }
}

fn ready(service: &str) -> String {
    format!("ready: {service}")
}

impl Listener for Cases {
    fn hear(&mut self, event: &DeployEvent) {
        match event {
            DeployEvent::Begun { stack, .. } => self.stack.clone_from(stack),
            DeployEvent::Planned { counts } => {
                self.remark("plan", words::sum(*counts));
            }
            DeployEvent::Step {
                action,
                object,
                state,
            } => {
                let name = format!("{}: {object}", action.as_str());
                match state {
                    StepState::Started => {}
                    StepState::Done => drop(self.case(&name)),
                    StepState::Failed(reason) => self.fail(&name, reason.clone()),
                }
            }
            DeployEvent::Trouble { service, cause } => self.trouble(service, cause),
            DeployEvent::Settled { service, .. } => drop(self.case(&ready(service))),
            DeployEvent::Ended { reason, .. } => self.end(reason.as_deref()),
            DeployEvent::LockHeld { .. }
            | DeployEvent::LockTakenOver { .. }
            | DeployEvent::Waiting { .. } => {}
        }
    }
}
