//! What the engine says about the services of a stack, in four calls whatever their number.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use bollard::models::{Service, SystemInfo, Task};
use bollard::query_parameters::ListTasksOptionsBuilder;
use hyper::Method;
use serde_json::{Value, json};
use tranship_backend::deploy::{Convergence, Fault, Watched};
use tranship_model::ObjectId;

use super::converge::{self, Seen};
use super::digest;
use super::inventory::succeeded;
use super::labels::STACK;
use super::time;
use super::transport::Engine;

/// The services of a stack with their tasks.
pub(super) struct Snapshot {
    /// With the digest of what is set on each.
    pub(super) services: Vec<(String, Service)>,
    pub(super) tasks: Vec<Task>,
    /// The tasks of present specifications.
    fresh: HashSet<String>,
    now: f64,
}

impl Snapshot {
    /// Asks the engine.
    pub(super) async fn read(engine: &Engine, stack: &str) -> Result<Self, Fault> {
        let mark = format!("{STACK}={stack}");
        let filters = HashMap::from([("label", vec![mark.clone()])]);
        let mut present = filters.clone();
        present.insert("_up-to-date", vec!["true".to_owned()]);
        // Services last: a task that is of the specification read here was seen to be.
        let (tasks, fresh, info) = tokio::try_join!(
            tasks(engine, &filters),
            tasks(engine, &present),
            engine.read(|| engine.docker.info()),
        )?;
        let services = services(engine, &mark).await?;
        Ok(Self {
            services,
            tasks,
            fresh: fresh.into_iter().filter_map(|task| task.id).collect(),
            now: now(&info),
        })
    }

    fn seen(&self, object: &ObjectId) -> Option<Seen<'_>> {
        let (digest, service) = self.find(object)?;
        Some(Seen {
            digest: digest.clone(),
            service,
            tasks: self.tasks_of(service).collect(),
            fresh: &self.fresh,
            now: self.now,
        })
    }

    fn find(&self, object: &ObjectId) -> Option<&(String, Service)> {
        self.services.iter().find(|(_, service)| {
            let name = service.spec.as_ref().and_then(|spec| spec.name.as_deref());
            name == Some(&*object.name)
        })
    }

    /// The tasks of a service.
    pub(super) fn tasks_of(&self, service: &Service) -> impl Iterator<Item = &Task> {
        let id = service.id.clone();
        self.tasks.iter().filter(move |task| task.service_id == id)
    }

    /// What each workload's present rollout is known by.
    pub(super) fn rollouts(&self, workloads: &[ObjectId]) -> Vec<String> {
        let found = workloads.iter().map(|workload| self.find(workload));
        found
            .map(|found| found.map(|(digest, _)| digest.clone()).unwrap_or_default())
            .collect()
    }

    /// How far each rollout is.
    pub(super) fn convergences(&self, watched: &[Watched]) -> Vec<Convergence> {
        let state = |watched: &Watched| {
            let seen = self.seen(&watched.object);
            converge::convergence(seen.as_ref(), &watched.rollout)
        };
        watched.iter().map(state).collect()
    }
}

async fn tasks(
    engine: &Engine,
    filters: &HashMap<&'static str, Vec<String>>,
) -> Result<Vec<Task>, Fault> {
    let read = || {
        let options = ListTasksOptionsBuilder::new().filters(filters).build();
        engine.docker.list_tasks(Some(options))
    };
    engine.read(read).await
}

/// The services with a mark, with the digest of exactly what the engine holds: the client's types
/// would drop what they do not know.
async fn services(engine: &Engine, mark: &str) -> Result<Vec<(String, Service)>, Fault> {
    let filters = escaped(&json!({ "label": [mark] }).to_string());
    let path = format!("/services?status=true&filters={filters}");
    let answer = engine.call(Method::GET, &path, None).await?;
    let body = succeeded(engine, answer)?;
    let services = body.as_array().into_iter().flatten();
    Ok(services.filter_map(service).collect())
}

/// Reads one service.
fn service(value: &Value) -> Option<(String, Service)> {
    let digest = digest::of_value(value.get("Spec")?);
    let mut value = value.clone();
    // The engine spells it in another way than its own description, which the client follows.
    let container = value.pointer_mut("/Spec/TaskTemplate/ContainerSpec");
    if let Some(container) = container.and_then(Value::as_object_mut)
        && let Some(check) = container.remove("Healthcheck")
    {
        container.insert("HealthCheck".to_owned(), check);
    }
    Some((digest, serde_json::from_value(value).ok()?))
}

fn now(info: &SystemInfo) -> f64 {
    let time = info.system_time.as_deref().and_then(time::seconds);
    time.unwrap_or(f64::INFINITY)
}

/// Text for a query.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
