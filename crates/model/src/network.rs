//! Networks, names and how tasks meet.

use indexmap::IndexMap;

use crate::{FieldPath, Port};

/// How a task meets others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Networking {
    /// Which networks it is in.
    pub mode: NetworkMode,
    /// The name it sees as its own.
    pub hostname: Option<String>,
    /// The domain it sees as its own.
    pub domain_name: Option<String>,
    /// The hardware address it sees.
    pub mac_address: Option<String>,
    /// How it looks up names.
    pub dns: Dns,
    /// Names it finds without a name server.
    pub extra_hosts: Vec<HostEntry>,
    /// Further names for other services of the stack.
    pub links: Vec<Link>,
    /// Names for containers outside the stack.
    pub external_links: Vec<Link>,
    /// Ports, published or not.
    pub ports: Vec<Port>,
    /// Ports that only other services use.
    pub exposed: Vec<Port>,
}

/// Which networks a task is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkMode {
    /// The stack's networks named here, by their key in [`crate::Stack::networks`].
    Attached(IndexMap<String, Attachment>),
    /// The node's own network.
    Host,
    /// The node's default bridge, without the names of the stack.
    Bridge,
    /// None but loopback.
    None,
    /// The network of another service's task.
    Service(String),
    /// The network of a container outside the stack.
    Container(String),
    /// A network of this name outside the stack.
    Other(String),
}

impl NetworkMode {
    /// The task's own networks of the stack, by key; nothing when it is in none or shares another's.
    pub fn attachments(&self) -> impl Iterator<Item = (&String, &Attachment)> {
        let attachments = match self {
            Self::Attached(attachments) => Some(attachments),
            Self::Host
            | Self::Bridge
            | Self::None
            | Self::Service(_)
            | Self::Container(_)
            | Self::Other(_) => None,
        };
        attachments.into_iter().flatten()
    }

    /// The service whose network the task shares.
    #[must_use]
    pub const fn shared_with(&self) -> Option<&String> {
        match self {
            Self::Service(service) => Some(service),
            Self::Attached(_)
            | Self::Host
            | Self::Bridge
            | Self::None
            | Self::Container(_)
            | Self::Other(_) => None,
        }
    }
}

/// How a task is attached to one network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attachment {
    /// Further names of the service in this network.
    pub aliases: Vec<String>,
    /// Whether the service's own name is one too; `None` is yes.
    pub service_name_alias: Option<bool>,
    /// A fixed address.
    pub ipv4_address: Option<String>,
    /// A fixed address.
    pub ipv6_address: Option<String>,
    /// Link-local addresses.
    pub link_local_addresses: Vec<String>,
    /// The hardware address in this network.
    pub mac_address: Option<String>,
    /// The interface's name inside the task.
    pub interface_name: Option<String>,
    /// The order networks are attached in, highest first.
    pub priority: Option<f64>,
    /// Which network gives the default gateway, highest first.
    pub gateway_priority: Option<f64>,
    /// Options for the network's driver.
    pub driver_options: IndexMap<String, String>,
}

// The priorities come from numbers in a file, where not-a-number cannot be written.
impl Eq for Attachment {}

/// How a task looks up names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dns {
    /// Addresses of name servers.
    pub servers: Vec<String>,
    /// Domains tried behind short names.
    pub search: Vec<String>,
    /// Resolver options, such as `ndots:1`.
    pub options: Vec<String>,
}

/// A name and its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostEntry {
    /// The name.
    pub name: String,
    /// Its addresses; `host-gateway` stands for the node.
    pub addresses: Vec<String>,
}

/// A further name for a service or container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Whom it leads to.
    pub target: String,
    /// The further name; `None` is the target's own.
    pub alias: Option<String>,
}

/// A network of the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// The name outside the stack.
    pub name: String,
    /// Where it stands.
    pub path: FieldPath,
    /// Whether it exists already and is not ours.
    pub external: bool,
    /// The driver, if one is asked for.
    pub driver: Option<String>,
    /// The driver's options.
    pub driver_options: IndexMap<String, String>,
    /// Whether it has no way out.
    pub internal: Option<bool>,
    /// Whether containers outside the stack may join.
    pub attachable: Option<bool>,
    /// Whether it carries IPv4.
    pub ipv4: Option<bool>,
    /// Whether it carries IPv6.
    pub ipv6: Option<bool>,
    /// How addresses are given out.
    pub ipam: Option<Ipam>,
    /// Labels.
    pub labels: IndexMap<String, String>,
}

/// How a network gives out addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ipam {
    /// The driver, if one is asked for.
    pub driver: Option<String>,
    /// The driver's options.
    pub options: IndexMap<String, String>,
    /// The ranges.
    pub pools: Vec<AddressPool>,
}

/// A range of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressPool {
    /// The subnet, such as `10.1.0.0/16`.
    pub subnet: Option<String>,
    /// The part of it tasks get addresses from.
    pub range: Option<String>,
    /// The gateway's address.
    pub gateway: Option<String>,
    /// Addresses kept for others, by name.
    pub reserved: IndexMap<String, String>,
}
