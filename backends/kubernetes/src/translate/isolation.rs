//! Networks that keep services apart, as network policies.

use std::collections::{BTreeSet, HashSet};

use k8s_openapi::api::networking::v1::{
    NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
    NetworkPolicyPort, NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use tranship_model::{FieldPath, Ipam, Ledger, Network, NetworkMode, ObjectId, Topic};

use super::claims::{note_name, short_name, sort_labels};
use super::notes::drop_all;
use super::output::Output;
use super::world::{World, tasks};
use crate::labels::{self, Pairs};
use crate::{codes, names};

const LABEL_PREFIX: &str = "network.tranship/";

/// The label of tasks in the network with this key.
pub(super) fn label(key: &str) -> String {
    format!("{LABEL_PREFIX}{}", names::label(key, names::LABEL_LIMIT))
}

/// Makes the policies of a stack's networks.
///
/// A task that any policy selects is reached only by what some policy allows, and policies add up:
/// a task in two networks is reached from both.
pub(super) fn networks(world: &World<'_>, ledger: &mut Ledger, output: &mut Output) {
    let is_internal = |network: &Network| network.internal == Some(true);
    let used = used_networks(world);
    let any_internal = world.stack.networks.values().any(is_internal);
    for (key, network) in &world.stack.networks {
        let base = short_name(&world.stack.name, key, &network.name);
        let name = format!("network-{}", names::label(base, names::BASE_LIMIT));
        let used = used.contains(key.as_str());
        let made = world.is_isolated() && used;
        let object = made.then(|| ObjectId::new("NetworkPolicy", name.as_str()));
        let mut topic = ledger.topic(network.path.clone(), object.into_iter().collect());
        if !used {
            topic.equivalent(&codes::UNUSED, "no service is in it");
            continue;
        }
        let mut metadata = metadata(world, name.clone(), None);
        note(network, &name, made, &mut metadata, &mut topic);
        if made {
            let policy = policy(metadata, key, any_internal, is_internal(network));
            output.emit(&network.path, &policy);
        }
    }
}

/// The networks at least one task is in.
fn used_networks<'stack>(world: &World<'stack>) -> HashSet<&'stack str> {
    tasks(world.stack)
        .flat_map(|task| task.networking.mode.attachments())
        .map(|(key, _)| key.as_str())
        .collect()
}

fn metadata(world: &World<'_>, name: String, service: Option<&str>) -> ObjectMeta {
    let stack = &world.stack.name;
    ObjectMeta {
        name: Some(name),
        labels: Some(match service {
            Some(service) => labels::of_service(stack, service),
            None => labels::common(stack),
        }),
        ..ObjectMeta::default()
    }
}

fn note(
    network: &Network,
    policy: &str,
    made: bool,
    metadata: &mut ObjectMeta,
    topic: &mut Topic<'_>,
) {
    let Network {
        name,
        path: _,
        external,
        driver,
        driver_options,
        internal,
        attachable,
        ipv4,
        ipv6,
        ipam,
        labels,
    } = network;
    note_policy(name, policy, made, topic);
    if made {
        sort_labels(labels, metadata, topic);
    } else {
        topic.drop_field(
            "labels",
            labels,
            &codes::NETWORK_FLAT,
            "no object stands for the network",
        );
    }
    if *external {
        let detail = "tasks outside the stack are in the cluster's network, not in this one";
        topic.key("external").approximate(&codes::EXTERNAL, detail);
    }
    if driver.is_some() {
        let detail = "the cluster's own network carries it";
        topic
            .key("driver")
            .equivalent(&codes::NETWORK_DRIVER, detail);
    }
    topic.carry("internal", *internal);
    let detail = "the cluster's one network decides this for all of its tasks";
    drop_all(
        topic,
        &codes::NETWORK_DRIVER,
        detail,
        &[
            ("driver_options", driver_options),
            ("attachable", attachable),
            ("ipv4", ipv4),
            ("ipv6", ipv6),
        ],
    );
    if let Some(ipam) = ipam {
        note_addresses(ipam, &mut topic.key("ipam"));
    }
}

fn note_policy(name: &str, policy: &str, made: bool, topic: &mut Topic<'_>) {
    if made {
        note_name(name, policy, false, topic);
        let detail = "policies hold where the cluster's network enforces them";
        topic.equivalent(&codes::NETWORK_POLICY, detail);
    } else {
        let detail = "all tasks of the namespace are in one network";
        topic.key("name").equivalent(&codes::NETWORK_FLAT, detail);
    }
}

fn note_addresses(ipam: &Ipam, topic: &mut Topic<'_>) {
    let Ipam {
        driver,
        options,
        pools,
    } = ipam;
    let detail = "the cluster's network gives out addresses of its own";
    topic.dropped(&codes::NETWORK_ADDRESSES, detail);
    drop_all(
        topic,
        &codes::NETWORK_ADDRESSES,
        detail,
        &[("driver", driver), ("options", options), ("pools", pools)],
    );
}

fn policy(metadata: ObjectMeta, key: &str, any_internal: bool, internal: bool) -> NetworkPolicy {
    let members = LabelSelector {
        match_labels: Some([(label(key), "true".to_owned())].into()),
        match_expressions: None,
    };
    let peers = vec![NetworkPolicyPeer {
        pod_selector: Some(members.clone()),
        ..NetworkPolicyPeer::default()
    }];
    // Beside an internal network, any other must allow the way out explicitly: a task may be in
    // both, and then the internal one alone would keep it in.
    let egress = match (any_internal, internal) {
        (false, _) => None,
        (true, false) => Some(vec![NetworkPolicyEgressRule::default()]),
        (true, true) => Some(vec![
            NetworkPolicyEgressRule {
                to: Some(peers.clone()),
                ports: None,
            },
            name_lookups(),
        ]),
    };
    new(metadata, members, Some(vec![from(peers)]), egress)
}

fn from(peers: Vec<NetworkPolicyPeer>) -> NetworkPolicyIngressRule {
    NetworkPolicyIngressRule {
        from: Some(peers),
        ports: None,
    }
}

fn name_lookups() -> NetworkPolicyEgressRule {
    let ports = ["UDP", "TCP"].map(|protocol| open_port(53, protocol));
    NetworkPolicyEgressRule {
        to: None,
        ports: Some(ports.to_vec()),
    }
}

fn open_port(port: u16, protocol: &str) -> NetworkPolicyPort {
    NetworkPolicyPort {
        port: Some(IntOrString::Int(i32::from(port))),
        protocol: Some(protocol.to_owned()),
        end_port: None,
    }
}

fn new(
    metadata: ObjectMeta,
    pod_selector: LabelSelector,
    ingress: Option<Vec<NetworkPolicyIngressRule>>,
    egress: Option<Vec<NetworkPolicyEgressRule>>,
) -> NetworkPolicy {
    let mut policy_types = vec!["Ingress".to_owned()];
    policy_types.extend(egress.is_some().then(|| "Egress".to_owned()));
    NetworkPolicy {
        metadata,
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(pod_selector),
            ingress,
            egress,
            policy_types: Some(policy_types),
        }),
    }
}

/// What the policies of one service are about.
pub(super) struct Guarded<'service> {
    /// The service's name on the cluster.
    pub(super) name: &'service str,
    /// Where it stands in the stack.
    pub(super) path: &'service FieldPath,
    /// The labels of its tasks.
    pub(super) selector: Pairs,
    /// Ports reached from outside.
    pub(super) open: &'service BTreeSet<(u16, &'static str)>,
    /// How it meets others.
    pub(super) mode: &'service NetworkMode,
}

/// Keeps published ports open in spite of the networks' policies, and everything shut for a task
/// without a network.
pub(super) fn service(guarded: Guarded<'_>, world: &World<'_>, output: &mut Output) {
    let Guarded {
        name,
        path,
        selector,
        open,
        mode,
    } = guarded;
    if !world.is_isolated() {
        return;
    }
    let selector = LabelSelector {
        match_labels: Some(selector),
        match_expressions: None,
    };
    match mode {
        NetworkMode::None => {
            let metadata = metadata(world, world.derived_name(name, "isolated"), Some(name));
            output.emit(path, &new(metadata, selector, None, Some(Vec::new())));
        }
        NetworkMode::Attached(_) if !open.is_empty() => {
            let ports = open
                .iter()
                .map(|(port, protocol)| open_port(*port, protocol));
            let rule = NetworkPolicyIngressRule {
                from: None,
                ports: Some(ports.collect()),
            };
            let metadata = metadata(world, world.derived_name(name, "published"), Some(name));
            output.emit(path, &new(metadata, selector, Some(vec![rule]), None));
        }
        NetworkMode::Attached(_)
        | NetworkMode::Host
        | NetworkMode::Bridge
        | NetworkMode::Service(_)
        | NetworkMode::Container(_)
        | NetworkMode::Other(_) => {}
    }
}
