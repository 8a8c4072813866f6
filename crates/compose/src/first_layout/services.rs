//! The keys of a service that compose v1 had under other names.
//!
//! Source: docker compose 1.29, `compose/config/config.py` and the guide to upgrading from
//! version 1 of the file format.

use tranship_yaml::{Key, Kind, Mapping, Node, Span};

use crate::nodes;

/// A key that got its present name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Renamed {
    /// Where it stands.
    pub(crate) span: Span,
    /// Its name in compose v1.
    pub(crate) from: &'static str,
    /// Its name today.
    pub(crate) to: &'static str,
}

/// Gives the keys of all services their present names.
pub(crate) fn modernise(services: &mut Mapping) -> Vec<Renamed> {
    let names = names(services);
    let mut renamed = Vec::new();
    for entries in services.values_mut().filter_map(nodes::entries_mut) {
        network_mode(entries, &names, &mut renamed);
        logging(entries, &mut renamed);
        dockerfile(entries, &mut renamed);
    }
    renamed
}

/// Says of what `volumes_from` names whether it is a container, and returns the volumes that are
/// used, with the names and drivers they had.
pub(super) fn name_containers_and_volumes(services: &mut Mapping) -> Mapping {
    let names = names(services);
    let mut volumes = Mapping::default();
    for entries in services.values_mut().filter_map(nodes::entries_mut) {
        let driver = entries.shift_remove_entry("volume_driver");
        let driver = driver.map(|(_, driver)| driver);
        for mount in items(entries, "volumes") {
            declare(mount, driver.as_ref(), &mut volumes);
        }
        for source in items(entries, "volumes_from") {
            name_container(source, &names);
        }
    }
    volumes
}

fn names(services: &Mapping) -> Vec<String> {
    services.keys().map(|key| key.text.to_string()).collect()
}

fn items<'m>(entries: &'m mut Mapping, key: &str) -> &'m mut [Node] {
    match entries.get_mut(key).map(|node| &mut node.kind) {
        Some(Kind::Sequence(items)) => items,
        Some(Kind::Scalar(_) | Kind::Mapping(_)) | None => &mut [],
    }
}

/// Declares the volume of a mount under the name it had: without the project before it.
fn declare(mount: &Node, driver: Option<&Node>, volumes: &mut Mapping) {
    let source = nodes::text(mount).and_then(|text| text.split_once(':'));
    let Some((source, _)) = source.filter(|(source, _)| is_volume(source)) else {
        return;
    };
    let name = ("name", nodes::string(source, mount.span));
    let declared = match driver {
        Some(driver) => nodes::small_mapping([name, ("driver", driver.clone())], mount.span),
        None => nodes::small_mapping([name], mount.span),
    };
    volumes.insert(nodes::key(source, mount.span), declared);
}

/// Whether the source of a mount is the name of a volume: no path, no variable, no drive.
fn is_volume(source: &str) -> bool {
    let named = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
    source.len() > 1 && source.chars().all(named) && !source.starts_with('.')
}

/// `name[:mode]` is a container unless a service has that name.
fn name_container(source: &mut Node, names: &[String]) {
    let Some(text) = nodes::text(source) else {
        return;
    };
    let name = text.split(':').next().unwrap_or(text);
    if name != "container" && !names.iter().any(|service| service == name) {
        *source = nodes::string(format!("container:{text}"), source.span);
    }
}

/// `net`, whose `container:` may name a service.
fn network_mode(entries: &mut Mapping, names: &[String], renamed: &mut Vec<Renamed>) {
    let Some((key, mut net)) = take(entries, "net", "network_mode", renamed) else {
        return;
    };
    let joined = nodes::text(&net).and_then(|text| text.strip_prefix("container:"));
    let joined = joined.filter(|joined| names.iter().any(|service| service == joined));
    if let Some(service) = joined.map(|service| format!("service:{service}")) {
        net = nodes::string(service, net.span);
    }
    put(entries, "network_mode", &key, net);
}

/// `log_driver` and `log_opt`.
fn logging(entries: &mut Mapping, renamed: &mut Vec<Renamed>) {
    let keys = [
        ("log_driver", "logging.driver", "driver"),
        ("log_opt", "logging.options", "options"),
    ];
    for (from, to, below) in keys {
        if let Some((key, value)) = take(entries, from, to, renamed) {
            put_below(entries, "logging", below, &key, value);
        }
    }
}

/// `dockerfile`, which stood beside `build`.
fn dockerfile(entries: &mut Mapping, renamed: &mut Vec<Renamed>) {
    let Some((key, dockerfile)) = take(entries, "dockerfile", "build.dockerfile", renamed) else {
        return;
    };
    if let Some(build) = entries.get_mut("build")
        && build.as_scalar().is_some()
    {
        *build = nodes::small_mapping([("context", build.clone())], build.span);
    }
    put_below(entries, "build", "dockerfile", &key, dockerfile);
}

fn take(
    entries: &mut Mapping,
    from: &'static str,
    to: &'static str,
    renamed: &mut Vec<Renamed>,
) -> Option<(Key, Node)> {
    let (key, value) = entries.shift_remove_entry(from)?;
    let span = key.span;
    renamed.push(Renamed { span, from, to });
    Some((key, value))
}

/// Sets a key, unless the file has it already.
fn put(entries: &mut Mapping, name: &str, place: &Key, value: Node) {
    if !entries.contains_key(name) {
        entries.insert(nodes::key(name, place.span), value);
    }
}

fn put_below(entries: &mut Mapping, name: &str, below: &str, place: &Key, value: Node) {
    put(
        entries,
        name,
        place,
        nodes::mapping(Mapping::default(), place.span),
    );
    if let Some(inner) = entries.get_mut(name).and_then(nodes::entries_mut) {
        put(inner, below, place, value);
    }
}

#[cfg(test)]
mod tests {
    use tranship_yaml::{Budget, FileId, Node, Span, parse};

    use crate::nodes;

    fn tree(text: &str) -> Node {
        let documents = parse(FileId(0), text, &Budget::default()).documents;
        let first = documents.into_iter().next();
        first.unwrap_or_else(|| nodes::null(Span::default()))
    }

    #[track_caller]
    fn assert_wrapped(text: &str, expected: &str) {
        let mut document = tree(text);
        assert!(super::super::wrap(&mut document).is_some());
        assert!(nodes::equal(&document, &tree(expected)), "{document:#?}");
    }

    #[test]
    fn keys_of_compose_v1_get_their_present_names() {
        assert_wrapped(
            "web: {build: ., dockerfile: Dev, net: 'container:db', log_driver: syslog, log_opt: {tag: w}}\n\
             db: {image: postgres, net: 'container:other'}\n",
            "services:\n  \
             web: {build: {context: ., dockerfile: Dev}, network_mode: 'service:db', logging: {driver: syslog, options: {tag: w}}}\n  \
             db: {image: postgres, network_mode: 'container:other'}\n",
        );
    }

    #[test]
    fn volumes_of_compose_v1_keep_their_names_and_driver() {
        assert_wrapped(
            "db: {image: x, volume_driver: flocker, volumes: ['data:/d', './a:/a', /b, '~/c:/c', '${D}:/e']}\n",
            "services: {db: {image: x, volumes: ['data:/d', './a:/a', /b, '~/c:/c', '${D}:/e']}}\n\
             volumes: {data: {name: data, driver: flocker}}\n",
        );
    }

    #[test]
    fn volumes_come_from_services_or_containers() {
        assert_wrapped(
            "web: {image: x, volumes_from: [db, 'old:ro', 'container:c']}\ndb: {image: y}\n",
            "services:\n  web: {image: x, volumes_from: [db, 'container:old:ro', 'container:c']}\n  db: {image: y}\n",
        );
    }
}
