//! Ports, published or not.

use std::net::IpAddr;

use tranship_model::{ApplicationProtocol, Port, PortMode, PortRange, Protocol, PublishScope};

use super::codes;
use super::record::Record;
use crate::field;

/// The published ports.
pub(super) fn ports(ports: &[field::Port], record: &mut Record<'_>) -> Vec<Port> {
    let mut lowered = Vec::with_capacity(ports.len());
    for (index, port) in ports.iter().enumerate() {
        if let Some(port) = self::port(index, port, record) {
            shifted("ports", lowered.len(), "ports", index, record);
            lowered.push(port);
        }
    }
    lowered
}

/// Notes that an item stands at another place, because one before it was left out.
pub(super) fn shifted(model: &str, to: usize, config: &str, from: usize, record: &mut Record<'_>) {
    if to != from {
        record.spelled(format!("{model}[{to}]"), format!("{config}[{from}]"));
    }
}

fn port(index: usize, port: &field::Port, record: &mut Record<'_>) -> Option<Port> {
    let field::Port {
        name,
        mode,
        host_ip,
        target,
        published,
        protocol,
        app_protocol,
        extensions,
    } = port;
    record.extensions(format_args!("ports[{index}]"), extensions);
    let Some(target) = *target else {
        let detail = "it names no port of the container";
        record
            .note(format_args!("ports[{index}]"))
            .dropped(&codes::UNREADABLE, detail);
        return None;
    };
    Some(Port {
        target: PortRange::single(target),
        published: published.map(range),
        protocol: protocol
            .as_ref()
            .map_or(Protocol::Tcp, |word| self::protocol(index, word, record)),
        mode: mode
            .as_ref()
            .map_or(PortMode::Balanced, |word| self::mode(index, word, record)),
        scope: host_ip.map_or(PublishScope::Everywhere, |address| {
            scope(index, address, record)
        }),
        name: name.clone(),
        application_protocol: app_protocol.clone().map(ApplicationProtocol),
    })
}

fn range(range: field::PortRange) -> PortRange {
    PortRange {
        first: range.start,
        last: range.end,
    }
}

fn protocol(index: usize, word: &field::Protocol, record: &mut Record<'_>) -> Protocol {
    match word {
        field::Protocol::Tcp => Protocol::Tcp,
        field::Protocol::Udp => Protocol::Udp,
        field::Protocol::Sctp => Protocol::Sctp,
        field::Protocol::Other(word) => {
            let detail = format!("`{word}` is no protocol; the port is taken for a TCP port");
            record
                .note(format_args!("ports[{index}].protocol"))
                .dropped(&codes::UNREADABLE, detail);
            Protocol::Tcp
        }
    }
}

fn mode(index: usize, word: &field::PublishMode, record: &mut Record<'_>) -> PortMode {
    match word {
        field::PublishMode::Ingress => PortMode::Balanced,
        field::PublishMode::Host => PortMode::PerNode,
        field::PublishMode::Other(word) => {
            let detail = format!("`{word}` is no mode; every node answers, as with `ingress`");
            record
                .note(format_args!("ports[{index}].mode"))
                .dropped(&codes::UNREADABLE, detail);
            PortMode::Balanced
        }
    }
}

fn scope(index: usize, address: IpAddr, record: &mut Record<'_>) -> PublishScope {
    if address.is_loopback() {
        return PublishScope::Loopback(address.to_string());
    }
    if address.is_unspecified() {
        record
            .note(format_args!("ports[{index}].host_ip"))
            .equivalent(&codes::NO_EFFECT, "every address is the default");
        return PublishScope::Everywhere;
    }
    PublishScope::Address(address.to_string())
}

/// The ports only other services use.
pub(super) fn exposed(entries: &[String], record: &mut Record<'_>) -> Vec<Port> {
    let mut lowered = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        if let Some(port) = exposed_port(entry) {
            shifted("exposed", lowered.len(), "expose", index, record);
            lowered.push(port);
        } else {
            let detail = format!("`{entry}` is no port");
            record
                .note(format_args!("expose[{index}]"))
                .dropped(&codes::UNREADABLE, detail);
        }
    }
    lowered
}

/// `port[-port][/protocol]`.
fn exposed_port(entry: &str) -> Option<Port> {
    let (range, protocol) = entry.split_once('/').unwrap_or((entry, "tcp"));
    let range: field::PortRange = range.parse().ok()?;
    let protocol = match protocol.to_ascii_lowercase().as_str() {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        "sctp" => Protocol::Sctp,
        _ => return None,
    };
    Some(Port {
        target: self::range(range),
        published: None,
        protocol,
        mode: PortMode::Balanced,
        scope: PublishScope::Everywhere,
        name: None,
        application_protocol: None,
    })
}
