//! How far a rollout is: a pure function of what the API server says.

mod pods;
mod rules;
mod scene;
#[cfg(test)]
mod tests;

use serde_json::Value;
use tranship_backend::deploy::{Cause, CauseKind, Convergence, Waiting, Watched};

pub(super) use pods::{Keeper, is_dying, is_ready, is_running, trouble};
pub(super) use scene::{Scene, needs_events};

use super::kinds::Kind;
use super::rollout::{Rollout, Standing};

/// How far a rollout is.
pub(super) fn convergence(watched: &Watched, scene: &Scene) -> Convergence {
    let Some(kind) = Kind::of(&watched.object) else {
        return failed(
            CauseKind::Other,
            format!("{} runs no tasks", watched.object),
        );
    };
    let Some(body) = scene.workload(&watched.object) else {
        let detail = format!("{} was deleted by someone else", watched.object);
        return failed(CauseKind::Superseded, detail);
    };
    let Some(now) = Rollout::of(kind, body) else {
        // What runs now and then is done when it is there.
        return Convergence::Converged;
    };
    match Rollout::parse(&watched.rollout).map_or(Standing::Ours, |asked| asked.standing(&now)) {
        Standing::Superseded => {
            let detail = format!("{} was changed by someone else since", watched.object);
            failed(CauseKind::Superseded, detail)
        }
        Standing::Earlier => waiting_for(wanted(kind, body)),
        Standing::Ours => rules::judge(kind, body, scene),
    }
}

fn failed(kind: CauseKind, detail: String) -> Convergence {
    Convergence::Failed(Cause { kind, detail })
}

fn waiting_for(wanted: u64) -> Convergence {
    Convergence::Waiting(Waiting {
        wanted,
        ..Waiting::default()
    })
}

/// The tasks a workload asks for.
pub(super) fn wanted(kind: Kind, body: &Value) -> u64 {
    match kind {
        Kind::Deployment | Kind::StatefulSet => number(body, "/spec/replicas").unwrap_or(1),
        Kind::DaemonSet => number(body, "/status/desiredNumberScheduled").unwrap_or(1),
        Kind::Job => number(body, "/spec/completions")
            .or_else(|| number(body, "/spec/parallelism"))
            .unwrap_or(1),
        Kind::CronJob
        | Kind::NetworkPolicy
        | Kind::PersistentVolumeClaim
        | Kind::ConfigMap
        | Kind::Secret
        | Kind::Service
        | Kind::Ingress => 0,
    }
}

/// A number of an object.
fn number(body: &Value, pointer: &str) -> Option<u64> {
    body.pointer(pointer).and_then(Value::as_u64)
}

/// A text of an object; empty where there is none.
fn text<'body>(body: &'body Value, pointer: &str) -> &'body str {
    body.pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The condition of a type that holds.
fn condition<'body>(body: &'body Value, name: &str) -> Option<&'body Value> {
    let conditions = body.pointer("/status/conditions")?.as_array()?;
    conditions
        .iter()
        .find(|condition| text(condition, "/type") == name && text(condition, "/status") == "True")
}
