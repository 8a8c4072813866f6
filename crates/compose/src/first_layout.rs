//! The layout of compose v1, where services stand at the top level.

mod services;

use tranship_yaml::{Kind, Mapping, Node, Span};

use crate::nodes;

pub(crate) use services::{Renamed, modernise};

/// Keys that stand at the top level of every later layout.
const TOP_LEVEL: [&str; 10] = [
    "configs", "include", "jobs", "models", "name", "networks", "secrets", "services", "version",
    "volumes",
];

/// Keys by which a service is known.
const OF_SERVICES: [&str; 29] = [
    "build",
    "cap_add",
    "cap_drop",
    "command",
    "cpu_shares",
    "devices",
    "dns",
    "entrypoint",
    "env_file",
    "environment",
    "expose",
    "extends",
    "external_links",
    "hostname",
    "image",
    "labels",
    "links",
    "log_driver",
    "mem_limit",
    "net",
    "ports",
    "privileged",
    "restart",
    "stdin_open",
    "tty",
    "user",
    "volumes",
    "volumes_from",
    "working_dir",
];

/// Puts the services of a file in the layout of compose v1 below `services`, and returns the place
/// of the first one. Keys that had another name then get their present one, and volumes, which
/// needed no declaration, are declared. A file in a later layout stays as it is.
pub(crate) fn wrap(document: &mut Node) -> Option<Span> {
    let span = document.span;
    let entries = nodes::entries_mut(document)?;
    if !is_first_layout(entries) {
        return None;
    }
    let first = entries.keys().next()?.span;
    let mut services = std::mem::take(entries);
    let volumes = services::name_containers_and_volumes(&mut services);
    services::modernise(&mut services);
    entries.insert(
        nodes::key("services", first),
        nodes::mapping(services, span),
    );
    if !volumes.is_empty() {
        entries.insert(nodes::key("volumes", first), nodes::mapping(volumes, span));
    }
    Some(first)
}

fn is_first_layout(entries: &Mapping) -> bool {
    let later = entries
        .keys()
        .any(|key| TOP_LEVEL.contains(&&*key.text) || key.text.starts_with("x-"));
    let all_mappings = entries
        .values()
        .all(|value| matches!(value.kind, Kind::Mapping(_)));
    let is_service = |value: &Node| OF_SERVICES.iter().any(|key| value.get(key).is_some());
    !later && all_mappings && entries.values().any(is_service)
}

#[cfg(test)]
mod tests {
    use tranship_yaml::{Budget, FileId, parse};

    fn wrapped(text: &str) -> Vec<bool> {
        let documents = parse(FileId(0), text, &Budget::default()).documents;
        documents
            .into_iter()
            .map(|mut document| super::wrap(&mut document).is_some())
            .collect()
    }

    #[test]
    fn services_at_the_top_are_the_first_layout() {
        assert_eq!(wrapped("web: {image: x}\ndb: {build: .}\n"), [true]);
    }

    #[test]
    fn later_layouts_are_not_taken_for_the_first() {
        assert_eq!(wrapped("services: {web: {image: x}}\n"), [false]);
        assert_eq!(wrapped("volumes: {image: {}}\n"), [false]);
        assert_eq!(wrapped("servces: {web: {image: x}}\n"), [false]);
        assert_eq!(wrapped("web: nginx\n"), [false]);
    }
}
