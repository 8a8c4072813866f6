//! Networks: a security group each, whose members reach each other.

use indexmap::IndexMap;
use tranship_model::{Ledger, Network, Present, Topic};

use super::dropped::drop_fields;
use crate::cloudformation::{
    IngressRule, Parameter, SecurityGroup, SecurityGroupEgress, SecurityGroupIngress,
};
use crate::codes;
use crate::draft::Draft;
use crate::late::Late;
use crate::names;

/// Creates the networks' groups, and gives the group of each by its key.
pub(crate) fn translate<'a>(
    draft: &mut Draft,
    ledger: &mut Ledger,
    networks: &'a IndexMap<String, Network>,
) -> IndexMap<&'a str, Late> {
    let mut groups = IndexMap::with_capacity(networks.len());
    for (key, network) in networks {
        let group = if network.external {
            external_group(draft, ledger, key, network)
        } else {
            own_group(draft, ledger, key, network)
        };
        groups.insert(key.as_str(), group);
    }
    groups
}

fn external_group(draft: &mut Draft, ledger: &mut Ledger, key: &str, network: &Network) -> Late {
    let id = names::logical_id(key, "NetworkId");
    let parameter = Parameter {
        kind: "AWS::EC2::SecurityGroup::Id",
        description: format!(
            "The security group that stands for the network {}.",
            network.name
        ),
        default: None,
        allowed_values: Vec::new(),
    };
    let group = draft.parameter(&id, &network.path, parameter);
    let mut topic = ledger.topic(network.path.clone(), Vec::new());
    topic.approximate(
        &codes::EXTERNAL,
        format!("the parameter `{id}` names the security group tasks join; nothing is created"),
    );
    group
}

fn own_group(draft: &mut Draft, ledger: &mut Ledger, key: &str, network: &Network) -> Late {
    let id = names::logical_id(key, "Network");
    let group = SecurityGroup {
        group_description: format!("The network {}", plain_description(&network.name)),
        vpc_id: Some(draft.vpc()),
        security_group_ingress: Vec::new(),
        security_group_egress: closed_egress(draft, network),
    };
    let object = draft.resource("AWS::EC2::SecurityGroup", &id, &network.path, &group);
    let itself = Late::Attribute(id, "GroupId");
    let members = SecurityGroupIngress {
        group_id: itself.clone(),
        ip_protocol: "-1",
        source_security_group_id: itself.clone(),
    };
    let rule = names::logical_id(key, "NetworkMembers");
    draft.resource(
        "AWS::EC2::SecurityGroupIngress",
        &rule,
        &network.path,
        &members,
    );
    if is_closed(draft, network) {
        let members = SecurityGroupEgress {
            group_id: itself.clone(),
            ip_protocol: "-1",
            destination_security_group_id: itself.clone(),
        };
        let rule = names::logical_id(key, "NetworkWayOut");
        draft.resource(
            "AWS::EC2::SecurityGroupEgress",
            &rule,
            &network.path,
            &members,
        );
    }
    note_fields(
        &mut ledger.topic(network.path.clone(), vec![object]),
        draft,
        network,
    );
    itself
}

/// A rule that leads nowhere, in place of the one that lets everything out.
fn closed_egress(draft: &Draft, network: &Network) -> Vec<IngressRule> {
    if !is_closed(draft, network) {
        return Vec::new();
    }
    vec![IngressRule {
        ip_protocol: "-1",
        from_port: None,
        to_port: None,
        cidr_ip: Some(Late::text("127.0.0.1/32")),
        source_security_group_id: None,
    }]
}

/// Whether members may be kept from the internet: on an instance it is the agent that fetches
/// images and writes logs, on Fargate it is the task's own interface.
fn is_closed(draft: &Draft, network: &Network) -> bool {
    network.internal == Some(true) && !draft.is_fargate()
}

fn note_fields(topic: &mut Topic<'_>, draft: &Draft, network: &Network) {
    let Network {
        name: _,
        path: _,
        external: _,
        driver,
        driver_options,
        internal,
        attachable,
        ipv4,
        ipv6,
        ipam,
        labels,
    } = network;
    topic.equivalent(
        &codes::NETWORK,
        "tasks in the security group reach each other on every port, and no others reach them",
    );
    let fields: [(&str, &dyn Present); 3] = [
        ("driver", driver),
        ("driver_options", driver_options),
        ("attachable", attachable),
    ];
    drop_fields(
        topic,
        &codes::NETWORK,
        "the VPC is the only network there is, and takes no options",
        &fields,
    );
    let fields: [(&str, &dyn Present); 3] = [("ipv4", ipv4), ("ipv6", ipv6), ("ipam", ipam)];
    drop_fields(
        topic,
        &codes::NETWORK,
        "the subnets decide on addresses",
        &fields,
    );
    topic.drop_field(
        "labels",
        labels,
        &codes::LABELS,
        "the security group is not labelled",
    );
    match internal {
        Some(true) if draft.is_fargate() => topic.key("internal").dropped(
            &codes::INTERNAL_NETWORK,
            "tasks reach the internet: a Fargate task that cannot fetches no image and writes no log",
        ),
        Some(true | false) => topic.key("internal").exact(),
        None => {}
    }
}

/// Descriptions of groups take letters, digits and a few signs.
///
/// Source: EC2, `GroupDescription`, `a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*`.
pub(crate) fn plain_description(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    name.chars()
        .take(200)
        .map(|letter| if is_plain(letter) { letter } else { '-' })
        .collect()
}
