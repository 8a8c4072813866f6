//! Whether everything that is named exists.

use super::super::normalise::linked_service;
use super::super::{Build, ContainerSpec, Dependency, FileReference, Job, Service, codes};
use tranship_yaml::{Mapping, Node};

use super::Checker;
use crate::field::{MountKind, Namespace};
use crate::project::nearest::nearest;

impl Checker<'_> {
    pub(super) fn networks(&mut self, name: &str, service: &Service) {
        let container = &service.container;
        if container.network_mode.is_some() && !container.networks.is_empty() {
            let message = format!("service `{name}` has both a `network_mode` and `networks`");
            let path = format!("services.{name}.network_mode");
            self.refuse(codes::EXCLUSIVE_KEYS, message, &path, "keep one of them");
        }
    }

    /// Networks, volumes, configs, secrets and models of a container.
    pub(super) fn resources_of(
        &mut self,
        name: &str,
        container: &ContainerSpec,
        build: Option<&Build>,
    ) {
        let project = self.project;
        for network in container.networks.keys() {
            if !project.networks.contains_key(network) {
                let path = format!("services.{name}.networks.{network}");
                self.undefined(Declared::Network, network, &path, name);
            }
        }
        for model in container.models.keys() {
            if !project.models.contains_key(model) {
                let path = format!("services.{name}.models.{model}");
                self.undefined(Declared::Model, model, &path, name);
            }
        }
        self.volumes(name, container);
        self.files(name, "configs", Declared::Config, &container.configs);
        self.files(name, "secrets", Declared::Secret, &container.secrets);
        if let Some(build) = build {
            self.files(name, "build.secrets", Declared::BuildSecret, &build.secrets);
        }
    }

    /// Configs or secrets that are mounted as files.
    fn files(&mut self, name: &str, attribute: &str, kind: Declared, files: &[FileReference]) {
        for (index, file) in files.iter().enumerate() {
            let key = file.source.as_deref().unwrap_or_default();
            let is_declared = match kind {
                Declared::Config => self.project.configs.contains_key(key),
                Declared::Secret | Declared::BuildSecret => self.project.secrets.contains_key(key),
                Declared::Service | Declared::Network | Declared::Volume | Declared::Model => true,
            };
            if !is_declared {
                let path = format!("services.{name}.{attribute}[{index}].source");
                self.undefined(kind, key, &path, name);
            }
        }
    }

    fn volumes(&mut self, name: &str, container: &ContainerSpec) {
        for (index, mount) in container.volumes.iter().enumerate() {
            let Some(source) = mount.source.as_deref() else {
                continue;
            };
            if mount.kind == Some(MountKind::Volume) && !self.project.volumes.contains_key(source) {
                let path = format!("services.{name}.volumes[{index}].source");
                self.undefined(Declared::Volume, source, &path, name);
            }
        }
    }

    pub(super) fn dependencies(&mut self, name: &str, service: &Service) {
        for (target, dependency) in &service.workload.depends_on {
            if self.project.services.contains_key(target) || self.is_tolerated(target, dependency) {
                continue;
            }
            let path = self.dependency_path(name, service, target);
            if self.project.jobs.contains_key(target) {
                let message = format!(
                    "service `{name}` depends on job `{target}`, but services can only depend on services"
                );
                self.refuse(
                    codes::UNDEFINED,
                    message,
                    &path,
                    "make it a service, or depend on something else",
                );
            } else {
                self.missing_service(name, target, &path);
            }
        }
        // An implied dependency was reported above already.
        let joined = service
            .container
            .network_mode
            .as_ref()
            .and_then(Namespace::service);
        let joined = joined.filter(|target| !service.workload.depends_on.contains_key(*target));
        if let Some(target) = joined.filter(|target| !self.project.services.contains_key(*target)) {
            self.missing_service(name, target, &format!("services.{name}.network_mode"));
        }
    }

    pub(super) fn job_dependencies(&mut self, name: &str, job: &Job) {
        for (target, dependency) in &job.workload.depends_on {
            let exists = self.project.jobs.contains_key(target)
                || self.project.services.contains_key(target);
            if !exists && !self.is_tolerated(target, dependency) {
                let message = format!(
                    "job `{name}` depends on `{target}`, which is neither a service nor a job"
                );
                let path = format!("jobs.{name}.depends_on.{target}");
                self.refuse(
                    codes::UNDEFINED,
                    message,
                    &path,
                    "correct the name, or declare it",
                );
            }
        }
    }

    /// An optional dependency may be switched off, but it must exist.
    fn is_tolerated(&self, target: &str, dependency: &Dependency) -> bool {
        !dependency.required.0 && self.project.disabled_services.contains_key(target)
    }

    fn missing_service(&mut self, name: &str, target: &str, path: &str) {
        match self.project.disabled_services.get(target) {
            Some(disabled) => {
                let message = format!(
                    "service `{name}` depends on `{target}`, none of whose profiles is active"
                );
                let help = format!("activate a profile: `{}`", disabled.profiles.join("`, `"));
                self.refuse(codes::DISABLED, message, path, &help);
            }
            None => self.undefined(Declared::Service, target, path, name),
        }
    }

    /// Where the dependency was written, or what implies it.
    fn dependency_path(&self, name: &str, service: &Service, target: &str) -> String {
        let at = |rest: String| format!("services.{name}.{rest}");
        let container = &service.container;
        let linked = service
            .links
            .iter()
            .position(|link| linked_service(link) == target);
        let joined = [
            ("network_mode", &container.network_mode),
            ("ipc", &container.ipc),
            ("pid", &container.pid),
            ("uts", &container.uts),
        ];
        let joined = joined
            .into_iter()
            .find(|(_, namespace)| namespace.as_ref().and_then(Namespace::service) == Some(target));
        let mounted = container
            .volumes_from
            .iter()
            .position(|source| source.split(':').next() == Some(target));
        let written = self
            .tree
            .get("services")
            .and_then(|services| services.get(name)?.get("depends_on"));
        let is_written = written.is_some_and(|node| super::locate(node, target).is_some());
        match (is_written, linked, joined, mounted) {
            (false, Some(index), _, _) => at(format!("links[{index}]")),
            (false, None, Some((key, _)), _) => at(key.to_owned()),
            (false, None, None, Some(index)) => at(format!("volumes_from[{index}]")),
            _ => at(format!("depends_on.{target}")),
        }
    }

    /// Reports a name nothing is declared under.
    pub(super) fn undefined(&mut self, kind: Declared, target: &str, path: &str, service: &str) {
        let section = kind.section();
        let declared = self.tree.get(section).and_then(Node::as_mapping);
        if declared.is_some_and(|declared| declared.contains_key(target)) {
            // It was given and cannot be read, which was reported already.
            return;
        }
        let names: Vec<&str> = declared
            .into_iter()
            .flat_map(Mapping::keys)
            .map(|key| &*key.text)
            .collect();
        let help = match nearest(target, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add `{target}:` under `{section}:`, or correct the name"),
        };
        let kind = kind.name();
        let message =
            format!("service `{service}` refers to {kind} `{target}`, which is not declared");
        self.refuse(codes::UNDEFINED, message, path, &help);
    }
}

/// What a service can refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    Service,
    Network,
    Volume,
    Config,
    Secret,
    BuildSecret,
    Model,
}

impl Declared {
    fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Network => "network",
            Self::Volume => "volume",
            Self::Config => "config",
            Self::Secret => "secret",
            Self::BuildSecret => "build secret",
            Self::Model => "model",
        }
    }

    /// The part of the file it is declared in.
    fn section(self) -> &'static str {
        match self {
            Self::Service => "services",
            Self::Network => "networks",
            Self::Volume => "volumes",
            Self::Config => "configs",
            Self::Secret | Self::BuildSecret => "secrets",
            Self::Model => "models",
        }
    }
}
