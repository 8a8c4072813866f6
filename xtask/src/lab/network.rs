//! The network of an instance: a bridge in a namespace of its own, a namespace per node, and one
//! link to the host, so that no rule of the host meets what nodes say to each other.

use std::fs;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::Part;
use crate::command::{output, stdout};

/// Where instances keep others from taking their addresses.
const TAKEN: &str = "/run/tranship/networks";

/// The second octets instances choose from: 10.128.0.0/16 to 10.191.0.0/16.
const OCTETS: std::ops::Range<u8> = 128..192;

/// The addresses of an instance, all below one /16.
///
/// | range | for |
/// | --- | --- |
/// | x.0.0/24 | nodes, on one bridge; x.0.1 is the host |
/// | x.1.0 to x.63.255 | Kubernetes: pods, services, published addresses |
/// | x.64.0/18 | Swarm |
/// | x.128.0/18 | ECS |
#[derive(Clone, Debug)]
pub(crate) struct Network {
    instance: String,
    octet: u8,
}

/// A node of a part: a network namespace with an address the host reaches.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Its network namespace.
    pub(crate) namespace: String,
    /// Its address on the instance's bridge.
    pub(crate) address: String,
    /// The veth pair's end on the bridge.
    link: String,
    /// Where the host answers.
    gateway: String,
    hub: String,
}

impl Network {
    /// Its network: the one chosen before, else the first that nobody has.
    pub(super) fn of(instance: &str, folder: &Path) -> Result<Self> {
        let network = match Self::existing(instance, folder) {
            Some(network) => network,
            None => Self::choose(instance, folder)?,
        };
        network.create()?;
        Ok(network)
    }

    /// Its network, if one was chosen before.
    pub(super) fn existing(instance: &str, folder: &Path) -> Option<Self> {
        let octet = fs::read_to_string(folder.join("network")).ok()?;
        Some(Self {
            instance: instance.to_owned(),
            octet: octet.trim().parse().ok()?,
        })
    }

    fn choose(instance: &str, folder: &Path) -> Result<Self> {
        fs::create_dir_all(TAKEN)?;
        fs::create_dir_all(folder)?;
        let routes = stdout(Command::new("ip").args(["-4", "route", "show", "table", "all"]))?;
        for octet in OCTETS {
            if routes.contains(&format!(" 10.{octet}."))
                || routes.contains(&format!("\n10.{octet}."))
            {
                continue;
            }
            let claim = fs::File::create_new(taken(octet));
            // Left by a command that died between this and the next file.
            let is_ours = fs::read_to_string(taken(octet)).is_ok_and(|name| name == instance);
            if let Ok(mut file) = claim {
                file.write_all(instance.as_bytes())?;
            } else if !is_ours {
                continue;
            }
            fs::write(folder.join("network"), octet.to_string())?;
            return Ok(Self {
                instance: instance.to_owned(),
                octet,
            });
        }
        bail!("no network of 10.128.0.0/10 is free");
    }

    /// The first two octets of all its addresses, such as `10.128`.
    pub(crate) fn prefix(&self) -> String {
        format!("10.{}", self.octet)
    }

    /// Where the host answers on the instance's bridge.
    pub(crate) fn host_address(&self) -> String {
        format!("{}.0.1", self.prefix())
    }

    /// A node by its number, from 1. It is not made by this: see [`Node::create`].
    pub(crate) fn node(&self, part: Part, number: u8) -> Node {
        let first = match part {
            Part::Kubernetes => 10,
            Part::Swarm => 50,
            Part::Ecs => 90,
        };
        let letter = part.name().chars().next().unwrap_or('n');
        Node {
            namespace: format!("tranship-{}-{}-{number}", self.instance, part.name()),
            address: format!("{}.0.{}", self.prefix(), first + number),
            // Names of devices end after 15 bytes.
            link: format!("ts{}{letter}{number}", self.octet),
            gateway: self.host_address(),
            hub: self.hub(),
        }
    }

    fn hub(&self) -> String {
        format!("tranship-{}-hub", self.instance)
    }

    fn link(&self) -> String {
        format!("ts{}", self.octet)
    }

    fn create(&self) -> Result<()> {
        let (hub, link) = (self.hub(), self.link());
        create_namespace(&hub)?;
        if !device_exists(Some(&hub), "bridge") {
            ip(&["-n", &hub, "link", "add", "bridge", "type", "bridge"])?;
        }
        ip(&["-n", &hub, "link", "set", "bridge", "up"])?;
        if !device_exists(None, &link) {
            let pair = ["link", "add", &link, "type", "veth", "peer", "name", "host"];
            ip(&[&pair[..], &["netns", &hub]].concat())?;
        }
        ip(&["-n", &hub, "link", "set", "host", "master", "bridge", "up"])?;
        let address = format!("{}/24", self.host_address());
        ip(&["address", "replace", &address, "dev", &link])?;
        ip(&["link", "set", &link, "up"])
    }

    /// Removes the bridge and the link to the host, and lets others have the addresses.
    pub(super) fn remove(&self) -> Result<()> {
        remove_namespace(&self.hub())?;
        // Goes with the namespace, but only a moment later.
        if device_exists(None, &self.link()) {
            output(Command::new("ip").args(["link", "delete", &self.link()]))?;
        }
        let given_back = fs::remove_file(taken(self.octet));
        // A command that died right after this line has done it before.
        let is_done = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        given_back
            .or_else(|error| if is_done(&error) { Ok(()) } else { Err(error) })
            .context("cannot give the network back")
    }
}

impl Node {
    /// Makes the namespace with its link to the bridge, or what is missing of it.
    pub(crate) fn create(&self) -> Result<()> {
        let namespace = &self.namespace;
        create_namespace(namespace)?;
        if !device_exists(Some(namespace), "eth0") {
            if device_exists(Some(&self.hub), &self.link) {
                ip(&["-n", &self.hub, "link", "delete", &self.link])?;
            }
            let pair = [
                "link", "add", &self.link, "type", "veth", "peer", "name", "eth0",
            ];
            ip(&[&["-n", &self.hub], &pair[..], &["netns", namespace]].concat())?;
        }
        let up = ["master", "bridge", "up"];
        ip(&[&["-n", &self.hub, "link", "set", &self.link], &up[..]].concat())?;
        let address = format!("{}/24", self.address);
        ip(&[
            "-n", namespace, "address", "replace", &address, "dev", "eth0",
        ])?;
        ip(&["-n", namespace, "link", "set", "eth0", "up"])?;
        ip(&["-n", namespace, "link", "set", "lo", "up"])?;
        ip(&[
            "-n",
            namespace,
            "route",
            "replace",
            "default",
            "via",
            &self.gateway,
        ])?;
        self.cut_off_resolvers()
    }

    /// Lets a lookup fail at once instead of after a resolver's patience of 20 seconds: there is
    /// no way out of a laboratory, and an engine looks an image's registry up before each start.
    fn cut_off_resolvers(&self) -> Result<()> {
        let settings = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
        let resolvers = settings
            .lines()
            .filter_map(|line| line.strip_prefix("nameserver"));
        for resolver in resolvers {
            let address: IpAddr = match resolver.trim().parse() {
                Ok(address) => address,
                Err(_) => continue,
            };
            if address.is_ipv4() && !address.is_loopback() {
                let (route, address) = (["route", "replace", "unreachable"], address.to_string());
                ip(&[&["-n", &self.namespace], &route[..], &[&address]].concat())?;
            }
        }
        Ok(())
    }

    /// Kills what still runs in the namespace, and removes it and its link. Nothing there is no
    /// error.
    pub(crate) fn remove(&self) -> Result<()> {
        self.kill_all()?;
        remove_namespace(&self.namespace)?;
        if namespace_file(&self.hub).exists() && device_exists(Some(&self.hub), &self.link) {
            // It may have gone with the namespace between the two commands.
            output(Command::new("ip").args(["-n", &self.hub, "link", "delete", &self.link]))?;
        }
        Ok(())
    }

    /// Sends what the host has for a range of addresses to this node.
    pub(crate) fn receive(&self, range: &str) -> Result<()> {
        ip(&["route", "replace", range, "via", &self.address])
    }

    /// Sends what this node has for a range of addresses to another node.
    pub(crate) fn route(&self, range: &str, to: &Self) -> Result<()> {
        ip(&[
            "-n",
            &self.namespace,
            "route",
            "replace",
            range,
            "via",
            &to.address,
        ])
    }

    /// What daemons leave behind on purpose, such as the keepers of containers.
    fn kill_all(&self) -> Result<()> {
        if !namespace_file(&self.namespace).exists() {
            return Ok(());
        }
        let pids = stdout(Command::new("ip").args(["netns", "pids", &self.namespace]))?;
        for pid in pids.lines().filter_map(|pid| pid.parse().ok()) {
            let _ended_meanwhile = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
        Ok(())
    }

    /// A command that runs a program inside the node's network.
    ///
    /// Not `ip netns exec`: that mounts another /sys, without the control groups.
    pub(crate) fn enter(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        let namespace = namespace_file(&self.namespace);
        command
            .arg(format!("--net={}", namespace.display()))
            .arg("--")
            .arg(program);
        command
    }
}

fn taken(octet: u8) -> PathBuf {
    Path::new(TAKEN).join(octet.to_string())
}

fn namespace_file(namespace: &str) -> PathBuf {
    Path::new("/run/netns").join(namespace)
}

fn create_namespace(namespace: &str) -> Result<()> {
    let works = || {
        let arguments = ["-n", namespace, "link", "show", "lo"];
        output(Command::new("ip").args(arguments)).is_ok_and(|said| said.status.success())
    };
    if namespace_file(namespace).exists() && works() {
        return Ok(());
    }
    // A file without a namespace is what is left when a command died half way.
    remove_namespace(namespace)?;
    ip(&["netns", "add", namespace])
}

fn remove_namespace(namespace: &str) -> Result<()> {
    if !namespace_file(namespace).exists() {
        return Ok(());
    }
    ip(&["netns", "delete", namespace])
}

fn device_exists(namespace: Option<&str>, device: &str) -> bool {
    let mut command = Command::new("ip");
    if let Some(namespace) = namespace {
        command.args(["-n", namespace]);
    }
    command.args(["link", "show", "dev", device]);
    output(&mut command).is_ok_and(|said| said.status.success())
}

fn ip(arguments: &[&str]) -> Result<()> {
    stdout(Command::new("ip").args(arguments)).map(drop)
}
