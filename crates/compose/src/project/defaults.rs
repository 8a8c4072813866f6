//! Values for attributes that were not given.

use super::{Build, FileReference, Project, Service};
use crate::field::{DeviceCount, DeviceRequest, Mount, MountKind, Protocol, PublishMode};

impl Project {
    /// Fills in what the reference loader fills in before anything is judged.
    pub(crate) fn set_defaults(&mut self) {
        for (_, container, workload) in self.workloads_mut() {
            if let Some(build) = workload.build.as_mut() {
                build.set_defaults();
            }
            container
                .secrets
                .iter_mut()
                .for_each(FileReference::set_default_target);
            container
                .gpus
                .iter_mut()
                .for_each(DeviceRequest::set_default_count);
            let mounts = container.volumes.iter_mut();
            let others = mounts.filter(|mount| mount.kind != Some(MountKind::Bind));
            others.for_each(Mount::drop_empty_source);
            for port in &mut workload.ports {
                port.protocol.get_or_insert(Protocol::Tcp);
                port.mode.get_or_insert(PublishMode::Ingress);
            }
        }
        for service in self.services.values_mut() {
            service
                .reserved_devices()
                .for_each(DeviceRequest::set_default_count);
        }
    }
}

impl Service {
    fn reserved_devices(&mut self) -> impl Iterator<Item = &mut DeviceRequest> {
        let resources = self
            .deploy
            .as_mut()
            .and_then(|deploy| deploy.resources.as_mut());
        let reservations = resources.and_then(|resources| resources.reservations.as_mut());
        reservations
            .into_iter()
            .flat_map(|reservations| reservations.devices.iter_mut())
    }
}

impl Build {
    fn set_defaults(&mut self) {
        self.context.get_or_insert_with(|| ".".to_owned());
    }
}

impl FileReference {
    fn set_default_target(&mut self) {
        if self.target.is_none() {
            let source = self.source.as_deref().unwrap_or_default();
            self.target = Some(format!("/run/secrets/{source}"));
        }
    }
}

impl Mount {
    /// An empty name is no name; an empty path, though, is the project's own directory.
    fn drop_empty_source(&mut self) {
        self.source = self.source.take().filter(|source| !source.is_empty());
    }
}

impl DeviceRequest {
    fn set_default_count(&mut self) {
        if self.count.is_none() && self.device_ids.is_empty() {
            self.count = Some(DeviceCount::All);
        }
    }
}
