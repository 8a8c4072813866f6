//! Events in words.

use tranship_backend::deploy::Action;
use tranship_engine::{Counts, DeployEvent, StepState};

use crate::console::Paint;
use crate::escape;
use crate::view::steps;

/// The line for an event; none for those people need not see.
pub(crate) fn line(event: &DeployEvent, paint: Paint) -> Option<String> {
    match event {
        DeployEvent::LockHeld { holder } => {
            let holder = escape::line(&holder.to_string()).into_owned();
            Some(format!("waiting for the lock: {holder} deploys this stack"))
        }
        DeployEvent::LockTakenOver { holder } => {
            let holder = escape::line(&holder.to_string()).into_owned();
            Some(format!("took the lock over: the run of {holder} is gone"))
        }
        DeployEvent::Planned { counts } => Some(sum(*counts)),
        DeployEvent::Step {
            action,
            object,
            state,
        } => step(*action, &object.to_string(), state, paint),
        DeployEvent::Waiting {
            service,
            running,
            ready,
            wanted,
        } => Some(format!(
            "{}: {running} of {wanted} running, {ready} ready",
            escape::line(service)
        )),
        DeployEvent::Trouble { service, cause } => {
            let words = paint.doubtful(cause.kind.as_str());
            let detail = escape::line(&cause.detail).into_owned();
            Some(format!("{}: {words}: {detail}", escape::line(service)))
        }
        DeployEvent::Settled { service, completed } => {
            let words = if *completed { "completed" } else { "ready" };
            Some(format!("{}: {}", escape::line(service), paint.good(words)))
        }
        DeployEvent::Begun {
            format: _,
            stack,
            place,
        } => {
            let stack = escape::line(stack);
            Some(format!("{stack} on {}", steps::place(place)))
        }
        DeployEvent::Ended { .. } => None,
    }
}

/// How many steps of each kind, in words.
pub(crate) fn sum(counts: Counts) -> String {
    let Counts {
        create,
        update,
        replace,
        delete,
        keep,
    } = counts;
    if create + update + replace + delete == 0 {
        return format!("nothing to change: {keep} as they should be");
    }
    format!(
        "{create} to create, {update} to update, {replace} to replace, {delete} to delete, {keep} to keep"
    )
}

fn step(action: Action, object: &str, state: &StepState, paint: Paint) -> Option<String> {
    let object = escape::line(object);
    match state {
        StepState::Started => None,
        StepState::Done => Some(format!("{} {object}", past(action))),
        StepState::Failed(reason) => {
            let words = paint.bad(&format!("cannot {}", action.as_str()));
            Some(format!("{words} {object}: {}", escape::line(reason)))
        }
    }
}

const fn past(action: Action) -> &'static str {
    match action {
        Action::Create => "created",
        Action::Update => "updated",
        Action::Replace => "replaced",
        Action::Delete => "deleted",
        Action::Keep => "kept",
    }
}
