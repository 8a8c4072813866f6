//! Lists that can be printed instead of the project.

use std::collections::BTreeSet;

use clap::Args;
use tranship_compose::project::{Job, Model, PreStartHook, Project, service_hash};
use tranship_yaml::{Mapping, Node};

use super::resolved::Resolved;
use crate::escape;
use crate::exit::Failure;

/// Lists that can be printed instead of the project.
#[derive(Args, Clone, Debug)]
#[group(multiple = false)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "options of docker compose, one flag each"
)]
pub(super) struct Lists {
    /// Print the names of the services, each behind those it depends on
    #[arg(id = "list-services", long = "services")]
    services: bool,
    /// Print the names of the networks
    #[arg(id = "list-networks", long = "networks")]
    networks: bool,
    /// Print the names of the volumes
    #[arg(id = "list-volumes", long = "volumes")]
    volumes: bool,
    /// Print the models
    #[arg(id = "list-models", long = "models")]
    models: bool,
    /// Print the images, those of jobs and of containers before the start too
    #[arg(id = "list-images", long = "images")]
    images: bool,
    /// Print the profiles
    #[arg(id = "list-profiles", long = "profiles")]
    profiles: bool,
    /// Print the variables the files see
    #[arg(id = "list-environment", long = "environment")]
    environment: bool,
    /// Print the variables the files speak of, with their defaults
    #[arg(long)]
    pub(super) variables: bool,
    /// Print the hash of each service, as docker compose labels containers; `*` is all of them
    #[arg(long, value_name = "SERVICE", value_delimiter = ',')]
    hash: Vec<String>,
}

impl Lists {
    /// The list that was asked for, if one was.
    pub(super) fn of_project(&self, resolved: &Resolved) -> Result<Option<Vec<String>>, Failure> {
        // No `..`: a flag without a list would be ignored.
        let Self {
            services,
            networks,
            volumes,
            models,
            images,
            profiles,
            environment,
            variables: _,
            hash,
        } = self;
        let project = &resolved.project;
        let names = if *services {
            all_services(project)
        } else if *networks {
            project.networks.keys().cloned().collect()
        } else if *volumes {
            project.volumes.keys().cloned().collect()
        } else if *models {
            all_models(project)
        } else if *images {
            all_images(project)
        } else if *profiles {
            all_profiles(project)
        } else if *environment {
            all_variables(resolved)
        } else if hash.is_empty() {
            return Ok(None);
        } else {
            all_hashes(resolved, hash)?
        };
        Ok(Some(names))
    }

    /// The list that was asked for, if it can be had before variables are replaced.
    pub(super) fn of_tree(&self, tree: &Node) -> Option<Vec<String>> {
        let section = if self.services {
            "services"
        } else if self.networks {
            "networks"
        } else if self.volumes {
            "volumes"
        } else {
            return None;
        };
        let names = tree.get(section).and_then(Node::as_mapping);
        let names = names.into_iter().flat_map(Mapping::keys);
        Some(names.map(|key| key.text.to_string()).collect())
    }
}

/// One line for each.
pub(super) fn lines(list: &[String]) -> String {
    let lines = list.iter().map(|line| format!("{}\n", escape::line(line)));
    lines.collect()
}

fn all_services(project: &Project) -> Vec<String> {
    let names: Vec<String> = project.services.keys().cloned().collect();
    project.start_order(&names)
}

/// What the models are, as docker compose has it, not what they are called here.
fn all_models(project: &Project) -> Vec<String> {
    let models = project.models.values();
    models
        .filter_map(|model: &Model| model.model.clone())
        .collect()
}

/// The images that are run; where none is named, the one docker compose gives to the build.
fn all_images(project: &Project) -> Vec<String> {
    let mut images = Vec::new();
    let built = |name: &String| {
        let project = project.name.as_deref().unwrap_or_default();
        format!("{project}-{name}")
    };
    for (name, service) in &project.services {
        let own = service.container.image.as_ref().map(ToString::to_string);
        let own = own.unwrap_or_else(|| built(name));
        let hooks = service.pre_start.iter();
        let hooks = hooks.filter_map(|hook: &PreStartHook| hook.container.image.as_ref());
        let hooks = hooks.map(ToString::to_string).filter(|image| *image != own);
        let hooks: Vec<String> = hooks.collect();
        images.push(own);
        images.extend(hooks);
    }
    let job = |(name, job): (&String, &Job)| {
        let image = job.container.image.as_ref().map(ToString::to_string);
        image.unwrap_or_else(|| built(name))
    };
    images.extend(project.jobs.iter().map(job));
    images
}

/// The profiles of all services, active or not.
fn all_profiles(project: &Project) -> Vec<String> {
    let disabled = project.disabled_services.values();
    let services = project.services.values().chain(disabled);
    let profiles: BTreeSet<&String> = services.flat_map(|service| &service.profiles).collect();
    profiles.into_iter().cloned().collect()
}

fn all_variables(resolved: &Resolved) -> Vec<String> {
    let variables = resolved.reading.environment.iter();
    let mut lines: Vec<String> = variables
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    lines.sort();
    lines
}

fn all_hashes(resolved: &Resolved, names: &[String]) -> Result<Vec<String>, Failure> {
    let services = &resolved.project.services;
    let all = names.iter().any(|name| name == "*");
    if !all && let Some(missing) = names.iter().find(|name| !services.contains_key(*name)) {
        return Err(resolved.no_such_service(missing));
    }
    let platform = resolved.reading.environment.get("DOCKER_DEFAULT_PLATFORM");
    let mut lines = Vec::new();
    for (name, service) in services {
        if all || names.contains(name) {
            let hash = service_hash(service, platform);
            let hash = hash.map_err(|error| Failure::Bug(error.to_string()))?;
            lines.push(format!("{name} {hash}"));
        }
    }
    lines.sort();
    Ok(lines)
}
