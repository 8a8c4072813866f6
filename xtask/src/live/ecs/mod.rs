//! The live tests of ECS: the real binary against the laboratory's account.

mod account;
mod causes;
mod changes;

use std::process::Command;
use std::thread::{self, ScopedJoinHandle};

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::Value;

use self::account::Account;
use super::http::Request;
use super::proxy::{Listen, Proxy};
use super::rig::{self, IMAGE, Rig, Target, Way};
use super::stacks::{self, Door};
use super::upstream::Upstream;
use super::{faults, races, signals, sweep};
use crate::demo;
use crate::lab::{self, Instance, Part, Variable};
use crate::report::Verdict;

/// The same under another name, for what is to lose its image.
const GOOD: &str = "live.example/good:1.0";

/// The instances of these tests: nobody else's.
const NAME: &str = "liveecs";
const STACKS: &str = "stackecs";

/// Runs all of them: a sample of the kills, or every one.
pub(crate) fn run(full: bool) -> Result<Verdict> {
    lab::within(NAME, Part::Ecs, |instance| {
        let mut images = demo::images()?;
        images.extend([IMAGE, GOOD].map(str::to_owned));
        lab::import(instance, &images)?;
        all(&environment(instance)?, full)
    })
}

/// Runs the stacks of different make.
pub(crate) fn stacks() -> Result<Verdict> {
    lab::within(STACKS, Part::Ecs, |instance| {
        lab::import(instance, &[stacks::IMAGE.to_owned()])?;
        let environment = environment(instance)?;
        let rig = || Rig::new(Region::new(&environment)?, rig::folder()?);
        stacks::all(Part::Ecs, rig)
    })
}

/// What points the binary at the account.
fn environment(instance: &Instance) -> Result<Vec<Variable>> {
    let mut environment = lab::variables(instance, Part::Ecs);
    environment.extend(lab::ecs::place(instance)?);
    Ok(environment)
}

/// Whether a call writes: all are sent by `POST`, and their names say it.
fn writes(request: &Request) -> bool {
    let Some(action) = request.action() else {
        return true;
    };
    let operation = action.rsplit('.').next().unwrap_or(action);
    let reads = ["Describe", "List", "Get", "BatchGet", "Filter"];
    !reads.iter().any(|verb| operation.starts_with(verb))
}

/// All of it side by side, each behind a proxy of its own: most of the time is waiting.
fn all(environment: &[Variable], full: bool) -> Result<String> {
    let rig = || Rig::new(Region::new(environment)?, rig::folder()?);
    let told = thread::scope(|scope| {
        let changes = scope.spawn(|| rig()?.changes());
        let causes = scope.spawn(|| rig()?.causes());
        let kills = scope.spawn(|| {
            let kills = sweep::kills(&rig()?, if full { 1 } else { 23 })?;
            Ok(format!("kills ({})", kills.join(", ")))
        });
        let faults = scope.spawn(|| faults::all(&rig()?, full));
        let others = scope.spawn(|| {
            let rig = rig()?;
            signals::too_slow(&rig)?;
            let signals = signals::all(&rig, if full { 1 } else { 13 })?;
            let races = races::all(&rig, if full { 20 } else { 3 })?;
            Ok(format!("{signals}, {races}"))
        });
        [changes, kills, faults, others, causes].map(outcome)
    });
    let told: Vec<String> = told.into_iter().collect::<Result<_>>()?;
    Ok(told.join("; "))
}

fn outcome<T>(thread: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread.join().map_err(|_panic| anyhow!("a test panicked"))?
}

/// A region of the laboratory's account.
struct Region {
    account: Account,
    /// What points the binary at the account, beside the proxy.
    environment: Vec<Variable>,
    proxy: Proxy,
}

impl Target for Region {
    const WORKLOAD: &'static str = ".UpdateService";
    // Every call is either harmless when it is done twice, or has a token that tells ECS.
    const IS_SENT_AGAIN: bool = true;
    const RELEASE: usize = 1;
    const ROLLOUT: &'static str = "      endpoint_mode: dnsrr
      update_config: { order: start-first, failure_action: rollback, monitor: 2s }";

    fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    fn aim(&self, command: &mut Command, _stack: &str, way: Way) {
        let address = match way {
            Way::Proxied => self.proxy.address(),
            Way::Direct => self.account.address(),
        };
        command
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("AWS_ENDPOINT_URL", format!("http://{address}"))
            .args(["--to", "ecs"]);
    }

    fn prepare(&self, _stack: &str) -> Result<()> {
        Ok(())
    }

    fn state(&self, stack: &str) -> Result<Value> {
        self.account.state(stack)
    }

    fn wipe(&self, stack: &str) -> Result<()> {
        self.account.wipe(stack)
    }

    fn is_locked(&self, stack: &str) -> Result<bool> {
        let lock = format!("tranship/{stack}/lock");
        Ok(self.account.secrets_of(stack)?.contains(&lock))
    }

    fn nothing_left(&self, stack: &str) -> Result<()> {
        let left = self.account.state(stack)?;
        ensure!(left == account::nothing(), "left behind: {left}");
        Ok(())
    }

    fn door(&self, stack: &str, door: &Door) -> Result<String> {
        self.account.door(stack, door)
    }
}

impl Region {
    fn new(environment: &[Variable]) -> Result<Self> {
        let mut variables = environment.iter();
        let endpoint = variables.find(|(name, _)| *name == "AWS_ENDPOINT_URL");
        let (_, endpoint) = endpoint.context("no endpoint")?;
        let account = Account::at(endpoint);
        let upstream = Upstream::Tcp(account.address().to_owned());
        Ok(Self {
            proxy: Proxy::start(Listen::Loopback, upstream, writes)?,
            account,
            environment: environment.to_vec(),
        })
    }
}
