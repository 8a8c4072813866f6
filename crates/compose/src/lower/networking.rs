//! Networks, names and how tasks meet.

use indexmap::IndexMap;
use tranship_model::{Attachment, Dns, FieldPath, HostEntry, Link, NetworkMode, Networking};

use super::record::Record;
use super::{codes, convert, ports};
use crate::field::{ExtraHosts, Map, Namespace};
use crate::project::{ContainerSpec, ServiceNetwork, WorkloadSpec};

/// How a task meets others.
pub(super) fn networking(
    container: &ContainerSpec,
    workload: &WorkloadSpec,
    record: &mut Record<'_>,
) -> Networking {
    Networking {
        mode: mode(container, record),
        hostname: container.hostname.clone(),
        domain_name: container.domainname.clone(),
        mac_address: container.mac_address.clone(),
        dns: dns(container, record),
        extra_hosts: extra_hosts(&container.extra_hosts, record),
        links: Vec::new(),
        external_links: Vec::new(),
        ports: ports::ports(&workload.ports, record),
        exposed: ports::exposed(&workload.expose, record),
    }
}

fn mode(container: &ContainerSpec, record: &mut Record<'_>) -> NetworkMode {
    let Some(mode) = &container.network_mode else {
        return NetworkMode::Attached(attachments(&container.networks, record));
    };
    record.whole("mode", "network_mode");
    if !container.networks.is_empty() {
        record
            .note("networks")
            .equivalent(&codes::OVERRULED, "`network_mode` excludes networks");
    }
    match mode {
        Namespace::Host => NetworkMode::Host,
        Namespace::Bridge => NetworkMode::Bridge,
        Namespace::Absent => NetworkMode::None,
        Namespace::Service(service) => NetworkMode::Service(service.clone()),
        Namespace::Container(container) => NetworkMode::Container(container.clone()),
        Namespace::Private | Namespace::Shareable | Namespace::Named(_) => {
            NetworkMode::Other(mode.to_string())
        }
    }
}

fn attachments(
    networks: &Map<Option<ServiceNetwork>>,
    record: &mut Record<'_>,
) -> IndexMap<String, Attachment> {
    let attached = networks.iter().map(|(key, network)| {
        let attachment = network
            .as_ref()
            .map(|network| attachment(key, network, record));
        (key.clone(), attachment.unwrap_or_default())
    });
    attached.collect()
}

fn attachment(key: &str, network: &ServiceNetwork, record: &mut Record<'_>) -> Attachment {
    let ServiceNetwork {
        aliases,
        driver_opts,
        gw_priority,
        interface_name,
        ipv4_address,
        ipv6_address,
        link_local_ips,
        mac_address,
        priority,
        use_service_name_alias,
        extensions,
    } = network;
    record_attachment(key, network, record);
    record.extensions(format_args!("networks.{key}"), extensions);
    Attachment {
        aliases: aliases.clone(),
        service_name_alias: *use_service_name_alias,
        ipv4_address: ipv4_address.clone(),
        ipv6_address: ipv6_address.clone(),
        link_local_addresses: link_local_ips.clone(),
        mac_address: mac_address.clone(),
        interface_name: interface_name.clone(),
        priority: priority.map(rank),
        gateway_priority: gw_priority.map(rank),
        driver_options: convert::texts(driver_opts),
    }
}

/// A rank as the model has it; only astronomic ones lose their last digits.
#[expect(
    clippy::cast_precision_loss,
    reason = "ranks are small numbers that are compared"
)]
fn rank(priority: i64) -> f64 {
    priority as f64
}

/// The keys of networks are free, so the dictionary cannot know what is inside.
fn record_attachment(key: &str, network: &ServiceNetwork, record: &mut Record<'_>) {
    let words = [
        (
            network.use_service_name_alias.is_some(),
            "service_name_alias",
            "use_service_name_alias",
        ),
        (
            !network.link_local_ips.is_empty(),
            "link_local_addresses",
            "link_local_ips",
        ),
        (
            network.gw_priority.is_some(),
            "gateway_priority",
            "gw_priority",
        ),
        (
            !network.driver_opts.is_empty(),
            "driver_options",
            "driver_opts",
        ),
    ];
    for (is_set, ours, theirs) in words {
        if is_set {
            record.spelled(
                format!("mode.{key}.{ours}"),
                format!("networks.{key}.{theirs}"),
            );
        }
    }
}

fn dns(container: &ContainerSpec, record: &mut Record<'_>) -> Dns {
    let lists = [
        ("dns", &container.dns),
        ("dns_search", &container.dns_search),
        ("dns_opt", &container.dns_opt),
    ];
    for (key, list) in lists {
        if !list.is_empty() {
            record.gathered("dns", key);
        }
    }
    Dns {
        servers: container.dns.clone(),
        search: container.dns_search.clone(),
        options: container.dns_opt.clone(),
    }
}

/// Compose prints one entry for each address, sorted; the model keeps one for each name.
fn extra_hosts(hosts: &ExtraHosts, record: &mut Record<'_>) -> Vec<HostEntry> {
    let mut printed = Vec::new();
    for (name_index, (name, addresses)) in hosts.0.iter().enumerate() {
        for (index, address) in addresses.iter().enumerate() {
            printed.push((format!("{name}={address}"), name_index, index));
        }
    }
    printed.sort_unstable();
    for (at, (_, name, address)) in printed.iter().enumerate() {
        let entry = FieldPath::root("extra_hosts").index(*name);
        let config = format!("extra_hosts[{at}]");
        record.whole(
            entry.key("addresses").index(*address).to_string(),
            config.clone(),
        );
        record.whole(entry.to_string(), config);
    }
    let entry = |(name, addresses): (&String, &Vec<String>)| HostEntry {
        name: name.clone(),
        addresses: addresses.clone(),
    };
    hosts.0.iter().map(entry).collect()
}

/// Links of the form `target[:alias]`.
pub(super) fn links(links: &[String]) -> Vec<Link> {
    let link = |link: &String| match link.split_once(':') {
        Some((target, alias)) => Link {
            target: target.to_owned(),
            alias: Some(alias.to_owned()),
        },
        None => Link {
            target: link.clone(),
            alias: None,
        },
    };
    links.iter().map(link).collect()
}
