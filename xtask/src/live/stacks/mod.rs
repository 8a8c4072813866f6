//! Stacks of different make on a real target: they come up, answer as they should from outside and
//! from inside, a second deployment writes nothing, and nothing is left of them.

mod expected;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::Value;

use self::expected::{Ask, Expected};
pub(crate) use self::expected::{Door, Protocol};
use super::ended::Ended;
use super::http;
use super::rig::{Rig, Target, Way};
use crate::lab::Part;
use crate::paths::root;

/// The image of all of them: the laboratory's test program.
pub(crate) const IMAGE: &str = "stacks.example/probe:1.0";

/// How long an answer may be wrong after everything is said to run: names spread in their time.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many come up side by side: most of the time is waiting.
const AT_ONCE: usize = 4;

/// How the questions of a stack were answered.
#[derive(Default)]
struct Answers {
    /// As expected.
    right: usize,
    /// Otherwise, as the account says.
    told: usize,
    /// What the laboratory cannot show, with the reasons.
    hidden: Vec<String>,
}

/// Deploys each of them, each by a rig of its own. Returns the figures in words.
pub(crate) fn all<T: Target>(
    part: Part,
    rig: impl Fn() -> Result<Rig<T>> + Sync,
) -> Result<String> {
    let folders = folders()?;
    let mut sum = Answers::default();
    let run = |folder: &PathBuf| {
        let name = folder.display().to_string();
        Stack::new(part, rig()?, folder)?.live().context(name)
    };
    for group in folders.chunks(AT_ONCE) {
        let outcomes: Vec<Result<Answers>> = thread::scope(|scope| {
            let run = &run;
            let start = |folder| scope.spawn(move || run(folder));
            let threads: Vec<_> = group.iter().map(start).collect();
            threads.into_iter().map(outcome).collect()
        });
        for answers in outcomes {
            sum.add(answers?);
        }
    }
    let Answers {
        right,
        told,
        hidden,
    } = sum;
    let (stacks, unseen) = (folders.len(), hidden.len());
    for reason in hidden {
        println!("  not seen on {}: {reason}", part.name());
    }
    Ok(format!(
        "{stacks} stacks of different make: {right} answers as expected, {told} otherwise as told, \
         {unseen} not seen in the laboratory"
    ))
}

fn outcome(thread: ScopedJoinHandle<'_, Result<Answers>>) -> Result<Answers> {
    thread
        .join()
        .map_err(|_panic| anyhow!("a stack panicked"))?
}

/// The stacks that say what is expected of them.
fn folders() -> Result<Vec<PathBuf>> {
    let stacks = fs::read_dir(root().join("fixtures/stacks"))?;
    let mut folders: Vec<PathBuf> = stacks
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    folders.retain(|folder| folder.join("expected.yaml").exists());
    folders.sort();
    ensure!(!folders.is_empty(), "no stacks");
    Ok(folders)
}

impl Answers {
    fn add(&mut self, other: Self) {
        let Self {
            right,
            told,
            hidden,
        } = other;
        self.right += right;
        self.told += told;
        self.hidden.extend(hidden);
    }
}

/// A stack on its way.
struct Stack<'folder, T> {
    part: Part,
    rig: Rig<T>,
    folder: &'folder Path,
    expected: Expected,
    /// The codes of its account on this target.
    codes: Vec<String>,
}

impl<'folder, T: Target> Stack<'folder, T> {
    fn new(part: Part, rig: Rig<T>, folder: &'folder Path) -> Result<Self> {
        let expected = Expected::of(folder)?;
        let mut stack = Self {
            part,
            rig,
            folder,
            expected,
            codes: Vec::new(),
        };
        let check = ["check", "--format", "json"];
        let account = stack.run(&check, &BTreeMap::new())?.said;
        let account: Value = serde_json::from_str(&account)?;
        let account = account
            .pointer("/targets/0/account")
            .and_then(Value::as_array);
        let codes = account
            .into_iter()
            .flatten()
            .filter_map(|row| row.get("code")?.as_str());
        stack.codes = codes.map(str::to_owned).collect();
        Ok(stack)
    }

    /// From the first deployment to the last trace.
    fn live(&self) -> Result<Answers> {
        let name = self.name()?;
        self.rig.target.prepare(name)?;
        let first = BTreeMap::new();
        self.run(&["deploy"], &first)?;
        let mut answers = self.ask_all(&self.expected.asks)?;
        self.nothing_to_do(&first)?;
        if let Some(again) = &self.expected.again {
            self.run(&["deploy"], &again.environment)?;
            answers.add(self.ask_all(&again.asks)?);
            self.nothing_to_do(&again.environment)?;
        }
        self.run(&["status"], &first)?;
        self.run(&["remove", "--yes", "--volumes"], &first)?;
        self.rig.target.nothing_left(name)?;
        Ok(answers)
    }

    fn name(&self) -> Result<&str> {
        let name = self.folder.file_name().and_then(|name| name.to_str());
        name.context("a folder without a name")
    }

    /// Runs the binary, which has to end well.
    fn run(&self, arguments: &[&str], differing: &BTreeMap<String, String>) -> Result<Ended> {
        let mut command: Command = self.rig.command(self.folder, arguments, Way::Proxied)?;
        command.envs(&self.expected.environment).envs(differing);
        let proxy = self.rig.target.proxy();
        proxy.arm(Vec::new());
        Ended::through(proxy, command)?.with(0, self.folder, arguments)
    }

    fn nothing_to_do(&self, environment: &BTreeMap<String, String>) -> Result<()> {
        let writes = self.run(&["deploy"], environment)?.writes;
        ensure!(writes.is_empty(), "deployed again, it wrote {writes:?}");
        self.run(&["plan", "--detailed-exitcode"], environment)
            .map(drop)
    }

    fn ask_all(&self, asks: &[Ask]) -> Result<Answers> {
        let mut answers = Answers::default();
        for ask in asks {
            answers.add(self.ask(ask)?);
        }
        Ok(answers)
    }

    /// Asks until the answer is right, unless it is said to be otherwise here.
    fn ask(&self, ask: &Ask) -> Result<Answers> {
        let mut answers = Answers::default();
        let target = self.part.name();
        if let Some(reason) = ask.hidden.get(target) {
            answers.hidden.push(reason.clone());
            return Ok(answers);
        }
        if let Some(code) = ask.told.get(target) {
            ensure!(self.codes.contains(code), "the account does not say {code}");
            ensure!(self.try_once(ask).is_err(), "{code} is told, and not so");
            answers.told += 1;
            return Ok(answers);
        }
        let start = Instant::now();
        while let Err(error) = self.try_once(ask) {
            if start.elapsed() > PATIENCE {
                return Err(error);
            }
            thread::sleep(Duration::from_millis(500));
        }
        answers.right += 1;
        Ok(answers)
    }

    fn try_once(&self, ask: &Ask) -> Result<()> {
        let door = self.expected.doors.get(&ask.at).context("no such door")?;
        let address = self.rig.target.door(self.name()?, door)?;
        let said = match door.protocol {
            Protocol::Tcp => http::get(&address, &ask.whole_path()).ok(),
            Protocol::Udp => http::echoed(&address, &ask.path).ok(),
        };
        match (said, &ask.answer) {
            (Some((200, said)), Some(answer)) if said == *answer => Ok(()),
            (Some((200, said)), None) => bail!("{} answers {said:?}", ask.whole_path()),
            (_, None) => Ok(()),
            (said, Some(answer)) => {
                bail!(
                    "{} at {address}: {said:?}, not {answer:?}",
                    ask.whole_path()
                )
            }
        }
    }
}
