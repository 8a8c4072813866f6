//! Published ports.

use std::collections::HashMap;

use tranship_model::{
    ApplicationProtocol, NetworkMode, Port, PortMode, PortRange, Protocol, PublishScope, Topic,
};

use super::{Context, api_only};
use crate::codes;
use crate::engine::{EndpointSpec, PortConfig};

/// Translates the ports of a task.
pub(super) fn ports(
    context: &Context<'_>,
    service: &str,
    (ports, network): (&[Port], &NetworkMode),
    page: &mut Topic<'_>,
    endpoint: &mut EndpointSpec,
) {
    let page = &mut page.key("ports");
    if !can_publish(network) && !ports.is_empty() {
        let detail = "nothing to publish in this network mode, as with docker compose";
        return page.equivalent(&codes::PORTS, detail);
    }
    let mut published = Published {
        context,
        service,
        endpoint_mode: endpoint.mode,
        taken: HashMap::new(),
        ports: Vec::new(),
    };
    for (index, port) in ports.iter().enumerate() {
        published.port(port, &mut page.index(index));
    }
    endpoint.ports = published.ports;
    endpoint
        .ports
        .sort_by_key(|port| (port.published_port, port.target_port, port.protocol));
}

/// Whether a task in this network has ports of its own to publish.
pub(super) fn can_publish(network: &NetworkMode) -> bool {
    match network {
        NetworkMode::Host | NetworkMode::None => false,
        NetworkMode::Attached(_)
        | NetworkMode::Bridge
        | NetworkMode::Service(_)
        | NetworkMode::Container(_)
        | NetworkMode::Other(_) => true,
    }
}

/// Notes ports that need no word in Swarm.
pub(super) fn exposed(exposed: &[Port], page: &mut Topic<'_>) {
    if !exposed.is_empty() {
        let detail = "every port is open to services of the same network";
        page.key("exposed").equivalent(&codes::EXPOSED, detail);
    }
}

/// The ports of one service while they are gathered.
struct Published<'a> {
    context: &'a Context<'a>,
    service: &'a str,
    endpoint_mode: Option<&'static str>,
    /// The port of the task behind each published one.
    taken: HashMap<(u16, Protocol), u16>,
    ports: Vec<PortConfig>,
}

impl Published<'_> {
    fn port(&mut self, port: &Port, page: &mut Topic<'_>) {
        let Port {
            target,
            published,
            protocol,
            mode,
            scope,
            name,
            application_protocol,
        } = port;

        page.exact();
        scoped(scope, *published, page);
        spoken(application_protocol.as_ref(), page);
        let without = "stack.yaml leaves it out: the port has no name";
        let name = api_only(page, "name", name.clone(), without);
        let publish_mode = publish_mode(*mode, self.endpoint_mode, page);
        for (target_port, published_port) in pairs(*target, *published, page) {
            let config = PortConfig {
                name: name.clone(),
                protocol: self::protocol(*protocol),
                target_port,
                published_port,
                publish_mode,
            };
            self.publish(config, *protocol, page);
        }
    }

    /// Adds a port unless the service has it already, as the same port on two addresses of a node
    /// would be, or another service has it on every node: the engine would refuse that.
    fn publish(&mut self, config: PortConfig, protocol: Protocol, page: &mut Topic<'_>) {
        let Some(published) = config.published_port else {
            return self.ports.push(config);
        };
        let is_balanced = config.publish_mode == "ingress";
        let other = self
            .context
            .publisher_before(self.service, published, protocol);
        if let Some(other) = other.filter(|_| is_balanced) {
            let detail = format!("not published: `{other}` has port {published} on every node");
            return page.key("published").refused(&codes::PORTS, detail);
        }
        match self.taken.insert((published, protocol), config.target_port) {
            None => self.ports.push(config),
            Some(target) if target == config.target_port => {}
            Some(target) => {
                let detail =
                    format!("not published: {published} leads to {target} at every address");
                page.key("published").refused(&codes::PORTS, detail);
            }
        }
    }
}

fn scoped(scope: &PublishScope, published: Option<PortRange>, page: &mut Topic<'_>) {
    let address = match scope {
        PublishScope::Everywhere => return,
        PublishScope::Loopback(address) | PublishScope::Address(address) => address,
    };
    let port = published.map_or_else(|| "a free port".to_owned(), |range| range.first.to_string());
    let detail = format!("open to everyone at {port} of every node, not only at {address}");
    page.key("scope").dropped(&codes::HOST_ADDRESS, detail);
}

fn spoken(protocol: Option<&ApplicationProtocol>, page: &mut Topic<'_>) {
    if let Some(ApplicationProtocol(spoken)) = protocol {
        let detail = format!("nothing learns that `{spoken}` is spoken");
        page.key("application_protocol")
            .dropped(&codes::PORT_WORD, detail);
    }
}

/// The mesh has no use for a name that gives the addresses of tasks; the engine refuses it.
fn publish_mode(
    mode: PortMode,
    endpoint_mode: Option<&'static str>,
    page: &mut Topic<'_>,
) -> &'static str {
    match mode {
        PortMode::PerNode => "host",
        PortMode::Balanced if endpoint_mode == Some("dnsrr") => {
            let detail = "open only on nodes that run a task: the service has no virtual address";
            page.key("mode").approximate(&codes::PORTS, detail);
            "host"
        }
        PortMode::Balanced => "ingress",
    }
}

/// Which port of the task is published at which.
fn pairs(
    target: PortRange,
    published: Option<PortRange>,
    page: &mut Topic<'_>,
) -> Vec<(u16, Option<u16>)> {
    let Some(published) = published else {
        return target.ports().map(|port| (port, None)).collect();
    };
    if let Some(target) = target.as_single() {
        if published.as_single().is_none() {
            let PortRange { first, last } = published;
            let detail = format!("published at all of {first} to {last}, not at a free one");
            page.key("published").approximate(&codes::PORTS, detail);
        }
        return published.ports().map(|port| (target, Some(port))).collect();
    }
    target.ports().zip(published.ports().map(Some)).collect()
}

fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
        Protocol::Sctp => "sctp",
    }
}
