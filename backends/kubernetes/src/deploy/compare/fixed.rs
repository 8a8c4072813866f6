//! What cannot be changed in place.
//!
//! Source: `ValidateXxxUpdate` in `k8s.io/kubernetes/pkg/apis` 1.34.

use serde_json::Value;
use tranship_backend::deploy::Change;

use super::super::kinds::Kind;
use super::amounts;

/// Fields of a stateful set that may change.
const STATEFUL: &[&str] = &[
    "spec.replicas",
    "spec.ordinals",
    "spec.template",
    "spec.updateStrategy",
    "spec.revisionHistoryLimit",
    "spec.persistentVolumeClaimRetentionPolicy",
    "spec.minReadySeconds",
];

/// Fields of a job that may change.
const JOB: &[&str] = &[
    "spec.parallelism",
    "spec.backoffLimit",
    "spec.activeDeadlineSeconds",
    "spec.ttlSecondsAfterFinished",
    "spec.suspend",
];

/// Why an object has to be made anew, with what differs beside its fields; none when it need not.
pub(super) fn reason(
    kind: Kind,
    changes: &[Change],
    live: &Value,
) -> Option<(Option<Change>, String)> {
    if let Some(since) = live.pointer("/metadata/deletionTimestamp") {
        let change = Change {
            field: "metadata.deletionTimestamp".to_owned(),
            from: Some(since.clone()),
            to: None,
        };
        return Some((Some(change), "it is being deleted".to_owned()));
    }
    if kind == Kind::Job && failed(live) {
        let change = Change {
            field: "status.conditions[Failed]".to_owned(),
            from: Some("True".into()),
            to: None,
        };
        let reason = "the job has failed, and a job is not tried again once it has";
        return Some((Some(change), reason.to_owned()));
    }
    let fixed = changes.iter().find(|change| is_fixed(kind, change, live))?;
    Some((None, format!("`{}` {}", fixed.field, words(kind))))
}

fn failed(job: &Value) -> bool {
    let conditions = job.pointer("/status/conditions").and_then(Value::as_array);
    conditions.into_iter().flatten().any(|condition| {
        let is = |key: &str, value: &str| condition.get(key).and_then(Value::as_str) == Some(value);
        is("type", "Failed") && is("status", "True")
    })
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::PersistentVolumeClaim => {
            "of a claim cannot change: its data would have to move, and are lost when it is made anew"
        }
        Kind::Job => "of a job cannot change: what runs is not changed while it runs",
        Kind::Service => "of a service cannot change: its address is fixed when it is made",
        Kind::ConfigMap | Kind::Secret => "cannot change: it is marked as immutable, or its type",
        Kind::NetworkPolicy
        | Kind::Ingress
        | Kind::Deployment
        | Kind::StatefulSet
        | Kind::DaemonSet
        | Kind::CronJob => "cannot change in place",
    }
}

fn is_fixed(kind: Kind, change: &Change, live: &Value) -> bool {
    let field = change.field.as_str();
    match kind {
        Kind::Deployment | Kind::DaemonSet => within(field, "spec.selector"),
        Kind::StatefulSet => {
            within(field, "spec") && !STATEFUL.iter().any(|place| within(field, place))
        }
        Kind::Job => within(field, "spec") && !JOB.iter().any(|place| within(field, place)),
        Kind::Service => is_address(change),
        Kind::PersistentVolumeClaim => within(field, "spec") && !is_growth(change),
        Kind::ConfigMap => {
            live.get("immutable") == Some(&Value::Bool(true)) && !within(field, "metadata")
        }
        Kind::Secret => within(field, "type"),
        Kind::NetworkPolicy | Kind::Ingress | Kind::CronJob => false,
    }
}

/// Whether a field is the place or below it.
fn within(field: &str, place: &str) -> bool {
    field
        .strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// An address is given once: a name with one, or without.
fn is_address(change: &Change) -> bool {
    let is_set = |value: &Option<Value>| {
        let text = value.as_ref().and_then(Value::as_str);
        text.is_some_and(|text| !text.is_empty())
    };
    within(&change.field, "spec.clusterIP") && (is_set(&change.from) || is_set(&change.to))
}

/// Whether a claim only asks for more, which many storage classes give.
fn is_growth(change: &Change) -> bool {
    change.field == "spec.resources.requests.storage"
        && matches!((&change.from, &change.to), (Some(from), Some(to)) if amounts::is_less(from, to))
}
