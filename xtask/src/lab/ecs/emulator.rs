//! The emulator of ECS and its neighbours, with our agent in it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use super::REGION;
use super::engine::{Engine, NETWORK, PAUSE, gateway};
use crate::lab::daemon::Daemon;
use crate::lab::network::Network;
use crate::lab::{Instance, Part};
use crate::paths::root;
use crate::tools;

/// Where it listens.
const PORT: u16 = 4566;

/// How long it may take to answer: it imports a hundred services.
const START: Duration = Duration::from_mins(1);

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(2);

/// The emulator of an instance, whether it runs or not.
pub(super) struct Emulator {
    daemon: Daemon,
    address: String,
    gateway: String,
    run: PathBuf,
}

impl Emulator {
    /// The emulator of this instance.
    pub(super) fn of(instance: &Instance, network: &Network) -> Self {
        let run = instance.run_folder(Part::Ecs);
        Self {
            daemon: Daemon::new(&run, "emulator"),
            address: network.node(Part::Ecs, 1).address,
            gateway: gateway(network),
            run,
        }
    }

    /// What takes the place of Amazon's address.
    pub(super) fn endpoint(&self) -> String {
        format!("http://{}:{PORT}", self.address)
    }

    /// Starts it. It keeps its records in memory: containers of an earlier one are nobody's.
    pub(super) fn start(&self, engine: &Engine) -> Result<()> {
        if self.answers() {
            return Ok(());
        }
        self.daemon.stop()?;
        engine.remove_containers()?;
        let folder = root().join("lab/ecs");
        let python = tools::environment("lab/ecs-venv", &folder.join("requirements.txt"))?
            .context("the laboratory's ECS needs python3")?;
        let mut command = engine.node().enter(python.join("python"));
        command
            .args(["-B", "-m", "agent"])
            .current_dir(folder)
            .env("DOCKER_HOST", engine.host())
            .env("GATEWAY_PORT", PORT.to_string())
            .env("BIND_HOST", "0.0.0.0")
            .env("MINISTACK_HOST", &self.address)
            .env("MINISTACK_REGION", REGION)
            .env("MINISTACK_DOCKER_TIMEOUT", "60")
            .env("LAB_NETWORK", NETWORK)
            .env("LAB_GATEWAY", &self.gateway)
            .env("LAB_PAUSE_IMAGE", PAUSE)
            .env("TMPDIR", &self.run);
        self.daemon.start(&mut command)?;
        self.daemon.wait(START, || self.answers())
    }

    /// Stops it.
    pub(super) fn stop(&self) -> Result<()> {
        self.daemon.stop()
    }

    /// Whether it answers.
    pub(super) fn answers(&self) -> bool {
        get(&self.address, PORT, "/_ministack/health")
            .is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }
}

/// What a server says to a GET, with its headers.
pub(super) fn get(address: &str, port: u16, path: &str) -> Result<String> {
    let address = format!("{address}:{port}").parse()?;
    let mut stream = TcpStream::connect_timeout(&address, ANSWER)?;
    stream.set_read_timeout(Some(ANSWER))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
