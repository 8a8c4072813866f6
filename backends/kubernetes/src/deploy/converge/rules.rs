//! When a rollout is done, by the kind of what keeps its tasks.
//!
//! The rules are those of `kubectl rollout status`, with the tasks' own words for why not.

use k8s_openapi::api::core::v1::Pod;
use serde_json::Value;
use tranship_backend::deploy::{Cause, CauseKind, Convergence, Waiting};

use super::super::kinds::Kind;
use super::super::marks;
use super::pods::{self, Keeper, Trouble};
use super::{Scene, condition, failed, number, text, waiting_for, wanted};

/// What a deployment writes when it made no headway for too long.
const NO_HEADWAY: &str = "ProgressDeadlineExceeded";

/// How far the present rollout of a workload is.
pub(super) fn judge(kind: Kind, body: &Value, scene: &Scene) -> Convergence {
    let generation = number(body, "/metadata/generation").unwrap_or_default();
    let is_seen = number(body, "/status/observedGeneration") >= Some(generation);
    match kind {
        Kind::Job => job(body, scene),
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet if !is_seen => {
            waiting_for(wanted(kind, body))
        }
        Kind::Deployment => deployment(body, scene),
        Kind::StatefulSet => stateful_set(body, scene),
        Kind::DaemonSet => daemon_set(body, scene),
        Kind::CronJob
        | Kind::NetworkPolicy
        | Kind::PersistentVolumeClaim
        | Kind::ConfigMap
        | Kind::Secret
        | Kind::Service
        | Kind::Ingress => Convergence::Converged,
    }
}

fn deployment(body: &Value, scene: &Scene) -> Convergence {
    let asked = wanted(Kind::Deployment, body);
    let status = |name: &str| number(body, &format!("/status/{name}")).unwrap_or_default();
    let (updated, all) = (status("updatedReplicas"), status("replicas"));
    let is_there = updated >= asked && all <= updated && status("availableReplicas") >= updated;
    let uid = text(body, "/metadata/uid");
    let newest = newest_set(body, scene.sets_of(uid));
    let tasks: Vec<_> = newest
        .into_iter()
        .flat_map(|set| scene.pods_of(text(set, "/metadata/uid")))
        .collect();
    if is_there && are_steady(&tasks, asked, scene) {
        return Convergence::Converged;
    }
    let refused = newest
        .and_then(|set| refusal(set, scene))
        .or_else(|| condition(body, "ReplicaFailure").map(|why| refused(text(why, "/message"))));
    let trouble = refused.or_else(|| first_trouble(&tasks, scene, Keeper::Service));
    if body.pointer("/spec/paused") == Some(&Value::Bool(true)) {
        return failed(CauseKind::Other, "someone paused it".to_owned());
    }
    let stuck = || {
        let conditions = body.pointer("/status/conditions")?.as_array()?;
        conditions
            .iter()
            .find(|condition| text(condition, "/reason") == NO_HEADWAY)
    };
    if let Some(condition) = stuck().filter(|_| !is_there) {
        let detail = text(condition, "/message").to_owned();
        return Convergence::Failed(trouble.map_or(
            Cause {
                kind: CauseKind::Other,
                detail,
            },
            |trouble| trouble.cause,
        ));
    }
    waiting(asked, &tasks, scene, trouble)
}

/// Whether enough tasks are ready and will most likely stay so.
fn are_steady(tasks: &[&Pod], asked: u64, scene: &Scene) -> bool {
    count(
        tasks
            .iter()
            .filter(|pod| pods::is_steady(pod, scene.now))
            .count(),
    ) >= asked
}

/// The replica set of the present rollout.
fn newest_set<'scene>(
    deployment: &Value,
    sets: impl Iterator<Item = &'scene Value>,
) -> Option<&'scene Value> {
    let key = "deployment.kubernetes.io/revision";
    let revision = marks::annotation(deployment, key);
    sets.filter(|set| marks::annotation(set, key) == revision)
        .last()
}

fn stateful_set(body: &Value, scene: &Scene) -> Convergence {
    let asked = wanted(Kind::StatefulSet, body);
    let status = |name: &str| number(body, &format!("/status/{name}")).unwrap_or_default();
    let revision = text(body, "/status/updateRevision");
    let is_settled = text(body, "/status/currentRevision") == revision;
    let all = status("replicas");
    let is_there = status("updatedReplicas") >= asked
        && all <= asked
        && status("availableReplicas") >= asked
        && (is_settled || asked == 0);
    let of_now = |pod: &&Pod| pods::label(pod, "controller-revision-hash") == Some(revision);
    tasks_of(body, scene, asked, is_there, of_now)
}

fn daemon_set(body: &Value, scene: &Scene) -> Convergence {
    let asked = wanted(Kind::DaemonSet, body);
    let status = |name: &str| number(body, &format!("/status/{name}")).unwrap_or_default();
    let is_there = status("updatedNumberScheduled") >= asked && status("numberAvailable") >= asked;
    let generation = marks::annotation(body, "deprecated.daemonset.template.generation");
    let of_now = |pod: &&Pod| {
        generation.is_none() || pods::label(pod, "pod-template-generation") == generation
    };
    tasks_of(body, scene, asked, is_there, of_now)
}

/// How far the tasks of a workload are that keeps them itself.
fn tasks_of(
    body: &Value,
    scene: &Scene,
    asked: u64,
    is_there: bool,
    of_now: impl Fn(&&Pod) -> bool,
) -> Convergence {
    let tasks: Vec<_> = scene
        .pods_of(text(body, "/metadata/uid"))
        .filter(of_now)
        .collect();
    if is_there && are_steady(&tasks, asked, scene) {
        return Convergence::Converged;
    }
    let trouble = refusal(body, scene).or_else(|| first_trouble(&tasks, scene, Keeper::Service));
    waiting(asked, &tasks, scene, trouble)
}

fn job(body: &Value, scene: &Scene) -> Convergence {
    if condition(body, "Complete").is_some() {
        return Convergence::Completed;
    }
    let uid = text(body, "/metadata/uid");
    let tasks: Vec<_> = scene.pods_of(uid).collect();
    let trouble = refusal(body, scene).or_else(|| first_trouble(&tasks, scene, Keeper::Job));
    if let Some(condition) = condition(body, "Failed") {
        let words = text(condition, "/message").to_owned();
        let detail = match pods::last_words(&tasks) {
            Some(last) => format!("{words}: {last}"),
            None => words,
        };
        return failed(CauseKind::JobFailed, detail);
    }
    let asked = wanted(Kind::Job, body);
    let done = number(body, "/status/succeeded").unwrap_or_default();
    let runs_on = marks::annotation(body, marks::RUNS_ON).is_some();
    if runs_on && are_steady(&tasks, asked.saturating_sub(done), scene) {
        return Convergence::Converged;
    }
    waiting(asked, &tasks, scene, trouble)
}

fn waiting(wanted: u64, tasks: &[&Pod], scene: &Scene, trouble: Option<Trouble>) -> Convergence {
    match trouble {
        Some(Trouble { cause, lasts: true }) => Convergence::Failed(cause),
        trouble => Convergence::Waiting(Waiting {
            running: count(tasks.iter().filter(|pod| pods::is_running(pod)).count()),
            ready: count(
                tasks
                    .iter()
                    .filter(|pod| pods::is_steady(pod, scene.now))
                    .count(),
            ),
            wanted,
            cause: trouble.map(|trouble| trouble.cause),
        }),
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The worst of what is wrong with tasks.
fn first_trouble(tasks: &[&Pod], scene: &Scene, keeper: Keeper) -> Option<Trouble> {
    let mut troubles: Vec<_> = tasks
        .iter()
        .filter_map(|pod| {
            let uid = pod.metadata.uid.as_deref().unwrap_or_default();
            let events: Vec<_> = scene.events_of(uid).collect();
            pods::trouble(pod, &events, scene.now, keeper)
        })
        .collect();
    troubles.sort_by_key(|trouble| !trouble.lasts);
    troubles.into_iter().next()
}

/// Why a controller may not make tasks.
fn refusal(keeper: &Value, scene: &Scene) -> Option<Trouble> {
    if let Some(condition) = condition(keeper, "ReplicaFailure") {
        return Some(refused(text(condition, "/message")));
    }
    let asked = number(keeper, "/spec/replicas");
    let made = number(keeper, "/status/replicas").unwrap_or_default();
    if asked.is_some_and(|asked| made >= asked) {
        return None;
    }
    let mut events = scene.events_of(text(keeper, "/metadata/uid"));
    let event = events.find(|event| event.reason.as_deref() == Some("FailedCreate"))?;
    Some(refused(event.message.as_deref().unwrap_or_default()))
}

fn refused(message: &str) -> Trouble {
    let limits = ["exceeded quota", " usage per ", "failed quota"];
    let is_quota = limits.iter().any(|words| message.contains(words));
    Trouble {
        cause: Cause {
            kind: if is_quota {
                CauseKind::Quota
            } else {
                CauseKind::Other
            },
            detail: message.to_owned(),
        },
        // A quota may have room again when older tasks are gone.
        lasts: message.contains("violates PodSecurity"),
    }
}
