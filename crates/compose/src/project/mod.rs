//! The project: compose's own words as typed data, one canonical form per attribute.
//!
//! [`project`] reads the merged tree. Serialising a [`Project`] gives what
//! `docker compose config --format json` prints.
//!
//! Every attribute of the specification is one line in one of the files here; the line gives the
//! field, its key, how it is read and how it is printed.

pub(crate) mod attribute;
mod build;
pub mod codes;
mod consistency;
mod container;
mod context;
pub(crate) mod decoder;
mod defaults;
mod deploy;
mod develop;
mod files_of_variables;
#[cfg(test)]
mod found_live;
mod hash;
mod inherit;
mod job;
mod json;
mod lenient;
mod locate;
mod nearest;
mod normalise;
mod pages;
mod profiles;
#[cfg(test)]
mod replay;
mod resolve_paths;
mod resource;
#[cfg(test)]
mod scenarios;
mod select;
mod service;
mod shape;
pub(crate) mod values;

use indexmap::IndexMap;
use tranship_yaml::{Diagnostics, Node, Sources};

pub use build::{Build, SshKey};
pub use container::{
    BlkioConfig, ContainerSpec, CredentialSpec, EnvFile, FileReference, Logging, ServiceModel,
    ServiceNetwork, ThrottleDevice, WeightDevice,
};
pub use context::{Context, Stage};
pub use decoder::Strictness;
pub use deploy::{
    Deploy, DeployMode, DiscreteResource, EndpointMode, FailureAction, GenericResource, Placement,
    PlacementPreference, Resource, Resources, RestartCondition, RestartPolicy, UpdateConfig,
    UpdateOrder,
};
pub use develop::{Develop, Watch, WatchAction};
pub use hash::service_hash;
pub use job::{Concurrency, Job, MissedFires, Schedule, Triggers};
pub use locate::locate;
pub use pages::PAGES;
pub use resource::{Config, Ipam, IpamPool, Model, Network, Secret, Volume};
pub use service::{
    Condition, Dependency, HealthCheck, Hook, PreStartHook, Provider, Service, WorkloadSpec,
};

use crate::field::Map;
use values::{named, named_or_null};

/// Every `x-` key of a mapping, as written.
pub type Extensions = IndexMap<String, serde_json::Value>;

attribute::attributes! {
    /// A whole project.
    ///
    /// Source: [Compose specification](https://docs.docker.com/reference/compose-file/).
    open struct Project hidden {
        /// The directory relative paths start from, as given.
        working_directory: String,
        /// The services left out, because none of their profiles is active.
        disabled_services: Map<Service>,
        /// The jobs left out, because none of their profiles is active.
        disabled_jobs: Map<Job>,
    } {
        /// The name, a legal one.
        name: Option<String>,
        /// The services that take part, by name.
        services: Map<Service> = named,
        /// The jobs that take part, by name.
        jobs: Map<Job> = named,
        /// The networks, by key.
        networks: Map<Network> = named_or_null,
        /// The volumes, by key.
        volumes: Map<Volume> = named_or_null,
        /// The secrets, by key.
        secrets: Map<Secret> = named,
        /// The configs, by key.
        configs: Map<Config> = named,
        /// The models, by key.
        models: Map<Model> = named,
    }
}

/// Reads the merged tree into a project, completes it and judges it.
///
/// All problems are found at once. There is no project when the tree cannot be read into one;
/// with other errors there is one, so that more can be said about it, but it must not be used.
///
/// Texts read on the way, such as an `env_file`, are added to `sources`.
#[must_use]
pub fn project(
    tree: &Node,
    context: &Context<'_>,
    sources: &mut Sources,
) -> (Option<Project>, Diagnostics) {
    let mut decoder = decoder::Decoder::new(context.strictness);
    let project: Option<Project> = decoder.mapping(tree);
    let mut diagnostics = decoder.finish();
    let Some(mut project) = project else {
        return (None, diagnostics);
    };
    context
        .name
        .clone_into(project.name.get_or_insert_default());
    context
        .working_directory
        .clone_into(&mut project.working_directory);
    diagnostics.append(shape::check(tree));
    diagnostics.append(shape::adopt_external_names(&mut project, tree));
    diagnostics.append(complete(&mut project, tree, context));
    diagnostics.append(files_of_variables::read_files(
        &mut project,
        tree,
        context,
        sources,
    ));
    (Some(project), diagnostics)
}

/// The steps between reading and judging, in the order of the reference loader.
fn complete(project: &mut Project, tree: &Node, context: &Context<'_>) -> Diagnostics {
    project.set_defaults();
    if context.does(Stage::Paths) {
        resolve_paths::resolve_paths(project, context);
    }
    shape::take_values(project, context.variables);
    let mut diagnostics = match context.strictness {
        Strictness::Strict => Diagnostics::default(),
        Strictness::Lenient => lenient::declare_missing(project, tree),
    };
    if context.does(Stage::Normalisation) {
        normalise::normalise(project, context);
        project.complete_hooks(tree);
    }
    project.apply_profiles(context.profiles);
    if !context.does(Stage::Consistency) {
        return diagnostics;
    }
    diagnostics.append(consistency::check(tree, project));
    project.copy_scale();
    diagnostics
}

impl Project {
    /// Every service and job.
    pub(crate) fn workloads_mut(
        &mut self,
    ) -> impl Iterator<Item = (&str, &mut ContainerSpec, &mut WorkloadSpec)> {
        let services = self
            .services
            .iter_mut()
            .map(|(name, service)| (name.as_str(), &mut service.container, &mut service.workload));
        let jobs = self
            .jobs
            .iter_mut()
            .map(|(name, job)| (name.as_str(), &mut job.container, &mut job.workload));
        services.chain(jobs)
    }

    /// A service that says both how it is deployed and how often it runs says the latter there.
    fn copy_scale(&mut self) {
        for service in self
            .services
            .values_mut()
            .filter(|service| service.scale.is_some())
        {
            if let Some(deploy) = service.deploy.as_mut() {
                deploy.replicas = service.scale;
            }
        }
    }
}
