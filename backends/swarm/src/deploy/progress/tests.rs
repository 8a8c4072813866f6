//! Judgements about what an engine 20.10 answered: `fixtures/recorded/swarm/rollouts`.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tranship_backend::deploy::{CauseKind, Convergence, Watched};
use tranship_model::ObjectId;

use super::{Snapshot, service, time};

/// The one service of a recording as it was seen.
fn recorded(name: &str) -> Snapshot {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/recorded/swarm");
    let text = fs::read_to_string(folder.join(format!("rollouts/{name}.json"))).unwrap();
    let recorded: Value = serde_json::from_str(&text).unwrap();
    let services = recorded["services"].as_array().unwrap();
    Snapshot {
        services: services.iter().map(|one| service(one).unwrap()).collect(),
        tasks: serde_json::from_value(recorded["tasks"].clone()).unwrap(),
        fresh: serde_json::from_value(recorded["fresh"].clone()).unwrap(),
        now: time::seconds(recorded["now"].as_str().unwrap()).unwrap(),
    }
}

/// How far a rollout of it is: the one that is there, or another.
fn judged(snapshot: &Snapshot, rollout: Option<&str>) -> Convergence {
    let (digest, service) = &snapshot.services[0];
    let name = service.spec.as_ref().unwrap().name.clone().unwrap();
    let watched = Watched {
        service: "web".to_owned(),
        object: ObjectId::new("service", name),
        rollout: rollout.unwrap_or(digest).to_owned(),
    };
    snapshot.convergences(&[watched]).remove(0)
}

/// Why it failed.
fn failure(convergence: Convergence) -> (CauseKind, String) {
    match convergence {
        Convergence::Failed(cause) => (cause.kind, cause.detail),
        other @ (Convergence::Waiting(_)
        | Convergence::Converged
        | Convergence::Completed
        | Convergence::RolledBack(_)) => panic!("{other:?}"),
    }
}

#[test]
fn a_service_whose_tasks_are_healthy_is_there() {
    let snapshot = recorded("completed");
    assert_eq!(judged(&snapshot, None), Convergence::Converged);
}

#[test]
fn a_rollback_is_told_with_the_cause_of_a_task() {
    let snapshot = recorded("rolled-back");
    match judged(&snapshot, Some("the digest of what was asked for")) {
        Convergence::RolledBack(cause) => {
            assert_eq!(cause.kind, CauseKind::ImageMissing);
            assert!(cause.detail.contains("No such image"), "{}", cause.detail);
        }
        other @ (Convergence::Waiting(_)
        | Convergence::Converged
        | Convergence::Completed
        | Convergence::Failed(_)) => panic!("{other:?}"),
    }
    // Whose deployment it went back to finds its own.
    assert_eq!(judged(&snapshot, None), Convergence::Converged);
}

#[test]
fn a_paused_update_has_failed_though_the_old_task_runs() {
    let (kind, detail) = failure(judged(&recorded("paused"), None));
    assert_eq!(kind, CauseKind::ImageMissing);
    assert!(detail.contains("No such image"), "{detail}");
}

#[test]
fn a_first_run_that_cannot_come_up_is_given_up_with_its_cause() {
    for (name, kind) in [
        ("image-missing", CauseKind::ImageMissing),
        ("crash-loop", CauseKind::CrashLoop),
    ] {
        assert_eq!(failure(judged(&recorded(name), None)).0, kind, "{name}");
    }
}

#[test]
fn a_job_is_done_when_its_task_ended_well() {
    let snapshot = recorded("job-completed");
    assert_eq!(judged(&snapshot, None), Convergence::Completed);
}

#[test]
fn a_service_somebody_else_changed_is_superseded() {
    let (kind, _) = failure(judged(&recorded("completed"), Some("another digest")));
    assert_eq!(kind, CauseKind::Superseded);
}
