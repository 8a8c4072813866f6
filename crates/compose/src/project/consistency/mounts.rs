//! Two mounts at one place.

use std::collections::HashMap;

use super::super::{ContainerSpec, codes};
use super::Checker;

impl Checker<'_> {
    pub(super) fn mounts(&mut self, name: &str, container: &ContainerSpec) {
        if container.tmpfs.len() + container.volumes.len() < 2 {
            return;
        }
        let mut seen: HashMap<&str, String> = HashMap::new();
        let memory = container.tmpfs.iter().enumerate().map(|(index, entry)| {
            let target = entry.split(':').next().unwrap_or(entry);
            (target, format!("services.{name}.tmpfs[{index}]"))
        });
        let volumes = container.volumes.iter().enumerate().map(|(index, mount)| {
            let target = mount.target.as_deref().unwrap_or_default();
            (target, format!("services.{name}.volumes[{index}]"))
        });
        for (target, path) in memory.chain(volumes) {
            if let Some(first) = seen.get(target) {
                let message = format!("`{target}` is mounted twice, by `{first}` and `{path}`");
                self.refuse(codes::MOUNTED_TWICE, message, &path, "remove one of them");
            } else {
                seen.insert(target, path);
            }
        }
    }
}
