//! What a task's error means.

use bollard::models::{Task, TaskState};
use tranship_backend::deploy::{Cause, CauseKind};

/// Words of the engine and what they mean; the first that fits.
///
/// Source: the engine's agent (`daemon/cluster/executor`), `SwarmKit`'s scheduler, and what both
/// were seen to say.
const WORDS: [(&str, CauseKind); 16] = [
    ("no such image", CauseKind::ImageMissing),
    ("pull access denied", CauseKind::ImageMissing),
    ("manifest unknown", CauseKind::ImageMissing),
    ("manifest for", CauseKind::ImageMissing),
    ("repository does not exist", CauseKind::ImageMissing),
    ("invalid reference format", CauseKind::ImageMissing),
    ("unhealthy container", CauseKind::Unhealthy),
    ("insufficient resources", CauseKind::Unschedulable),
    ("no suitable node", CauseKind::Unschedulable),
    ("secret reference", CauseKind::ObjectMissing),
    ("config reference", CauseKind::ObjectMissing),
    ("invalid mount config", CauseKind::ObjectMissing),
    ("bind source path does not exist", CauseKind::ObjectMissing),
    ("network sandbox", CauseKind::Other),
    ("non-zero exit", CauseKind::CrashLoop),
    ("starting container failed", CauseKind::CrashLoop),
];

/// What is wrong with a task, if something is.
pub(super) fn of(task: &Task, is_job: bool) -> Option<Cause> {
    let status = task.status.as_ref()?;
    let error = status.err.clone().filter(|error| !error.is_empty());
    let ended = status.state.is_some_and(has_ended);
    let detail = match (error, ended) {
        (Some(error), _) => error,
        (None, true) => "the process ended".to_owned(),
        (None, false) => return None,
    };
    let lower = detail.to_lowercase();
    let kind = WORDS.iter().find(|(words, _)| lower.contains(words));
    let mut kind = kind.map_or(CauseKind::Other, |(_, kind)| *kind);
    if kind == CauseKind::CrashLoop && is_job {
        kind = CauseKind::JobFailed;
    }
    if kind == CauseKind::Other && status.state == Some(TaskState::COMPLETE) {
        kind = CauseKind::CrashLoop;
    }
    Some(Cause {
        kind,
        detail: format!("task {}: {detail}", name(task)),
    })
}

/// What people can find a task by.
pub(super) fn name(task: &Task) -> String {
    let id = task.id.as_deref().unwrap_or_default();
    id.get(..12).unwrap_or(id).to_owned()
}

/// Whether a task is over.
pub(super) const fn has_ended(state: TaskState) -> bool {
    match state {
        TaskState::COMPLETE
        | TaskState::SHUTDOWN
        | TaskState::FAILED
        | TaskState::REJECTED
        | TaskState::REMOVE
        | TaskState::ORPHANED => true,
        TaskState::NEW
        | TaskState::ALLOCATED
        | TaskState::PENDING
        | TaskState::ASSIGNED
        | TaskState::ACCEPTED
        | TaskState::PREPARING
        | TaskState::READY
        | TaskState::STARTING
        | TaskState::RUNNING => false,
    }
}
