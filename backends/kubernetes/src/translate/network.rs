//! Names, name servers and network modes of a task.

use std::net::IpAddr;

use indexmap::IndexMap;
use k8s_openapi::api::core::v1::{HostAlias, PodDNSConfig, PodDNSConfigOption};
use tranship_model::{Attachment, Dns, HostEntry, Link, NetworkMode, Networking, Topic};

use super::isolation;
use super::notes::drop_all;
use super::pod::{Pod, unless_default};
use super::world::{Alias, World};
use crate::{codes, names};

/// The most name servers and search domains a pod takes.
const SERVER_LIMIT: usize = 3;
const SEARCH_LIMIT: usize = 32;

/// Translates how a task of `service` meets others, but for its ports.
pub(super) fn networking(
    networking: &Networking,
    service: &str,
    world: &World<'_>,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) {
    let Networking {
        mode,
        hostname,
        domain_name,
        mac_address,
        dns,
        extra_hosts,
        links,
        external_links,
        ports: _, // In `ports`.
        exposed: _,
    } = networking;
    self::mode(mode, service, world, pod, &mut topic.key("mode"));
    for alias in world.shared_aliases(service) {
        pod.labels.insert(
            super::cluster_services::alias_label(alias),
            "true".to_owned(),
        );
    }
    if let Some(name) = hostname {
        self::hostname(name, pod, &mut topic.key("hostname"));
    }
    let detail = "the task's domain is the cluster's own";
    topic.drop_field("domain_name", domain_name, &codes::HOSTNAME, detail);
    let detail = "the cluster's network picks the hardware address";
    topic.drop_field("mac_address", mac_address, &codes::FIXED_ADDRESS, detail);
    self::dns(dns, pod, &mut topic.key("dns"));
    pod.spec.host_aliases = host_aliases(extra_hosts, &mut topic.key("extra_hosts"));
    for (index, link) in links.iter().enumerate() {
        note_link(link, world, &mut topic.key("links").index(index));
    }
    for (index, link) in external_links.iter().enumerate() {
        let Link { target, alias: _ } = link;
        let detail = format!("the cluster does not know the container `{target}`");
        topic
            .key("external_links")
            .index(index)
            .refused(&codes::OUTSIDE_CONTAINER, detail);
    }
}

fn mode(
    mode: &NetworkMode,
    service: &str,
    world: &World<'_>,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) {
    match mode {
        NetworkMode::Attached(attachments) => attached(attachments, service, world, pod, topic),
        NetworkMode::Host => {
            pod.spec.host_network = Some(true);
            // Names of the stack are found all the same.
            pod.spec.dns_policy = Some("ClusterFirstWithHostNet".to_owned());
            topic.exact();
        }
        NetworkMode::Bridge => {
            let detail = "the task is in the cluster's network, with the names of the stack";
            topic.approximate(&codes::NETWORK_BRIDGE, detail);
        }
        NetworkMode::None => {
            let detail = "the task has an address; a network policy keeps everything from it, where \
                          the cluster's network enforces policies";
            topic.approximate(&codes::NETWORK_NONE, detail);
        }
        NetworkMode::Service(other) => {
            for key in world.networks_of(other).filter(|_| world.is_isolated()) {
                pod.labels.insert(isolation::label(key), "true".to_owned());
            }
            let detail = format!(
                "the task has an address of its own, in the networks of `{other}`; what listens at \
                 that task's `localhost` is found by its name"
            );
            topic.refused(&codes::NETWORK_SHARED, detail);
        }
        NetworkMode::Container(other) | NetworkMode::Other(other) => {
            let detail =
                format!("the cluster does not know `{other}`; the task is in its own network");
            topic.refused(&codes::NETWORK_SHARED, detail);
        }
    }
}

fn attached(
    attachments: &IndexMap<String, Attachment>,
    service: &str,
    world: &World<'_>,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) {
    if attachments.is_empty() {
        let detail = "the task is in the cluster's network all the same";
        topic.equivalent(&codes::NETWORK_FLAT, detail);
    }
    for (key, attachment) in attachments {
        let mut topic = topic.key(key);
        if world.is_isolated() {
            pod.labels.insert(isolation::label(key), "true".to_owned());
            topic.exact();
        } else {
            let detail = "all tasks of the namespace are in one network";
            topic.equivalent(&codes::NETWORK_FLAT, detail);
        }
        self::attachment(attachment, service, world, &mut topic);
    }
}

fn attachment(attachment: &Attachment, service: &str, world: &World<'_>, topic: &mut Topic<'_>) {
    let Attachment {
        aliases,
        service_name_alias,
        ipv4_address,
        ipv6_address,
        link_local_addresses,
        mac_address,
        interface_name,
        priority,
        gateway_priority,
        driver_options,
    } = attachment;
    for (index, alias) in aliases.iter().enumerate() {
        note_alias(
            service,
            alias,
            world,
            &mut topic.key("aliases").index(index),
        );
    }
    note_own_name(*service_name_alias, &mut topic.key("service_name_alias"));
    let detail = "the cluster's network picks the address; use names";
    drop_all(
        topic,
        &codes::FIXED_ADDRESS,
        detail,
        &[
            ("ipv4_address", ipv4_address),
            ("ipv6_address", ipv6_address),
            ("link_local_addresses", link_local_addresses),
            ("mac_address", mac_address),
        ],
    );
    let detail = "the task has one interface, in the cluster's one network";
    drop_all(
        topic,
        &codes::ONE_INTERFACE,
        detail,
        &[
            ("interface_name", interface_name),
            ("priority", priority),
            ("gateway_priority", gateway_priority),
            ("driver_options", driver_options),
        ],
    );
}

fn note_own_name(is_found: Option<bool>, topic: &mut Topic<'_>) {
    match is_found {
        None => {}
        Some(true) => topic.exact(),
        Some(false) => topic.dropped(&codes::ALIAS, "the service is found by its own name too"),
    }
}

fn note_alias(service: &str, alias: &str, world: &World<'_>, topic: &mut Topic<'_>) {
    match world.alias(service, alias) {
        Alias::Own => topic.exact(),
        Alias::Carried(name) => {
            let detail = format!("the cluster service `{name}` leads to it, from every network");
            topic.equivalent(&codes::ALIAS, detail);
        }
        Alias::Taken => {
            let detail = format!("`{alias}` leads to the service of that name only");
            topic.refused(&codes::ALIAS, detail);
        }
        Alias::Illegal => {
            let detail = format!("no cluster service can be called `{alias}`, so nobody finds it");
            topic.refused(&codes::ALIAS, detail);
        }
    }
}

fn note_link(link: &Link, world: &World<'_>, topic: &mut Topic<'_>) {
    let Link { target, alias } = link;
    if world.member(target).is_none() {
        let detail = format!("the stack has no service `{target}`");
        topic.refused(&codes::UNDEFINED, detail);
        return;
    }
    note_alias(target, alias.as_ref().unwrap_or(target), world, topic);
}

fn hostname(name: &str, pod: &mut Pod, topic: &mut Topic<'_>) {
    let lower = name.to_ascii_lowercase();
    if names::is_subdomain(name) && !name.contains('.') {
        topic.exact();
        pod.spec.hostname = Some(lower);
        return;
    }
    let first = names::label(lower.split('.').next().unwrap_or(""), names::LABEL_LIMIT);
    let detail = format!("the task calls itself `{first}`, not `{name}`");
    topic.approximate(&codes::HOSTNAME, detail);
    pod.spec.hostname = Some(first);
}

fn dns(dns: &Dns, pod: &mut Pod, topic: &mut Topic<'_>) {
    let Dns {
        servers,
        search,
        options,
    } = dns;
    let nameservers = servers_taken(servers, &mut topic.key("servers"));
    let searches = searches_taken(search, &mut topic.key("search"));
    let options = topic
        .carry("options", options)
        .iter()
        .map(|option| option_taken(option));
    let config = PodDNSConfig {
        nameservers: unless_default(nameservers),
        searches: unless_default(searches),
        options: unless_default(options.collect()),
    };
    pod.spec.dns_config = unless_default(config);
}

fn servers_taken(servers: &[String], topic: &mut Topic<'_>) -> Vec<String> {
    let mut taken = Vec::new();
    for (index, server) in servers.iter().enumerate() {
        let mut field = topic.index(index);
        if server.parse::<IpAddr>().is_err() || taken.len() >= SERVER_LIMIT {
            field.dropped(
                &codes::DNS_LIMITS,
                "a pod takes three addresses of name servers",
            );
        } else {
            let detail = "it is asked when the cluster's own name server does not answer; Docker \
                          asks it for every name outside the stack";
            field.approximate(&codes::DNS_SERVERS, detail);
            taken.push(server.clone());
        }
    }
    taken
}

fn searches_taken(search: &[String], topic: &mut Topic<'_>) -> Vec<String> {
    let mut taken = Vec::new();
    for (index, domain) in search.iter().enumerate() {
        let mut field = topic.index(index);
        let lower = domain.trim_end_matches('.').to_ascii_lowercase();
        if !names::is_subdomain(&lower) || taken.len() >= SEARCH_LIMIT {
            field.dropped(&codes::DNS_LIMITS, "it is no domain the cluster takes");
        } else {
            field.equivalent(
                &codes::DNS_SERVERS,
                "the cluster's own domains are tried first",
            );
            taken.push(lower);
        }
    }
    taken
}

fn option_taken(option: &str) -> PodDNSConfigOption {
    match option.split_once(':') {
        Some((name, value)) => PodDNSConfigOption {
            name: Some(name.to_owned()),
            value: Some(value.to_owned()),
        },
        None => PodDNSConfigOption {
            name: Some(option.to_owned()),
            value: None,
        },
    }
}

fn host_aliases(hosts: &[HostEntry], topic: &mut Topic<'_>) -> Option<Vec<HostAlias>> {
    let mut aliases: Vec<HostAlias> = Vec::new();
    for (index, HostEntry { name, addresses }) in hosts.iter().enumerate() {
        let mut topic = topic.index(index);
        let lower = name.to_ascii_lowercase();
        for (at, address) in addresses.iter().enumerate() {
            let mut field = topic.key("addresses");
            let mut field = field.index(at);
            if address.parse::<IpAddr>().is_err() {
                let detail =
                    format!("`{address}` is known on each node only; `{name}` is not found");
                field.refused(&codes::HOST_GATEWAY, detail);
            } else if names::is_subdomain(&lower) {
                add_host(&mut aliases, address, &lower);
                field.exact();
            } else {
                field.refused(&codes::HOST_NAME, "the cluster takes no host of this name");
            }
        }
    }
    unless_default(aliases)
}

fn add_host(aliases: &mut Vec<HostAlias>, address: &str, name: &str) {
    let name = name.to_owned();
    match aliases.iter_mut().find(|alias| alias.ip == address) {
        Some(alias) => alias.hostnames.get_or_insert_default().push(name),
        None => aliases.push(HostAlias {
            ip: address.to_owned(),
            hostnames: Some(vec![name]),
        }),
    }
}
