//! Published ports.

use tranship_model::{
    ApplicationProtocol, NetworkMode, Port, PortMode, PortRange, Protocol, PublishScope, Topic,
};

use super::api_only;
use crate::codes;
use crate::engine::{EndpointSpec, PortConfig};

/// Translates the ports of a task.
pub(super) fn ports(
    ports: &[Port],
    network: &NetworkMode,
    page: &mut Topic<'_>,
    endpoint: &mut EndpointSpec,
) {
    let page = &mut page.key("ports");
    let own_network = match network {
        NetworkMode::Host | NetworkMode::None => false,
        NetworkMode::Attached(_)
        | NetworkMode::Bridge
        | NetworkMode::Service(_)
        | NetworkMode::Container(_)
        | NetworkMode::Other(_) => true,
    };
    if !own_network && !ports.is_empty() {
        let detail = "nothing to publish in this network mode, as with docker compose";
        return page.equivalent(&codes::PORTS, detail);
    }
    for (index, port) in ports.iter().enumerate() {
        self::port(port, &mut page.index(index), endpoint);
    }
    endpoint
        .ports
        .sort_by_key(|port| (port.published_port, port.target_port, port.protocol));
}

/// Notes ports that need no word in Swarm.
pub(super) fn exposed(exposed: &[Port], page: &mut Topic<'_>) {
    if !exposed.is_empty() {
        let detail = "every port is open to services of the same network";
        page.key("exposed").equivalent(&codes::EXPOSED, detail);
    }
}

fn port(port: &Port, page: &mut Topic<'_>, endpoint: &mut EndpointSpec) {
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
    let name = api_only(
        page,
        "name",
        name.clone(),
        "stack.yaml leaves it out: the port has no name",
    );
    let publish_mode = publish_mode(*mode, endpoint.mode, page);
    for (target_port, published_port) in pairs(*target, *published, page) {
        let config = PortConfig {
            name: name.clone(),
            protocol: self::protocol(*protocol),
            target_port,
            published_port,
            publish_mode,
        };
        publish(config, page, endpoint);
    }
}

/// Adds a port unless it is there, as the same port on two addresses of a node would be.
fn publish(config: PortConfig, page: &mut Topic<'_>, endpoint: &mut EndpointSpec) {
    let taken = endpoint.ports.iter().find(|other| {
        other.published_port.is_some()
            && other.published_port == config.published_port
            && other.protocol == config.protocol
    });
    match taken {
        None => endpoint.ports.push(config),
        Some(other) if other.target_port == config.target_port => {}
        Some(other) => {
            let detail = format!(
                "published already for port {}, and addresses do not tell them apart",
                other.target_port
            );
            page.key("published").refused(&codes::PORTS, detail);
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
            let detail =
                "open only on nodes that run a task, because the service has no virtual address";
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
            let detail = format!(
                "published at all of {} to {}, not at a free one of them",
                published.first, published.last
            );
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
