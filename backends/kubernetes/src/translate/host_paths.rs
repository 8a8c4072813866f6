//! Files and directories of the node.

use k8s_openapi::api::core::v1::{HostPathVolumeSource, Volume, VolumeMount};
use tranship_model::{HostPathOptions, Topic};

use super::pod::Pod;
use super::scratch;
use super::storage::{self, Place};
use crate::{HostPaths, codes};

/// Directories that give whoever writes to them the node.
const SYSTEM: [&str; 16] = [
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/usr/bin",
    "/usr/lib",
    "/usr/sbin",
    "/var/lib/docker",
    "/var/lib/kubelet",
    "/var/run",
];

/// What a path of the node is to a cluster. Only the path counts, never what a disk holds: the
/// same file gives the same objects on every machine.
enum Kind {
    /// The interface of a container engine or another program of the node.
    Socket,
    /// The node's time zone.
    TimeZone,
    /// A part of the node's own system.
    System,
    /// Anything else.
    Ordinary,
}

fn kind(path: &str) -> Kind {
    let below = |root: &&str| {
        path.strip_prefix(*root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if path.rsplit('.').next() == Some("sock") {
        Kind::Socket
    } else if path == "/etc/localtime" || path == "/etc/timezone" {
        Kind::TimeZone
    } else if path == "/" || SYSTEM.iter().any(below) {
        Kind::System
    } else {
        Kind::Ordinary
    }
}

/// Mounts a path of the node, as the policy says.
pub(super) fn host_path(
    path: &str,
    options: &HostPathOptions,
    place: &Place<'_>,
    policy: HostPaths,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) -> Option<VolumeMount> {
    let path = storage::clean(path);
    if !is_allowed(&path, place, policy, topic) {
        return None;
    }
    let name = scratch::path_name("node", &path);
    pod.mounts.add_volume(Volume {
        name: name.clone(),
        host_path: Some(HostPathVolumeSource { path, type_: None }),
        ..Volume::default()
    });
    let mount = VolumeMount {
        name,
        ..VolumeMount::default()
    };
    Some(self::options(
        options,
        place,
        mount,
        pod,
        &mut topic.key("source"),
    ))
}

fn is_allowed(path: &str, place: &Place<'_>, policy: HostPaths, topic: &mut Topic<'_>) -> bool {
    if path.split('/').any(|step| step == "..") {
        topic.refused(&codes::PATH_ILLEGAL, "a path with `..` cannot be mounted");
        return false;
    }
    match (kind(path), policy) {
        (Kind::Socket, HostPaths::Mount | HostPaths::Omit) => {
            let detail = format!("a node has no `{path}` for tasks, or must not hand it to them");
            topic.refused(&codes::HOST_SOCKET, detail);
        }
        (Kind::TimeZone, HostPaths::Mount | HostPaths::Omit) => {
            let detail = "the task's clock shows UTC, or the zone its image has";
            topic.dropped(&codes::HOST_TIME_ZONE, detail);
        }
        (Kind::System, HostPaths::Mount) if !place.read_only => {
            let detail =
                format!("a task that writes to `{path}` rules its node; mount it read-only");
            topic.refused(&codes::HOST_SYSTEM, detail);
        }
        (Kind::System | Kind::Ordinary, HostPaths::Mount) => {
            let detail = format!(
                "each node shows its own `{path}`, and a node without it an empty directory"
            );
            topic.approximate(&codes::HOST_PATH, detail);
            return true;
        }
        (Kind::System | Kind::Ordinary, HostPaths::Omit) => {
            let detail = "the task sees what its image has at this path";
            topic.dropped(&codes::HOST_PATH, detail);
        }
    }
    false
}

fn options(
    options: &HostPathOptions,
    place: &Place<'_>,
    mut mount: VolumeMount,
    pod: &Pod,
    topic: &mut Topic<'_>,
) -> VolumeMount {
    let HostPathOptions {
        create,
        propagation,
        selinux,
        recursive,
    } = options;
    let mut topic = topic.key("options");
    if *create == Some(false) {
        let detail =
            "a missing path is made as an empty directory; Docker refuses to start the container";
        topic
            .key("create")
            .approximate(&codes::HOST_PATH_CREATED, detail);
    }
    if let Some(word) = propagation {
        let field = &mut topic.key("propagation");
        mount.mount_propagation = self::propagation(word, pod, field).map(str::to_owned);
    }
    topic.drop_field(
        "selinux",
        selinux,
        &codes::SELINUX_RELABEL,
        "files keep their SELinux label",
    );
    if let Some(word) = recursive {
        let may_be_strict = place.read_only && mount.mount_propagation.is_none();
        let field = &mut topic.key("recursive");
        mount.recursive_read_only = self::recursive(word, may_be_strict, field).map(str::to_owned);
    }
    mount
}

/// Whether mounts below are read-only too.
fn recursive(word: &str, may_be_strict: bool, topic: &mut Topic<'_>) -> Option<&'static str> {
    match word {
        "readonly" if may_be_strict => {
            topic.exact();
            Some("Enabled")
        }
        "enabled" => {
            topic.exact();
            None
        }
        _ => {
            let detail = "mounts below are taken along, each as writable as it is";
            topic.dropped(&codes::RECURSIVE_MOUNT, detail);
            None
        }
    }
}

fn propagation(word: &str, pod: &Pod, topic: &mut Topic<'_>) -> Option<&'static str> {
    match word {
        "rprivate" => {
            topic.exact();
            None
        }
        "rslave" => {
            topic.exact();
            Some("HostToContainer")
        }
        "rshared" if pod.security.privileged == Some(true) => {
            topic.exact();
            Some("Bidirectional")
        }
        _ => {
            let detail = "mounts made later on one side are not seen on the other";
            topic.dropped(&codes::PROPAGATION, detail);
            None
        }
    }
}
