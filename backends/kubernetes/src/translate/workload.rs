//! What keeps the tasks of a service at their number.

use k8s_openapi::api::apps::v1::{
    DaemonSet, DaemonSetSpec, Deployment, DeploymentSpec, RollingUpdateStatefulSetStrategy,
    StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy,
};
use k8s_openapi::api::batch::v1::{Job, JobSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use tranship_model::{FieldPath, Scheduling, Service, Topic, UpdatePolicy};

use super::output::Output;
use super::pod::{Pod, unless_default};
use super::ports::Ports;
use super::restart::{self, Tries};
use super::rollout::{self, Obstacle, Rollout};
use crate::{codes, quantity};

/// The kinds of objects that control tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Controller {
    /// Tasks alike that keep running.
    Deployment,
    /// Numbered tasks, each with storage of its own.
    StatefulSet,
    /// One task on every node.
    DaemonSet,
    /// Tasks that end.
    Job,
}

impl Controller {
    /// The interface's word.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::Job => "Job",
        }
    }
}

/// How many tasks, and how they are kept there.
pub(super) enum Keeping {
    /// They come back, and are replaced one by one.
    Running {
        /// The wanted number, unless nodes decide it.
        replicas: Option<i32>,
        /// How they are replaced.
        rollout: Rollout,
    },
    /// They end.
    Ending {
        /// How many must end well.
        completions: i32,
        /// How they are tried again.
        tries: Tries,
    },
}

/// Decides how the tasks of a service are kept, and notes it.
pub(super) fn keeping(
    service: &Service,
    ports: &Ports,
    pod: &Pod,
    topic: &mut Topic<'_>,
) -> Keeping {
    let lifecycle = &service.task.lifecycle;
    let count = scheduling(service.scheduling, topic);
    let update = service.update.as_ref();
    match pod.controller {
        Controller::Job => {
            note_no_update(update, topic);
            let always_ends = !matches!(service.scheduling, Scheduling::Replicated { replicas: _ });
            let restart = lifecycle.restart.as_ref();
            let tries = restart::tries(restart, always_ends, &lifecycle.dependencies, topic);
            Keeping::Ending {
                completions: count.unwrap_or(1),
                tries,
            }
        }
        Controller::Deployment | Controller::StatefulSet | Controller::DaemonSet => {
            restart::note_always(lifecycle.restart.as_ref(), topic);
            Keeping::Running {
                replicas: count,
                rollout: rollout::rollout(update, obstacle(ports, pod), topic),
            }
        }
    }
}

/// The number of tasks, where it is a number.
fn scheduling(scheduling: Scheduling, topic: &mut Topic<'_>) -> Option<i32> {
    let mut topic = topic.key("scheduling");
    match scheduling {
        Scheduling::Replicated { replicas: count }
        | Scheduling::ReplicatedJob { completions: count } => {
            topic.exact();
            Some(quantity::int(count.unwrap_or(1)))
        }
        Scheduling::Global => {
            topic.exact();
            None
        }
        Scheduling::GlobalJob => {
            let detail = "it runs to its end once, on one node: no object runs one on each";
            topic.refused(&codes::GLOBAL_JOB, detail);
            None
        }
    }
}

fn note_no_update(update: Option<&UpdatePolicy>, topic: &mut Topic<'_>) {
    if update.is_some() {
        let detail = "a job is not updated: delete it, and apply the new one";
        topic.key("update").dropped(&codes::JOB_UPDATE, detail);
    }
}

fn obstacle(ports: &Ports, pod: &Pod) -> Obstacle {
    if pod.controller == Controller::StatefulSet {
        Obstacle::Numbered
    } else if pod.mounts.is_single_node() {
        Obstacle::Volume
    } else if ports.take_nodes() || pod.spec.host_network == Some(true) {
        Obstacle::Node
    } else {
        Obstacle::None
    }
}

/// Makes the object that keeps the tasks of `pod`.
pub(super) fn emit(
    pod: Pod,
    keeping: Keeping,
    metadata: ObjectMeta,
    path: &FieldPath,
    output: &mut Output,
) {
    match keeping {
        Keeping::Running { replicas, rollout } => {
            running(pod, replicas, &rollout, metadata, path, output);
        }
        Keeping::Ending { completions, tries } => output.emit(
            path,
            &Job {
                metadata,
                spec: Some(job_spec(pod, completions, tries)),
                status: None,
            },
        ),
    }
}

fn running(
    pod: Pod,
    replicas: Option<i32>,
    rollout: &Rollout,
    metadata: ObjectMeta,
    path: &FieldPath,
    output: &mut Output,
) {
    match pod.controller {
        Controller::StatefulSet => {
            output.emit(path, &stateful_set(pod, replicas, rollout, metadata));
        }
        Controller::DaemonSet => output.emit(path, &daemon_set(pod, rollout, metadata)),
        Controller::Deployment | Controller::Job => {
            output.emit(path, &deployment(pod, replicas, rollout, metadata));
        }
    }
}

fn selector(pod: &Pod) -> LabelSelector {
    LabelSelector {
        match_labels: Some(pod.selector.clone()),
        match_expressions: None,
    }
}

fn deployment(
    pod: Pod,
    replicas: Option<i32>,
    rollout: &Rollout,
    metadata: ObjectMeta,
) -> Deployment {
    let selector = selector(&pod);
    let (template, _) = pod.finish();
    let spec = DeploymentSpec {
        replicas,
        selector,
        min_ready_seconds: rollout.minimum_ready,
        progress_deadline_seconds: rollout.progress_deadline(),
        strategy: Some(rollout.deployment()),
        template,
        ..DeploymentSpec::default()
    };
    Deployment {
        metadata,
        spec: Some(spec),
        status: None,
    }
}

fn stateful_set(
    pod: Pod,
    replicas: Option<i32>,
    rollout: &Rollout,
    metadata: ObjectMeta,
) -> StatefulSet {
    let selector = selector(&pod);
    let (template, templates) = pod.finish();
    let spec = StatefulSetSpec {
        replicas,
        selector,
        service_name: metadata.name.clone(),
        min_ready_seconds: rollout.minimum_ready,
        // Docker starts all tasks at once.
        pod_management_policy: Some("Parallel".to_owned()),
        update_strategy: Some(one_by_one()),
        volume_claim_templates: unless_default(templates),
        template,
        ..StatefulSetSpec::default()
    };
    StatefulSet {
        metadata,
        spec: Some(spec),
        status: None,
    }
}

fn daemon_set(pod: Pod, rollout: &Rollout, metadata: ObjectMeta) -> DaemonSet {
    let selector = selector(&pod);
    let (template, _) = pod.finish();
    let spec = DaemonSetSpec {
        selector,
        min_ready_seconds: rollout.minimum_ready,
        update_strategy: Some(rollout.daemon_set()),
        template,
        revision_history_limit: None,
    };
    DaemonSet {
        metadata,
        spec: Some(spec),
        status: None,
    }
}

fn one_by_one() -> StatefulSetUpdateStrategy {
    StatefulSetUpdateStrategy {
        type_: Some("RollingUpdate".to_owned()),
        rolling_update: Some(RollingUpdateStatefulSetStrategy::default()),
    }
}

/// A job that runs all its tasks at once.
pub(super) fn job_spec(mut pod: Pod, completions: i32, tries: Tries) -> JobSpec {
    let Tries { policy, limit } = tries;
    pod.spec.restart_policy = Some(policy.to_owned());
    let (template, _) = pod.finish();
    JobSpec {
        completions: Some(completions),
        parallelism: Some(completions),
        backoff_limit: Some(limit),
        template,
        ..JobSpec::default()
    }
}
