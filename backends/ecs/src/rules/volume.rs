//! Volumes of a task, and where containers see them.

use std::collections::HashSet;

use super::form::Form;
use super::task_definition::{Task, is_dashed};
use super::{Findings, table};

/// What makes a volume one of a kind.
const KINDS: [&str; 4] = [
    "Host",
    "DockerVolumeConfiguration",
    "EFSVolumeConfiguration",
    "FSxWindowsFileServerVolumeConfiguration",
];

/// Checks the volumes and all mounts.
pub(super) fn check(findings: &mut Findings, task: Task<'_>) {
    let volumes = task.form.get("Volumes");
    let mut names = HashSet::new();
    for volume in volumes.items() {
        let name = volume.get("Name");
        let fits = name
            .text()
            .is_some_and(|name| is_dashed(name) && names.insert(name));
        findings.when(!fits, &table::VOLUME_NAME, name);
        kind(findings, task, volume);
    }
    let at_launch = |volume: &Form<'_>| volume.get("ConfiguredAtLaunch").is_true();
    let is_over = volumes.items().filter(at_launch).count() > 1;
    findings.when(is_over, &table::VOLUME_LAUNCH, volumes);
    for container in task.containers() {
        mounts(findings, container, &names);
    }
}

fn kind(findings: &mut Findings, task: Task<'_>, volume: Form<'_>) {
    let kinds = KINDS.iter().filter(|key| volume.get(key).is_set()).count();
    findings.when(kinds > 1, &table::VOLUME_KIND, volume);
    let engine = volume.get("DockerVolumeConfiguration");
    let path = volume.get("Host").get("SourcePath");
    let is_machine = engine.is_set() || path.is_set();
    findings.when(
        task.is_fargate && is_machine,
        &table::FARGATE_VOLUME,
        volume,
    );
    let scope = engine.get("Scope");
    let is_task = scope.text().is_none_or(|scope| scope == "task");
    let is_made = engine.get("Autoprovision").is_true() && is_task;
    let is_other = scope.is_none_of(&["task", "shared"]);
    findings.when(is_made || is_other, &table::VOLUME_DOCKER, engine);
    file_system(findings, volume.get("EFSVolumeConfiguration"));
}

fn file_system(findings: &mut Findings, system: Form<'_>) {
    if !system.is_set() {
        return;
    }
    let authorization = system.get("AuthorizationConfig");
    let folder = system.get("RootDirectory").text().unwrap_or("/");
    let has_point = authorization.get("AccessPointId").is_set();
    let has_role = authorization.get("IAM").text() == Some("ENABLED");
    let is_encrypted = system.get("TransitEncryption").text() == Some("ENABLED");
    let is_broken = !system.get("FilesystemId").is_set()
        || (has_point && folder != "/")
        || ((has_role || has_point) && !is_encrypted);
    findings.when(is_broken, &table::VOLUME_FILE_SYSTEM, system);
}

fn mounts(findings: &mut Findings, container: Form<'_>, names: &HashSet<&str>) {
    let mut paths = HashSet::new();
    for mount in container.get("MountPoints").items() {
        let source = mount.get("SourceVolume");
        let is_unknown = source.text().is_none_or(|name| !names.contains(name));
        findings.when(is_unknown, &table::MOUNT_SOURCE, source);
        let path = mount.get("ContainerPath");
        let fits = path
            .text()
            .is_some_and(|path| is_absolute(path) && paths.insert(path));
        findings.when(!fits, &table::MOUNT_PATH, path);
    }
}

/// Whether a path is absolute, on Linux or on Windows.
pub(super) fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.get(1..3).is_some_and(|drive| drive.starts_with(':'))
}
