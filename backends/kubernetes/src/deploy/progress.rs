//! What the judgement about rollouts needs, in few calls.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::{join_all, join3};
use k8s_openapi::api::core::v1::{Event, Pod};
use serde_json::Value;
use tranship_backend::deploy::{Convergence, Fault, Watched};
use tranship_model::ObjectId;

use super::calls::{Answer, Call, Failure, Server};
use super::converge::{Scene, convergence, needs_events};
use super::kinds::Kind;
use super::{lists, marks, rollout};

/// What runs the tasks of a stack.
pub(super) const WORKLOADS: [Kind; 5] = [
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::Job,
    Kind::CronJob,
];

/// How far each rollout is.
pub(super) async fn progress(
    server: &Server,
    stack: &str,
    watched: &[Watched],
) -> Result<Vec<Convergence>, Fault> {
    let kinds: BTreeSet<_> = watched
        .iter()
        .filter_map(|one| Kind::of(&one.object))
        .collect();
    let mut scene = workloads(server, stack, kinds).await?;
    add_tasks(server, stack, &mut scene).await?;
    // Warnings only explain what is not well.
    if needs_events(&scene) {
        scene.events = events(server).await;
    }
    Ok(judged(watched, &scene))
}

fn judged(watched: &[Watched], scene: &Scene) -> Vec<Convergence> {
    watched.iter().map(|one| convergence(one, scene)).collect()
}

/// The workloads of a stack.
pub(super) async fn workloads(
    server: &Server,
    stack: &str,
    kinds: impl IntoIterator<Item = Kind>,
) -> Result<Scene, Fault> {
    let selector = marks::selector(stack);
    let lists = kinds.into_iter().map(|kind| list(server, kind, &selector));
    let found = lists::all(server, lists).await?.into_iter().flatten();
    Ok(Scene {
        workloads: found.collect(),
        ..Scene::default()
    })
}

async fn list(
    server: &Server,
    kind: Kind,
    selector: &str,
) -> Result<Vec<(ObjectId, Value)>, Failure> {
    let collection = kind.collection(&server.namespace);
    let objects = lists::objects(server, &collection, selector).await?;
    let named = objects.into_iter().filter_map(|object| {
        let id = kind.id(object.pointer("/metadata/name")?.as_str()?);
        Some((id, object))
    });
    Ok(named.collect())
}

/// Adds the tasks and replica sets of a stack.
pub(super) async fn add_tasks(
    server: &Server,
    stack: &str,
    scene: &mut Scene,
) -> Result<(), Fault> {
    let selector = marks::selector(stack);
    let namespace = &server.namespace;
    let sets = format!("/apis/apps/v1/namespaces/{namespace}/replicasets");
    let has_sets = scene
        .workloads
        .keys()
        .any(|id| Kind::of(id) == Some(Kind::Deployment));
    let sets = async {
        if has_sets {
            lists::objects(server, &sets, &selector).await
        } else {
            Ok(Vec::new())
        }
    };
    let (pods, sets, now) = join3(pods(server, &selector), sets, clock(server)).await;
    let fault = |failure| super::faults::of_call(server, failure);
    scene.pods = pods.map_err(fault)?;
    scene.sets = sets.map_err(fault)?;
    scene.now = now.ok().and_then(|answer| answer.now);
    Ok(())
}

/// The tasks a selector takes.
pub(super) async fn pods(server: &Server, selector: &str) -> Result<Vec<Pod>, Failure> {
    let collection = format!("/api/v1/namespaces/{}/pods", server.namespace);
    lists::typed(server, &collection, selector).await
}

/// A short answer, for its date.
async fn clock(server: &Server) -> Result<Answer, Failure> {
    server.send(&Call::get("/version".to_owned())).await
}

/// The warnings of the namespace; none where we may not read them, for they only explain.
async fn events(server: &Server) -> Vec<Event> {
    let collection = format!("/api/v1/namespaces/{}/events", server.namespace);
    let call = Call::get(collection)
        .with("limit", "500")
        .with("fieldSelector", "type=Warning");
    let events = lists::pages(server, call).await.unwrap_or_default();
    let typed = events.into_iter().map(serde_json::from_value);
    typed.filter_map(Result::ok).collect()
}

/// What the present rollout of each workload is called.
pub(super) async fn rollouts(
    server: &Server,
    stack: &str,
    asked: &[ObjectId],
) -> Result<Vec<String>, Fault> {
    let kinds: BTreeSet<_> = asked.iter().filter_map(Kind::of).collect();
    let selector = marks::selector(stack);
    let lists = join_all(kinds.into_iter().map(|kind| list(server, kind, &selector))).await;
    let mut found = HashMap::new();
    for list in lists {
        found.extend(list.map_err(|failure| super::faults::of_call(server, failure))?);
    }
    let name = |id: &ObjectId| {
        let rollout = Kind::of(id)
            .zip(found.get(id))
            .map(|(kind, body)| rollout::name(kind, body));
        rollout.unwrap_or_default()
    };
    Ok(asked.iter().map(name).collect())
}
