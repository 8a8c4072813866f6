//! Whether a rendering can work: every name leads somewhere, everything referred to is there, every
//! probe runs what was asked for, what was writable still is, and those who share a network reach
//! each other, and nobody else does.
//!
//! It reads the resolved project, the account, and the rendering as plain data, and shares no code
//! with what made them. The tests of the whole use it on fixtures, `cargo xtask test` on real
//! stacks.

mod ecs;
mod kubernetes;
mod reach;
mod source;
mod swarm;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde_json::Value;

use source::{Source, Use};

/// What a rendering is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// One document for each object.
    Kubernetes,
    /// One stack file.
    Swarm,
    /// One `CloudFormation` template.
    Ecs,
}

/// How many of one kind are as the file says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// They are.
    pub(crate) kept: usize,
    /// They are not, which the account says.
    pub(crate) told: usize,
    /// They are not, and nobody is told.
    pub(crate) silent: usize,
}

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judgement {
    /// Names of services that another service uses, and that lead to it.
    pub(crate) names: Tally,
    /// References from one part of the rendering to another, that lead there.
    pub(crate) references: Tally,
    /// Health checks that run what the file says.
    pub(crate) probes: Tally,
    /// Writable mounts that are writable.
    pub(crate) mounts: Tally,
    /// Pairs of services, of which one reaches the other as the file says, or does not.
    pub(crate) pairs: Tally,
    /// What nobody is told.
    pub(crate) faults: Vec<String>,
}

/// The rows of one target's account, by their paths.
pub(crate) struct Account<'a>(BTreeMap<&'a str, Vec<&'a Value>>);

/// What a rendering says of the questions below.
trait Rendering {
    /// Whether a name leads to the service it means, for the service that uses it.
    fn resolves(&self, used: &Use<'_>, account: &Account<'_>) -> bool;
    /// Each reference with whether it leads anywhere.
    fn references(&self, account: &Account<'_>) -> Vec<(String, bool)>;
    /// Whether a service's health check runs exactly this.
    fn probes(&self, service: &str, test: &Test, account: &Account<'_>) -> bool;
    /// Whether a service can write at this path.
    fn writes(&self, service: &str, path: &str, account: &Account<'_>) -> bool;
    /// Whether the tasks of one service can open connections to all ports of another's; nothing
    /// when one of them does not run all the time, and what it may do is decided as it is started.
    fn reaches(&self, from: &str, to: &str, account: &Account<'_>) -> Option<bool>;
}

/// What a health check runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// A program and its arguments.
    Exec(Vec<String>),
    /// A line for a shell.
    Shell(String),
}

impl Tally {
    /// Counts one; `told` is asked only of what is not as it was, and `fault` says what that is.
    fn count(
        &mut self,
        is_kept: bool,
        told: impl FnOnce() -> bool,
        fault: impl FnOnce() -> String,
    ) -> Option<String> {
        if is_kept {
            self.kept += 1;
        } else if told() {
            self.told += 1;
        } else {
            self.silent += 1;
            return Some(fault());
        }
        None
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        let Self { kept, told, silent } = other;
        self.kept += kept;
        self.told += told;
        self.silent += silent;
    }
}

impl Judgement {
    /// Adds another one.
    pub(crate) fn add(&mut self, other: Self) {
        let Self {
            names,
            references,
            probes,
            mounts,
            pairs,
            faults,
        } = other;
        self.names += names;
        self.references += references;
        self.probes += probes;
        self.mounts += mounts;
        self.pairs += pairs;
        self.faults.extend(faults);
    }

    /// The figures in words.
    pub(crate) fn sums(&self) -> String {
        let Self {
            names,
            references,
            probes,
            mounts,
            pairs,
            faults: _,
        } = self;
        format!(
            "{} used names resolve, {} do not as the account says; {} references; {} probes, {} told; \
             {} writable mounts, {} told; {} pairs reach each other or not, {} told",
            names.kept,
            names.told,
            references.kept,
            probes.kept,
            probes.told,
            mounts.kept,
            mounts.told,
            pairs.kept,
            pairs.told
        )
    }
}

/// Judges one rendering by the answer of `config`, the target's part of the answer of `check`, and
/// the documents of `convert`.
pub(crate) fn judge(
    target: Target,
    config: &Value,
    check: &Value,
    documents: &[Value],
) -> Judgement {
    let rows = check.get("account").and_then(Value::as_array);
    let account = Account::new(rows.map_or(&[], Vec::as_slice));
    let first = documents.first().unwrap_or(&Value::Null);
    match target {
        Target::Kubernetes => weigh(&kubernetes::Objects(documents), config, &account),
        Target::Swarm => weigh(&swarm::StackFile(first), config, &account),
        Target::Ecs => weigh(&ecs::Template(first), config, &account),
    }
}

fn weigh(rendering: &impl Rendering, config: &Value, account: &Account<'_>) -> Judgement {
    let source = Source(config);
    let mut judgement = Judgement::default();
    names(rendering, &source, account, &mut judgement);
    for (reference, leads) in rendering.references(account) {
        let fault = || format!("{reference} leads nowhere");
        let fault = judgement.references.count(leads, || false, fault);
        judgement.faults.extend(fault);
    }
    probes(rendering, &source, account, &mut judgement);
    mounts(rendering, &source, account, &mut judgement);
    reach::weigh(rendering, &source, account, &mut judgement);
    judgement
}

fn names(
    rendering: &impl Rendering,
    source: &Source<'_>,
    account: &Account<'_>,
    judgement: &mut Judgement,
) {
    for used in source.uses() {
        let resolves = rendering.resolves(&used, account);
        let told = || used.places.iter().any(|place| account.warns_at(place));
        let Use {
            by, name, of, at, ..
        } = &used;
        let fault = || format!("services.{by}.{at}: `{name}` does not lead to `{of}`");
        let fault = judgement.names.count(resolves, told, fault);
        judgement.faults.extend(fault);
    }
}

fn probes(
    rendering: &impl Rendering,
    source: &Source<'_>,
    account: &Account<'_>,
    judgement: &mut Judgement,
) {
    for (service, test) in source.tests() {
        let runs = rendering.probes(service, &test, account);
        let place = format!("services.{service}.healthcheck");
        let fault = || format!("{place}: nothing runs {test:?}");
        let told = || account.warns_below(&place);
        let fault = judgement.probes.count(runs, told, fault);
        judgement.faults.extend(fault);
    }
}

fn mounts(
    rendering: &impl Rendering,
    source: &Source<'_>,
    account: &Account<'_>,
    judgement: &mut Judgement,
) {
    for (service, index, path) in source.writable_mounts() {
        let place = format!("services.{service}.volumes[{index}]");
        let writes = rendering.writes(service, path, account);
        let fault = || format!("{place}: nothing can be written at `{path}`");
        let told = || account.warns_below(&place);
        let fault = judgement.mounts.count(writes, told, fault);
        judgement.faults.extend(fault);
    }
}

impl<'a> Account<'a> {
    fn new(rows: &'a [Value]) -> Self {
        let mut by_path: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for row in rows {
            if let Some(path) = text(row, "/path") {
                by_path.entry(path).or_default().push(row);
            }
        }
        Self(by_path)
    }

    /// The names of the objects that a service's image and mode ended in.
    fn workloads(&self, service: &str) -> Vec<&'a str> {
        let places = ["image", "build", "deploy.mode", "restart"];
        let places = places.map(|key| format!("services.{service}.{key}"));
        let rows = places.iter().filter_map(|place| self.0.get(place.as_str()));
        let objects = rows.flatten().flat_map(|row| items(row, "/objects"));
        let names = objects.filter_map(|object| object.as_str()?.split_once(' '));
        names.map(|(_, name)| name).collect()
    }

    /// Whether a row at this very place says that something is not as it was.
    fn warns_at(&self, path: &str) -> bool {
        let mut rows = self.0.get(path).into_iter().flatten();
        rows.any(|row| is_warning(row))
    }

    /// Whether a row at this place or below says so.
    fn warns_below(&self, path: &str) -> bool {
        let below = self.0.range(path..);
        let mut below = below.take_while(|(place, _)| place.starts_with(path));
        below.any(|(_, rows)| rows.iter().any(|row| is_warning(row)))
    }

    /// Whether some row speaks of a name.
    fn names(&self, name: &str) -> bool {
        let mut details = self
            .0
            .values()
            .flatten()
            .filter_map(|row| text(row, "/detail"));
        details.any(|detail| detail.contains(name))
    }
}

fn is_warning(row: &Value) -> bool {
    let outcome = row.get("outcome").and_then(Value::as_str);
    matches!(outcome, Some("approximate" | "dropped" | "refused"))
}

/// Every item of an array below a value; none when there is none.
pub(crate) fn items<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    let items = value.pointer(pointer).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}

/// A text below a value.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

/// Every text of an array below a value.
fn words(value: &Value, pointer: &str) -> Vec<String> {
    let words = items(value, pointer).iter().filter_map(Value::as_str);
    words.map(str::to_owned).collect()
}
