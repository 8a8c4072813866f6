//! `cargo xtask lab`: real orchestrators on one Linux machine, apart from everything else on it.

mod cgroup;
mod daemon;
pub(crate) mod ecs;
mod go;
mod image;
mod instance;
pub(crate) mod kubernetes;
mod network;
mod remains;
pub(crate) mod swarm;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};

use crate::report::Verdict;

pub(crate) use instance::Instance;

/// What to do with the laboratory.
#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Bring parts up; what runs already is left alone, what is broken is mended
    Up(Up),
    /// Take parts down and remove all that is theirs
    Down(Parts),
    /// Say what runs; ends with 1 when a part does not
    Status(Parts),
    /// Print what points kubectl, docker and aws at it, for a shell to evaluate
    Env(Parts),
    /// Give the parts that run images that hold the test program and a shell
    Image(Image),
}

#[derive(Args)]
struct Up {
    #[command(flatten)]
    parts: Parts,
    /// How many nodes Kubernetes and Swarm have; as before when they run, else 1
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=9))]
    nodes: Option<u8>,
}

/// Which parts are meant.
#[derive(Args)]
struct Parts {
    /// All when none is named
    parts: Vec<Part>,
}

#[derive(Args)]
struct Image {
    /// Names of images as stacks write them, such as `shop.example/web:1.0`
    #[arg(required = true)]
    names: Vec<String>,
}

/// An orchestrator of the laboratory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Part {
    /// A cluster of Kubernetes 1.34
    Kubernetes,
    /// A Docker Swarm
    Swarm,
    /// An emulator of ECS that runs real containers
    Ecs,
}

/// How a part is.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// Nothing of it is there.
    Absent,
    /// It works; with what people want to know about it.
    Running(String),
    /// It is there and does not work, and why.
    Broken(String),
}

/// A variable of the environment and its value.
pub(crate) type Variable = (&'static str, String);

impl Part {
    /// Each of them.
    pub(crate) const ALL: [Self; 3] = [Self::Kubernetes, Self::Swarm, Self::Ecs];

    /// Its name in commands, folders and network namespaces.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Kubernetes => "kubernetes",
            Self::Swarm => "swarm",
            Self::Ecs => "ecs",
        }
    }

    fn up(self, instance: &Instance) -> Result<()> {
        match self {
            Self::Kubernetes => kubernetes::up(instance),
            Self::Swarm => swarm::up(instance),
            Self::Ecs => ecs::up(instance),
        }
    }

    fn down(self, instance: &Instance) -> Result<()> {
        match self {
            Self::Kubernetes => kubernetes::down(instance),
            Self::Swarm => swarm::down(instance),
            Self::Ecs => ecs::down(instance),
        }
    }

    fn status(self, instance: &Instance) -> Result<State> {
        match self {
            Self::Kubernetes => kubernetes::status(instance),
            Self::Swarm => swarm::status(instance),
            Self::Ecs => ecs::status(instance),
        }
    }

    fn env(self, instance: &Instance) -> Vec<Variable> {
        match self {
            Self::Kubernetes => kubernetes::env(instance),
            Self::Swarm => swarm::env(instance),
            Self::Ecs => ecs::env(instance),
        }
    }

    fn import(self, instance: &Instance, archive: &image::Archive) -> Result<()> {
        match self {
            Self::Kubernetes => kubernetes::import(instance, archive),
            Self::Swarm => swarm::import(instance, archive),
            Self::Ecs => ecs::import(instance, archive),
        }
    }
}

impl Parts {
    fn chosen(&self) -> Vec<Part> {
        if self.parts.is_empty() {
            return Part::ALL.to_vec();
        }
        self.parts.clone()
    }
}

/// Does it with the instance that `TRANSHIP_LAB` names.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let instance = Instance::current()?;
    match &options.action {
        Action::Up(Up { parts, nodes }) => {
            up(&instance.with_nodes(*nodes), &parts.chosen())?;
        }
        Action::Down(parts) => down(&instance, &parts.chosen())?,
        Action::Status(parts) => return status(&instance, &parts.chosen()),
        Action::Env(parts) => env(&instance, &parts.chosen()),
        Action::Image(image) => import(&instance, &image.names)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Why no laboratory can run here, if so.
pub(crate) fn obstacle() -> Option<&'static str> {
    if !cfg!(target_os = "linux") {
        return Some("the laboratory needs Linux");
    }
    if !nix::unistd::geteuid().is_root() {
        return Some("the laboratory needs root");
    }
    None
}

/// The program that renders a chart as Helm does.
pub(crate) fn helm() -> Result<PathBuf> {
    let programs = go::HELM.build()?;
    Ok(programs.join(go::HELM.folder))
}

/// Runs a test against a part of an instance of its own, which is new before it and gone after it,
/// however the test ends.
pub(crate) fn within(
    name: &str,
    part: Part,
    test: impl FnOnce(&Instance) -> Result<String>,
) -> Result<Verdict> {
    if let Some(obstacle) = obstacle() {
        return Ok(Verdict::Skipped(obstacle.to_owned()));
    }
    let instance = Instance::named(name)?;
    down(&instance, &[part])?;
    let passed = up(&instance, &[part]).and_then(|()| test(&instance));
    let gone = down(&instance, &[part]);
    let passed = passed?;
    gone.map(|()| Verdict::Passed(passed))
}

/// Brings parts up, one after another.
pub(crate) fn up(instance: &Instance, parts: &[Part]) -> Result<()> {
    if let Some(obstacle) = obstacle() {
        anyhow::bail!(obstacle);
    }
    let _lock = instance.lock()?;
    for part in parts {
        part.up(instance)?;
    }
    Ok(())
}

/// Takes parts down; with the last of them the instance's network goes too.
pub(crate) fn down(instance: &Instance, parts: &[Part]) -> Result<()> {
    if let Some(obstacle) = obstacle() {
        anyhow::bail!(obstacle);
    }
    let _lock = instance.lock()?;
    for part in parts {
        part.down(instance)?;
        instance.clear(*part)?;
    }
    instance.remove_if_empty()
}

fn status(instance: &Instance, parts: &[Part]) -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for part in parts {
        let state = part.status(instance)?;
        if !matches!(state, State::Running(_)) {
            code = ExitCode::FAILURE;
        }
        let said = match state {
            State::Absent => "down".to_owned(),
            State::Running(remark) => format!("up: {remark}"),
            State::Broken(reason) => format!("broken: {reason}"),
        };
        println!("{:<11}{said}", part.name());
    }
    Ok(code)
}

/// What points a part's own tools at it.
pub(crate) fn variables(instance: &Instance, part: Part) -> Vec<Variable> {
    part.env(instance)
}

fn env(instance: &Instance, parts: &[Part]) {
    for part in parts {
        for (name, value) in part.env(instance) {
            println!("export {name}='{value}'");
        }
    }
}

/// Gives every part that runs the test program under these names of images.
pub(crate) fn import(instance: &Instance, names: &[String]) -> Result<()> {
    let _lock = instance.lock()?;
    let archive = image::Archive::of_probe(names)?;
    for part in Part::ALL {
        if matches!(part.status(instance)?, State::Running(_)) {
            part.import(instance, &archive)?;
        }
    }
    Ok(())
}
