//! Which ports of each other the services of a stack name in their texts.

use std::collections::{BTreeSet, HashMap};

use tranship_model::{Process, Stack, Task};

/// The ports each service is called at, as `name:port` in a variable or an argument of another.
///
/// An address such as `redis://cache:6379/0` is the only place where a file says that `cache`
/// listens on 6379, when it publishes other ports only.
pub(super) fn used_ports(stack: &Stack) -> HashMap<&str, BTreeSet<u16>> {
    let mut used = HashMap::new();
    let services = stack.services.values().map(|service| &service.task);
    let jobs = stack.jobs.values().map(|job| &job.task);
    for task in services.chain(jobs) {
        for text in texts(task) {
            find(text, |host, port| {
                if let Some((name, _)) = stack.services.get_key_value(host) {
                    used.entry(name.as_str())
                        .or_insert_with(BTreeSet::new)
                        .insert(port);
                }
            });
        }
    }
    used
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

/// Calls `found` for each `host:port` in `text`.
fn find(text: &str, mut found: impl FnMut(&str, u16)) {
    let in_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    for (at, _) in text.match_indices(':') {
        let (before, after) = (
            text.get(..at).unwrap_or(""),
            text.get(at + 1..).unwrap_or(""),
        );
        let host = before.rsplit(|c| !in_host(c)).next().unwrap_or("");
        let end = after
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(after.len());
        let port = after.get(..end).and_then(|digits| digits.parse().ok());
        if let (false, Some(port @ 1..)) = (host.is_empty(), port) {
            found(host, port);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, u16)> {
        let mut all = Vec::new();
        find(text, |host, port| all.push((host.to_owned(), port)));
        all
    }

    #[test]
    fn addresses_are_found_in_any_text() {
        let text = "amqp://me:secret@queue:5672/v1,kafka-1:9092, time 10:30:00 x:99999";
        let expected = [("queue", 5672), ("kafka-1", 9092), ("10", 30)];
        assert_eq!(
            found(text)[..3],
            expected.map(|(host, port)| (host.to_owned(), port))
        );
        assert!(!found(text).iter().any(|(host, _)| host == "x"));
    }
}
