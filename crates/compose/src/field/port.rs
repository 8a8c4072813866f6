//! Published and unpublished ports.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

use super::words::open_words;
use crate::project::attribute::attributes;
use crate::project::values::{given, nonzero, published};

open_words! {
    /// A transport protocol.
    Protocol {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
        /// SCTP.
        Sctp = "sctp",
    }
}

open_words! {
    /// Where a published port is open.
    PublishMode {
        /// On every node, balanced over all tasks.
        Ingress = "ingress",
        /// On the node of each task.
        Host = "host",
    }
}

/// One port, or a range of which the engine picks a free one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PortRange {
    /// The first port.
    pub start: u16,
    /// The last port, `start` itself for a single one.
    pub end: u16,
}

attributes! {
    /// A port of a task, and where it is published.
    ///
    /// Source: [Compose specification, `ports`](https://docs.docker.com/reference/compose-file/services/#ports).
    open struct Port requires ["target"] {
        /// A name for people.
        name: Option<String>,
        /// Where the published port is open.
        mode: Option<PublishMode> = given,
        /// The address of the host it is published on; every address without one.
        host_ip: Option<IpAddr>,
        /// The port inside the task.
        target: Option<u16> = nonzero,
        /// The port on the host; a free one without it.
        published: Option<PortRange> = published,
        /// The transport protocol.
        protocol: Option<Protocol> = given,
        /// The application protocol, such as `http`.
        app_protocol: Option<String>,
    }
}

/// Why a short port is not one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PortError {
    /// The address is neither IPv4 nor IPv6 in brackets.
    #[error("`{0}` is not an IP address")]
    Address(String),
    /// There is no container port.
    #[error("`{0}` names no container port")]
    NoPort(String),
    /// The container port is not a number from 1 to 65535, nor a range of two.
    #[error("`{0}` is not a container port")]
    ContainerPort(String),
    /// The host port is not a number from 0 to 65535, nor a range of two.
    #[error("`{0}` is not a host port")]
    HostPort(String),
    /// The ranges differ in length.
    #[error("the host ports `{host}` and the container ports `{container}` differ in number")]
    RangeLength {
        /// The host ports.
        host: PortRange,
        /// The container ports.
        container: PortRange,
    },
    /// Not one of tcp, udp, sctp.
    #[error("`{0}` is not a protocol")]
    Protocol(String),
}

impl Port {
    /// Parses the short syntax, `[ip:][host[-host]:]container[-container][/protocol]`.
    ///
    /// A range of container ports gives one port each, in the order the reference loader has
    /// them: sorted as text. A range of host ports for one container port stays a range.
    ///
    /// # Errors
    ///
    /// Returns [`PortError`] for the first part that cannot be read.
    pub fn parse_short(text: &str) -> Result<Vec<Self>, PortError> {
        let parts = ShortPort::split(text);
        let host_ip = address(parts.address)?;
        if parts.container.is_empty() {
            return Err(PortError::NoPort(text.to_owned()));
        }
        let container: PortRange = parts
            .container
            .parse()
            .map_err(|_| PortError::ContainerPort(parts.container.to_owned()))?;
        if container.start == 0 {
            return Err(PortError::ContainerPort(parts.container.to_owned()));
        }
        let host = match parts.host {
            "" => None,
            host => Some(
                host.parse::<PortRange>()
                    .map_err(|_| PortError::HostPort(host.to_owned()))?,
            ),
        };
        if let Some(host) =
            host.filter(|host| host.len() != container.len() && container.len() != 1)
        {
            return Err(PortError::RangeLength { host, container });
        }
        let protocol = protocol(parts.protocol)?;
        let mut targets: Vec<u16> = (container.start..=container.end).collect();
        targets.sort_by_cached_key(|target| format!("{target}/"));
        Ok(targets
            .into_iter()
            .map(|target| Self {
                mode: Some(PublishMode::Ingress),
                host_ip,
                target: Some(target),
                published: host.map(|host| host.part_for(target, container)),
                protocol: Some(protocol.clone()),
                ..Self::default()
            })
            .collect())
    }
}

/// The parts of the short syntax as text; absent ones are empty.
struct ShortPort<'a> {
    address: &'a str,
    host: &'a str,
    container: &'a str,
    protocol: &'a str,
}

impl<'a> ShortPort<'a> {
    fn split(text: &'a str) -> Self {
        let (rest, last) = text.rsplit_once(':').unwrap_or(("", text));
        let (address, host) = rest.rsplit_once(':').unwrap_or(("", rest));
        let mut last = last.split('/');
        let container = last.next().unwrap_or("");
        let protocol = last.next().unwrap_or("");
        Self {
            address,
            host,
            container,
            protocol,
        }
    }
}

/// IPv6 stands in brackets; no address at all is allowed.
fn address(text: &str) -> Result<Option<IpAddr>, PortError> {
    let refused = || PortError::Address(text.to_owned());
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').ok_or_else(refused)?,
        None if text.contains(':') => return Err(refused()),
        None => text,
    };
    if bare.is_empty() {
        return Ok(None);
    }
    bare.parse().map(Some).map_err(|_| refused())
}

fn protocol(text: &str) -> Result<Protocol, PortError> {
    match text.to_ascii_lowercase().as_str() {
        "" | "tcp" => Ok(Protocol::Tcp),
        "udp" => Ok(Protocol::Udp),
        "sctp" => Ok(Protocol::Sctp),
        _ => Err(PortError::Protocol(text.to_owned())),
    }
}

impl PortRange {
    /// A single port.
    #[must_use]
    pub fn single(port: u16) -> Self {
        Self {
            start: port,
            end: port,
        }
    }

    /// How many ports there are, at least 1.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a range is never empty")]
    pub fn len(self) -> u32 {
        u32::from(self.end.saturating_sub(self.start)) + 1
    }

    /// The host port for one of the container ports, or the whole range for the only one.
    fn part_for(self, target: u16, container: Self) -> Self {
        if container.len() == 1 {
            return self;
        }
        Self::single(
            self.start
                .saturating_add(target.saturating_sub(container.start)),
        )
    }
}

/// Not a port, nor a range of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a port from 0 to 65535, nor a range of two")]
pub struct PortRangeError;

impl FromStr for PortRange {
    type Err = PortRangeError;

    /// Parses `80` or `80-90`.
    ///
    /// # Errors
    ///
    /// Returns [`PortRangeError`] when a number does not fit or the range runs backwards.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('-');
        let start = parts.next().and_then(port_number).ok_or(PortRangeError)?;
        let end = match parts.next() {
            Some(end) => port_number(end).ok_or(PortRangeError)?,
            None => start,
        };
        if end < start {
            return Err(PortRangeError);
        }
        Ok(Self { start, end })
    }
}

fn port_number(text: &str) -> Option<u16> {
    // Rust would take a plus sign, Go does not.
    if text.starts_with('+') {
        return None;
    }
    text.parse().ok()
}

impl fmt::Display for PortRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.start)?;
        if self.end != self.start {
            write!(formatter, "-{}", self.end)?;
        }
        Ok(())
    }
}

impl Serialize for PortRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
