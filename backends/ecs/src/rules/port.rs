//! Ports of a task's containers.

use std::collections::HashSet;

use super::form::Form;
use super::task_definition::Task;
use super::{Findings, table};

/// Checks the ports of all containers.
pub(super) fn check(findings: &mut Findings, task: Task<'_>) {
    let mut taken = HashSet::new();
    let mut names = HashSet::new();
    let lists = task
        .containers()
        .map(|container| container.get("PortMappings"));
    for ports in lists {
        let has_none = task.network_mode() == "none" && ports.is_set();
        findings.when(has_none, &table::PORT_NONE, ports);
        for port in ports.items() {
            one(findings, task, port);
            let name = port.get("Name");
            let fits = name
                .text()
                .is_none_or(|name| is_name(name) && names.insert(name));
            findings.when(!fits, &table::PORT_NAME, name);
            let number = shared(task, port);
            let protocol = port.get("Protocol").text().unwrap_or("tcp");
            let is_new = number.is_none_or(|number| taken.insert((number, protocol)));
            findings.when(!is_new, &table::PORT_TWICE, port);
        }
    }
}

/// The port that only one container of the task can have, if there is one.
fn shared(task: Task<'_>, port: Form<'_>) -> Option<i64> {
    match task.network_mode() {
        "awsvpc" | "host" => port.get("ContainerPort").number(),
        _bridge => port.get("HostPort").number().filter(|port| *port != 0),
    }
}

fn one(findings: &mut Findings, task: Task<'_>, port: Form<'_>) {
    let (inside, outside) = (port.get("ContainerPort"), port.get("HostPort"));
    let is_wrong = inside.is_outside(1, 65535);
    findings.when(is_wrong, &table::PORT_RANGE, inside);
    findings.when(outside.is_outside(0, 65535), &table::PORT_RANGE, outside);
    let is_same = outside
        .number()
        .is_none_or(|port| inside.number() == Some(port));
    let is_own = matches!(task.network_mode(), "awsvpc" | "host");
    findings.when(is_own && !is_same, &table::PORT_HOST, outside);
    let protocol = port.get("Protocol");
    let is_other = protocol.is_none_of(&["tcp", "udp"]);
    findings.when(is_other, &table::PORT_PROTOCOL, protocol);
    let application = port.get("AppProtocol");
    let is_datagram = application.is_set() && protocol.text() == Some("udp");
    let is_other = application.is_none_of(&["http", "http2", "grpc"]);
    findings.when(
        is_other || is_datagram,
        &table::PORT_APPLICATION,
        application,
    );
}

fn is_name(name: &str) -> bool {
    let is_plain = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter)
    };
    (1..=64).contains(&name.len()) && !name.starts_with('-') && name.chars().all(is_plain)
}
