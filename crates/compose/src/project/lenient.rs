//! What is used without a declaration, which platforms write around the specification.

use tranship_yaml::{Diagnostic, Diagnostics, Node};

use super::{ContainerSpec, FileReference, Project, codes, locate};
use crate::field::MountKind;

/// Something a service names that nothing declares.
struct Undeclared {
    kind: Kind,
    name: String,
    /// Where it is named.
    path: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Network,
    Volume,
    Secret,
    Config,
}

/// Declares what is used and not declared, and warns of it: networks and volumes are made for the
/// project, secrets and configs must be there already.
pub(crate) fn declare_missing(project: &mut Project, tree: &Node) -> Diagnostics {
    let mut found = Vec::new();
    let services = project.services.iter();
    let services = services.map(|(name, service)| ("services", name, &service.container));
    let jobs = project.jobs.iter();
    let jobs = jobs.map(|(name, job)| ("jobs", name, &job.container));
    for (section, name, container) in services.chain(jobs) {
        named_by(container, &format!("{section}.{name}"), &mut found);
    }
    let mut diagnostics = Diagnostics::default();
    for undeclared in found {
        if declare(project, &undeclared) {
            diagnostics.push(undeclared.warning(tree));
        }
    }
    diagnostics
}

/// Everything a container names at the top level.
fn named_by(container: &ContainerSpec, at: &str, found: &mut Vec<Undeclared>) {
    let networks = container.networks.keys();
    let networks = networks.filter(|name| *name != "default");
    found.extend(networks.map(|name| Undeclared {
        kind: Kind::Network,
        name: name.clone(),
        path: format!("{at}.networks.{name}"),
    }));
    for (index, mount) in container.volumes.iter().enumerate() {
        if let (Some(MountKind::Volume), Some(name)) = (mount.kind, &mount.source) {
            found.push(Undeclared {
                kind: Kind::Volume,
                name: name.clone(),
                path: format!("{at}.volumes[{index}].source"),
            });
        }
    }
    files(
        Kind::Secret,
        &container.secrets,
        &format!("{at}.secrets"),
        found,
    );
    files(
        Kind::Config,
        &container.configs,
        &format!("{at}.configs"),
        found,
    );
}

fn files(kind: Kind, files: &[FileReference], at: &str, found: &mut Vec<Undeclared>) {
    for (index, file) in files.iter().enumerate() {
        found.extend(file.source.clone().map(|name| Undeclared {
            kind,
            name,
            path: format!("{at}[{index}].source"),
        }));
    }
}

/// Declares it, and says whether it was not declared.
fn declare(project: &mut Project, undeclared: &Undeclared) -> bool {
    let name = &undeclared.name;
    match undeclared.kind {
        Kind::Network if !project.networks.contains_key(name) => {
            project.networks.entry(name.clone()).or_default();
        }
        Kind::Volume if !project.volumes.contains_key(name) => {
            project.volumes.entry(name.clone()).or_default();
        }
        Kind::Secret if !project.secrets.contains_key(name) => {
            project.secrets.entry(name.clone()).or_default().external = true;
        }
        Kind::Config if !project.configs.contains_key(name) => {
            project.configs.entry(name.clone()).or_default().external = true;
        }
        Kind::Network | Kind::Volume | Kind::Secret | Kind::Config => return false,
    }
    true
}

impl Undeclared {
    fn warning(&self, tree: &Node) -> Diagnostic {
        let Self { kind, name, path } = self;
        let (kind, section, taken) = match kind {
            Kind::Network => ("network", "networks", "declared for this project"),
            Kind::Volume => ("volume", "volumes", "declared for this project"),
            Kind::Secret => ("secret", "secrets", "taken for one that is there already"),
            Kind::Config => ("config", "configs", "taken for one that is there already"),
        };
        let message = format!("{kind} `{name}` is not declared; it is {taken}");
        let warning = Diagnostic::warning(codes::UNDEFINED, message)
            .help(format!("add `{name}:` under `{section}:`"));
        match locate(tree, path) {
            Some(span) => warning.at(span, "used here"),
            None => warning,
        }
    }
}
