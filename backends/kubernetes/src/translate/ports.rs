//! Ports: those other services use, and those published outside.

use std::collections::BTreeSet;
use std::net::IpAddr;

use k8s_openapi::api::core::v1::{ContainerPort, ServicePort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use tranship_model::{
    ApplicationProtocol, ObjectId, Port, PortMode, PortRange, Protocol, PublishScope, Topic,
};

use crate::labels;
use crate::{codes, names};

/// The most ports of one range that are written one by one.
const RANGE_LIMIT: usize = 128;

/// The ports of a service.
#[derive(Debug, Default)]
pub(super) struct Ports {
    /// What the container declares.
    pub(super) container: Vec<ContainerPort>,
    /// What other services reach by the service's name.
    pub(super) cluster: Vec<ServicePort>,
    /// What is reached from outside.
    pub(super) published: Vec<ServicePort>,
    /// What is reached from outside in any way: the task's port and its protocol.
    pub(super) open: BTreeSet<(u16, &'static str)>,
}

/// A port on its way in.
struct Single<'port> {
    target: u16,
    protocol: Protocol,
    name: Option<&'port str>,
    application: Option<&'port str>,
}

/// What the cluster services of a service are called.
pub(super) struct DoorNames<'service> {
    /// The one other services use.
    pub(super) inside: &'service str,
    /// The one for the outside, if there is any.
    pub(super) outside: String,
}

/// Ports of a service.
pub(super) fn ports(
    published: &[Port],
    exposed: &[Port],
    names: &DoorNames<'_>,
    topic: &mut Topic<'_>,
) -> Ports {
    let mut ports = Ports::default();
    for (index, port) in published.iter().enumerate() {
        ports.add(port, names, &mut topic.key("ports").index(index));
    }
    for (index, port) in exposed.iter().enumerate() {
        ports.expose(port, &mut topic.key("exposed").index(index));
    }
    ports
}

/// The interface's word.
pub(super) const fn protocol_name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Sctp => "SCTP",
    }
}

impl Ports {
    fn add(&mut self, port: &Port, names: &DoorNames<'_>, topic: &mut Topic<'_>) {
        let Port {
            target,
            published,
            protocol,
            mode,
            scope,
            name: _, // In `expose`.
            application_protocol: _,
        } = port;
        if !self.expose(port, topic) {
            return;
        }
        let objects = match (mode, scope) {
            (PortMode::Balanced, PublishScope::Loopback(_)) => Vec::new(),
            (PortMode::Balanced, PublishScope::Everywhere | PublishScope::Address(_)) => {
                vec![ObjectId::new("Service", names.outside.as_str())]
            }
            (PortMode::PerNode, _) => topic.objects().to_vec(),
        };
        let topic = &mut topic.into_objects(objects);
        let pairs = pairs(*target, *published, topic);
        match (mode, scope) {
            (PortMode::Balanced, PublishScope::Loopback(address)) => {
                note_loopback(&pairs, address, names.inside, topic);
            }
            (PortMode::Balanced, PublishScope::Everywhere) => self.publish(&pairs, port, topic),
            (PortMode::Balanced, PublishScope::Address(address)) => {
                self.publish(&pairs, port, topic);
                let detail = format!("the port is open on every address, not only on {address}");
                topic.key("scope").approximate(&codes::PORT_ADDRESS, detail);
            }
            (PortMode::PerNode, scope) => self.publish_per_node(&pairs, *protocol, scope, topic),
        }
    }

    /// Declares the port inside the cluster, and says whether it could be.
    fn expose(&mut self, port: &Port, topic: &mut Topic<'_>) -> bool {
        let PortRange { first, last } = port.target;
        let count = usize::from(last.saturating_sub(first)) + 1;
        if first == 0 || last < first || count > RANGE_LIMIT {
            let detail = format!(
                "{count} ports in a row are not written one by one; use the host's network"
            );
            topic.refused(&codes::PORT_RANGE, detail);
            return false;
        }
        topic.exact();
        for target in port.target.ports() {
            self.declare(&Single {
                target,
                protocol: port.protocol,
                name: port.name.as_deref().filter(|_| count == 1),
                application: port
                    .application_protocol
                    .as_ref()
                    .map(|ApplicationProtocol(name)| name.as_str()),
            });
        }
        self.note_names(port, topic);
        true
    }

    fn note_names(&self, port: &Port, topic: &mut Topic<'_>) {
        if let Some(name) = &port.name {
            let carried = self
                .cluster
                .iter()
                .any(|known| known.name.as_ref() == Some(name));
            let mut field = topic.key("name");
            if carried {
                field.exact();
            } else {
                field.equivalent(
                    &codes::PORT_NAME,
                    "the port is named by its protocol and number",
                );
            }
        }
        if let Some(ApplicationProtocol(protocol)) = &port.application_protocol {
            let mut field = topic.key("application_protocol");
            if labels::is_key(protocol) {
                field.exact();
            } else {
                field.dropped(&codes::PORT_NAME, "it is no legal name of a protocol");
            }
        }
    }

    /// Declares a TCP port that the file names only in passing.
    pub(super) fn declare_tcp(&mut self, target: u16) {
        self.declare(&Single {
            target,
            protocol: Protocol::Tcp,
            name: None,
            application: None,
        });
    }

    fn declare(&mut self, port: &Single<'_>) {
        let protocol = protocol_name(port.protocol);
        let number = i32::from(port.target);
        let is_known = |known: &ContainerPort| {
            known.container_port == number && known.protocol.as_deref() == Some(protocol)
        };
        if self.container.iter().any(is_known) {
            return;
        }
        self.container.push(ContainerPort {
            container_port: number,
            protocol: Some(protocol.to_owned()),
            ..ContainerPort::default()
        });
        let service_port = service_port(number, port, &self.cluster);
        self.cluster.push(service_port);
    }

    fn publish(&mut self, pairs: &[Pair], port: &Port, topic: &mut Topic<'_>) {
        let mut field = topic.key("published");
        for pair in pairs {
            let number = pair.published.unwrap_or(pair.target);
            let protocol = protocol_name(port.protocol);
            let same = |other: &&ServicePort| {
                other.port == i32::from(number) && other.protocol.as_deref() == Some(protocol)
            };
            if let Some(other) = self.published.iter().find(same) {
                if other.target_port != Some(IntOrString::Int(i32::from(pair.target))) {
                    let detail = format!("port {number} leads to another port of the task already");
                    field.refused(&codes::PORT_PUBLISHED_TWICE, detail);
                }
                continue;
            }
            let single = Single {
                target: pair.target,
                protocol: port.protocol,
                name: port.name.as_deref(),
                application: port
                    .application_protocol
                    .as_ref()
                    .map(|ApplicationProtocol(name)| name.as_str()),
            };
            let published = service_port(i32::from(number), &single, &self.published);
            self.published.push(published);
            self.open.insert((pair.target, protocol));
            if pair.published.is_none() {
                let detail = format!("it is published as {number}; Docker picks any free port");
                field.approximate(&codes::PORT_CHOSEN, detail);
            }
        }
    }

    fn publish_per_node(
        &mut self,
        pairs: &[Pair],
        protocol: Protocol,
        scope: &PublishScope,
        topic: &mut Topic<'_>,
    ) {
        let address = match scope {
            PublishScope::Everywhere => None,
            PublishScope::Loopback(address) | PublishScope::Address(address) => Some(address),
        };
        let protocol = protocol_name(protocol);
        for pair in pairs {
            let Some(published) = pair.published else {
                let detail = "nodes do not answer: a node's port must be named";
                topic.key("published").dropped(&codes::PORT_CHOSEN, detail);
                continue;
            };
            let declared = self.container.iter_mut().find(|known| {
                known.container_port == i32::from(pair.target)
                    && known.protocol.as_deref() == Some(protocol)
            });
            if let Some(declared) = declared.filter(|declared| declared.host_port.is_none()) {
                declared.host_port = Some(i32::from(published));
                declared.host_ip = address.filter(|ip| ip.parse::<IpAddr>().is_ok()).cloned();
                self.open.insert((pair.target, protocol));
            } else {
                let detail =
                    format!("a node answers on one port only for it, and not on {published}");
                topic
                    .key("published")
                    .refused(&codes::PORT_PUBLISHED_TWICE, detail);
            }
        }
    }

    /// Whether a node itself answers on any port.
    pub(super) fn take_nodes(&self) -> bool {
        self.container.iter().any(|port| port.host_port.is_some())
    }
}

/// A port of a cluster service beside `others`.
fn service_port(number: i32, port: &Single<'_>, others: &[ServicePort]) -> ServicePort {
    let protocol = protocol_name(port.protocol);
    let free = |name: &&str| {
        names::is_label(name, names::LABEL_LIMIT)
            && !others
                .iter()
                .any(|other| other.name.as_deref() == Some(name))
            && !is_generated(name)
    };
    let name = port.name.filter(free).map_or_else(
        || format!("{}-{number}", protocol.to_ascii_lowercase()),
        str::to_owned,
    );
    ServicePort {
        name: Some(name),
        port: number,
        protocol: Some(protocol.to_owned()),
        target_port: Some(IntOrString::Int(i32::from(port.target))),
        app_protocol: port
            .application
            .filter(|name| labels::is_key(name))
            .map(str::to_owned),
        node_port: None,
    }
}

/// Whether a name looks like the ones made here, and could meet one.
fn is_generated(name: &str) -> bool {
    ["tcp-", "udp-", "sctp-"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// A port of the process and the port outside.
struct Pair {
    target: u16,
    published: Option<u16>,
}

fn pairs(target: PortRange, published: Option<PortRange>, topic: &mut Topic<'_>) -> Vec<Pair> {
    let published = published.filter(|range| range.first > 0);
    let Some(range) = published else {
        let open = |target| Pair {
            target,
            published: None,
        };
        return target.ports().map(open).collect();
    };
    if target.as_single().is_some() && range.as_single().is_none() {
        let first = range.first;
        let detail = format!("it is published as {first}; Docker picks any free port of the range");
        topic
            .key("published")
            .approximate(&codes::PORT_CHOSEN, detail);
    } else {
        topic.key("published").exact();
    }
    let pair = |(target, published)| Pair {
        target,
        published: Some(published),
    };
    target.ports().zip(range.ports()).map(pair).collect()
}

fn note_loopback(pairs: &[Pair], address: &str, name: &str, topic: &mut Topic<'_>) {
    let forwards: Vec<_> = pairs
        .iter()
        .map(|pair| format!("{}:{}", pair.published.unwrap_or(pair.target), pair.target))
        .collect();
    let detail = format!(
        "{address} is each machine's own; reach it with `kubectl port-forward service/{name} {}`",
        forwards.join(" ")
    );
    topic
        .key("published")
        .dropped(&codes::PORT_LOOPBACK, detail.clone());
    topic.key("scope").dropped(&codes::PORT_LOOPBACK, detail);
}
