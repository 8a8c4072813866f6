//! Lists in which a later entry takes the place of an earlier one.
//!
//! Source: compose-go 2.16.2, `override/uncity.go`. There ports meet twice, before and after their
//! short forms were made long; here a short port gets the key of its long form at once, where that
//! gives the same.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use tranship_yaml::{Kind, Node, ScalarKind};

use crate::canonical;
use crate::field::{Port, Protocol};
use crate::key_values::{key_of, last_by};
use crate::nodes;
use crate::trie::Branch;

/// What makes two entries of a list one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UniqueKey {
    /// The text before `=`, or the whole text.
    BeforeEquals,
    /// The path of an environment file.
    Path,
    /// The value as text.
    Value,
    /// The target of a mount.
    MountTarget,
    /// The target of a device.
    DeviceTarget,
    /// The target of a config, or `/` and its source.
    ConfigTarget,
    /// The target of a secret, or `/run/secrets/` and its source.
    SecretTarget,
    /// Address, published port, target and protocol.
    Port,
}

static KEYS: LazyLock<Branch<UniqueKey>> = LazyLock::new(keys);

fn keys() -> Branch<UniqueKey> {
    let mut keys = Branch::new();
    for name in ["labels", "ipam.options"] {
        keys.add_below(&["networks.*"], &[(name, UniqueKey::BeforeEquals)]);
    }
    for name in [
        "annotations",
        "build.args",
        "build.additional_contexts",
        "build.platform",
        "build.tags",
        "build.labels",
        "cap_add",
        "cap_drop",
        "deploy.labels",
        "dns",
        "dns_opt",
        "dns_search",
        "environment",
        "labels",
        "links",
        "networks.*.aliases",
        "networks.*.link_local_ips",
        "profiles",
        "sysctls",
        "tmpfs",
    ] {
        keys.add_below(&["services.*"], &[(name, UniqueKey::BeforeEquals)]);
    }
    keys.add_below(
        &["services.*"],
        &[
            ("devices", UniqueKey::DeviceTarget),
            ("configs", UniqueKey::ConfigTarget),
            ("env_file", UniqueKey::Path),
            ("expose", UniqueKey::Value),
            ("ports", UniqueKey::Port),
            ("secrets", UniqueKey::SecretTarget),
            ("volumes", UniqueKey::MountTarget),
        ],
    );
    keys
}

/// Leaves one entry for each key: the last one, at the place of the first.
pub(crate) fn enforce(document: &mut Node) {
    walk(document, Some(&KEYS));
}

fn walk(node: &mut Node, keys: Option<&Branch<UniqueKey>>) {
    let Some(keys) = keys else {
        return;
    };
    match &mut node.kind {
        Kind::Mapping(entries) => {
            for (key, value) in entries {
                walk(value, keys.key(&key.text));
            }
        }
        Kind::Sequence(items) if items.len() > 1 => {
            if let Some(key) = keys.rule() {
                *items = key.unique(std::mem::take(items));
            }
        }
        Kind::Sequence(_) | Kind::Scalar(_) => {}
    }
}

impl UniqueKey {
    fn unique(self, items: Vec<Node>) -> Vec<Node> {
        if self != Self::Port {
            return last_by(items, |item| self.of(item));
        }
        let items = among_their_own(items);
        let is_range = |item: &Node| nodes::text(item).is_some_and(|text| text.contains('-'));
        let items = if items.iter().any(is_range) {
            canonical::ports(items)
        } else {
            items
        };
        last_by(items, port_key)
    }

    fn of(self, item: &Node) -> Option<String> {
        match self {
            Self::BeforeEquals => Some(key_of(nodes::text(item)?).to_owned()),
            Self::Path => text_or(item, "path"),
            Self::Value => Some(item.as_scalar()?.go_text().into_owned()),
            Self::MountTarget => match nodes::text(item) {
                Some(text) => canonical::mount_target(text),
                None => nodes::text_of(item, "target").map(str::to_owned),
            },
            Self::DeviceTarget => match nodes::text(item) {
                Some(text) => text.split(':').take(2).last().map(str::to_owned),
                None => nodes::text_of(item, "target").map(str::to_owned),
            },
            Self::ConfigTarget => file_target(item, ""),
            Self::SecretTarget => file_target(item, "/run/secrets"),
            Self::Port => port_key(item),
        }
    }
}

/// The item itself if it is a text, else what it has behind `name`.
fn text_or(item: &Node, name: &str) -> Option<String> {
    let text = nodes::text(item).or_else(|| nodes::text_of(item, name));
    text.map(str::to_owned)
}

fn file_target(item: &Node, directory: &str) -> Option<String> {
    if let Some(target) = item.get("target") {
        return nodes::text(target).map(str::to_owned);
    }
    text_or(item, "source").map(|source| format!("{directory}/{source}"))
}

/// Ports of one form meet each other before they meet those of the other, and the last one goes to
/// the place of the first.
fn among_their_own(items: Vec<Node>) -> Vec<Node> {
    let long = items.iter().filter(|item| item.as_mapping().is_some());
    let long = long.count();
    if long < 2 || long == items.len() {
        return items;
    }
    last_by(items, |item| item.as_mapping().map(|_| long_port_key(item)))
}

fn port_key(item: &Node) -> Option<String> {
    if item.as_mapping().is_some() {
        return Some(long_port_key(item));
    }
    let text = item.as_scalar()?.go_text();
    let ports = Port::parse_short(&text).ok()?;
    match ports.as_slice() {
        [port] => Some(short_port_key(port)),
        _ => Some(text.into_owned()),
    }
}

fn short_port_key(port: &Port) -> String {
    let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let host = port.host_ip.unwrap_or(any);
    let published = port.published.map(|published| published.to_string());
    let published = published.unwrap_or_default();
    let target = port.target.unwrap_or_default();
    let protocol = port.protocol.as_ref().map_or("tcp", Protocol::as_str);
    format!("{host}:{published}:{target}/{protocol}")
}

fn long_port_key(item: &Node) -> String {
    let scalar = |name: &str| item.get(name).and_then(Node::as_scalar);
    let part = |name: &str, default: &'static str| match scalar(name) {
        Some(scalar) if scalar.kind != ScalarKind::Null => scalar.go_text(),
        Some(_) | None => default.into(),
    };
    // The reference prints a number here as `%!s(int=8080)`, so that it never meets a text.
    let is_number = scalar("published").is_some_and(|scalar| scalar.kind == ScalarKind::Integer);
    // An empty text is not the same as none.
    let is_empty = scalar("published")
        .is_some_and(|scalar| scalar.kind == ScalarKind::String && scalar.text.is_empty());
    format!(
        "{}:{}{}:{}/{}",
        part("host_ip", "0.0.0.0"),
        match (is_number, is_empty) {
            (true, _) => "int=",
            (false, true) => "text=",
            (false, false) => "",
        },
        part("published", ""),
        part("target", ""),
        part("protocol", "tcp"),
    )
}
