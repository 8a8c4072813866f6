//! What the live tests of every target share: the binary, a proxy in front of the API, and folders
//! with compose files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;

use super::ended::Ended;
use super::proxy::Proxy;
use super::scene::{Course, Scene};
use super::stacks::Door;
use super::{faults, races, signals, sweep};
use crate::tools;

/// The image of the stacks below; the laboratory's test program with a shell.
pub(crate) const IMAGE: &str = "live.example/app:1.0";

/// How a command gets to the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Through the proxy, which counts its calls and breaks them.
    Proxied,
    /// Beside it.
    Direct,
}

/// A real target with a proxy in front of its API.
pub(crate) trait Target: Sync {
    /// What is in the line of a call that writes the service `web`.
    const WORKLOAD: &'static str;
    /// Whether a write that was answered with 500 is sent again, as the API's own clients do: where
    /// one that was done after all is not done twice.
    const IS_SENT_AGAIN: bool;
    /// What `deploy` of the service `web` says, beside the order of updates.
    const ROLLOUT: &'static str;

    /// How many calls give the lock back: the last ones of a run.
    const RELEASE: usize;

    /// The proxy.
    fn proxy(&self) -> &Proxy;

    /// Points a command at the target.
    fn aim(&self, command: &mut Command, stack: &str, way: Way);

    /// Makes what a stack has to have before its first deployment; nothing if it is there.
    fn prepare(&self, stack: &str) -> Result<()>;

    /// Everything of a stack, without what differs from run to run.
    fn state(&self, stack: &str) -> Result<Value>;

    /// Removes everything of a stack and our notes, by the target's own means.
    fn wipe(&self, stack: &str) -> Result<()>;

    /// Whether someone has the stack's lock.
    fn is_locked(&self, stack: &str) -> Result<bool>;

    /// Fails when anything of a stack is left: a removal returns no earlier.
    fn nothing_left(&self, stack: &str) -> Result<()>;

    /// The host and port at which a published port of a stack that runs is asked from outside.
    fn door(&self, stack: &str, door: &Door) -> Result<String>;
}

/// What the tests work with.
pub(crate) struct Rig<T> {
    /// The target.
    pub(crate) target: T,
    binary: PathBuf,
    folder: TempDir,
}

/// A folder for the tests of a target, gone when dropped.
pub(crate) fn folder() -> Result<TempDir> {
    Ok(tempfile::Builder::new().prefix("live").tempdir()?)
}

impl<T: Target> Rig<T> {
    /// Builds the binary.
    pub(crate) fn new(target: T, folder: TempDir) -> Result<Self> {
        Ok(Self {
            target,
            binary: tools::tranship()?,
            folder,
        })
    }

    /// Where files of the tests are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A folder with a compose file and what it refers to; its last part is the stack's name.
    pub(crate) fn write(&self, name: &str, file: &str) -> Result<PathBuf> {
        let folder = self.folder.path().join(name);
        fs::create_dir_all(&folder)?;
        let file = file.replace("NAME", stack_of(&folder)?);
        fs::write(folder.join("compose.yaml"), file)?;
        for extra in ["word", "page"] {
            if !folder.join(extra).exists() {
                fs::write(folder.join(extra), "first\n")?;
            }
        }
        Ok(folder)
    }

    /// The binary on the stack of a folder.
    pub(crate) fn command(&self, folder: &Path, arguments: &[&str], way: Way) -> Result<Command> {
        let mut command = Command::new(&self.binary);
        command.current_dir(folder).args(arguments);
        self.target.aim(&mut command, stack_of(folder)?, way);
        Ok(command)
    }

    /// Runs it through the proxy; it has to end with a code.
    pub(crate) fn expect(&self, folder: &Path, arguments: &[&str], code: i32) -> Result<Ended> {
        let command = self.command(folder, arguments, Way::Proxied)?;
        let proxy = self.target.proxy();
        proxy.arm(Vec::new());
        Ended::through(proxy, command)?.with(code, folder, arguments)
    }

    /// As [`Rig::expect`], beside the proxy: its writes are not counted.
    pub(crate) fn unseen(&self, folder: &Path, arguments: &[&str], code: i32) -> Result<Ended> {
        let command = self.command(folder, arguments, Way::Direct)?;
        Ended::of(command)?.with(code, folder, arguments)
    }

    /// Runs a test on a course of the stack of [`Rig::two_services`].
    pub(crate) fn scene<R>(
        &self,
        stack: &str,
        course: Course,
        test: impl FnOnce(&Scene<'_>) -> Result<R>,
    ) -> Result<R> {
        let folder = self.write(stack, &Self::two_services("1", IMAGE))?;
        let earlier = self.write(&format!("earlier/{stack}"), &Self::two_services("0", IMAGE))?;
        self.target.prepare(stack)?;
        let events = self.folder.path().join(format!("{stack}.events"));
        let told = events.to_str().context("no name")?;
        let command = || {
            let mut arguments = course.arguments().to_vec();
            arguments.extend(["--events", told]);
            self.command(&folder, &arguments, Way::Proxied)
        };
        let reset = || {
            // From wherever the last run ended; only what cannot go on from there begins anew.
            if course != Course::First && self.unseen(&earlier, &["deploy"], 0).is_ok() {
                return Ok(());
            }
            self.target.wipe(stack)?;
            if course != Course::First {
                self.unseen(&earlier, &["deploy"], 0)?;
            }
            Ok(())
        };
        test(&Scene {
            course,
            release: T::RELEASE,
            proxy: self.target.proxy(),
            command: &command,
            reset: &reset,
            state: &|| self.target.state(stack),
            is_locked: &|| self.target.is_locked(stack),
            events: &events,
        })
    }

    /// A service that is healthy, with a secret, a config and a network, and a job it waits for.
    pub(crate) fn two_services(version: &str, image: &str) -> String {
        let rollout = T::ROLLOUT;
        format!(
            r#"name: NAME
services:
  job:
    image: {IMAGE}
    command: ["true"]
    restart: "no"
  web:
    image: {image}
    command: ["sleep", "900"]
    environment: {{ VERSION: "{version}" }}
    init: true
    stop_grace_period: 1s
    healthcheck: {{ test: ["CMD", "true"], interval: 1s }}
    depends_on:
      job: {{ condition: service_completed_successfully }}
    secrets: [word]
    configs: [{{ source: page, target: /page }}]
    deploy:
{rollout}
secrets:
  word: {{ file: ./word }}
configs:
  page: {{ file: ./page }}
"#
        )
    }
}

/// What breaks, stops and races runs: a sample, or all of it. Returns the figures in words.
pub(crate) fn disturb<T: Target>(rig: &Rig<T>, full: bool) -> Result<String> {
    let races = races::all(rig, if full { 20 } else { 3 });
    let signals = signals::all(rig, if full { 1 } else { 9 });
    let slow = signals::too_slow(rig);
    let faults = faults::all(rig, full);
    let kills = sweep::kills(rig, if full { 1 } else { 11 });
    slow?;
    Ok(format!(
        "ended well: kills ({}), {}, {}, {}",
        kills?.join(", "),
        faults?,
        signals?,
        races?
    ))
}

/// The name of the stack of a folder.
fn stack_of(folder: &Path) -> Result<&str> {
    let name = folder.file_name().and_then(|name| name.to_str());
    name.context("a folder without a name")
}
