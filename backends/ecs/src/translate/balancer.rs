//! Load balancers in front of published ports.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use indexmap::IndexMap;
use tranship_model::{FieldPath, PortMode, Protocol, Topic};

use super::edge::{Front, Published, protocol_word};
use super::task::TaskDraft;
use crate::api;
use crate::cloudformation::{
    Action, IngressRule, Listener, LoadBalancer, Matcher, Output, SecurityGroup, TargetGroup,
};
use crate::draft::Draft;
use crate::late::{Late, LateList};
use crate::{codes, names};

/// The most target groups a service can be in.
///
/// Source: ECS developer guide, service load balancing considerations.
const MOST_TARGET_GROUPS: usize = 5;

/// The load balancers of the stack, while units add to them.
#[derive(Debug, Default)]
pub(crate) struct Balancers {
    requests: Vec<IngressRule>,
    connections: Vec<IngressRule>,
    /// Which service has which port of which balancer.
    taken: HashMap<(&'static str, u16), String>,
}

/// What a service has to know of its load balancers.
#[derive(Debug, Default)]
pub(crate) struct Balanced {
    /// Its target groups.
    pub(crate) targets: Vec<api::LoadBalancer>,
    /// Listeners that must lead to its target groups before it is created.
    pub(crate) listeners: Vec<Arc<str>>,
}

/// What is known of a unit whose ports are published.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Publisher<'a> {
    /// The name of its main member.
    pub(crate) name: &'a str,
    /// The port and path its health check asks for over HTTP.
    pub(crate) health: Option<&'a (u16, String)>,
}

/// Puts a unit's published ports behind the balancer they need, and opens its group to it.
pub(crate) fn publish(
    draft: &mut Draft,
    topic: &mut Topic<'_>,
    balancers: &mut Balancers,
    task: &mut TaskDraft,
    publisher: Publisher<'_>,
) -> Balanced {
    let mut balanced = Balanced::default();
    let mut rules = Vec::new();
    for (outside, published) in by_outside_port(&task.published) {
        let is_open = published.iter().any(|one| one.mode == PortMode::PerNode);
        if is_open {
            let range = draft.public_range();
            rules.extend(published.iter().filter_map(|one| {
                let word = protocol_word(one.protocol)?;
                Some(IngressRule::from_addresses(word, one.target, range.clone()))
            }));
            continue;
        }
        if balanced.targets.len() == MOST_TARGET_GROUPS {
            let detail = format!(
                "a service is published on at most {MOST_TARGET_GROUPS} ports: {outside} is not"
            );
            topic.key("ports").refused(&codes::PORT_LIMIT, detail);
            continue;
        }
        if let Some(first) = balancers.take(task.front, outside, publisher.name) {
            let detail = format!("port {outside} leads to `{first}`, which publishes it too");
            topic.key("ports").refused(&codes::PORT_TAKEN, detail);
            continue;
        }
        let group = balancers.open(draft, task.front, outside, &published);
        listen(
            draft,
            task.front,
            publisher,
            outside,
            &published,
            &mut balanced,
        );
        rules.extend(published.iter().filter_map(|one| {
            let word = protocol_word(one.protocol)?;
            Some(IngressRule::from_group(word, one.target, group.clone()))
        }));
    }
    open_task(draft, topic, task, publisher.name, rules);
    balanced
}

/// Puts the task's interface into a group that lets the rules in.
fn open_task(
    draft: &mut Draft,
    topic: &Topic<'_>,
    task: &mut TaskDraft,
    name: &str,
    rules: Vec<IngressRule>,
) {
    if rules.is_empty() {
        return;
    }
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

/// Ports by the one outsiders use; TCP and UDP on one number share a listener.
fn by_outside_port(published: &[Published]) -> IndexMap<u16, Vec<Published>> {
    let mut ports: IndexMap<u16, Vec<Published>> = IndexMap::new();
    for one in published {
        let known = ports.entry(one.outside).or_default();
        let fits = |other: &Published| other.target == one.target && other.protocol != one.protocol;
        if known.iter().all(fits) {
            known.push(one.clone());
        }
    }
    ports
}

impl Balancers {
    /// Gives a port of a balancer to a service, or says who has it already.
    ///
    /// Not a conflict of names: files with services that never run together publish one port
    /// twice, and all engines take them.
    fn take(&mut self, front: Front, outside: u16, service: &str) -> Option<String> {
        match self.taken.entry((balancer_id(front), outside)) {
            Entry::Occupied(first) => Some(first.get().clone()),
            Entry::Vacant(free) => {
                free.insert(service.to_owned());
                None
            }
        }
    }

    /// Opens the balancer's group for a port, and gives the group.
    fn open(
        &mut self,
        draft: &mut Draft,
        front: Front,
        outside: u16,
        published: &[Published],
    ) -> Late {
        let rules = match front {
            Front::Requests => &mut self.requests,
            Front::Connections | Front::Nothing => &mut self.connections,
        };
        let range = draft.public_range();
        let words = published
            .iter()
            .filter_map(|one| protocol_word(one.protocol));
        rules.extend(words.map(|word| IngressRule::from_addresses(word, outside, range.clone())));
        let group = format!("{}Group", balancer_id(front));
        Late::Attribute(Arc::from(group), "GroupId")
    }

    /// Creates the balancers that have listeners.
    pub(crate) fn finish(self, draft: &mut Draft) {
        let Self {
            requests,
            connections,
            taken: _,
        } = self;
        create(draft, Front::Requests, "application", requests);
        create(draft, Front::Connections, "network", connections);
    }
}

/// The logical id of the balancer of a kind.
fn balancer_id(front: Front) -> &'static str {
    match front {
        Front::Requests => "HttpBalancer",
        Front::Connections | Front::Nothing => "TcpBalancer",
    }
}

/// Creates a listener, and the target group it leads to.
fn listen(
    draft: &mut Draft,
    front: Front,
    publisher: Publisher<'_>,
    outside: u16,
    ports: &[Published],
    balanced: &mut Balanced,
) {
    let Some(first) = ports.first() else {
        return;
    };
    let protocol = listener_protocol(front, ports);
    let target_group = names::logical_id(publisher.name, &format!("TargetGroup{outside}"));
    let properties = target_group_of(draft, front, protocol, first, publisher.health);
    let kind = "AWS::ElasticLoadBalancingV2::TargetGroup";
    draft.resource(kind, &target_group, &first.path, &properties);
    let listener = names::logical_id(publisher.name, &format!("Listener{outside}"));
    let properties = Listener {
        load_balancer_arn: Late::Reference(Arc::from(balancer_id(front))),
        port: outside,
        protocol,
        default_actions: vec![Action {
            kind: "forward",
            target_group_arn: Late::Reference(Arc::clone(&target_group)),
        }],
    };
    let kind = "AWS::ElasticLoadBalancingV2::Listener";
    draft.resource(kind, &listener, &first.path, &properties);
    balanced.listeners.push(listener);
    balanced.targets.push(api::LoadBalancer {
        target_group_arn: Late::Reference(target_group),
        container_name: first.container.clone(),
        container_port: first.target,
    });
}

fn create(draft: &mut Draft, front: Front, kind: &'static str, rules: Vec<IngressRule>) {
    if rules.is_empty() {
        return;
    }
    let owner = FieldPath::root("services");
    let id: Arc<str> = Arc::from(balancer_id(front));
    let group_id: Arc<str> = Arc::from(format!("{id}Group"));
    let group = SecurityGroup {
        group_description: "Published ports of the load balancer".to_owned(),
        vpc_id: Some(draft.vpc()),
        security_group_ingress: rules,
        security_group_egress: Vec::new(),
    };
    draft.resource("AWS::EC2::SecurityGroup", &group_id, &owner, &group);
    let balancer = LoadBalancer {
        kind,
        scheme: "internet-facing",
        subnets: draft.public_subnets(),
        security_groups: LateList::Items(vec![Late::Attribute(group_id, "GroupId")]),
    };
    let resource = "AWS::ElasticLoadBalancingV2::LoadBalancer";
    draft.resource(resource, &id, &owner, &balancer);
    let output: Arc<str> = Arc::from(format!("{id}Address"));
    let address = Output {
        description: "The name published ports are reached at.",
        value: Late::Attribute(id, "DNSName"),
    };
    draft.output(&output, &address);
}

fn listener_protocol(front: Front, published: &[Published]) -> &'static str {
    let has = |protocol| published.iter().any(|one| one.protocol == protocol);
    match front {
        Front::Requests => "HTTP",
        Front::Connections | Front::Nothing => match (has(Protocol::Tcp), has(Protocol::Udp)) {
            (true, true) => "TCP_UDP",
            (false, true) => "UDP",
            (true | false, false) => "TCP",
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
    let requests = front == Front::Requests;
    let path = health
        .filter(|(port, _)| *port == first.target)
        .map(|(_, path)| path);
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
        health_check_path: requests.then(|| path.map_or_else(|| "/".to_owned(), String::clone)),
        matcher: requests.then(|| matcher(first, path.is_some())),
    }
}

/// Which answers to the balancer's checks count as healthy.
///
/// A compose file has no such checks, so any answer but a failure of the server counts unless the
/// path is the one of the service's own check.
fn matcher(first: &Published, is_path_known: bool) -> Matcher {
    if first.spoken == Some("grpc") {
        return Matcher {
            http_code: None,
            grpc_code: Some("0-99"),
        };
    }
    let codes = if is_path_known { "200-399" } else { "200-499" };
    Matcher {
        http_code: Some(codes),
        grpc_code: None,
    }
}
