//! Ports, and the load balancers in front of published ones.

use std::sync::Arc;

use indexmap::IndexMap;
use tranship_model::{
    ApplicationProtocol, FieldPath, Port, PortMode, PortRange, Protocol, PublishScope, Topic,
};

use super::task::{TaskDraft, Wiring};
use crate::api::{self, ContainerDefinition, PortMapping};
use crate::cloudformation::{
    Action, IngressRule, Listener, LoadBalancer, Matcher, SecurityGroup, TargetGroup,
};
use crate::draft::Draft;
use crate::late::{Late, LateList};
use crate::survey::Unit;
use crate::{codes, names};

/// The most target groups a service can be in.
///
/// Source: ECS developer guide, service load balancing considerations.
const MOST_TARGET_GROUPS: usize = 5;

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
    match &port.application_protocol {
        Some(protocol) => api_protocol(protocol).is_some(),
        None => {
            let ranges = [Some(port.target), port.published];
            let firsts = ranges.into_iter().flatten().map(|range| range.first);
            let mut known = firsts.filter(|first| HTTP_PORTS.contains(first));
            known.next().is_some()
        }
    }
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
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    exposed: &[Port],
    container: &mut ContainerDefinition,
) {
    for (index, port) in exposed.iter().enumerate() {
        let mut list = topic.key("exposed");
        let mut topic = list.index(index);
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
            topic.refused(
                &codes::PORT_PROTOCOL,
                "ECS carries TCP and UDP only: nothing reaches the port",
            );
            continue;
        }
        topic.exact();
        let spoken = application_protocol.as_ref().and_then(api_protocol);
        note_application(&mut topic, application_protocol.as_ref(), spoken);
        map_port(task, *target, *protocol, name.as_deref(), spoken, container);
    }
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

fn protocol_word(protocol: Protocol) -> Option<&'static str> {
    match protocol {
        Protocol::Tcp => Some("tcp"),
        Protocol::Udp => Some("udp"),
        Protocol::Sctp => None,
    }
}

/// The load balancers of the stack, while units add to them.
#[derive(Debug, Default)]
pub(crate) struct Balancers {
    requests: Vec<IngressRule>,
    connections: Vec<IngressRule>,
}

/// What a service has to know of its load balancers.
#[derive(Debug, Default)]
pub(crate) struct Balanced {
    /// Its target groups.
    pub(crate) targets: Vec<api::LoadBalancer>,
    /// Listeners that must lead to its target groups before it is created.
    pub(crate) listeners: Vec<Arc<str>>,
}

/// Puts a unit's published ports behind the balancer they need, and opens its group to it.
pub(crate) fn publish(
    draft: &mut Draft,
    topic: &mut Topic<'_>,
    balancers: &mut Balancers,
    task: &mut TaskDraft,
    name: &str,
    health: Option<&(u16, String)>,
) -> Balanced {
    let mut balanced = Balanced::default();
    let mut rules = Vec::new();
    for (outside, protocols) in by_outside_port(&task.published) {
        let Some(first) = protocols.first() else {
            continue;
        };
        if first.mode == PortMode::PerNode {
            let range = draft.public_range();
            rules.extend(protocols.iter().filter_map(|published| {
                let word = protocol_word(published.protocol)?;
                Some(IngressRule::from_addresses(
                    word,
                    published.target,
                    range.clone(),
                ))
            }));
            continue;
        }
        if balanced.targets.len() == MOST_TARGET_GROUPS {
            topic.key("ports").refused(
                &codes::PORT_LIMIT,
                format!(
                    "a service is published on at most {MOST_TARGET_GROUPS} ports: {outside} is not"
                ),
            );
            continue;
        }
        let group = balancers.listen(
            draft,
            task.front,
            name,
            outside,
            &protocols,
            health,
            &mut balanced,
        );
        rules.extend(protocols.iter().filter_map(|published| {
            Some(IngressRule::from_group(
                protocol_word(published.protocol)?,
                published.target,
                group.clone(),
            ))
        }));
    }
    if !rules.is_empty() {
        let id = names::logical_id(name, "Published");
        let group = SecurityGroup {
            group_description: "Published ports of the service".to_owned(),
            vpc_id: Some(draft.vpc()),
            security_group_ingress: rules,
            security_group_egress: Vec::new(),
        };
        draft.resource("AWS::EC2::SecurityGroup", &id, topic.path(), &group);
        task.join(Late::Attribute(id, "GroupId"));
    }
    balanced
}

/// Ports by the one outsiders use; TCP and UDP on one number share a listener.
fn by_outside_port(published: &[Published]) -> IndexMap<u16, Vec<Published>> {
    let mut ports: IndexMap<u16, Vec<Published>> = IndexMap::new();
    for one in published {
        let known = ports.entry(one.outside).or_default();
        let fits = known
            .iter()
            .all(|other| other.target == one.target && other.protocol != one.protocol);
        if fits {
            known.push(one.clone());
        }
    }
    ports
}

impl Balancers {
    #[expect(
        clippy::too_many_arguments,
        reason = "each is one property of the listener"
    )]
    fn listen(
        &mut self,
        draft: &mut Draft,
        front: Front,
        name: &str,
        outside: u16,
        published: &[Published],
        health: Option<&(u16, String)>,
        balanced: &mut Balanced,
    ) -> Late {
        let (balancer, rules) = match front {
            Front::Requests => ("HttpBalancer", &mut self.requests),
            Front::Connections | Front::Nothing => ("TcpBalancer", &mut self.connections),
        };
        let range = draft.public_range();
        let words = published
            .iter()
            .filter_map(|one| protocol_word(one.protocol));
        rules.extend(words.map(|word| IngressRule::from_addresses(word, outside, range.clone())));
        let Some(first) = published.first() else {
            return Late::Attribute(Arc::from(balancer), "");
        };
        draft
            .names
            .claim("published port", &outside.to_string(), &first.path);
        let protocol = listener_protocol(front, published);
        let target_group = names::logical_id(name, &format!("TargetGroup{outside}"));
        let properties = target_group_of(draft, front, protocol, first, health);
        draft.resource(
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            &target_group,
            &first.path,
            &properties,
        );
        let listener = names::logical_id(name, &format!("Listener{outside}"));
        let properties = Listener {
            load_balancer_arn: Late::Reference(Arc::from(balancer)),
            port: outside,
            protocol,
            default_actions: vec![Action {
                kind: "forward",
                target_group_arn: Late::Reference(Arc::clone(&target_group)),
            }],
        };
        draft.resource(
            "AWS::ElasticLoadBalancingV2::Listener",
            &listener,
            &first.path,
            &properties,
        );
        balanced.listeners.push(listener);
        balanced.targets.push(api::LoadBalancer {
            target_group_arn: Late::Reference(target_group),
            container_name: first.container.clone(),
            container_port: first.target,
        });
        Late::Attribute(Arc::from(format!("{balancer}Group")), "GroupId")
    }

    /// Creates the balancers that have listeners.
    pub(crate) fn finish(self, draft: &mut Draft) {
        let Self {
            requests,
            connections,
        } = self;
        balancer(draft, "HttpBalancer", "application", requests);
        balancer(draft, "TcpBalancer", "network", connections);
    }
}

fn balancer(draft: &mut Draft, name: &str, kind: &'static str, rules: Vec<IngressRule>) {
    if rules.is_empty() {
        return;
    }
    let owner = FieldPath::root("services");
    let group_id: Arc<str> = Arc::from(format!("{name}Group"));
    let group = SecurityGroup {
        group_description: "Published ports of the load balancer".to_owned(),
        vpc_id: Some(draft.vpc()),
        security_group_ingress: rules,
        security_group_egress: Vec::new(),
    };
    draft.resource("AWS::EC2::SecurityGroup", &group_id, &owner, &group);
    let id: Arc<str> = Arc::from(name);
    let balancer = LoadBalancer {
        kind,
        scheme: "internet-facing",
        subnets: draft.public_subnets(),
        security_groups: LateList::Items(vec![Late::Attribute(group_id, "GroupId")]),
    };
    draft.resource(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        &id,
        &owner,
        &balancer,
    );
    let output: Arc<str> = Arc::from(format!("{name}Address"));
    draft.output(
        &output,
        "The name published ports are reached at.",
        &Late::Attribute(id, "DNSName"),
    );
}

fn listener_protocol(front: Front, published: &[Published]) -> &'static str {
    let has = |protocol| published.iter().any(|one| one.protocol == protocol);
    match front {
        Front::Requests => "HTTP",
        Front::Connections | Front::Nothing => match (has(Protocol::Tcp), has(Protocol::Udp)) {
            (true, true) => "TCP_UDP",
            (false, true) => "UDP",
            (_, false) => "TCP",
        },
    }
}

fn target_group_of(
    draft: &mut Draft,
    front: Front,
    protocol: &'static str,
    first: &Published,
    health: Option<&(u16, String)>,
) -> TargetGroup {
    let health_path = health
        .filter(|(port, _)| *port == first.target)
        .map(|(_, path)| path.as_str());
    let requests = front == Front::Requests;
    let is_grpc = requests && first.spoken == Some("grpc");
    // Nothing asks tasks over HTTP in a compose file, so any answer counts unless a path is known.
    let http_code = if health_path.is_some() {
        "200-399"
    } else {
        "200-499"
    };
    TargetGroup {
        target_type: "ip",
        protocol,
        protocol_version: match first.spoken {
            Some("grpc") if requests => Some("GRPC"),
            Some("http2") if requests => Some("HTTP2"),
            Some(_) | None => None,
        },
        port: first.target,
        vpc_id: draft.vpc(),
        health_check_protocol: if requests { "HTTP" } else { "TCP" },
        health_check_path: requests.then(|| health_path.unwrap_or("/").to_owned()),
        health_check_port: None,
        matcher: requests.then_some(Matcher {
            http_code: (!is_grpc).then_some(http_code),
            grpc_code: is_grpc.then_some("0-99"),
        }),
        target_group_attributes: Vec::new(),
    }
}
