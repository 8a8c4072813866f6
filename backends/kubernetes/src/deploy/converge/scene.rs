//! Everything a judgement about rollouts needs, as it was answered.

use std::collections::HashMap;

use k8s_openapi::api::core::v1::{Event, Pod};
use k8s_openapi::jiff::Timestamp;
use serde_json::Value;
use tranship_model::ObjectId;

/// What the API server says of a stack.
#[derive(Default)]
pub(in super::super) struct Scene {
    /// The server's clock.
    pub(in super::super) now: Option<Timestamp>,
    /// Workloads, by identity.
    pub(in super::super) workloads: HashMap<ObjectId, Value>,
    /// Replica sets of deployments.
    pub(in super::super) sets: Vec<Value>,
    /// Tasks.
    pub(in super::super) pods: Vec<Pod>,
    /// Warnings about any of them.
    pub(in super::super) events: Vec<Event>,
}

impl Scene {
    /// A workload.
    pub(in super::super) fn workload(&self, id: &ObjectId) -> Option<&Value> {
        self.workloads.get(id)
    }

    /// The tasks a controller keeps.
    pub(in super::super) fn pods_of<'scene>(
        &'scene self,
        owner: &'scene str,
    ) -> impl Iterator<Item = &'scene Pod> {
        self.pods.iter().filter(move |pod| {
            let mut owners = pod.metadata.owner_references.iter().flatten();
            owners.any(|reference| reference.uid == owner)
        })
    }

    /// The replica sets of a deployment.
    pub(super) fn sets_of<'scene>(
        &'scene self,
        owner: &'scene str,
    ) -> impl Iterator<Item = &'scene Value> {
        self.sets.iter().filter(move |set| {
            let owners = set
                .pointer("/metadata/ownerReferences")
                .and_then(Value::as_array);
            let mut owners = owners.into_iter().flatten();
            owners.any(|reference| super::text(reference, "/uid") == owner)
        })
    }

    /// The warnings about an object.
    pub(super) fn events_of<'scene>(
        &'scene self,
        uid: &'scene str,
    ) -> impl Iterator<Item = &'scene Event> {
        self.events
            .iter()
            .filter(move |event| event.involved_object.uid.as_deref() == Some(uid))
    }
}

/// Whether tasks are not all well, so that warnings may say why.
pub(in super::super) fn needs_events(scene: &Scene) -> bool {
    let waits = |body: &Value| {
        let ready = super::number(body, "/status/readyReplicas")
            .or_else(|| super::number(body, "/status/numberReady"))
            .or_else(|| super::number(body, "/status/ready"));
        ready.unwrap_or_default() == 0
    };
    scene.pods.iter().any(|pod| !super::pods::is_ready(pod)) || scene.workloads.values().any(waits)
}
