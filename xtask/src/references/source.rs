//! What the resolved project asks for.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Test, items, text, words};

/// The answer of `config --format json`.
pub(super) struct Source<'a>(pub(super) &'a Value);

/// One service's use of a name another one answers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Use<'a> {
    /// Who uses it.
    pub(super) by: &'a str,
    /// The name.
    pub(super) name: &'a str,
    /// Who answers to it.
    pub(super) of: &'a str,
    /// Where it is used, within the service.
    pub(super) at: String,
    /// Where an account says that the name leads nowhere.
    pub(super) places: Vec<String>,
}

/// A name somebody answers to.
struct Known<'a> {
    name: &'a str,
    of: &'a str,
    places: Vec<String>,
}

impl<'a> Source<'a> {
    fn services(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let services = self.0.get("services").and_then(Value::as_object);
        let services = services.into_iter().flatten();
        services.map(|(name, service)| (name.as_str(), service))
    }

    /// Every use of another's name, once for each place.
    pub(super) fn uses(&self) -> Vec<Use<'a>> {
        let mut uses = BTreeSet::new();
        for (by, service) in self.services() {
            for known in self.known_to(by, service) {
                let named = texts(service)
                    .into_iter()
                    .filter(|(_, text)| is_host(text, known.name));
                uses.extend(named.map(|(at, _)| Use {
                    by,
                    name: known.name,
                    of: known.of,
                    at,
                    places: known.places.clone(),
                }));
            }
        }
        uses.into_iter().collect()
    }

    /// Every name compose lets a service find, but its own.
    fn known_to(&self, by: &str, service: &'a Value) -> Vec<Known<'a>> {
        let own = self.networks(service);
        let others = self
            .services()
            .filter(|(name, other)| *name != by && !own.is_disjoint(&self.networks(other)));
        let mut known: Vec<Known<'a>> = others
            .flat_map(|(name, other)| answers(name, other))
            .collect();
        for (index, link) in items(service, "/links").iter().enumerate() {
            let link = link.as_str().unwrap_or_default();
            if let Some((of, name)) = link.split_once(':') {
                let places = vec![format!("services.{by}.links[{index}]")];
                known.push(Known { name, of, places });
            }
        }
        known
    }

    /// The networks whose names a service finds; with `network_mode` those of whom it joins.
    fn networks(&self, service: &'a Value) -> BTreeSet<&'a str> {
        if let Some(mode) = text(service, "/network_mode") {
            let joined = mode.strip_prefix("service:");
            let joined = joined.and_then(|name| self.0.pointer(&format!("/services/{name}")));
            return joined.map_or_else(BTreeSet::new, |joined| self.networks(joined));
        }
        keys(service, "/networks").collect()
    }

    /// Each service that is in a network of the stack, with all it is in.
    pub(super) fn members(&self) -> Vec<(&'a str, BTreeSet<&'a str>)> {
        let services = self.services();
        let members = services.map(|(name, service)| (name, self.networks(service)));
        members
            .filter(|(_, networks)| !networks.is_empty())
            .collect()
    }

    /// Each service with what its health check runs.
    pub(super) fn tests(&self) -> Vec<(&'a str, Test)> {
        let test = |service: &Value| {
            let words = words(service, "/healthcheck/test");
            let words: Vec<String> = words.iter().map(|word| plain(word)).collect();
            match words.split_first()? {
                (first, [line]) if first == "CMD-SHELL" => Some(Test::Shell(line.clone())),
                (first, rest) if first == "CMD" && !rest.is_empty() => {
                    Some(Test::Exec(rest.to_vec()))
                }
                _ => None,
            }
        };
        let tests = self.services();
        tests
            .filter_map(|(name, service)| Some((name, test(service)?)))
            .collect()
    }

    /// Each service's mounts it may write to, by number and path.
    pub(super) fn writable_mounts(&self) -> Vec<(&'a str, usize, &'a str)> {
        let mut mounts = Vec::new();
        for (name, service) in self.services() {
            for (index, mount) in items(service, "/volumes").iter().enumerate() {
                let is_read_only = mount.get("read_only") == Some(&Value::Bool(true));
                if let Some(path) = text(mount, "/target").filter(|_| !is_read_only) {
                    mounts.push((name, index, path));
                }
            }
        }
        mounts
    }
}

/// What a service answers to, and where an account speaks of each name.
fn answers<'a>(name: &'a str, service: &'a Value) -> Vec<Known<'a>> {
    let mut known = vec![Known {
        name,
        of: name,
        places: vec![format!("services.{name}")],
    }];
    for network in keys(service, "/networks") {
        let all = items(service, &format!("/networks/{network}/aliases"));
        for (index, alias) in all.iter().enumerate() {
            let place = format!("services.{name}.networks.{network}.aliases[{index}]");
            known.push(Known {
                name: alias.as_str().unwrap_or_default(),
                of: name,
                places: vec![place],
            });
        }
    }
    if let Some(container) = text(service, "/container_name") {
        known.push(Known {
            name: container,
            of: name,
            places: vec![format!("services.{name}.container_name")],
        });
    }
    known
}

fn keys<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a str> {
    let entries = value.pointer(pointer).and_then(Value::as_object);
    entries.into_iter().flatten().map(|(key, _)| key.as_str())
}

/// Where a service may name another, with the text there.
fn texts(service: &Value) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let environment = service.get("environment").and_then(Value::as_object);
    for (key, value) in environment.into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        texts.push((format!("environment.{key}"), plain(value)));
    }
    for key in ["command", "entrypoint"] {
        let words = words(service, &format!("/{key}"));
        let words = words.iter().enumerate();
        texts.extend(words.map(|(index, word)| (format!("{key}[{index}]"), plain(word))));
    }
    for (index, link) in items(service, "/links").iter().enumerate() {
        let link = link.as_str().unwrap_or_default();
        let name = link.rsplit(':').next().unwrap_or_default();
        texts.push((format!("links[{index}]"), name.to_owned()));
    }
    let dependencies = service.get("depends_on").and_then(Value::as_object);
    for (name, dependency) in dependencies.into_iter().flatten() {
        // Nobody talks to what has ended.
        if text(dependency, "/condition") != Some("service_completed_successfully") {
            texts.push((format!("depends_on.{name}"), name.clone()));
        }
    }
    texts
}

/// A text as the container sees it: the resolved project writes each `$` twice.
fn plain(text: &str) -> String {
    text.replace("$$", "$")
}

/// Whether a name stands where hosts stand: alone, before a port, or behind `//` or `@`.
fn is_host(text: &str, name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    let is_part = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    text.match_indices(name).any(|(at, _)| {
        let (before, rest) = text.split_at(at);
        let after = rest.get(name.len()..).unwrap_or_default();
        if before.ends_with(is_part) || after.starts_with(is_part) {
            return false;
        }
        let mut next = after.chars();
        let has_port = next.next() == Some(':') && next.next().is_some_and(|c| c.is_ascii_digit());
        let is_behind = before.ends_with("//") || before.ends_with('@');
        has_port || is_behind || (before.is_empty() && after.is_empty())
    })
}
