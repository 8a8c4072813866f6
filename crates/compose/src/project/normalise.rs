//! What is implied is written down: names, the default network, dependencies.

use super::service::{Condition, Dependency};
use super::{Build, ContainerSpec, Context, Project, WorkloadSpec};
use crate::field::{Environment, Map, Namespace, Required};
use crate::file_path;

/// Writes down what the project implies.
pub(crate) fn normalise(project: &mut Project, context: &Context<'_>) {
    join_default_network(project);
    for (_, container, workload) in project.workloads_mut() {
        // An empty mode keeps a container out of the default network, and says nothing more.
        let mode = container.network_mode.take();
        container.network_mode = mode.filter(|mode| *mode != Namespace::from(""));
        resolve_environment(&mut container.environment, context);
        clean_targets(container);
        if let Some(build) = workload.build.as_mut() {
            complete_build(build, context);
        }
    }
    for service in project.services.values_mut() {
        let links = std::mem::take(&mut service.links);
        imply_dependencies(&service.container, &mut service.workload, &links);
        service.links = links;
    }
    for job in project.jobs.values_mut() {
        imply_dependencies(&job.container, &mut job.workload, &[]);
    }
    name_resources(project, context.name);
}

/// Containers that name no network are in the one called `default`, which exists only if used.
fn join_default_network(project: &mut Project) {
    let mut is_used = false;
    let services = project
        .services
        .values_mut()
        .filter(|service| service.provider.is_none());
    let services = services.map(|service| &mut service.container);
    let containers = services.chain(project.jobs.values_mut().map(|job| &mut job.container));
    for container in containers.filter(|container| container.network_mode.is_none()) {
        if container.networks.is_empty() {
            container.networks.insert("default".to_owned(), None);
        }
        is_used |= container.networks.contains_key("default");
    }
    if is_used {
        project.networks.entry("default".to_owned()).or_default();
    }
}

/// Variables without a value take it from where compose runs; unknown ones stay without.
fn resolve_environment(environment: &mut Environment, context: &Context<'_>) {
    for (name, value) in environment.iter_mut().filter(|(_, value)| value.is_none()) {
        *value = context.variables.get(name).map(str::to_owned);
    }
}

fn clean_targets(container: &mut ContainerSpec) {
    for target in container
        .volumes
        .iter_mut()
        .filter_map(|mount| mount.target.as_mut())
    {
        *target = file_path::clean(target);
    }
}

fn complete_build(build: &mut Build, context: &Context<'_>) {
    if build.dockerfile.is_none() && build.dockerfile_inline.is_none() {
        build.dockerfile = Some("Dockerfile".to_owned());
    }
    // What was given empty counts as given up to here, and says nothing from here on.
    for text in [
        &mut build.context,
        &mut build.dockerfile,
        &mut build.dockerfile_inline,
    ] {
        *text = text.take().filter(|text| !text.is_empty());
    }
    resolve_environment(&mut build.args, context);
    build.args.retain(|_, value| value.is_some());
}

/// Adds the services a container needs without saying so; what is said stays.
fn imply_dependencies(container: &ContainerSpec, workload: &mut WorkloadSpec, links: &[String]) {
    let dependencies = &mut workload.depends_on;
    for link in links {
        imply(dependencies, linked_service(link), true);
    }
    let namespaces = [
        &container.network_mode,
        &container.ipc,
        &container.pid,
        &container.uts,
    ];
    for shared in namespaces
        .into_iter()
        .flatten()
        .filter_map(Namespace::service)
    {
        imply(dependencies, shared, true);
    }
    for source in container
        .volumes_from
        .iter()
        .filter(|source| !source.starts_with("container:"))
    {
        imply(
            dependencies,
            source.split(':').next().unwrap_or(source),
            false,
        );
    }
}

/// `service:alias` links to `service`.
pub(crate) fn linked_service(link: &str) -> &str {
    match link.split_once(':') {
        Some((service, alias)) if !alias.contains(':') => service,
        Some(_) | None => link,
    }
}

fn imply(dependencies: &mut Map<Dependency>, service: &str, restart: bool) {
    if !dependencies.contains_key(service) {
        let implied = Dependency {
            condition: Some(Condition::Started),
            restart,
            required: Required(true),
            ..Dependency::default()
        };
        dependencies.insert(service.to_owned(), implied);
    }
}

/// Resources without a name are called after the project and their key; external ones after
/// their key alone. One with an empty name, as an unset variable leaves it, gets none at all.
fn name_resources(project: &mut Project, project_name: &str) {
    for (key, external, name) in names_mut(project) {
        match name.as_deref() {
            None if external => *name = Some(key.to_owned()),
            None => *name = Some(format!("{project_name}_{key}")),
            Some("") => *name = None,
            Some(_) => {}
        }
    }
}

/// The key of every resource with a name, whether it is external, and the name.
fn names_mut(project: &mut Project) -> impl Iterator<Item = (&str, bool, &mut Option<String>)> {
    let networks = project.networks.iter_mut();
    let networks =
        networks.map(|(key, network)| (key.as_str(), network.external, &mut network.name));
    let volumes = project.volumes.iter_mut();
    let volumes = volumes.map(|(key, volume)| (key.as_str(), volume.external, &mut volume.name));
    let secrets = project.secrets.iter_mut();
    let secrets = secrets.map(|(key, secret)| (key.as_str(), secret.external, &mut secret.name));
    let configs = project.configs.iter_mut();
    let configs = configs.map(|(key, config)| (key.as_str(), config.external, &mut config.name));
    networks.chain(volumes).chain(secrets).chain(configs)
}
