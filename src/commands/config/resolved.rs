//! The project that is printed, which is not lowered.

use tranship_compose::project::Project;
use tranship_compose::{LoadOptions, Loaded, load};

use crate::cli::GlobalArgs;
use crate::console::Console;
use crate::disk::Disk;
use crate::exit::Failure;
use crate::pipeline::{self, Reading};
use crate::view::diagnostics;

/// A project without errors, and what was read to get it.
pub(super) struct Resolved {
    /// The project, or the part of it that was asked for.
    pub(super) project: Project,
    /// Where it was read.
    pub(super) reading: Reading,
}

/// Loads a project, keeps what the named services need, and shows what is wrong with it.
///
/// # Errors
///
/// [`Failure::InvalidInput`] when it has errors, [`Failure::Usage`] when it lacks a service.
pub(super) fn resolve(
    global: &GlobalArgs,
    services: &[String],
    change: impl FnOnce(&mut LoadOptions),
    console: Console,
) -> Result<Resolved, Failure> {
    let mut options = match pipeline::options(global)? {
        Ok(options) => options,
        Err(diagnostic) => {
            diagnostics::show(&Reading::from(diagnostic), console);
            return Err(Failure::InvalidInput);
        }
    };
    change(&mut options);
    let mut loaded = load(&Disk, &options);
    if let Some(profiles) = wanted_profiles(&loaded, services) {
        options.profiles = profiles;
        loaded = load(&Disk, &options);
    }
    let project = loaded.project.take();
    let reading = Reading::from(loaded);
    diagnostics::show(&reading, console);
    match project {
        Some(project) if !reading.diagnostics.has_errors() => {
            Resolved { project, reading }.select(services)
        }
        Some(_) | None => Err(Failure::InvalidInput),
    }
}

/// The profiles to load with, when a named service is in none of the active ones.
fn wanted_profiles(loaded: &Loaded, services: &[String]) -> Option<Vec<String>> {
    let disabled = &loaded.project.as_ref()?.disabled_services;
    let named = services.iter().filter_map(|name| disabled.get(name));
    let missing: Vec<String> = named
        .flat_map(|service| service.profiles.iter().cloned())
        .collect();
    (!missing.is_empty()).then(|| [loaded.profiles.as_slice(), &missing].concat())
}

impl Resolved {
    /// Says that a service does not exist.
    pub(super) fn no_such_service(&self, name: &str) -> Failure {
        let known: Vec<&str> = self.project.services.keys().map(String::as_str).collect();
        let known = known.join("`, `");
        Failure::Usage(format!(
            "there is no active service `{name}`; there are `{known}`"
        ))
    }

    fn select(mut self, services: &[String]) -> Result<Self, Failure> {
        match self.project.select(services) {
            Ok(()) => Ok(self),
            Err(name) => Err(self.no_such_service(&name)),
        }
    }
}
