//! A rendering for Docker Swarm.

use std::collections::BTreeSet;

use serde_json::Value;

use super::source::Use;
use super::{Account, Rendering, Test, items, text, words};

/// The stack file.
pub(super) struct StackFile<'a>(pub(super) &'a Value);

impl<'a> StackFile<'a> {
    fn services(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let services = self.0.get("services").and_then(Value::as_object);
        let services = services.into_iter().flatten();
        services.map(|(name, service)| (name.as_str(), service))
    }

    /// The entry a service ended in: its object is called as the stack and it.
    fn of(&self, service: &str, account: &Account<'_>) -> Option<(&'a str, &'a Value)> {
        let objects = account.workloads(service);
        let is_it = |key: &str| {
            let ending = format!("_{key}");
            objects.iter().any(|object| object.ends_with(&ending))
        };
        let all = self.services().filter(|(key, _)| is_it(key));
        all.max_by_key(|(key, _)| key.len())
    }
}

impl Rendering for StackFile<'_> {
    fn resolves(&self, used: &Use<'_>, account: &Account<'_>) -> bool {
        let (Some((_, by)), Some((key, of))) =
            (self.of(used.by, account), self.of(used.of, account))
        else {
            return false;
        };
        let (own, others) = (networks(by), networks(of));
        let mut shared = own.intersection(&others);
        shared.any(|network| {
            let aliases = words(of, &format!("/networks/{network}/aliases"));
            key == used.name || aliases.iter().any(|alias| alias == used.name)
        })
    }

    fn references(&self, _account: &Account<'_>) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        let declared = |group: &str, name: &str| {
            let group = self.0.get(group);
            group.is_some_and(|group| group.get(name).is_some())
        };
        for (key, service) in self.services() {
            for group in ["configs", "secrets"] {
                let sources = items(service, &format!("/{group}")).iter();
                for source in sources.filter_map(|item| text(item, "/source")) {
                    found.push((format!("{key}: {group}.{source}"), declared(group, source)));
                }
            }
            for network in networks(service) {
                let is_engine_own = matches!(network, "host" | "none");
                let leads = is_engine_own || declared("networks", network);
                found.push((format!("{key}: networks.{network}"), leads));
            }
            for mount in items(service, "/volumes") {
                let volume =
                    text(mount, "/source").filter(|_| text(mount, "/type") == Some("volume"));
                if let Some(volume) = volume {
                    found.push((
                        format!("{key}: volumes.{volume}"),
                        declared("volumes", volume),
                    ));
                }
            }
        }
        found
    }

    fn probes(&self, service: &str, test: &Test, account: &Account<'_>) -> bool {
        let wanted = match test {
            Test::Exec(words) => ["CMD".to_owned()]
                .into_iter()
                .chain(words.clone())
                .collect(),
            Test::Shell(line) => vec!["CMD-SHELL".to_owned(), line.clone()],
        };
        self.of(service, account).is_some_and(|(_, service)| {
            let test = words(service, "/healthcheck/test").into_iter();
            test.map(|word| word.replace("$$", "$")).collect::<Vec<_>>() == wanted
        })
    }

    fn writes(&self, service: &str, path: &str, account: &Account<'_>) -> bool {
        self.of(service, account).is_some_and(|(_, service)| {
            items(service, "/volumes").iter().any(|mount| {
                let is_read_only = mount.get("read_only") == Some(&Value::Bool(true));
                text(mount, "/target") == Some(path) && !is_read_only
            })
        })
    }

    fn reaches(&self, from: &str, to: &str, account: &Account<'_>) -> Option<bool> {
        let (from, to) = (self.of(from, account)?, self.of(to, account)?);
        Some(!networks(from.1).is_disjoint(&networks(to.1)))
    }
}

/// The networks of a service; the stack's own when it names none.
fn networks(service: &Value) -> BTreeSet<&str> {
    match service.get("networks") {
        Some(Value::Object(networks)) => networks.keys().map(String::as_str).collect(),
        Some(Value::Array(networks)) => networks.iter().filter_map(Value::as_str).collect(),
        _ => BTreeSet::from(["default"]),
    }
}
