//! Relative paths become absolute ones. Nothing here looks at a disk but for links of watched
//! directories.

use super::{Build, ContainerSpec, Context, Project, Volume};
use crate::field::{Mount, MountKind};
use crate::file_path;

/// Makes every path of the project absolute.
pub(crate) fn resolve_paths(project: &mut Project, context: &Context<'_>) {
    let base = Base { context };
    for (_, container, workload) in project.workloads_mut() {
        base.container(container);
        if let Some(build) = workload.build.as_mut() {
            base.build(build);
        }
    }
    for service in project.services.values_mut() {
        for hook in &mut service.pre_start {
            base.container(&mut hook.container);
        }
        for watch in service
            .develop
            .iter_mut()
            .flat_map(|develop| &mut develop.watch)
        {
            if let Some(path) = watch.path.as_mut() {
                base.absolute(path);
                *path = context.files.real_path(path);
            }
        }
    }
    let files = project.configs.values_mut().map(|config| &mut config.file);
    let files = files.chain(project.secrets.values_mut().map(|secret| &mut secret.file));
    files
        .flatten()
        .for_each(|file| base.absolute_anywhere(file));
    project
        .volumes
        .values_mut()
        .for_each(|volume| base.volume(volume));
}

struct Base<'a> {
    context: &'a Context<'a>,
}

impl Base<'_> {
    fn container(&self, container: &mut ContainerSpec) {
        for env_file in &mut container.env_file {
            env_file
                .path
                .iter_mut()
                .for_each(|path| self.absolute(path));
        }
        container
            .label_file
            .iter_mut()
            .for_each(|path| self.absolute(path));
        container
            .volumes
            .iter_mut()
            .for_each(|mount| self.mount(mount));
    }

    fn build(&self, build: &mut Build) {
        build
            .context
            .iter_mut()
            .for_each(|path| self.build_context(path));
        build
            .additional_contexts
            .values_mut()
            .for_each(|path| self.build_context(path));
        for key in &mut build.ssh {
            key.path
                .iter_mut()
                .for_each(|path| self.absolute_anywhere(path));
        }
    }

    /// Contexts that are not directories stay as they are.
    fn build_context(&self, path: &mut String) {
        const REMOTE: [&str; 3] = ["service:", "github.com/", "git@"];
        if !path.contains("://") && !REMOTE.iter().any(|prefix| path.starts_with(prefix)) {
            self.absolute(path);
        }
    }

    fn mount(&self, mount: &mut Mount) {
        if mount.kind == Some(MountKind::Bind) {
            mount
                .source
                .iter_mut()
                .for_each(|source| self.absolute_anywhere(source));
        }
    }

    /// A local volume made by `o: bind` mounts a directory of the host.
    fn volume(&self, volume: &mut Volume) {
        let binds = volume
            .driver_opts
            .get("o")
            .is_some_and(|kind| kind == "bind");
        if let Some(device) = volume.driver_opts.get_mut("device")
            && volume.driver.as_deref() == Some("local")
            && binds
        {
            self.absolute_anywhere(device);
        }
    }

    fn absolute(&self, path: &mut String) {
        self.expand_home(path);
        if !path.is_empty() && !file_path::is_absolute(path) {
            *path = file_path::below(self.context.working_directory, path);
        }
    }

    /// The same, but absolute paths of Windows stay as they are, and nothing is the base itself.
    fn absolute_anywhere(&self, path: &mut String) {
        self.expand_home(path);
        if !file_path::is_absolute(path) && !file_path::is_absolute_on_windows(path) {
            *path = file_path::below(self.context.working_directory, path);
        }
    }

    /// `~` is the home directory, whatever follows it.
    fn expand_home(&self, path: &mut String) {
        if let (Some(rest), Some(home)) = (path.strip_prefix('~'), self.context.home) {
            *path = file_path::clean(&format!("{home}/{rest}"));
        }
    }
}
