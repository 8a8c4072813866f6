//! Everything that would stop a run, before the first write.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use http::Method;
use serde_json::{Value, json};
use tranship_backend::deploy::{Action, Fault, Step};

use super::calls::{Call, Failure, Server};
use super::kinds::Kind;
use super::namespace::Found;
use super::{apply, lists, namespace};

/// A permission a run needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Need {
    verb: &'static str,
    group: &'static str,
    resource: &'static str,
}

impl Need {
    const fn of(kind: Kind, verb: &'static str) -> Self {
        Self {
            verb,
            group: kind.group(),
            resource: kind.plural(),
        }
    }

    /// The permission as people grant it.
    fn words(self, namespace: &str) -> String {
        let Self {
            verb,
            group,
            resource,
        } = self;
        match group {
            "" => format!("{verb} {resource} in namespace {namespace}"),
            group => format!("{verb} {resource}.{group} in namespace {namespace}"),
        }
    }
}

/// Whether the steps can be done: the server answers, the namespace is there, we may do all of it,
/// and the server would take each object.
pub(super) async fn check(server: &Server, steps: &[Step]) -> Result<(), Fault> {
    let found = namespace::check(server).await?;
    let needs: Vec<_> = needs(steps).into_iter().collect();
    let answers = lists::all(server, needs.iter().map(|need| may(server, *need))).await?;
    let missing: Vec<_> = needs
        .iter()
        .zip(answers)
        .filter(|(_, may)| !may)
        .map(|(need, _)| need.words(&server.namespace))
        .collect();
    if !missing.is_empty() {
        return Err(Fault::Denied {
            place: server.words(),
            missing,
        });
    }
    // Nothing can be rehearsed in a namespace that is not there.
    match found {
        Found::There => rehearse(server, steps).await,
        Found::Later => Ok(()),
    }
}

async fn rehearse(server: &Server, steps: &[Step]) -> Result<(), Fault> {
    let ends = join_all(steps.iter().map(|step| apply::rehearse(server, step))).await;
    let faults: Vec<_> = ends.into_iter().filter_map(Result::err).collect();
    lists::joined(faults).map_or(Ok(()), Err)
}

/// What a run needs: only what its steps do, our notes, and watching its workloads.
fn needs(steps: &[Step]) -> BTreeSet<Need> {
    let mut needs = BTreeSet::new();
    for step in steps.iter().filter(|step| step.action.writes()) {
        let Some(kind) = Kind::of(&step.object) else {
            continue;
        };
        let verbs: &[&'static str] = match step.action {
            Action::Create => &["create", "patch"],
            Action::Update => &["patch"],
            Action::Replace => &["create", "delete", "get", "patch"],
            Action::Delete => &["delete", "get"],
            Action::Keep => &[],
        };
        needs.extend(verbs.iter().map(|verb| Need::of(kind, verb)));
        if kind.is_workload() {
            needs.insert(Need {
                verb: "list",
                group: "",
                resource: "pods",
            });
        }
    }
    if !needs.is_empty() {
        let verbs = ["create", "delete", "get", "update"];
        needs.extend(verbs.map(|verb| Need::of(Kind::ConfigMap, verb)));
    }
    needs
}

async fn may(server: &Server, need: Need) -> Result<bool, Failure> {
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {
            "namespace": server.namespace,
            "verb": need.verb,
            "group": need.group,
            "resource": need.resource,
        }},
    });
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let call = Call::new(Method::POST, path.to_owned()).sending("application/json", &review);
    let answer: Value = server.read(&call).await?;
    Ok(answer.pointer("/status/allowed") == Some(&Value::Bool(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(action: Action, kind: Kind) -> Step {
        Step {
            action,
            object: kind.id("web"),
            wanted: None,
            changes: Vec::new(),
            reason: None,
            version: None,
            wave: 0,
        }
    }

    fn words(steps: &[Step]) -> Vec<String> {
        needs(steps)
            .into_iter()
            .map(|need| need.words("shop"))
            .collect()
    }

    #[test]
    fn a_run_needs_what_its_steps_do_and_no_more() {
        let steps = [
            step(Action::Create, Kind::Deployment),
            step(Action::Delete, Kind::Service),
            step(Action::Keep, Kind::Secret),
        ];
        assert_eq!(
            words(&steps),
            [
                "create configmaps in namespace shop",
                "create deployments.apps in namespace shop",
                "delete configmaps in namespace shop",
                "delete services in namespace shop",
                "get configmaps in namespace shop",
                "get services in namespace shop",
                "list pods in namespace shop",
                "patch deployments.apps in namespace shop",
                "update configmaps in namespace shop",
            ]
        );
    }

    #[test]
    fn a_run_that_writes_nothing_needs_nothing() {
        assert_eq!(words(&[step(Action::Keep, Kind::Job)]), [""; 0]);
    }
}
