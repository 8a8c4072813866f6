//! Networks and names of a task.

use indexmap::IndexMap;
use tranship_model::{Attachment, Dns, HostEntry, Link, NetworkMode, Networking, Topic};

use super::words::Words;
use super::{Context, api_only, leave_out, network, ports, template};
use crate::codes;
use crate::engine::{DnsConfig, NetworkAttachment, NetworkSpec, ServiceSpec};

/// Translates how a task meets others; gives the network it needs for itself, if it does.
///
/// `names` are the service's key and the name people want for its container.
pub(super) fn networking(
    context: &Context<'_>,
    names: (&str, Option<&str>),
    networking: &Networking,
    page: &mut Topic<'_>,
    spec: &mut ServiceSpec,
) -> Option<NetworkSpec> {
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

    let container = &mut spec.task_template.container_spec;
    container.hostname = self::hostname(hostname.as_deref(), page);
    container.dns_config = self::dns(dns, page);
    container.hosts = hosts(extra_hosts, page);
    leave_out(
        page,
        &codes::LOOKUP,
        &[(
            "domain_name",
            domain_name.words(),
            "the task sees no domain",
        )],
    );
    leave_out(
        page,
        &codes::ATTACHMENT,
        &[("mac_address", mac_address.words(), "the engine chooses one")],
    );
    self::links(links, external_links, page);
    ports::ports(
        context,
        names.0,
        (ports, mode),
        page,
        &mut spec.endpoint_spec,
    );
    ports::exposed(exposed, page);
    let own = own_names(context, names);
    let (networks, isolated) = networks(context, &own, mode, &spec.name, page);
    spec.task_template.networks = networks;
    isolated
}

fn hostname(hostname: Option<&str>, page: &mut Topic<'_>) -> Option<String> {
    let page = &mut page.key("hostname");
    hostname.map(|hostname| {
        page.exact();
        template::as_written(hostname, page).into_owned()
    })
}

fn dns(dns: &Dns, page: &mut Topic<'_>) -> DnsConfig {
    let Dns {
        servers,
        search,
        options,
    } = dns;
    let page = &mut page.key("dns");
    let without = "stack.yaml leaves it out: names are looked up with the node's options";
    DnsConfig {
        nameservers: page.carry("servers", servers.clone()),
        search: page.carry("search", search.clone()),
        options: api_only(page, "options", options.clone(), without),
    }
}

/// `address name`, in order.
fn hosts(entries: &[HostEntry], page: &mut Topic<'_>) -> Vec<String> {
    page.carry("extra_hosts", entries.to_vec());
    let mut lines = Vec::new();
    for HostEntry { name, addresses } in entries {
        lines.extend(addresses.iter().map(|address| format!("{address} {name}")));
    }
    lines
}

fn links(links: &[Link], external_links: &[Link], page: &mut Topic<'_>) {
    for (index, Link { target, alias }) in links.iter().enumerate() {
        let alias = alias.as_deref().unwrap_or(target);
        let detail = format!("`{alias}` leads to `{target}` for all services of its networks");
        page.key("links")
            .index(index)
            .equivalent(&codes::ALIAS, detail);
    }
    for (index, Link { target, alias: _ }) in external_links.iter().enumerate() {
        let detail = format!("`{target}` is a container outside the swarm and has no name in it");
        page.key("external_links")
            .index(index)
            .refused(&codes::LOOKUP, detail);
    }
}

/// Names a service has in each of its networks.
#[derive(Debug)]
struct OwnNames<'names> {
    key: &'names str,
    others: Vec<&'names str>,
}

fn own_names<'names>(
    context: &Context<'names>,
    (key, container): (&'names str, Option<&'names str>),
) -> OwnNames<'names> {
    let mut others: Vec<&str> = container.into_iter().filter(|name| *name != key).collect();
    for alias in context.link_aliases(key) {
        if !others.contains(alias) {
            others.push(alias);
        }
    }
    OwnNames { key, others }
}

type Networks = (Vec<NetworkAttachment>, Option<NetworkSpec>);

fn networks(
    context: &Context<'_>,
    own: &OwnNames<'_>,
    mode: &NetworkMode,
    service: &str,
    page: &mut Topic<'_>,
) -> Networks {
    let page = &mut page.key("mode");
    match mode {
        NetworkMode::Attached(networks) if networks.is_empty() => isolated(context, service),
        NetworkMode::Attached(networks) => (attached(context, own, networks, page), None),
        NetworkMode::Host => predefined("host", page),
        NetworkMode::Bridge => predefined("bridge", page),
        NetworkMode::None => {
            let detail =
                "in an internal network of its own: no way out, but tasks of the service meet";
            page.approximate(&codes::NETWORK_MODE, detail);
            isolated(context, service)
        }
        NetworkMode::Service(other) => {
            let detail =
                format!("has a network of its own beside `{other}`: `localhost` is not shared");
            page.refused(&codes::NETWORK_MODE, detail);
            beside(context, own, other, service)
        }
        NetworkMode::Container(other) => {
            let detail = format!(
                "cannot join container `{other}`; has no network but an internal one of its own"
            );
            page.refused(&codes::NETWORK_MODE, detail);
            isolated(context, service)
        }
        NetworkMode::Other(name) => {
            let detail = format!("an overlay network `{name}` must exist in the swarm");
            page.approximate(&codes::EXTERNAL, detail);
            (vec![attachment(name.clone(), own.aliases(&[], true))], None)
        }
    }
}

fn predefined(name: &str, page: &mut Topic<'_>) -> Networks {
    page.exact();
    (vec![attachment(name.to_owned(), Vec::new())], None)
}

/// A network for tasks that want none: Swarm has only ones that lead somewhere.
fn isolated(context: &Context<'_>, service: &str) -> Networks {
    let spec = network::isolated(context, service);
    (vec![attachment(spec.name.clone(), Vec::new())], Some(spec))
}

/// The networks of the service whose network was wanted, so that at least names are found.
fn beside(context: &Context<'_>, own: &OwnNames<'_>, other: &str, service: &str) -> Networks {
    let shared = context.networks_of(other);
    if shared.is_empty() {
        return isolated(context, service);
    }
    let join = |key: &&str| attachment(context.network_name(key), own.aliases(&[], true));
    (shared.iter().map(join).collect(), None)
}

fn attachment(target: String, aliases: Vec<String>) -> NetworkAttachment {
    NetworkAttachment {
        target,
        aliases,
        ..NetworkAttachment::default()
    }
}

fn attached(
    context: &Context<'_>,
    own: &OwnNames<'_>,
    networks: &IndexMap<String, Attachment>,
    page: &mut Topic<'_>,
) -> Vec<NetworkAttachment> {
    page.exact();
    let attach = |(key, attachment): (&String, &Attachment)| {
        attach(context, own, key, attachment, &mut page.key(key))
    };
    let mut attachments: Vec<NetworkAttachment> = networks.iter().map(attach).collect();
    attachments.sort_by(|left, right| left.target.cmp(&right.target));
    attachments
}

fn attach(
    context: &Context<'_>,
    own: &OwnNames<'_>,
    key: &str,
    attachment: &Attachment,
    page: &mut Topic<'_>,
) -> NetworkAttachment {
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

    let (any, chosen) = ("gets a free address", "the engine chooses");
    let fields = [
        ("ipv4_address", ipv4_address.words(), any),
        ("ipv6_address", ipv6_address.words(), any),
        (
            "link_local_addresses",
            link_local_addresses.words(),
            "gets none",
        ),
        ("mac_address", mac_address.words(), chosen),
        ("interface_name", interface_name.words(), chosen),
        ("priority", priority.words(), chosen),
        ("gateway_priority", gateway_priority.words(), chosen),
    ];
    leave_out(page, &codes::ATTACHMENT, &fields);
    if *service_name_alias == Some(false) {
        let without = "stack.yaml cannot leave it out: the service has its name there too";
        api_only(page, "service_name_alias", true, without);
    }
    NetworkAttachment {
        target: context.network_name(key),
        aliases: own.aliases(aliases, *service_name_alias != Some(false)),
        driver_opts: driver_options.clone(),
    }
}

impl OwnNames<'_> {
    /// Aliases in one network: those asked for there, those everywhere, and the service's own.
    fn aliases(&self, declared: &[String], with_key: bool) -> Vec<String> {
        let mut aliases: Vec<String> = declared.to_vec();
        for name in self
            .others
            .iter()
            .copied()
            .chain(with_key.then_some(self.key))
        {
            if !aliases.iter().any(|alias| alias == name) {
                aliases.push(name.to_owned());
            }
        }
        aliases
    }
}
