//! What one part of a stack has to know of the others: names above all.

use std::collections::{HashMap, HashSet};

use tranship_model::{
    Condition, Config, ConfigSource, Port, PortMode, PortRange, Protocol, Secret, SecretSource,
    Stack, Task, VolumeScope,
};

use super::{ports, template};
use crate::names::{self, Case};

/// The names of a stack in Swarm, and who needs whom.
#[derive(Debug)]
pub(crate) struct Context<'stack> {
    pub(crate) stack: &'stack Stack,
    prefix: String,
    networks: HashMap<&'stack str, String>,
    secrets: HashMap<&'stack str, String>,
    configs: HashMap<&'stack str, StoredConfig>,
    link_aliases: HashMap<&'stack str, Vec<&'stack str>>,
    awaited: HashSet<&'stack str>,
    publishers: HashMap<(u16, Protocol), &'stack str>,
}

/// How a config is stored.
#[derive(Clone, Debug)]
pub(crate) struct StoredConfig {
    /// Its name in the swarm.
    pub(crate) name: String,
    /// SHA-256 of its content and template driver, if its name is made of that.
    pub(crate) digest: Option<String>,
}

impl<'stack> Context<'stack> {
    /// Gives names to everything in a stack.
    pub(crate) fn new(stack: &'stack Stack) -> Self {
        let mut context = Self {
            stack,
            prefix: names::stack_prefix(&stack.name),
            networks: HashMap::new(),
            secrets: HashMap::new(),
            configs: HashMap::new(),
            link_aliases: HashMap::new(),
            awaited: HashSet::new(),
            publishers: HashMap::new(),
        };
        context.name_all();
        for (key, task) in context.tasks() {
            context.relate(task);
            if ports::can_publish(&task.networking.mode) {
                context.publish(key, &task.networking.ports);
            }
        }
        context
    }

    fn name_all(&mut self) {
        for (key, network) in &self.stack.networks {
            let legal = if network.external {
                network.name.clone()
            } else {
                names::network_name(&network.name, self.case(&network.name, key))
            };
            self.networks.insert(key, legal);
        }
        for (key, secret) in &self.stack.secrets {
            let case = self.case(&secret.name, key);
            self.secrets.insert(key, stored_secret(secret, case));
        }
        for (key, config) in &self.stack.configs {
            let case = self.case(&config.name, key);
            self.configs.insert(key, stored_config(config, case));
        }
    }

    /// A name made of the stack's and the key is ours to change; any other one people chose.
    fn case(&self, name: &str, key: &str) -> Case {
        let rest = name.strip_prefix(&self.stack.name);
        match rest.and_then(|rest| rest.strip_prefix('_')) {
            Some(rest) if rest == key => Case::Lower,
            Some(_) | None => Case::Kept,
        }
    }

    fn tasks(&self) -> impl Iterator<Item = (&'stack str, &'stack Task)> + use<'stack> {
        let services = self.stack.services.iter();
        let services = services.map(|(key, service)| (key.as_str(), &service.task));
        let jobs = self
            .stack
            .jobs
            .iter()
            .map(|(key, job)| (key.as_str(), &job.task));
        services.chain(jobs)
    }

    /// Remembers who is the first to publish each port for all nodes.
    fn publish(&mut self, key: &'stack str, ports: &[Port]) {
        for port in ports.iter().filter(|port| port.mode == PortMode::Balanced) {
            for published in port.published.into_iter().flat_map(PortRange::ports) {
                self.publishers
                    .entry((published, port.protocol))
                    .or_insert(key);
            }
        }
    }

    fn relate(&mut self, task: &'stack Task) {
        for link in &task.networking.links {
            let alias = link.alias.as_deref().unwrap_or(&link.target);
            let aliases = self.link_aliases.entry(&link.target).or_default();
            if alias != link.target && !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        for dependency in &task.lifecycle.dependencies {
            if dependency.condition == Condition::Completed {
                self.awaited.insert(&dependency.service);
            }
        }
    }

    /// The name in front of all others.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The name of a service or job in the swarm.
    pub(crate) fn service_name(&self, key: &str) -> String {
        names::service_name(&self.prefix, key)
    }

    /// The part of a service's name behind the stack's, which a stack file calls it by.
    pub(crate) fn key_of_service<'name>(&self, name: &'name str) -> &'name str {
        let rest = name
            .strip_prefix(&self.prefix)
            .and_then(|rest| rest.strip_prefix('_'));
        rest.unwrap_or(name)
    }

    /// The name of a network in the swarm.
    pub(crate) fn network_name(&self, key: &str) -> String {
        let known = self.networks.get(key).cloned();
        known.unwrap_or_else(|| names::network_name(&format!("{}_{key}", self.prefix), Case::Lower))
    }

    /// The name of a secret in the swarm.
    pub(crate) fn secret_name(&self, key: &str) -> String {
        let known = self.secrets.get(key).cloned();
        known.unwrap_or_else(|| names::stored_name(&format!("{}_{key}", self.prefix), Case::Lower))
    }

    /// The name of a volume on the nodes.
    pub(crate) fn volume_name(&self, key: &str) -> String {
        let Some(volume) = self.stack.volumes.get(key) else {
            return format!("{}_{key}", self.prefix);
        };
        let name = template::escaped(&volume.name);
        match volume.scope {
            VolumeScope::Shared => name.into_owned(),
            VolumeScope::PerTask => format!("{name}_{{{{.Task.Slot}}}}"),
        }
    }

    /// How a config is stored in the swarm.
    pub(crate) fn config(&self, key: &str) -> StoredConfig {
        let known = self.configs.get(key).cloned();
        known.unwrap_or_else(|| StoredConfig {
            name: names::stored_name(&format!("{}_{key}", self.prefix), Case::Lower),
            digest: None,
        })
    }

    /// Names by which others link to a service.
    pub(crate) fn link_aliases(&self, service: &str) -> &[&'stack str] {
        self.link_aliases.get(service).map_or(&[], Vec::as_slice)
    }

    /// The service that publishes a port for all nodes, if another one than `key` does so before.
    pub(crate) fn publisher_before(
        &self,
        key: &str,
        port: u16,
        protocol: Protocol,
    ) -> Option<&'stack str> {
        let publisher = self.publishers.get(&(port, protocol)).copied();
        publisher.filter(|publisher| *publisher != key)
    }

    /// Whether others wait for a service to complete.
    pub(crate) fn is_awaited(&self, service: &str) -> bool {
        self.awaited.contains(service)
    }

    /// The networks of the stack another service is in.
    pub(crate) fn networks_of(&self, service: &str) -> Vec<&'stack str> {
        let service = self.stack.services.get(service).into_iter();
        let attachments = service.flat_map(|service| service.task.networking.mode.attachments());
        attachments.map(|(key, _)| key.as_str()).collect()
    }
}

fn stored_secret(secret: &Secret, case: Case) -> String {
    if secret.source == SecretSource::External {
        return secret.name.clone();
    }
    names::stored_name(&secret.name, case)
}

/// The content is in the name, unless people chose the name or nobody knows the content.
fn stored_config(config: &Config, case: Case) -> StoredConfig {
    match content(config) {
        Some(content) if case == Case::Lower => {
            let driver = config.template_driver.as_deref().unwrap_or_default();
            let digest = names::digest(&[content, driver.as_bytes()]);
            let name = names::content_name(&config.name, &digest);
            StoredConfig {
                name,
                digest: Some(digest),
            }
        }
        Some(_) | None => StoredConfig {
            name: if config.source == ConfigSource::External {
                config.name.clone()
            } else {
                names::stored_name(&config.name, case)
            },
            digest: None,
        },
    }
}

/// The content of a config, if it is known.
pub(crate) fn content(config: &Config) -> Option<&[u8]> {
    match &config.source {
        ConfigSource::File { path: _, content } => content.as_deref(),
        ConfigSource::Inline(content) => Some(content.as_bytes()),
        ConfigSource::Environment {
            variable: _,
            content,
        } => content.as_deref().map(str::as_bytes),
        ConfigSource::External => None,
    }
}
