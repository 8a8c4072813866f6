//! What a service must know of the rest of its stack before it can be translated.

use std::collections::{HashMap, HashSet};
use std::iter;

use indexmap::IndexMap;
use tranship_model::{Condition, NetworkMode, Service, Stack, Task};

use super::claims::Claim;
use super::files::MountedFile;
use super::uses::Uses;
use super::{claims, files, uses};
use crate::{Kubernetes, names};

/// A stack seen as a whole.
pub(super) struct World<'stack> {
    pub(super) target: &'stack Kubernetes,
    pub(super) stack: &'stack Stack,
    members: HashMap<&'stack str, Member>,
    claims: HashMap<&'stack str, Claim>,
    configs: HashMap<&'stack str, MountedFile>,
    secrets: HashMap<&'stack str, MountedFile>,
    aliases: IndexMap<String, Vec<&'stack str>>,
    service_names: HashSet<String>,
    isolated: bool,
}

/// A service as others see it.
#[derive(Debug, Default)]
pub(super) struct Member {
    /// The name of its objects, and the name others find it by.
    pub(super) name: String,
    /// Whether another service waits for its end.
    pub(super) awaited: bool,
    /// Whether another service needs it running.
    pub(super) needed: bool,
    /// How other services call it.
    pub(super) uses: Uses,
}

/// What became of a further name of a service.
pub(super) enum Alias<'world> {
    /// It is the service's own name.
    Own,
    /// Cluster services of this name lead to every service that has it.
    Carried(&'world str),
    /// Another service is called so.
    Taken,
    /// No cluster service can be called so.
    Illegal,
}

impl<'stack> World<'stack> {
    /// Looks at all of a stack.
    pub(super) fn survey(target: &'stack Kubernetes, stack: &'stack Stack) -> Self {
        let members = members(stack);
        let service_names: HashSet<_> =
            members.values().map(|member| member.name.clone()).collect();
        let aliases = aliases(stack, &service_names);
        Self {
            target,
            stack,
            claims: claims::survey(stack),
            configs: files::configs(stack),
            secrets: files::secrets(stack),
            isolated: is_isolated(stack),
            members,
            aliases,
            service_names,
        }
    }

    /// The service called `name` in the stack.
    pub(super) fn member(&self, name: &str) -> Option<&Member> {
        self.members.get(name)
    }

    /// The claim for the volume with this key.
    pub(super) fn claim(&self, key: &str) -> Option<&Claim> {
        self.claims.get(key)
    }

    /// The file of the config with this key.
    pub(super) fn config(&self, key: &str) -> Option<&MountedFile> {
        self.configs.get(key)
    }

    /// The file of the secret with this key.
    pub(super) fn secret(&self, key: &str) -> Option<&MountedFile> {
        self.secrets.get(key)
    }

    /// Further names and the services that have them.
    pub(super) fn aliases(&self) -> impl Iterator<Item = (&str, &[&'stack str])> {
        self.aliases
            .iter()
            .map(|(alias, services)| (alias.as_str(), services.as_slice()))
    }

    /// The further names more than one service has, as far as `service` is one of them.
    pub(super) fn shared_aliases(&self, service: &str) -> impl Iterator<Item = &str> {
        let is_shared = move |services: &[&str]| services.len() > 1 && services.contains(&service);
        self.aliases()
            .filter(move |(_, services)| is_shared(services))
            .map(|(alias, _)| alias)
    }

    /// Whether networks keep services of the stack apart.
    pub(super) const fn is_isolated(&self) -> bool {
        self.isolated
    }

    /// The keys of the networks a service is in: its own, or those of the task it shares them with.
    pub(super) fn networks_of(&self, service: &str) -> impl Iterator<Item = &'stack str> {
        let shared = |mode: &&'stack NetworkMode| self.network_mode(mode.shared_with()?);
        // Nobody shares with itself, so that a chain has at most all services of the stack.
        let all = self.stack.services.len() + self.stack.jobs.len();
        let modes = iter::successors(self.network_mode(service), shared).take(all);
        let attachments = modes.last().map(NetworkMode::attachments);
        attachments
            .into_iter()
            .flatten()
            .map(|(key, _)| key.as_str())
    }

    fn network_mode(&self, service: &str) -> Option<&'stack NetworkMode> {
        let service_task = self
            .stack
            .services
            .get(service)
            .map(|service| &service.task);
        let task = service_task.or_else(|| self.stack.jobs.get(service).map(|job| &job.task));
        task.map(|task| &task.networking.mode)
    }

    /// What becomes of a further name of `service`.
    pub(super) fn alias(&self, service: &str, alias: &str) -> Alias<'_> {
        let lower = alias.to_ascii_lowercase();
        if let Some((name, services)) = self.aliases.get_key_value(&lower)
            && services.contains(&service)
        {
            return Alias::Carried(name);
        }
        match self.member(service) {
            Some(member) if member.name == lower => Alias::Own,
            Some(_) | None if self.service_names.contains(&lower) => Alias::Taken,
            Some(_) | None => Alias::Illegal,
        }
    }

    /// Whether a service has this name on the cluster.
    pub(super) fn has_service_name(&self, name: &str) -> bool {
        self.service_names.contains(name)
    }

    /// A free name for a further cluster service of `name`.
    pub(super) fn derived_name(&self, name: &str, suffix: &str) -> String {
        let taken =
            |other: &str| self.service_names.contains(other) || self.aliases.contains_key(other);
        names::derived(name, suffix, taken)
    }
}

fn members(stack: &Stack) -> HashMap<&str, Member> {
    let mut uses = uses::uses(stack);
    let mut members: HashMap<_, _> = stack
        .services
        .keys()
        .map(|key| {
            let member = Member {
                name: names::label(key, names::BASE_LIMIT),
                uses: uses.remove(key.as_str()).unwrap_or_default(),
                ..Member::default()
            };
            (key.as_str(), member)
        })
        .collect();
    for dependency in tasks(stack).flat_map(|task| &task.lifecycle.dependencies) {
        if let Some(member) = members.get_mut(dependency.service.as_str()) {
            match dependency.condition {
                Condition::Completed => member.awaited = true,
                Condition::Started | Condition::Healthy => member.needed = true,
            }
        }
    }
    members
}

/// The tasks of services and jobs.
pub(super) fn tasks(stack: &Stack) -> impl Iterator<Item = &Task> {
    let services = stack.services.values().map(|service| &service.task);
    services.chain(stack.jobs.values().map(|job| &job.task))
}

/// Every further name that can be the name of a cluster service, and who has it.
fn aliases<'stack>(
    stack: &'stack Stack,
    service_names: &HashSet<String>,
) -> IndexMap<String, Vec<&'stack str>> {
    let mut aliases: IndexMap<String, Vec<&str>> = IndexMap::new();
    let mut add = |alias: &str, service: &'stack str| {
        let alias = alias.to_ascii_lowercase();
        if names::is_label(&alias, names::LABEL_LIMIT) && !service_names.contains(&alias) {
            let services = aliases.entry(alias).or_default();
            if !services.contains(&service) {
                services.push(service);
            }
        }
    };
    for (key, service) in &stack.services {
        // The name in lower case finds a service in Docker too: names have no case.
        add(key, key);
        own_aliases(service).for_each(|alias| add(alias, key));
        for link in &service.task.networking.links {
            if let Some((target, _)) = stack.services.get_key_value(&link.target) {
                link.alias.iter().for_each(|alias| add(alias, target));
            }
        }
    }
    aliases
}

fn own_aliases(service: &Service) -> impl Iterator<Item = &str> {
    let attachments = service.task.networking.mode.attachments();
    let aliases = attachments.flat_map(|(_, attachment)| &attachment.aliases);
    aliases
        .chain(&service.task.process.container_name)
        .map(String::as_str)
}

/// Whether the networks of a stack keep any of its tasks from any other or from outside.
fn is_isolated(stack: &Stack) -> bool {
    let cut_off = |task: &Task| matches!(task.networking.mode, NetworkMode::None);
    stack.networks.len() > 1
        || stack
            .networks
            .values()
            .any(|network| network.internal == Some(true))
        || tasks(stack).any(cut_off)
}
