//! Kernel settings.

use indexmap::IndexMap;
use k8s_openapi::api::core::v1::Sysctl;
use tranship_model::{Kernel, Topic, Ulimit};

use super::notes::drop_all;
use super::pod::{Pod, unless_default};
use crate::{codes, names};

/// The parameters every node allows (`k8s.io/kubernetes/pkg/kubelet/sysctl/safe_sysctls.go`).
const SAFE: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

/// Translates kernel settings.
pub(super) fn kernel(kernel: &Kernel, pod: &mut Pod, topic: &mut Topic<'_>) {
    let Kernel {
        sysctls,
        ulimits,
        oom_score_adjustment,
        oom_kill_disabled,
        cgroup_parent,
        runtime,
        isolation,
        umask,
    } = kernel;
    pod.shared_security.sysctls = self::sysctls(sysctls, pod, &mut topic.key("sysctls"));
    note_ulimits(ulimits, &mut topic.key("ulimits"));
    let detail = "the node decides it, by the reservations and limits of all its tasks";
    drop_all(
        topic,
        &codes::NODE_LIMITS,
        detail,
        &[
            ("oom_score_adjustment", oom_score_adjustment),
            ("oom_kill_disabled", oom_kill_disabled),
            ("cgroup_parent", cgroup_parent),
        ],
    );
    if let Some(runtime) = runtime {
        self::runtime(runtime, pod, &mut topic.key("runtime"));
    }
    let detail = "the container runtime of the nodes decides";
    topic.drop_field("isolation", isolation, &codes::WINDOWS, detail);
    let detail = "the image's own file creation mask holds";
    topic.drop_field("umask", umask, &codes::UMASK, detail);
}

fn note_ulimits(ulimits: &IndexMap<String, Ulimit>, topic: &mut Topic<'_>) {
    for (name, Ulimit { soft, hard }) in ulimits {
        let detail = format!("the node's own limit holds, not {soft} and at most {hard}");
        topic.key(name).dropped(&codes::ULIMIT, detail);
    }
}

fn sysctls(
    sysctls: &IndexMap<String, String>,
    pod: &Pod,
    topic: &mut Topic<'_>,
) -> Option<Vec<Sysctl>> {
    let mut taken = Vec::new();
    for (name, value) in sysctls {
        let mut field = topic.key(name);
        let of_node = (name.starts_with("net.") && pod.spec.host_network == Some(true))
            || (name.starts_with("kernel.") && pod.spec.host_ipc == Some(true));
        if of_node {
            let detail = "the task uses the node's own, which it may not change";
            field.dropped(&codes::SYSCTL, detail);
        } else if SAFE.contains(&name.as_str()) {
            field.exact();
            taken.push(Sysctl {
                name: name.clone(),
                value: value.clone(),
            });
        } else {
            let detail =
                "the kernel's default holds: nodes run no task that sets it, unless allowed";
            field.dropped(&codes::SYSCTL, detail);
        }
    }
    unless_default(taken)
}

fn runtime(runtime: &str, pod: &mut Pod, topic: &mut Topic<'_>) {
    if matches!(runtime, "runc" | "io.containerd.runc.v2") {
        topic.equivalent(&codes::RUNTIME, "the nodes' default runtime runs it");
        return;
    }
    let class = names::existing(runtime);
    let detail = format!("a RuntimeClass `{class}` must exist, or no task is made");
    topic.approximate(&codes::RUNTIME, detail);
    pod.spec.runtime_class_name = Some(class);
}
