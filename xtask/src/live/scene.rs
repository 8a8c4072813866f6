//! A run to be disturbed: from where it starts to where it ends.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use serde_json::Value;

use super::ended::Ended;
use super::proxy::{Call, Fault, Proxy, Which};

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    /// Deploys where nothing is.
    First,
    /// Deploys over an earlier deployment.
    Upgrade,
    /// Removes it.
    Removal,
}

impl Course {
    /// Each of them.
    pub(crate) const ALL: [Self; 3] = [Self::First, Self::Upgrade, Self::Removal];

    /// What people call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::First => "first run",
            Self::Upgrade => "upgrade",
            Self::Removal => "removal",
        }
    }

    /// The command with its arguments.
    pub(crate) const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::First | Self::Upgrade => &["deploy"],
            Self::Removal => &["remove", "--yes"],
        }
    }
}

/// A run to be disturbed.
pub(crate) struct Scene<'a> {
    /// What it does.
    pub(crate) course: Course,
    /// How many of its last writes give the lock back.
    pub(crate) release: usize,
    /// In front of the API the command talks to.
    pub(crate) proxy: &'a Proxy,
    /// The run.
    pub(crate) command: &'a dyn Fn() -> Result<Command>,
    /// Brings the target to where the run starts from.
    pub(crate) reset: &'a dyn Fn() -> Result<()>,
    /// What is there, without what differs from run to run.
    pub(crate) state: &'a dyn Fn() -> Result<Value>,
    /// Whether someone has the lock.
    pub(crate) is_locked: &'a dyn Fn() -> Result<bool>,
    /// Where the run writes its events.
    pub(crate) events: &'a Path,
}

/// Where an undisturbed run ends.
pub(crate) struct Reference {
    /// What is there.
    pub(crate) state: Value,
    /// The calls that wrote.
    pub(crate) writes: Vec<Call>,
    /// Every call.
    pub(crate) calls: usize,
    /// Every object it wrote, in order of names.
    pub(crate) objects: Vec<String>,
}

/// How many disturbed runs ended well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Runs that ended as they should.
    pub(crate) passed: usize,
    /// All.
    pub(crate) total: usize,
}

impl Figures {
    /// Counts one, and prints what is wrong with it.
    pub(crate) fn count(&mut self, name: &str, wrong: Option<&str>) {
        self.total += 1;
        match wrong {
            None => self.passed += 1,
            Some(wrong) => println!("{name}: {wrong}"),
        }
    }

    /// Prints the figures, and returns them in words if all ended well.
    pub(crate) fn all_well(&self, name: &str) -> Result<String> {
        let Self { passed, total } = self;
        println!("{name}: {passed} of {total} ended well");
        ensure!(total > &0, "{name}: nothing was tried");
        ensure!(passed == total, "{name}: {} ended badly", total - passed);
        Ok(format!("{name} {passed}/{total}"))
    }
}

impl Scene<'_> {
    /// Runs it undisturbed.
    pub(crate) fn undisturbed(&self) -> Result<Reference> {
        let ended = self.disturbed(Vec::new())?;
        let (name, said) = (self.course.name(), &ended.said);
        ensure!(ended.code == Some(0), "{name}: undisturbed: {said}");
        let mut objects = self.last_event()?.done;
        objects.sort();
        Ok(Reference {
            state: (self.state)()?,
            writes: self.proxy.writes(),
            calls: self.proxy.calls().len(),
            objects,
        })
    }

    /// Runs it from its start, with faults.
    pub(crate) fn disturbed(&self, faults: Vec<(Which, Fault)>) -> Result<Ended> {
        (self.reset)()?;
        let command = (self.command)()?;
        self.proxy.arm(faults);
        Ended::through(self.proxy, command)
    }

    /// Runs it once more, plainly, and says what is wrong then.
    pub(crate) fn again(&self, reference: &Reference) -> Result<Option<String>> {
        let command = (self.command)()?;
        self.proxy.arm(Vec::new());
        let ended = Ended::through(self.proxy, command)?;
        if ended.code != Some(0) {
            return Ok(Some(format!("run again: {:?}: {}", ended.code, ended.said)));
        }
        self.strays(reference)
    }

    /// How what is there differs from where an undisturbed run ends.
    pub(crate) fn strays(&self, reference: &Reference) -> Result<Option<String>> {
        let (state, wanted) = ((self.state)()?, &reference.state);
        Ok((state != *wanted).then(|| format!("{state}\n  instead of\n{wanted}")))
    }

    /// What the run told last.
    pub(crate) fn last_event(&self) -> Result<Last> {
        let text = fs::read_to_string(self.events)?;
        let line = text.lines().last().unwrap_or_default();
        let event: Value = serde_json::from_str(line)?;
        let objects = |key| {
            let all = event.get(key).and_then(Value::as_array);
            let all = all.into_iter().flatten();
            all.map(ToString::to_string).collect()
        };
        Ok(Last {
            done: objects("done"),
            pending: objects("pending"),
            event,
        })
    }
}

/// The event that says how a run ended.
pub(crate) struct Last {
    /// What it says is written.
    pub(crate) done: Vec<String>,
    /// What it says is not.
    pub(crate) pending: Vec<String>,
    /// All of it.
    pub(crate) event: Value,
}

impl Last {
    /// What is wrong with its lists: together they are everything an undisturbed run writes; a run
    /// that was stopped while it looked around has none yet.
    pub(crate) fn wrong(&self, scene: &Scene<'_>, reference: &Reference) -> Option<String> {
        let mut all = [self.done.as_slice(), self.pending.as_slice()].concat();
        all.sort();
        let is_end = self
            .event
            .get("event")
            .is_some_and(|event| event == "ended");
        let has_looked_only = all.is_empty() && scene.proxy.writes().is_empty();
        let wrong = !is_end || !has_looked_only && all != reference.objects;
        wrong.then(|| format!("the last event: {}", self.event))
    }
}
