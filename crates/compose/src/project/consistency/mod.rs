//! Whether what a project says fits together.

mod build;
mod cycle;
mod limits;
mod mounts;
mod references;

use std::collections::HashMap;

use tranship_yaml::{Code, Diagnostic, Diagnostics, Node, ScalarKind, Severity, Span};

use super::{Project, Service, codes, locate};

/// Finds everything that does not fit together, in the order of the file.
pub(crate) fn check(tree: &Node, project: &Project) -> Diagnostics {
    let mut checker = Checker {
        tree,
        project,
        diagnostics: Diagnostics::default(),
    };
    for (name, service) in &project.services {
        checker.service(name, service);
    }
    checker.jobs();
    checker.secrets();
    checker.container_names();
    checker.cycles();
    checker.diagnostics
}

struct Checker<'a> {
    tree: &'a Node,
    project: &'a Project,
    diagnostics: Diagnostics,
}

impl Checker<'_> {
    fn service(&mut self, name: &str, service: &Service) {
        self.source_of_image(name, service);
        self.image_reference(name, service);
        self.build(name, service);
        self.networks(name, service);
        self.dependencies(name, service);
        self.resources_of(name, &service.container, service.workload.build.as_ref());
        self.scale(name, service);
        self.limits(name, service);
        self.watches(name, service);
        self.mounts(name, &service.container);
    }

    /// A service with neither image nor build has nothing to run.
    fn source_of_image(&mut self, name: &str, service: &Service) {
        let services = self.tree.get("services");
        let node = services.and_then(|services| services.get(name));
        let has_other = self.was_given("services", name, &["build", "provider"]);
        if service.container.image.is_some() || has_other {
            return;
        }
        match node.and_then(|node| node.get("image")) {
            Some(image) if !is_empty_string(image) => {
                // It was given and cannot be read, which was reported already.
            }
            Some(_) => {
                let message = format!("service `{name}` has an empty image and no build");
                let path = format!("services.{name}.image");
                let help = "name an image; an unset variable leaves nothing here";
                self.refuse(codes::NO_IMAGE, message, &path, help);
            }
            None => {
                let message = format!("service `{name}` has neither an image nor a build");
                let path = format!("services.{name}");
                self.refuse(codes::NO_IMAGE, message, &path, "add `image:` or `build:`");
            }
        }
    }

    /// The reference loader takes any text for an image; nothing can pull most of them.
    fn image_reference(&mut self, name: &str, service: &Service) {
        let image = service.container.image.as_ref();
        if let Some(image) = image.filter(|image| !image.is_valid()) {
            let message = format!("`{image}` names no image: nothing can pull or run it");
            let path = format!("services.{name}.image");
            let help = "write `[registry/]repository[:tag][@digest]`; \
                        an unset variable may have left a part empty";
            self.warn(codes::IMAGE_REFERENCE, message, &path, help);
        }
    }

    fn watches(&mut self, name: &str, service: &Service) {
        let watches = service.develop.iter().flat_map(|develop| &develop.watch);
        for (index, watch) in watches.enumerate() {
            if watch.target.is_none() && watch.needs_target() {
                let path = format!("services.{name}.develop.watch[{index}]");
                let message = format!("`{path}` has no `target`");
                self.refuse(
                    codes::MISSING_KEY,
                    message,
                    &path,
                    "say where the files are copied to",
                );
            }
        }
    }

    /// A name stands for one thing only.
    fn jobs(&mut self) {
        let jobs = self.project.jobs.iter().chain(&self.project.disabled_jobs);
        for (name, _) in jobs {
            if self.project.services.contains_key(name)
                || self.project.disabled_services.contains_key(name)
            {
                let message = format!("`{name}` is both a service and a job");
                let first = self.place(&format!("services.{name}"));
                let mut diagnostic = Diagnostic::error(codes::NAME_TAKEN, message)
                    .help("rename one of them")
                    .at(
                        self.place(&format!("jobs.{name}")).unwrap_or_default(),
                        "the job",
                    );
                if let Some(span) = first {
                    diagnostic = diagnostic.at(span, "the service");
                }
                self.diagnostics.push(diagnostic);
            }
        }
        for (name, job) in &self.project.jobs {
            self.job_dependencies(name, job);
        }
    }

    /// The engine needs to know where a secret comes from.
    fn secrets(&mut self) {
        for (key, secret) in &self.project.secrets {
            if secret.external || secret.file.is_some() || secret.environment.is_some() {
                continue;
            }
            let path = format!("secrets.{key}");
            if secret.driver.is_some() {
                let message = format!(
                    "docker compose itself refuses secret `{key}`, which only a driver brings"
                );
                let help = "nothing, if it is deployed to Swarm; else give `file` or `environment`";
                self.warn(codes::SECRET_DRIVER, message, &path, help);
            } else if self.was_given("secrets", key, &["file", "environment", "external"]) {
                let message = format!("secret `{key}` has neither a file nor a variable");
                self.refuse(
                    codes::NO_CONTENT,
                    message,
                    &path,
                    "name one; an unset variable leaves nothing here",
                );
            }
        }
    }

    /// Whether one of some keys was written, even if it says nothing.
    fn was_given(&self, section: &str, name: &str, keys: &[&str]) -> bool {
        let node = self.tree.get(section).and_then(|section| section.get(name));
        node.is_some_and(|node| keys.iter().any(|key| node.get(key).is_some()))
    }

    /// The engine knows each container by its name.
    fn container_names(&mut self) {
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for (name, service) in &self.project.services {
            let Some(container) = service.container_name.as_deref() else {
                continue;
            };
            match seen.get(container) {
                Some(first) => {
                    let message = format!(
                        "services `{first}` and `{name}` have the same container name `{container}`"
                    );
                    let path = format!("services.{name}.container_name");
                    self.warn(
                        codes::NAME_TAKEN,
                        message,
                        &path,
                        "give each its own, or none",
                    );
                }
                None => {
                    seen.insert(container, name);
                }
            }
        }
    }

    fn place(&self, path: &str) -> Option<Span> {
        locate(self.tree, path)
    }

    /// Reports a problem that refuses the project.
    fn refuse(&mut self, code: Code, message: String, path: &str, help: &str) {
        self.report(code, Severity::Error, message, path, help);
    }

    /// Reports something the reader should know.
    fn warn(&mut self, code: Code, message: String, path: &str, help: &str) {
        self.report(code, Severity::Warning, message, path, help);
    }

    fn report(&mut self, code: Code, severity: Severity, message: String, path: &str, help: &str) {
        let mut diagnostic = match severity {
            Severity::Error => Diagnostic::error(code, message),
            Severity::Warning => Diagnostic::warning(code, message),
        };
        if let Some(span) = self.place(path) {
            diagnostic = diagnostic.at(span, "");
        }
        self.diagnostics.push(diagnostic.help(help));
    }
}

fn is_empty_string(node: &Node) -> bool {
    let scalar = node.as_scalar();
    scalar.is_some_and(|scalar| scalar.kind == ScalarKind::String && scalar.text.is_empty())
}
