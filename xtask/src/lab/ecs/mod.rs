//! ECS: an emulator of its interface over a real engine, with an agent of ours in it.
//!
//! `lab/ecs/agent` says what the agent adds; `docs/laboratory.md` what stays out of reach.

mod account;
pub(crate) mod check;
mod emulator;
mod engine;

use anyhow::{Context, Result};

use self::emulator::Emulator;
use self::engine::Engine;
use super::image::Archive;
use super::{Instance, Part, State, Variable};

/// The region everything is in; the emulator knows no other than it is asked for.
const REGION: &str = "eu-west-1";

/// Brings it up.
pub(super) fn up(instance: &Instance) -> Result<()> {
    instance.make_folders(Part::Ecs)?;
    let network = instance.network()?;
    let engine = Engine::of(instance, &network);
    engine.start(&network)?;
    Emulator::of(instance, &network).start(&engine)
}

/// Takes it down.
pub(super) fn down(instance: &Instance) -> Result<()> {
    let Some(network) = instance.existing_network() else {
        return Ok(());
    };
    Emulator::of(instance, &network).stop()?;
    Engine::of(instance, &network).stop()
}

/// How it is.
pub(super) fn status(instance: &Instance) -> Result<State> {
    let network = instance.existing_network();
    let Some(network) = network.filter(|_| instance.run_folder(Part::Ecs).exists()) else {
        return Ok(State::Absent);
    };
    let (engine, emulator) = (
        Engine::of(instance, &network),
        Emulator::of(instance, &network),
    );
    Ok(if !engine.answers() {
        State::Broken("the engine does not answer".to_owned())
    } else if !emulator.answers() {
        State::Broken("the emulator does not answer".to_owned())
    } else {
        let containers = engine.containers()?.len();
        State::Running(format!("{}, {containers} containers", emulator.endpoint()))
    })
}

/// Where in the account tasks run, for `tranship`.
pub(crate) fn place(instance: &Instance) -> Result<Vec<Variable>> {
    let account = account::Account::of(instance)?.context("the aws CLI needs Python")?;
    Ok(vec![
        ("TRANSHIP_VPC", account.vpc()?),
        ("TRANSHIP_SUBNET", account.subnets()?),
    ])
}

/// What points `aws` at it.
pub(super) fn env(instance: &Instance) -> Vec<Variable> {
    let Some(network) = instance.existing_network() else {
        return Vec::new();
    };
    let endpoint = Emulator::of(instance, &network).endpoint();
    vec![
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_REGION", REGION.to_owned()),
        // Version 1 of the aws CLI reads only this.
        ("AWS_DEFAULT_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", "test".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
    ]
}

/// Gives it images.
pub(super) fn import(instance: &Instance, archive: &Archive) -> Result<()> {
    let Some(network) = instance.existing_network() else {
        return Ok(());
    };
    Engine::of(instance, &network).import(archive)
}
