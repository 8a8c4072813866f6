//! What services and jobs have in common: the task.

use tranship_model::{FieldPath, ModelBinding, Task};

use super::record::Record;
use super::{codes, image, lifecycle, networking, process, resources, security, storage};
use crate::field::Map;
use crate::project::{ContainerSpec, Deploy, ServiceModel, WorkloadSpec};

/// Where a task's attributes stand.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'project> {
    /// The stack's name and the service's, joined as a local build names images.
    pub(super) build_name: (&'project str, &'project str),
    /// What every container has.
    pub(super) container: &'project ContainerSpec,
    /// What services and jobs have on top.
    pub(super) workload: &'project WorkloadSpec,
    /// What services have on top of that, for what stands in two places.
    pub(super) deploy: Option<&'project Deploy>,
}

/// The task of a service or job.
///
/// The topics read their attributes by name; [`every_attribute`] is the list of all of them.
pub(super) fn task(attributes: Attributes<'_>, record: &mut Record<'_>) -> Task {
    let Attributes {
        build_name,
        container,
        workload,
        deploy,
    } = attributes;
    let image = image::image(build_name, container, workload, record);
    read_while_loading(container, record);
    Task {
        process: process::process(image, container, workload, record),
        networking: networking::networking(container, workload, record),
        storage: storage::storage(container, record),
        resources: resources::resources(container, deploy, record),
        security: security::security(container, record),
        kernel: security::kernel(container, record),
        lifecycle: lifecycle::lifecycle(container, workload, record),
        models: models(&container.models, record),
    }
}

/// Notes the files that were read into other attributes.
fn read_while_loading(container: &ContainerSpec, record: &mut Record<'_>) {
    if !container.env_file.is_empty() {
        record
            .note("env_file")
            .equivalent(&codes::LOAD_TIME, "the files were read into `environment`");
    }
    if !container.label_file.is_empty() {
        record
            .note("label_file")
            .equivalent(&codes::LOAD_TIME, "the files were read into `labels`");
    }
}

fn models(
    models: &Map<Option<ServiceModel>>,
    record: &mut Record<'_>,
) -> indexmap::IndexMap<String, ModelBinding> {
    let bindings = models.iter().map(|(key, model)| {
        let binding = model.as_ref().map(|model| binding(key, model, record));
        (key.clone(), binding.unwrap_or_default())
    });
    bindings.collect()
}

fn binding(key: &str, model: &ServiceModel, record: &mut Record<'_>) -> ModelBinding {
    let ServiceModel {
        endpoint_var,
        model_var,
        extensions,
    } = model;
    let at = FieldPath::root("models").key(key);
    for (ours, theirs) in [
        ("endpoint_variable", "endpoint_var"),
        ("model_variable", "model_var"),
    ] {
        record.spelled(at.key(ours).to_string(), at.key(theirs).to_string());
    }
    record.extensions(&at, extensions);
    ModelBinding {
        endpoint_variable: endpoint_var.clone(),
        model_variable: model_var.clone(),
    }
}

/// Every attribute of a container and of what it works as, by topic.
///
/// It does nothing: it is here so that a new attribute does not compile until it has a topic.
#[rustfmt::skip]
const _: fn(ContainerSpec, WorkloadSpec) = |container, workload| {
    let ContainerSpec {
        // image, process
        image: _, pull_policy: _, pull_refresh_after: _, platform: _, entrypoint: _, command: _,
        working_dir: _, user: _, group_add: _, environment: _, labels: _, annotations: _, init: _,
        logging: _,
        // networking
        network_mode: _, networks: _, hostname: _, domainname: _, mac_address: _, dns: _,
        dns_search: _, dns_opt: _, extra_hosts: _,
        // storage, mounts
        volumes: _, tmpfs: _, volumes_from: _, configs: _, secrets: _, shm_size: _, storage_opt: _,
        // resources
        cpus: _, mem_limit: _, mem_reservation: _, pids_limit: _, gpus: _, devices: _,
        device_cgroup_rules: _, memswap_limit: _, mem_swappiness: _, cpu_shares: _, cpu_period: _,
        cpu_quota: _, cpu_rt_period: _, cpu_rt_runtime: _, cpuset: _, cpu_count: _, cpu_percent: _,
        blkio_config: _,
        // security
        privileged: _, read_only: _, cap_add: _, cap_drop: _, security_opt: _, pid: _, ipc: _,
        uts: _, cgroup: _, userns_mode: _, credential_spec: _, use_api_socket: _, sysctls: _,
        ulimits: _, oom_score_adj: _, oom_kill_disable: _, cgroup_parent: _, runtime: _,
        isolation: _, umask: _,
        // lifecycle
        stop_signal: _, stop_grace_period: _,
        // here
        models: _, env_file: _, label_file: _,
    } = container;
    let WorkloadSpec {
        build: _, depends_on: _, expose: _, healthcheck: _, ports: _, stdin_open: _, tty: _,
    } = workload;
};
