//! Deleting, until it is gone.

use std::collections::HashMap;
use std::time::Duration;

use bollard::models::{Task, TaskState};
use bollard::query_parameters::ListTasksOptionsBuilder;
use hyper::Method;
use tokio::time::sleep;
use tranship_backend::deploy::Fault;
use tranship_model::ObjectId;

use super::inventory::{self, Inventory, Item, Kind, refusal};
use super::labels::STACK;
use super::observe;
use super::transport::Engine;

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(300);
/// How often something still in use is asked for again: two minutes in all. Tasks that were told
/// to stop keep their network until they have.
const TRIES: u32 = 400;

/// Deletes an object of the stack; one that is gone already says nothing.
pub(super) async fn delete(
    engine: &Engine,
    stack: &str,
    kind: Kind,
    object: &ObjectId,
) -> Result<(), Fault> {
    let inventory = Inventory {
        items: inventory::list(engine, kind).await?,
    };
    let current = inventory.current(kind, stack, &object.name);
    let replaced = || {
        let mut ours = inventory.of_stack(stack);
        ours.find(|item| item.replaced_id() == *object)
    };
    let found = current.filter(|item| observe::is_ours(stack, item));
    let Some(item) = found.or_else(replaced) else {
        return Ok(());
    };
    delete_item(engine, item, object).await?;
    if kind == Kind::Service {
        wait_for_tasks(engine, stack, item).await?;
    }
    Ok(())
}

async fn delete_item(engine: &Engine, item: &Item, object: &ObjectId) -> Result<(), Fault> {
    let path = format!("{}/{}", item.kind.path(), item.id);
    for _ in 0..TRIES {
        let answer = engine.call(Method::DELETE, &path, None).await?;
        if answer.status.is_success() || answer.status.as_u16() == 404 {
            return Ok(());
        }
        let words = answer.message();
        let is_used = words.contains("in use by") || words.contains("active endpoints");
        if !is_used || item.kind != Kind::Network || words.contains("by service") {
            return Err(refusal(engine, &answer, Some(object)));
        }
        sleep(PAUSE).await;
    }
    Err(Fault::Refused {
        object: object.clone(),
        reason: "tasks that do not end still use it".to_owned(),
    })
}

/// Waits until no task of a deleted service is left on any node that answers.
async fn wait_for_tasks(engine: &Engine, stack: &str, service: &Item) -> Result<(), Fault> {
    let filters = HashMap::from([("label", vec![format!("{STACK}={stack}")])]);
    for _ in 0..TRIES {
        let tasks = engine.read(|| {
            let options = ListTasksOptionsBuilder::new().filters(&filters).build();
            engine.docker.list_tasks(Some(options))
        });
        let tasks = tasks.await?;
        let of_service = |task: &&Task| task.service_id.as_ref() == Some(&service.id);
        if !tasks.iter().filter(of_service).any(is_alive) {
            return Ok(());
        }
        sleep(PAUSE).await;
    }
    Ok(())
}

/// Whether a task's process may still run.
fn is_alive(task: &Task) -> bool {
    let state = task.status.as_ref().and_then(|status| status.state);
    state.is_some_and(|state| {
        matches!(
            state,
            TaskState::STARTING | TaskState::RUNNING | TaskState::PREPARING | TaskState::READY
        )
    })
}
