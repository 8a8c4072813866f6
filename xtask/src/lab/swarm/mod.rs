//! Docker Swarm, real: Debian's engine on one node or several.
//!
//! The first node manages the swarm, the others work. Kernels without IPVS accept the ingress mesh
//! and do not route it: `endpoint_mode: dnsrr` and ports of mode `host` carry traffic everywhere.

mod engine;

use std::path::Path;

use anyhow::Result;

use self::engine::Engine;
use super::image::Archive;
use super::network::Network;
use super::{Instance, Part, State, Variable};
use crate::command::{exists, stdout};
use crate::tools::install;

/// Brings it up.
pub(super) fn up(instance: &Instance) -> Result<()> {
    install_programs()?;
    instance.make_folders(Part::Swarm)?;
    let network = instance.network()?;
    let engines = engines(instance, &network);
    for engine in &engines {
        engine.start()?;
    }
    let Some((manager, workers)) = engines.split_first() else {
        return Ok(());
    };
    if manager.swarm_state()? != "active" {
        let pool = format!("{}.96.0/20", network.prefix());
        let init = ["swarm", "init", "--advertise-addr", manager.address()];
        // Networks of the swarm are the laboratory's own, and do not meet others on the machine.
        stdout(
            manager
                .docker(&init)
                .args(["--default-addr-pool", &pool])
                .args(["--default-addr-pool-mask-length", "26"]),
        )?;
    }
    let token = stdout(&mut manager.docker(&["swarm", "join-token", "--quiet", "worker"]))?;
    for worker in workers {
        if worker.swarm_state()? != "active" {
            let join = ["swarm", "join", "--token", token.trim(), "--advertise-addr"];
            let place = [worker.address(), manager.address()];
            stdout(worker.docker(&join).args(place))?;
        }
    }
    Ok(())
}

/// Takes it down.
pub(super) fn down(instance: &Instance) -> Result<()> {
    let Some(network) = instance.existing_network() else {
        return Ok(());
    };
    for engine in engines(instance, &network).iter().rev() {
        engine.stop()?;
    }
    Ok(())
}

/// How it is.
pub(super) fn status(instance: &Instance) -> Result<State> {
    let network = instance.existing_network();
    let Some(network) = network.filter(|_| instance.run_folder(Part::Swarm).exists()) else {
        return Ok(State::Absent);
    };
    let engines = engines(instance, &network);
    for (index, engine) in engines.iter().enumerate() {
        if !engine.answers() {
            let reason = format!("the engine of node {} does not answer", index + 1);
            return Ok(State::Broken(reason));
        }
        let state = engine.swarm_state()?;
        if state != "active" {
            let reason = format!("node {} is {state} in the swarm", index + 1);
            return Ok(State::Broken(reason));
        }
    }
    let host = engines.first().map(Engine::host).unwrap_or_default();
    Ok(State::Running(format!("{host}, {} nodes", engines.len())))
}

/// What points `docker` at it.
pub(super) fn env(instance: &Instance) -> Vec<Variable> {
    let Some(network) = instance.existing_network() else {
        return Vec::new();
    };
    let manager = Engine::of(instance, &network, 1);
    vec![("DOCKER_HOST", manager.host())]
}

/// Gives every node images.
pub(super) fn import(instance: &Instance, archive: &Archive) -> Result<()> {
    let Some(network) = instance.existing_network() else {
        return Ok(());
    };
    for engine in engines(instance, &network) {
        engine.import(archive)?;
    }
    Ok(())
}

/// Where docker commands find the manager: `unix://…`.
pub(crate) fn host(instance: &Instance) -> Result<String> {
    let network = instance.network()?;
    Ok(Engine::of(instance, &network, 1).host())
}

/// Where the host reaches what the first node publishes.
pub(crate) fn address(instance: &Instance) -> Result<String> {
    let network = instance.network()?;
    Ok(Engine::of(instance, &network, 1).address().to_owned())
}

fn engines(instance: &Instance, network: &Network) -> Vec<Engine> {
    let numbers = 1..=instance.nodes(Part::Swarm);
    numbers
        .map(|number| Engine::of(instance, network, number))
        .collect()
}

fn install_programs() -> Result<()> {
    for (program, package) in [
        ("dockerd", "docker.io"),
        ("docker", "docker.io"),
        ("ip", "iproute2"),
        ("iptables", "iptables"),
        ("nsenter", "util-linux"),
    ] {
        if !exists(program) && !Path::new("/usr/sbin").join(program).is_file() {
            install(package)?;
        }
    }
    Ok(())
}
