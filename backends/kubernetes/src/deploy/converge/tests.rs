//! Judgements about recorded answers of a cluster.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tranship_backend::deploy::{CauseKind, Convergence, Watched};

use super::super::kinds::Kind;
use super::super::rollout;
use super::{Scene, convergence};

/// A scene as it was recorded, after a change to it.
fn scene(name: &str, change: impl FnOnce(&mut Value)) -> Scene {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/recorded/kubernetes");
    let text = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    let mut recorded: Value = serde_json::from_str(&text).unwrap();
    change(&mut recorded);
    let list = |key: &str| recorded[key].as_array().unwrap().clone();
    let workload = |body: Value| {
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| body["kind"] == kind.name());
        let id = kind.unwrap().id(body["metadata"]["name"].as_str().unwrap());
        (id, body)
    };
    Scene {
        now: Some(recorded["now"].as_str().unwrap().parse().unwrap()),
        workloads: list("workloads").into_iter().map(workload).collect(),
        sets: list("sets"),
        pods: serde_json::from_value(recorded["pods"].clone()).unwrap(),
        events: serde_json::from_value(recorded["events"].clone()).unwrap(),
    }
}

/// How far the present rollout of a workload is.
fn judged(scene: &Scene, kind: Kind, name: &str) -> Convergence {
    let object = kind.id(name);
    let rollout = rollout::name(kind, &scene.workloads[&object]);
    let watched = Watched {
        service: name.to_owned(),
        object,
        rollout,
    };
    convergence(&watched, scene)
}

fn unchanged(_: &mut Value) {}

/// The cause of the one workload of a recording, and whether it is given up.
fn cause(recording: &str, change: impl FnOnce(&mut Value)) -> (CauseKind, bool, String) {
    let scene = scene(recording, change);
    let id = scene.workloads.keys().next().unwrap().clone();
    match judged(&scene, Kind::of(&id).unwrap(), &id.name) {
        Convergence::Failed(cause) => (cause.kind, true, cause.detail),
        Convergence::Waiting(waiting) => {
            let cause = waiting.cause.unwrap();
            (cause.kind, false, cause.detail)
        }
        other @ (Convergence::Converged | Convergence::Completed | Convergence::RolledBack(_)) => {
            panic!("{recording}: {other:?}")
        }
    }
}

#[test]
fn causes_are_named_and_given_up_when_they_last() {
    let found: Vec<_> = [
        "image-missing",
        "crash-loop",
        "command-missing",
        "unhealthy",
        "secret-missing",
        "claim-missing",
        "unschedulable",
        "job-failed",
    ]
    .into_iter()
    .map(|recording| {
        let (kind, lasts, _) = cause(recording, unchanged);
        (recording, kind, lasts)
    })
    .collect();
    assert_eq!(
        found,
        [
            ("image-missing", CauseKind::ImageMissing, true),
            ("crash-loop", CauseKind::CrashLoop, true),
            ("command-missing", CauseKind::CrashLoop, true),
            ("unhealthy", CauseKind::Unhealthy, true),
            ("secret-missing", CauseKind::ObjectMissing, true),
            ("claim-missing", CauseKind::ObjectMissing, true),
            ("unschedulable", CauseKind::Unschedulable, false),
            ("job-failed", CauseKind::JobFailed, true),
        ]
    );
}

#[test]
fn a_cause_says_which_task_and_what_it_said() {
    let (_, _, detail) = cause("job-failed", unchanged);
    assert!(
        detail.contains("jobfail-") && detail.contains("code 4"),
        "{detail}"
    );
    let (_, _, detail) = cause("secret-missing", unchanged);
    assert!(detail.contains("secret \"nothere\" not found"), "{detail}");
}

#[test]
fn the_shop_is_up() {
    let scene = scene("shop", unchanged);
    for name in ["web", "api", "cache", "db"] {
        assert_eq!(
            judged(&scene, Kind::Deployment, name),
            Convergence::Converged,
            "{name}"
        );
    }
    assert_eq!(
        judged(&scene, Kind::DaemonSet, "metrics"),
        Convergence::Converged
    );
    assert_eq!(judged(&scene, Kind::Job, "migrate"), Convergence::Completed);
}

#[test]
fn a_job_that_goes_on_without_end_is_up_when_its_tasks_run() {
    let scene = scene("shop", unchanged);
    assert_eq!(judged(&scene, Kind::Job, "worker"), Convergence::Converged);
}

/// A change to the shop's deployment `cache`.
fn cache(change: impl FnOnce(&mut Value)) -> Convergence {
    let scene = scene("shop", |recorded| {
        let workloads = recorded["workloads"].as_array_mut().unwrap();
        let mut found = workloads.iter_mut();
        change(
            found
                .find(|body| body["metadata"]["name"] == "cache")
                .unwrap(),
        );
    });
    judged(&scene, Kind::Deployment, "cache")
}

#[test]
fn what_the_controller_has_not_seen_is_waited_for() {
    let end = cache(|body| body["metadata"]["generation"] = json!(99));
    assert!(matches!(end, Convergence::Waiting(_)), "{end:?}");
}

#[test]
fn an_older_task_that_is_left_is_waited_for() {
    let end = cache(|body| body["status"]["replicas"] = json!(2));
    assert!(matches!(end, Convergence::Waiting(_)), "{end:?}");
}

#[test]
fn a_paused_rollout_is_never_there() {
    let end = cache(|body| {
        body["spec"]["paused"] = json!(true);
        body["status"]["updatedReplicas"] = json!(0);
    });
    assert!(matches!(end, Convergence::Failed(_)), "{end:?}");
}

#[test]
fn no_headway_for_too_long_is_a_failure() {
    let end = cache(|body| {
        body["status"]["updatedReplicas"] = json!(0);
        body["status"]["conditions"] = json!([{
            "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
            "message": "it has timed out progressing"}]);
    });
    assert!(matches!(end, Convergence::Failed(_)), "{end:?}");
}

#[test]
fn a_task_that_only_just_started_is_not_trusted_yet() {
    let scene = scene("shop", |recorded| {
        let pods = recorded["pods"].as_array_mut().unwrap();
        let mut found = pods.iter();
        let is_cache =
            |pod: &&Value| pod["metadata"]["labels"]["app.kubernetes.io/name"] == "cache";
        let pod = found.find(is_cache).unwrap();
        let started = &pod["status"]["containerStatuses"][0]["state"]["running"]["startedAt"];
        recorded["now"] = started.clone();
    });
    let end = judged(&scene, Kind::Deployment, "cache");
    assert!(matches!(end, Convergence::Waiting(_)), "{end:?}");
}

#[test]
fn another_rollout_in_our_place_is_no_success() {
    let shop = scene("shop", unchanged);
    let object = Kind::Deployment.id("cache");
    let watched = |rollout: &str| Watched {
        object: object.clone(),
        service: "cache".to_owned(),
        rollout: rollout.to_owned(),
    };
    let body = &shop.workloads[&object];
    let uid = body["metadata"]["uid"].as_str().unwrap();
    for rollout in [format!("{uid}/1/0000000000000000"), "other/1/0".to_owned()] {
        let end = convergence(&watched(&rollout), &shop);
        let Convergence::Failed(cause) = end else {
            panic!("{rollout}: {end:?}");
        };
        assert_eq!(cause.kind, CauseKind::Superseded);
    }
    let gone = Kind::Deployment.id("gone");
    let end = convergence(
        &Watched {
            object: gone,
            ..watched("")
        },
        &shop,
    );
    assert!(matches!(end, Convergence::Failed(_)), "{end:?}");
}

#[test]
fn a_quota_is_named() {
    let end = cache(|body| {
        body["status"]["updatedReplicas"] = json!(0);
        body["status"]["conditions"] = json!([{
            "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
            "message": "pods \"x\" is forbidden: exceeded quota: few, requested: pods=1"}]);
    });
    let Convergence::Waiting(waiting) = end else {
        panic!("{end:?}");
    };
    assert_eq!(
        waiting.cause.map(|cause| cause.kind),
        Some(CauseKind::Quota)
    );
}
