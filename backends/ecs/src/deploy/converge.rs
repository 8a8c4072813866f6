//! How far rollouts are, by what the API says of them; pure.

use serde_json::Value;
use tranship_backend::deploy::{Cause, CauseKind, Convergence, Waiting};

use super::observe::{at, list, text};

/// How often tasks of one deployment fail before it is given up where nothing else would.
const PATIENCE: u64 = 3;

/// How the tasks of a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Some still run.
    Running,
    /// All ended well, or so long ago that they are forgotten.
    Well,
    /// One did not.
    Failed(Cause),
}

/// How far a service's deployment is; `stopped` are its tasks that ended.
pub(super) fn service(service: &Value, rollout: &str, stopped: &[Value]) -> Convergence {
    let primary = list(service, "deployments").find(|one| is_primary(one));
    let mut deployments = list(service, "deployments");
    let Some(own) = deployments.find(|one| text(one, "id") == rollout) else {
        return displaced(service, primary, rollout, stopped);
    };
    match text(own, "rolloutState") {
        "FAILED" if is_primary(own) => {
            Convergence::Failed(cause(rollout, stopped).unwrap_or_else(|| given_up(own)))
        }
        "FAILED" => {
            let cause = cause(rollout, stopped).unwrap_or_else(|| given_up(own));
            rolled_back(primary, rollout, cause)
        }
        _ if !is_primary(own) => displaced(service, primary, rollout, stopped),
        state => under_way(service, own, state, cause(rollout, stopped)),
    }
}

fn is_primary(deployment: &Value) -> bool {
    *at(deployment, "status") == "PRIMARY"
}

/// How far the primary deployment is, which has not failed.
fn under_way(service: &Value, own: &Value, state: &str, cause: Option<Cause>) -> Convergence {
    let count = |key: &str| own.get(key).and_then(Value::as_u64).unwrap_or_default();
    let (running, wanted) = (count("runningCount"), count("desiredCount"));
    let is_alone = list(service, "deployments").count() == 1;
    match cause {
        _ if state == "COMPLETED" && running >= wanted && is_alone => Convergence::Converged,
        Some(cause) if count("failedTasks") >= PATIENCE && !has_breaker(service) => {
            Convergence::Failed(cause)
        }
        cause => Convergence::Waiting(Waiting {
            running,
            // Only a deployment that is done says that its tasks are healthy.
            ready: 0,
            wanted,
            cause: cause.filter(|_| running < wanted),
        }),
    }
}

fn has_breaker(service: &Value) -> bool {
    let breaker = "/deploymentConfiguration/deploymentCircuitBreaker/enable";
    service.pointer(breaker) == Some(&Value::Bool(true))
}

/// What took the place of a deployment: the one before it, or someone else's.
fn displaced(
    service: &Value,
    primary: Option<&Value>,
    rollout: &str,
    stopped: &[Value],
) -> Convergence {
    let reason = primary
        .map(|one| text(one, "rolloutStateReason"))
        .unwrap_or_default();
    if is_back(primary, rollout, stopped) || has_failed(service, rollout) {
        let cause = cause(rollout, stopped).unwrap_or_else(|| Cause {
            kind: CauseKind::Other,
            detail: reason.to_owned(),
        });
        return rolled_back(primary, rollout, cause);
    }
    Convergence::Failed(Cause {
        kind: CauseKind::Superseded,
        detail: format!("{rollout} is no longer the primary deployment. {reason}"),
    })
}

/// Whether the primary deployment is one from before: it says so, or is older than tasks of the
/// one that is gone. A failed deployment is no longer listed once the rollback is done.
fn is_back(primary: Option<&Value>, rollout: &str, stopped: &[Value]) -> bool {
    let Some(primary) = primary else {
        return false;
    };
    let reason = text(primary, "rolloutStateReason").to_ascii_lowercase();
    let says_so = ["rolling back", "rolled back", "rollback"];
    let created = |one: &Value| one.get("createdAt").and_then(Value::as_f64);
    let is_older = |task: &Value| created(primary) < created(task);
    let mut own = stopped
        .iter()
        .filter(|task| text(task, "startedBy") == rollout);
    says_so.iter().any(|word| reason.contains(word)) || own.any(is_older)
}

/// Whether the service says of a deployment that it failed.
fn has_failed(service: &Value, rollout: &str) -> bool {
    let named = format!("(deployment {rollout}) deployment failed");
    list(service, "events").any(|event| text(event, "message").contains(&named))
}

fn rolled_back(primary: Option<&Value>, rollout: &str, cause: Cause) -> Convergence {
    let Cause { kind, detail } = cause;
    let to = primary.map(|one| text(one, "id")).unwrap_or_default();
    Convergence::RolledBack(Cause {
        kind,
        detail: format!("{rollout} was rolled back to {to}: {detail}"),
    })
}

fn given_up(deployment: &Value) -> Cause {
    Cause {
        kind: CauseKind::Other,
        detail: text(deployment, "rolloutStateReason").to_owned(),
    }
}

/// Why tasks of a deployment ended, by the last of them that says so.
fn cause(rollout: &str, stopped: &[Value]) -> Option<Cause> {
    let own = stopped
        .iter()
        .filter(|task| text(task, "startedBy") == rollout);
    own.filter_map(of_task)
        .max_by_key(|cause| cause.kind != CauseKind::Other)
}

/// Why a task ended; none when it was told to, or ended well.
fn of_task(task: &Value) -> Option<Cause> {
    let reason = text(task, "stoppedReason");
    let inner = list(task, "containers").map(|container| text(container, "reason"));
    let said = std::iter::once(reason)
        .chain(inner)
        .collect::<Vec<_>>()
        .join(" ");
    let code = list(task, "containers")
        .filter_map(|container| container.get("exitCode")?.as_i64())
        .find(|code| *code != 0);
    let kind = if said.contains("CannotPull") {
        CauseKind::ImageMissing
    } else if said.contains("ResourceInitializationError") {
        CauseKind::ObjectMissing
    } else if said.contains("ealth check") {
        CauseKind::Unhealthy
    } else if text(task, "stopCode") == "EssentialContainerExited" || said.contains("OutOfMemory") {
        CauseKind::CrashLoop
    } else if text(task, "stopCode") == "TaskFailedToStart" {
        CauseKind::Other
    } else {
        return None;
    };
    let name = super::job::short(text(task, "taskArn"));
    let code = code
        .map(|code| format!(" (exit code {code})"))
        .unwrap_or_default();
    Some(Cause {
        kind,
        detail: format!("{name}: {}{code}", said.trim()),
    })
}

/// How a job's tasks ended.
pub(super) fn ending(tasks: &[Value]) -> Ending {
    if tasks
        .iter()
        .any(|task| text(task, "lastStatus") != "STOPPED")
    {
        return Ending::Running;
    }
    match tasks.iter().find_map(failure) {
        Some(cause) => Ending::Failed(cause),
        None => Ending::Well,
    }
}

fn failure(task: &Value) -> Option<Cause> {
    let ended_well = list(task, "containers").all(|container| *at(container, "exitCode") == 0);
    if ended_well {
        return None;
    }
    let cause = of_task(task).unwrap_or_else(|| Cause {
        kind: CauseKind::JobFailed,
        detail: text(task, "stoppedReason").to_owned(),
    });
    let kind = if cause.kind == CauseKind::CrashLoop {
        CauseKind::JobFailed
    } else {
        cause.kind
    };
    Some(Cause {
        kind,
        detail: cause.detail,
    })
}

/// How far a job is.
pub(super) fn job(tasks: &[Value]) -> Convergence {
    match ending(tasks) {
        Ending::Well => Convergence::Completed,
        Ending::Failed(cause) => Convergence::Failed(cause),
        Ending::Running => {
            let running = tasks
                .iter()
                .filter(|task| text(task, "lastStatus") == "RUNNING");
            let running = running.count() as u64;
            Convergence::Waiting(Waiting {
                running,
                ready: 0,
                wanted: tasks.len() as u64,
                cause: None,
            })
        }
    }
}

#[cfg(test)]
mod tests;
