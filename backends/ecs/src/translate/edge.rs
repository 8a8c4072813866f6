//! Ports, published or not.

use tranship_model::{
    ApplicationProtocol, FieldPath, Port, PortMode, PortRange, Protocol, PublishScope, Topic,
};

use super::task::{TaskDraft, Wiring};
use crate::api::{ContainerDefinition, PortMapping};
use crate::survey::Unit;
use crate::{codes, names};

/// Ports that are taken for HTTP unless the file says otherwise.
const HTTP_PORTS: [u16; 8] = [80, 8080, 8000, 3000, 5000, 8888, 4200, 5173];

/// A port outsiders reach.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    /// The port of the container.
    pub(crate) target: u16,
    /// The port outsiders use.
    pub(crate) outside: u16,
    /// The transport protocol.
    pub(crate) protocol: Protocol,
    /// What is spoken on it, in the API's words.
    pub(crate) spoken: Option<&'static str>,
    /// The container's name.
    pub(crate) container: String,
    /// Where it stands in the stack.
    pub(crate) path: FieldPath,
    /// Who answers.
    pub(crate) mode: PortMode,
}

/// What stands in front of a unit's published ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Front {
    /// A balancer of requests, when all its ports speak HTTP.
    Requests,
    /// A balancer of connections.
    Connections,
    /// Nothing: a job, or a task on the instance's own network.
    Nothing,
}

/// What stands in front of a unit; all its ports share one address, as on one node.
pub(crate) fn front(unit: &Unit<'_>, wiring: Wiring) -> Front {
    if unit.is_job() || wiring != Wiring::Own {
        return Front::Nothing;
    }
    let ports = unit
        .members
        .iter()
        .flat_map(|member| &member.run.task().networking.ports);
    let mut balanced = ports.filter(|port| port.mode == PortMode::Balanced && is_outside(port));
    if balanced.all(speaks_http) {
        Front::Requests
    } else {
        Front::Connections
    }
}

fn is_outside(port: &Port) -> bool {
    port.published.is_some() && !matches!(port.scope, PublishScope::Loopback(_))
}

fn speaks_http(port: &Port) -> bool {
    if port.protocol != Protocol::Tcp {
        return false;
    }
    if let Some(protocol) = &port.application_protocol {
        return api_protocol(protocol).is_some();
    }
    let ranges = [Some(port.target), port.published];
    let mut firsts = ranges.into_iter().flatten().map(|range| range.first);
    firsts.any(|first| HTTP_PORTS.contains(&first))
}

/// The API's word for an application protocol it knows.
fn api_protocol(protocol: &ApplicationProtocol) -> Option<&'static str> {
    match protocol.0.to_ascii_lowercase().as_str() {
        "http" | "http1" => Some("http"),
        "http2" | "h2c" | "kubernetes.io/h2c" => Some("http2"),
        "grpc" => Some("grpc"),
        _other => None,
    }
}

/// Translates published ports.
pub(crate) fn translate_ports(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    ports: &[Port],
    container: &mut ContainerDefinition,
) {
    for (index, port) in ports.iter().enumerate() {
        translate_port(task, &mut topic.key("ports").index(index), port, container);
    }
}

fn translate_port(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    port: &Port,
    container: &mut ContainerDefinition,
) {
    let Port {
        target,
        published,
        protocol,
        mode,
        scope,
        name,
        application_protocol,
    } = port;
    if *protocol == Protocol::Sctp {
        return topic.refused(
            &codes::PORT_PROTOCOL,
            "ECS carries TCP and UDP only: nothing reaches the port",
        );
    }
    let spoken = application_protocol.as_ref().and_then(api_protocol);
    map_port(task, *target, *protocol, name.as_deref(), spoken, container);
    note_application(topic, application_protocol.as_ref(), spoken);
    let Some(published) = published else {
        return topic.dropped(&codes::PORT_RANDOM, "no port outside: a load balancer's ports must be chosen, so only other services reach it");
    };
    match scope {
        PublishScope::Everywhere => {}
        PublishScope::Loopback(address) => {
            return topic.dropped(
                &codes::PORT_SCOPE,
                format!("not published: on `{address}` only its own machine would reach it"),
            );
        }
        PublishScope::Address(address) => topic.key("scope").dropped(
            &codes::PORT_SCOPE,
            format!("reached at the load balancer's addresses, not at `{address}`"),
        ),
    }
    note_published(task, topic, *published, *target, *mode);
    if task.front == Front::Nothing {
        return publish_on_instance(task, *published, *target, container);
    }
    for (outside, target) in pairs(*published, *target) {
        task.published.push(Published {
            target,
            outside,
            protocol: *protocol,
            spoken,
            container: container.name.clone(),
            path: topic.path().clone(),
            mode: *mode,
        });
    }
}

/// Gives mappings the instance's port, where tasks are reached through it.
fn publish_on_instance(
    task: &TaskDraft,
    published: PortRange,
    target: PortRange,
    container: &mut ContainerDefinition,
) {
    if task.wiring != Wiring::Bridge {
        return;
    }
    for (outside, target) in pairs(published, target) {
        let mapping = container
            .port_mappings
            .iter_mut()
            .find(|mapping| mapping.container_port == target);
        if let Some(mapping) = mapping {
            mapping.host_port = Some(outside);
        }
    }
}

fn note_application(
    topic: &mut Topic<'_>,
    protocol: Option<&ApplicationProtocol>,
    spoken: Option<&'static str>,
) {
    if let (Some(protocol), None) = (protocol, spoken) {
        let detail = format!(
            "ECS knows http, http2 and grpc; `{}` is carried as plain bytes",
            protocol.0
        );
        topic
            .key("application_protocol")
            .dropped(&codes::PORT_PROTOCOL, detail);
    }
}

fn note_published(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    published: PortRange,
    target: PortRange,
    mode: PortMode,
) {
    let outside = published.first;
    match (task.front, task.wiring, mode) {
        (_, Wiring::None, _) => topic.refused(&codes::NETWORK_MODE, "a task without a network publishes no ports"),
        (_, Wiring::Bridge, _) => topic.approximate(&codes::PORT_BALANCED, format!("published as port {outside} of every instance that runs a task, not of all instances")),
        (_, Wiring::Host, _) => topic.approximate(&codes::PORT_BALANCED, format!("the process itself takes port {} of its instance", target.first)),
        (Front::Nothing, Wiring::Own, _) => topic.dropped(&codes::JOB, "a job has no address outside: nothing is published"),
        (Front::Requests | Front::Connections, Wiring::Own, PortMode::PerNode) if published != target => topic.approximate(
            &codes::PORT_PER_TASK,
            format!("each task answers at its own public address on port {}, not {outside}", target.first),
        ),
        (Front::Requests | Front::Connections, Wiring::Own, PortMode::PerNode) => topic.approximate(&codes::PORT_PER_TASK, "each task answers at its own public address, which changes with every task"),
        (Front::Requests, Wiring::Own, PortMode::Balanced) => topic.approximate(
            &codes::PORT_BALANCED,
            format!("published as port {outside} of a load balancer that speaks HTTP: it ends connections idle for 60 s, and tasks see its address as the client's"),
        ),
        (Front::Connections, Wiring::Own, PortMode::Balanced) => topic.equivalent(&codes::PORT_BALANCED, format!("published as port {outside} of a load balancer that passes connections on")),
    }
    if published.first != published.last && target.as_single().is_some() {
        topic.key("published").approximate(
            &codes::PORT_RANDOM,
            format!("always {outside}, not any free port of the range"),
        );
    }
}

/// Which outside port leads to which of the container's.
fn pairs(published: PortRange, target: PortRange) -> impl Iterator<Item = (u16, u16)> {
    published.ports().zip(target.ports())
}

/// Translates ports only other services use.
pub(crate) fn translate_exposed(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    exposed: &[Port],
    container: &mut ContainerDefinition,
) {
    for (index, port) in exposed.iter().enumerate() {
        let mut topic = topic.key("exposed");
        expose(task, &mut topic.index(index), port, container);
    }
}

fn expose(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    port: &Port,
    container: &mut ContainerDefinition,
) {
    let Port {
        target,
        published: _,
        protocol,
        mode: _,
        scope: _,
        name,
        application_protocol,
    } = port;
    if *protocol == Protocol::Sctp {
        let lost = "ECS carries TCP and UDP only: nothing reaches the port";
        return topic.refused(&codes::PORT_PROTOCOL, lost);
    }
    topic.exact();
    let spoken = application_protocol.as_ref().and_then(api_protocol);
    note_application(topic, application_protocol.as_ref(), spoken);
    map_port(task, *target, *protocol, name.as_deref(), spoken, container);
}

/// The most port mappings written for one range; the security groups let all of it in anyway.
const MOST_MAPPINGS: usize = 100;

fn map_port(
    task: &TaskDraft,
    target: PortRange,
    protocol: Protocol,
    name: Option<&str>,
    spoken: Option<&'static str>,
    container: &mut ContainerDefinition,
) {
    let Some(word) = protocol_word(protocol) else {
        return;
    };
    for (index, port) in target.ports().take(MOST_MAPPINGS).enumerate() {
        let is_port =
            |mapping: &PortMapping| mapping.container_port == port && mapping.protocol == word;
        let mut known = task
            .containers
            .iter()
            .flat_map(|other| &other.port_mappings)
            .chain(&container.port_mappings);
        if known.any(is_port) {
            continue;
        }
        let wanted = name.filter(|_| index == 0).map(names::port_name);
        let is_free = |name: &String| {
            container
                .port_mappings
                .iter()
                .all(|mapping| mapping.name.as_ref() != Some(name))
        };
        // An application protocol is only taken together with a name.
        let wanted = wanted.or_else(|| spoken.map(|spoken| format!("{spoken}-{port}")));
        let name = wanted.filter(is_free);
        container.port_mappings.push(PortMapping {
            container_port: port,
            host_port: None,
            protocol: word,
            app_protocol: spoken.filter(|_| name.is_some()),
            name,
        });
    }
}

/// The API's word for a protocol, if it carries it.
pub(crate) fn protocol_word(protocol: Protocol) -> Option<&'static str> {
    match protocol {
        Protocol::Tcp => Some("tcp"),
        Protocol::Udp => Some("udp"),
        Protocol::Sctp => None,
    }
}
