//! How the services of a stack call each other in their texts.

use std::collections::{BTreeSet, HashMap};

use tranship_model::{Process, Stack, Task};

/// How others call a service in their variables and arguments.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// The ports it is called at, as `name:port`.
    ///
    /// An address such as `redis://cache:6379/0` is the only place where a file says that `cache`
    /// listens on 6379, when it publishes other ports only.
    pub(super) ports: BTreeSet<u16>,
    /// Whether it is called without a port: then it may be any.
    pub(super) at_any_port: bool,
}

/// How each service is called by the others.
pub(super) fn uses(stack: &Stack) -> HashMap<&str, Uses> {
    let mut uses: HashMap<&str, Uses> = HashMap::new();
    let services = stack
        .services
        .iter()
        .map(|(key, service)| (key.as_str(), &service.task));
    let jobs = stack.jobs.values().map(|job| ("", &job.task));
    for (caller, task) in services.chain(jobs) {
        for text in texts(task) {
            calls(text, |host, port| {
                if let Some((name, _)) = stack.services.get_key_value(host) {
                    let uses = uses.entry(name).or_default();
                    uses.ports.extend(port);
                    uses.at_any_port |= port.is_none() && name != caller;
                }
            });
        }
    }
    uses
}

fn texts(task: &Task) -> impl Iterator<Item = &str> {
    let Process {
        entrypoint,
        arguments,
        environment,
        image: _,
        pull_policy: _,
        platform: _,
        working_directory: _,
        user: _,
        supplementary_groups: _,
        labels: _,
        annotations: _,
        tty: _,
        stdin_open: _,
        init: _,
        logging: _,
        container_name: _,
    } = &task.process;
    let words = entrypoint.iter().chain(arguments).flatten();
    let values = environment.values().flatten();
    words.chain(values).map(String::as_str)
}

/// Calls `found` for each word of `text` that may be a host name, and the port behind it.
fn calls(text: &str, mut found: impl FnMut(&str, Option<u16>)) {
    let in_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut rest = text;
    while let Some(start) = rest.find(in_host) {
        let word = rest.get(start..).unwrap_or("");
        let end = word.find(|c| !in_host(c)).unwrap_or(word.len());
        let (host, behind) = word.split_at(end);
        found(host, port(behind));
        rest = behind;
    }
}

/// The number behind a colon at the beginning of `text`.
fn port(text: &str) -> Option<u16> {
    let digits = text.strip_prefix(':')?;
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    digits.get(..end)?.parse().ok().filter(|port| *port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Option<u16>)> {
        let mut all = Vec::new();
        calls(text, |host, port| all.push((host.to_owned(), port)));
        all
    }

    #[test]
    fn addresses_are_found_in_any_text() {
        let calls = found("amqp://me:secret@queue:5672/v1,kafka-1:9092 x:99999 é cache");
        for (host, port) in [
            ("queue", Some(5672)),
            ("kafka-1", Some(9092)),
            ("x", None),
            ("cache", None),
        ] {
            assert!(
                calls.contains(&(host.to_owned(), port)),
                "{host}: {calls:?}"
            );
        }
    }
}
