//! Networks, names and how tasks meet.

use indexmap::IndexMap;
use tranship_model::{Attachment, Dns, HostEntry, Link, NetworkMode, Networking, Present, Topic};

use super::dropped::drop_fields;
use super::edge;
use super::task::{TaskDraft, Wiring};
use super::world::World;
use crate::api::{self, ContainerDefinition};
use crate::{codes, names};

/// Translates how one container meets others.
pub(crate) fn translate(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    networking: &Networking,
    container: &mut ContainerDefinition,
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
        ports,
        exposed,
    } = networking;
    translate_mode(task, topic, world, mode);
    translate_hostname(task, topic, hostname.as_deref(), container);
    topic.drop_field(
        "domain_name",
        domain_name,
        &codes::HOSTNAME,
        "the process sees the domain of its machine",
    );
    topic.drop_field(
        "mac_address",
        mac_address,
        &codes::ADDRESS,
        "the interface gets an address of its own",
    );
    translate_dns(task, &mut topic.key("dns"), dns, container);
    translate_hosts(task, topic, extra_hosts, container);
    translate_links(task, topic, world, links);
    topic.refuse_field(
        "external_links",
        external_links,
        &codes::LINK,
        "containers outside the stack cannot be reached by name",
    );
    edge::translate_ports(task, topic, ports, container);
    edge::translate_exposed(task, topic, exposed, container);
}

fn translate_mode(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    mode: &NetworkMode,
) {
    let mut topic = topic.key("mode");
    match mode {
        NetworkMode::Attached(attachments) => attach(task, &mut topic, world, attachments),
        NetworkMode::Host => by_wiring(
            task,
            &mut topic,
            Wiring::Host,
            "the node's network",
            "an interface of its own: it reaches nothing on the machine, and others reach it at its own address",
        ),
        NetworkMode::Bridge => by_wiring(
            task,
            &mut topic,
            Wiring::Bridge,
            "the node's bridge",
            "an interface of its own",
        ),
        NetworkMode::None => by_wiring(
            task,
            &mut topic,
            Wiring::None,
            "no network",
            "an interface of its own, through which it reaches the internet",
        ),
        NetworkMode::Service(target) => match world.places.get(target.as_str()) {
            Some(_) => topic.equivalent(
                &codes::SHARED_TASK,
                format!("it runs in the task of `{target}`: both start, stop and scale together"),
            ),
            None => topic.refused(
                &codes::SHARED_TASK,
                format!("there is no service `{target}` whose task it could join"),
            ),
        },
        NetworkMode::Container(target) | NetworkMode::Other(target) => topic.refused(
            &codes::NETWORK_MODE,
            format!("`{target}` lies outside the stack; the task gets an interface of its own"),
        ),
    }
}

fn by_wiring(task: &TaskDraft, topic: &mut Topic<'_>, wanted: Wiring, what: &str, instead: &str) {
    if task.wiring == wanted {
        topic.exact();
    } else {
        topic.refused(
            &codes::NETWORK_MODE,
            format!("a task cannot have {what} here; it has {instead}"),
        );
    }
}

fn attach(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    attachments: &IndexMap<String, Attachment>,
) {
    for (key, attachment) in attachments {
        let mut topic = topic.key(key);
        match world.networks.get(key.as_str()) {
            Some(group) if task.wiring == Wiring::Own => {
                task.join(group.clone());
                topic.exact();
            }
            Some(_) => topic.refused(
                &codes::SHARED_TASK,
                "the task it runs in is in no network of the stack",
            ),
            None => topic.refused(&codes::NETWORK, "there is no such network in the stack"),
        }
        attachment_fields(task, &mut topic, world, attachment);
    }
}

fn attachment_fields(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    attachment: &Attachment,
) {
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
        let mut topic = topic.key("aliases");
        add_alias(task, &mut topic.index(index), world, alias, None);
    }
    note_own_name(topic, *service_name_alias);
    let fields: [(&str, &dyn Present); 4] = [
        ("ipv4_address", ipv4_address),
        ("ipv6_address", ipv6_address),
        ("link_local_addresses", link_local_addresses),
        ("mac_address", mac_address),
    ];
    let lost = "every task gets one address from its subnet";
    drop_fields(topic, &codes::ADDRESS, lost, &fields);
    let fields: [(&str, &dyn Present); 4] = [
        ("interface_name", interface_name),
        ("priority", priority),
        ("gateway_priority", gateway_priority),
        ("driver_options", driver_options),
    ];
    let lost = "a task has one interface for all networks, as the machine sets it up";
    drop_fields(topic, &codes::ADDRESS, lost, &fields);
}

fn note_own_name(topic: &mut Topic<'_>, is_alias: Option<bool>) {
    let mut own = topic.key("service_name_alias");
    match is_alias {
        None => {}
        Some(true) => own.exact(),
        Some(false) => own.dropped(&codes::ALIAS, "the service's own name still leads to it"),
    }
}

/// Notes a further name, and keeps it where it can be one; `target` is whom it leads to, or the
/// service itself.
fn add_alias(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    alias: &str,
    target: Option<&str>,
) {
    let owner = target.unwrap_or(task.main.as_str());
    let leads_to = world.places.get(owner).map_or(owner, |place| place.main);
    if world
        .places
        .get(alias)
        .is_some_and(|place| place.main == leads_to)
    {
        return topic.exact();
    }
    if world.places.contains_key(alias) {
        return topic.dropped(
            &codes::ALIAS,
            format!("`{alias}` leads to the service of that name only"),
        );
    }
    let is_reachable = world
        .places
        .get(owner)
        .is_some_and(|place| place.ecs_service.is_some());
    if world.domain.is_none() || !is_reachable {
        return topic.dropped(
            &codes::ALIAS,
            format!("`{alias}` leads nowhere: there is no service to find under it"),
        );
    }
    if !names::is_label(alias) {
        return topic.dropped(
            &codes::ALIAS,
            format!("`{alias}` is no name within the stack's domain, and leads nowhere"),
        );
    }
    topic.equivalent(
        &codes::ALIAS,
        format!("`{alias}` is one more name in the stack's domain, for all services"),
    );
    task.aliases.push((alias.to_owned(), leads_to.to_owned()));
}

/// Makes a service findable under one more name, and says whether it is.
pub(crate) fn also_found_as(
    task: &mut TaskDraft,
    world: &World<'_>,
    service: &str,
    name: &str,
) -> bool {
    let Some(place) = world.places.get(service) else {
        return false;
    };
    if let Some(owner) = world.places.get(name) {
        return owner.main == place.main;
    }
    let is_findable = place.ecs_service.is_some() && task.wiring == Wiring::Own;
    if world.domain.is_none() || !is_findable || !names::is_label(name) {
        return false;
    }
    task.aliases.push((name.to_owned(), place.main.to_owned()));
    true
}

fn translate_hostname(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    hostname: Option<&str>,
    container: &mut ContainerDefinition,
) {
    let Some(hostname) = hostname else { return };
    let mut topic = topic.key("hostname");
    match task.wiring {
        Wiring::Bridge | Wiring::None => {
            topic.exact();
            container.hostname = Some(hostname.to_owned());
        }
        Wiring::Own | Wiring::Host => topic.dropped(
            &codes::HOSTNAME,
            format!(
                "the process sees the name of its machine, such as `ip-10-0-0-1`, not `{hostname}`"
            ),
        ),
    }
}

fn translate_dns(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    dns: &Dns,
    container: &mut ContainerDefinition,
) {
    let Dns {
        servers,
        search,
        options,
    } = dns;
    if matches!(task.wiring, Wiring::Bridge | Wiring::Host) {
        container
            .dns_servers
            .clone_from(topic.carry("servers", servers));
        container
            .dns_search_domains
            .clone_from(topic.carry("search", search));
        topic.drop_field(
            "options",
            options,
            &codes::RESOLVER,
            "names are looked up with the instance's options",
        );
        return;
    }
    topic.refuse_field("servers", servers, &codes::RESOLVER, "names are looked up at the VPC's resolver; forward their domains there with a Route 53 resolver rule");
    let topic_fields = [("search", search), ("options", options)];
    for (key, lines) in topic_fields {
        if !lines.is_empty() {
            topic.key(key).equivalent(
                &codes::RESOLVER,
                "a first container writes it into the task's `/etc/resolv.conf`",
            );
        }
    }
    task.search.extend(search.iter().cloned());
    task.resolver_options.extend(options.iter().cloned());
}

fn translate_hosts(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    hosts: &[HostEntry],
    container: &mut ContainerDefinition,
) {
    for (index, entry) in hosts.iter().enumerate() {
        let HostEntry { name, addresses } = entry;
        let mut topic = topic.key("extra_hosts");
        let mut topic = topic.index(index);
        if task.wiring == Wiring::Bridge {
            topic.exact();
            add_host(&mut topic, name, addresses, container);
        } else {
            let lost = format!("`{name}` leads nowhere: put it into a private zone of Route 53");
            topic.refused(&codes::EXTRA_HOSTS, lost);
        }
    }
}

fn add_host(
    topic: &mut Topic<'_>,
    name: &str,
    addresses: &[String],
    container: &mut ContainerDefinition,
) {
    for (index, address) in addresses.iter().enumerate() {
        if address == "host-gateway" {
            let lost = "the instance's address is not known before the task runs";
            let mut topic = topic.key("addresses");
            topic.index(index).refused(&codes::EXTRA_HOSTS, lost);
            continue;
        }
        container.extra_hosts.push(api::HostEntry {
            hostname: name.to_owned(),
            ip_address: address.clone(),
        });
    }
}

fn translate_links(task: &mut TaskDraft, topic: &mut Topic<'_>, world: &World<'_>, links: &[Link]) {
    for (index, link) in links.iter().enumerate() {
        let Link { target, alias } = link;
        let mut list = topic.key("links");
        let mut topic = list.index(index);
        if !world.places.contains_key(target.as_str()) {
            topic.refused(&codes::LINK, format!("there is no service `{target}`"));
            continue;
        }
        match alias {
            Some(alias) if alias != target => {
                add_alias(task, &mut topic, world, alias, Some(target));
            }
            Some(_) | None => topic.exact(),
        }
    }
}
