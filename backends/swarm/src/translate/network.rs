//! Networks of the stack.

use indexmap::IndexMap;
use tranship_model::{AddressPool, Ipam, Network, ObjectId, Topic};

use super::workload::with_namespace;
use super::{Context, Rendering, api_only};
use crate::codes;
use crate::engine::{self, IpamConfig, Labels, NetworkSpec};
use crate::names::{self, Case};

/// Translates a network.
pub(super) fn network(context: &Context<'_>, key: &str, network: &Network, out: &mut Rendering) {
    if network.external {
        return external(network, out);
    }
    let Network {
        name: _,
        path,
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

    let name = context.network_name(key);
    out.claim("network", &name, path);
    let id = ObjectId::new("network", name.as_str());
    let page = &mut out.ledger.topic(path.clone(), vec![id]);
    page.exact();
    named(&network.name, &name, page);
    let (driver, is_bridge) = self::driver(driver.as_deref(), *attachable, page);
    let spec = NetworkSpec {
        name,
        scope: (driver != "overlay").then_some("swarm"),
        driver,
        internal: page.carry("internal", *internal),
        attachable: page.carry("attachable", *attachable),
        enable_ipv4: api_only(
            page,
            "ipv4",
            *ipv4,
            "stack.yaml leaves it out: the network has IPv4",
        ),
        enable_ipv6: api_only(
            page,
            "ipv6",
            *ipv6,
            "stack.yaml leaves it out: the network has no IPv6",
        ),
        ipam: ipam
            .as_ref()
            .map(|ipam| self::ipam(ipam, &mut page.key("ipam"))),
        options: options(driver_options, is_bridge, &mut page.key("driver_options")),
        labels: with_namespace(context, labels),
    };
    out.networks.push(spec);
}

/// A network for one service, without a way out.
pub(super) fn isolated(context: &Context<'_>, service: &str) -> NetworkSpec {
    NetworkSpec {
        name: names::network_name(&format!("{service}_isolated"), Case::Kept),
        driver: "overlay".to_owned(),
        internal: Some(true),
        labels: with_namespace(context, &Labels::new()),
        ..NetworkSpec::default()
    }
}

fn external(network: &Network, out: &mut Rendering) {
    let detail = format!(
        "an overlay network `{}` must exist in the swarm before",
        network.name
    );
    let page = &mut out.ledger.topic(network.path.clone(), Vec::new());
    page.approximate(&codes::EXTERNAL, detail);
}

fn named(wanted: &str, name: &str, page: &mut Topic<'_>) {
    if wanted != name {
        page.key("name")
            .equivalent(&codes::NAME_CHANGED, format!("is called `{name}`"));
    }
}

/// The driver, and whether it stands for a bridge; services need one that spans nodes.
fn driver(driver: Option<&str>, attachable: Option<bool>, page: &mut Topic<'_>) -> (String, bool) {
    match driver {
        None | Some("default" | "") => {
            if attachable.is_none() {
                let detail = "spans all nodes; containers outside of Swarm cannot join it";
                page.key("driver").implicit(&codes::OVERLAY, detail);
            }
            ("overlay".to_owned(), true)
        }
        Some("bridge") => {
            let detail =
                "`overlay`, which spans all nodes; services cannot use a bridge of one node";
            page.key("driver").approximate(&codes::OVERLAY, detail);
            ("overlay".to_owned(), true)
        }
        Some("overlay") => ("overlay".to_owned(), false),
        Some(other) => {
            let detail = format!(
                "needs plugin `{other}` on every node, or a configuration-only network there; stack.yaml cannot say that it is for the whole swarm"
            );
            page.key("driver").approximate(&codes::API_ONLY, detail);
            (other.to_owned(), false)
        }
    }
}

/// Options of the driver, but those of a bridge where there is none.
fn options(options: &IndexMap<String, String>, is_bridge: bool, page: &mut Topic<'_>) -> Labels {
    let mut kept = Labels::new();
    for (key, value) in options {
        if is_bridge && key.starts_with("com.docker.network.bridge.") {
            let detail = format!("an overlay has no such option; asked for `{value}`");
            page.key(key).dropped(&codes::NETWORK_OPTION, detail);
        } else {
            kept.insert(key.clone(), value.clone());
        }
    }
    kept
}

fn ipam(ipam: &Ipam, page: &mut Topic<'_>) -> engine::Ipam {
    let Ipam {
        driver,
        options,
        pools,
    } = ipam;

    let without = "stack.yaml leaves it out: the driver runs without options";
    let config = |(index, pool)| self::pool(pool, &mut page.key("pools").index(index));
    let config = pools.iter().enumerate().map(config).collect();
    engine::Ipam {
        driver: page
            .carry("driver", driver.clone())
            .unwrap_or_else(|| "default".to_owned()),
        options: api_only(page, "options", options.clone(), without),
        config,
    }
}

fn pool(pool: &AddressPool, page: &mut Topic<'_>) -> IpamConfig {
    let AddressPool {
        subnet,
        range,
        gateway,
        reserved,
    } = pool;

    let whole = "stack.yaml leaves it out: tasks get addresses of the whole subnet";
    let chosen = "stack.yaml leaves it out: the gateway is an address the engine chooses";
    if !reserved.is_empty() {
        let detail = "the engine has no place for it: tasks may get these addresses";
        page.key("reserved").dropped(&codes::NETWORK_OPTION, detail);
    }
    IpamConfig {
        subnet: page.carry("subnet", subnet.clone()),
        ip_range: api_only(page, "range", range.clone(), whole),
        gateway: api_only(page, "gateway", gateway.clone(), chosen),
    }
}
