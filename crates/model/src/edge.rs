//! Ports, and routes from outside.

/// A port of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The port the process listens on.
    pub target: PortRange,
    /// The port outside; `None` leaves the choice to the target or, for exposed ports, means none.
    pub published: Option<PortRange>,
    /// The transport protocol.
    pub protocol: Protocol,
    /// Who answers on the published port.
    pub mode: PortMode,
    /// From where the published port can be reached.
    pub scope: PublishScope,
    /// A name for it.
    pub name: Option<String>,
    /// What is spoken on it.
    pub application_protocol: Option<ApplicationProtocol>,
}

/// One port or several in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PortRange {
    /// The first port.
    pub first: u16,
    /// The last port; equal to the first for a single one.
    pub last: u16,
}

/// A transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

/// Who answers on a published port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PortMode {
    /// Any node, for all tasks.
    Balanced,
    /// Only the nodes that run a task, each for its own.
    PerNode,
}

/// From where a published port can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PublishScope {
    /// From everywhere.
    Everywhere,
    /// Only from the node itself.
    Loopback(String),
    /// Only through this address of the node.
    Address(String),
}

/// What is spoken on a port, such as `http`, `http2`, `grpc`; names as IANA or the target knows them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApplicationProtocol(pub String);

/// A way from outside to a service, by host name and path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The host name; `None` is every one.
    pub host: Option<String>,
    /// The beginning of the paths it serves, such as `/`.
    pub path: String,
    /// The port of the process.
    pub port: u16,
    /// How it is encrypted, if it is.
    pub tls: Option<Tls>,
}

/// How a route is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The target's name for the certificate.
    pub certificate: Option<String>,
}

impl PortRange {
    /// A single port.
    #[must_use]
    pub const fn single(port: u16) -> Self {
        Self {
            first: port,
            last: port,
        }
    }

    /// Every port of the range.
    pub fn ports(self) -> impl Iterator<Item = u16> {
        self.first..=self.last
    }

    /// The port, if it is only one.
    #[must_use]
    pub fn as_single(self) -> Option<u16> {
        (self.first == self.last).then_some(self.first)
    }
}
