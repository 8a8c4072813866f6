//! A part of the project: some services, and what they need.

use std::collections::HashSet;

use super::{Project, Service};
use crate::field::{Map, MountKind};

impl Project {
    /// Keeps the services of these names, all they depend on, and what these use at the top level.
    ///
    /// Jobs stay, as they do in docker compose. No names keep everything.
    ///
    /// # Errors
    ///
    /// The first name no active service has.
    pub fn select(&mut self, names: &[String]) -> Result<(), String> {
        if names.is_empty() {
            return Ok(());
        }
        let missing = names.iter().find(|name| !self.services.contains_key(*name));
        if let Some(missing) = missing {
            return Err(missing.clone());
        }
        let kept: HashSet<String> = self.start_order(names).into_iter().collect();
        let all = std::mem::take(&mut self.services);
        let (kept, left) = all.into_iter().partition(|(name, _)| kept.contains(name));
        self.services = kept;
        self.disabled_services.extend::<Map<Service>>(left);
        self.drop_unused();
        Ok(())
    }

    /// The services of these names and all they depend on, each behind those it depends on.
    #[must_use]
    pub fn start_order(&self, names: &[String]) -> Vec<String> {
        let mut order = Vec::new();
        let mut seen: HashSet<&str> = HashSet::new();
        // Each service is met twice: before those it depends on, and behind them.
        let mut open: Vec<(&str, bool)> = Vec::new();
        open.extend(names.iter().rev().map(|name| (name.as_str(), false)));
        while let Some((name, is_left)) = open.pop() {
            if is_left {
                order.push(name.to_owned());
                continue;
            }
            let Some(service) = self.services.get(name).filter(|_| seen.insert(name)) else {
                continue;
            };
            open.push((name, true));
            let dependencies = service.workload.depends_on.keys().rev();
            open.extend(dependencies.map(|dependency| (dependency.as_str(), false)));
        }
        order
    }

    /// Leaves out what no service that is left refers to.
    fn drop_unused(&mut self) {
        let Used {
            networks,
            volumes,
            secrets,
            configs,
            models,
        } = Used::by(self.services.values());
        self.networks.retain(|name, _| networks.contains(name));
        self.volumes.retain(|name, _| volumes.contains(name));
        self.secrets.retain(|name, _| secrets.contains(name));
        self.configs.retain(|name, _| configs.contains(name));
        self.models.retain(|name, _| models.contains(name));
    }
}

/// The names services refer to.
#[derive(Default)]
struct Used {
    networks: HashSet<String>,
    volumes: HashSet<String>,
    secrets: HashSet<String>,
    configs: HashSet<String>,
    models: HashSet<String>,
}

impl Used {
    fn by<'s>(services: impl Iterator<Item = &'s Service>) -> Self {
        let mut used = Self::default();
        for service in services {
            used.add(service);
        }
        used
    }

    fn add(&mut self, service: &Service) {
        let container = &service.container;
        self.networks.extend(container.networks.keys().cloned());
        self.models.extend(container.models.keys().cloned());
        let volumes = container.volumes.iter();
        let volumes = volumes.filter(|mount| mount.kind == Some(MountKind::Volume));
        self.volumes
            .extend(volumes.filter_map(|mount| mount.source.clone()));
        let built = service
            .workload
            .build
            .iter()
            .flat_map(|build| &build.secrets);
        let secrets = container.secrets.iter().chain(built);
        self.secrets
            .extend(secrets.filter_map(|secret| secret.source.clone()));
        let configs = container.configs.iter();
        self.configs
            .extend(configs.filter_map(|config| config.source.clone()));
    }
}
