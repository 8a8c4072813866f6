//! Taking an object away, until it is gone.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tokio::time::sleep;
use tranship_backend::deploy::{Fault, Step};
use tranship_model::ObjectId;

use super::calls::{Call, Server};
use super::kinds::Kind;
use super::{faults, observe, version};

/// How long an object may take to go: its tasks end in their own time.
const LONGEST_GOING: Duration = Duration::from_mins(10);

/// How often it is asked whether an object is gone.
const LOOK: Duration = Duration::from_millis(250);

/// Deletes the object of a step and returns when it is gone, tasks and all; one that was gone
/// already, or that someone deletes already, is no fault.
pub(super) async fn remove(server: &Server, step: &Step) -> Result<(), Fault> {
    let kind = Kind::must_be(&step.object)?;
    let uid = step.version.as_deref().map(version::uid);
    delete(server, kind, &step.object, uid).await?;
    await_end(server, kind, &step.object, uid).await
}

async fn delete(
    server: &Server,
    kind: Kind,
    id: &ObjectId,
    uid: Option<&str>,
) -> Result<(), Fault> {
    let call = Call::new(Method::DELETE, kind.path(&server.namespace, &id.name))
        .sending("application/json", &options(kind, uid));
    match server.send(&call).await {
        Ok(_) => Ok(()),
        Err(failure) if failure.is_missing() => Ok(()),
        Err(failure) => Err(faults::of_object(server, id, failure)),
    }
}

/// How it is deleted: only if it is the one the plan saw, and a workload not before its tasks.
fn options(kind: Kind, uid: Option<&str>) -> Value {
    let propagation = if kind.is_workload() {
        "Foreground"
    } else {
        "Background"
    };
    let mut options =
        json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": propagation});
    if let (Some(uid), Some(fields)) = (uid, options.as_object_mut()) {
        fields.insert("preconditions".to_owned(), json!({"uid": uid}));
    }
    options
}

/// Waits until an object is gone, with all that was made for it.
async fn await_end(
    server: &Server,
    kind: Kind,
    id: &ObjectId,
    uid: Option<&str>,
) -> Result<(), Fault> {
    let mut waited = Duration::ZERO;
    while remains(server, kind, id, uid).await? {
        if waited >= LONGEST_GOING {
            let minutes = LONGEST_GOING.as_secs() / 60;
            return Err(Fault::Other(format!(
                "{id} was deleted, and is not gone after {minutes} minutes"
            )));
        }
        sleep(LOOK).await;
        waited += LOOK;
    }
    Ok(())
}

/// Whether the very object is still there: one of its name that someone made since is another.
async fn remains(
    server: &Server,
    kind: Kind,
    id: &ObjectId,
    uid: Option<&str>,
) -> Result<bool, Fault> {
    let found = observe::one(server, kind, &id.name)
        .await
        .map_err(|failure| faults::of_object(server, id, failure))?;
    Ok(found.is_some_and(|(_, body)| uid.is_none_or(|uid| version::is_of(&body, uid))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_plan_saw_is_deleted_and_workloads_after_their_tasks() {
        let workload = options(Kind::Deployment, Some("u"));
        assert_eq!(workload["propagationPolicy"], "Foreground");
        assert_eq!(workload["preconditions"], json!({"uid": "u"}));
        let claim = options(Kind::PersistentVolumeClaim, None);
        assert_eq!(claim["propagationPolicy"], "Background");
        assert_eq!(claim.get("preconditions"), None);
    }
}
