//! Judgements about recorded answers: `fixtures/recorded/ecs`, what the laboratory's emulator said.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tranship_backend::deploy::{CauseKind, Convergence};

use super::{at, list, text};

/// Services and tasks as they were recorded.
struct Recorded(Value);

impl Recorded {
    fn read(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/recorded/ecs");
        let text = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        Self(serde_json::from_str(&text).unwrap())
    }

    fn stopped(&self) -> Vec<Value> {
        let tasks = list(&self.0, "tasks");
        let stopped = tasks.filter(|task| at(task, "lastStatus") == "STOPPED");
        stopped.cloned().collect()
    }

    /// The one service.
    fn service(&mut self) -> &mut Value {
        &mut self.0["services"][0]
    }

    /// The newest deployment that was asked for: the one whose tasks failed, if some did.
    fn rollout(&self) -> String {
        let stopped = self.stopped();
        let failed = stopped.first().map(|task| text(task, "startedBy"));
        let newest = text(&self.0["services"][0]["deployments"][0], "id");
        failed.unwrap_or(newest).to_owned()
    }

    fn judged(&self) -> Convergence {
        super::service(&self.0["services"][0], &self.rollout(), &self.stopped())
    }

    /// The tasks that were run as jobs.
    fn job(&self) -> Vec<Value> {
        let tasks = list(&self.0, "tasks");
        let jobs = tasks.filter(|task| at(task, "startedBy") == "tranship");
        jobs.cloned().collect()
    }
}

fn failure(convergence: Convergence) -> (CauseKind, String) {
    match convergence {
        Convergence::Failed(cause) => (cause.kind, cause.detail),
        other @ (Convergence::Waiting(_)
        | Convergence::Converged
        | Convergence::Completed
        | Convergence::RolledBack(_)) => panic!("{other:?}"),
    }
}

fn rollback(convergence: Convergence) -> (CauseKind, String) {
    match convergence {
        Convergence::RolledBack(cause) => (cause.kind, cause.detail),
        other @ (Convergence::Waiting(_)
        | Convergence::Converged
        | Convergence::Completed
        | Convergence::Failed(_)) => panic!("{other:?}"),
    }
}

#[test]
fn a_task_that_runs_before_its_deployment_is_done_is_waited_for() {
    match Recorded::read("in-progress").judged() {
        Convergence::Waiting(waiting) => {
            assert_eq!((waiting.running, waiting.ready, waiting.wanted), (1, 0, 1));
            assert_eq!(waiting.cause, None);
        }
        other @ (Convergence::Converged
        | Convergence::Completed
        | Convergence::Failed(_)
        | Convergence::RolledBack(_)) => panic!("{other:?}"),
    }
}

#[test]
fn a_completed_deployment_is_there_when_it_is_alone_and_all_tasks_run() {
    let recorded = Recorded::read("completed");
    assert_eq!(recorded.judged(), Convergence::Converged);

    let mut drained = Recorded::read("completed");
    let mut old = drained.service()["deployments"][0].clone();
    old["id"] = json!("ecs-svc/old");
    old["status"] = json!("ACTIVE");
    let deployments = drained.service()["deployments"].as_array_mut();
    deployments.unwrap().push(old);
    assert!(matches!(drained.judged(), Convergence::Waiting(_)));

    let mut short = Recorded::read("completed");
    short.service()["deployments"][0]["runningCount"] = json!(0);
    assert!(matches!(short.judged(), Convergence::Waiting(_)));
}

#[test]
fn a_rollback_is_told_with_both_deployments_while_it_goes_on_and_after() {
    for name in ["rolling-back", "rolled-back"] {
        let mut recorded = Recorded::read(name);
        let new = recorded.rollout();
        let (kind, detail) = rollback(recorded.judged());
        assert_eq!(kind, CauseKind::ImageMissing, "{name}");
        let deployments = list(recorded.service(), "deployments");
        let mut primary = deployments.filter(|one| at(one, "status") == "PRIMARY");
        let old = text(primary.next().unwrap(), "id");
        assert!(
            detail.starts_with(&format!("{new} was rolled back to {old}: ")),
            "{name}: {detail}"
        );
    }
}

#[test]
fn a_deployment_that_ecs_says_failed_was_rolled_back_though_its_tasks_are_forgotten() {
    let mut recorded = Recorded::read("rolled-back");
    let rollout = recorded.rollout();
    let message = format!("(service web) (deployment {rollout}) deployment failed: tasks failed.");
    let events = recorded.service()["events"].as_array_mut();
    events.unwrap().insert(0, json!({"message": message}));
    let (kind, _) = rollback(super::service(recorded.service(), &rollout, &[]));
    assert_eq!(kind, CauseKind::Other);
}

#[test]
fn a_deployment_somebody_else_replaced_is_superseded() {
    let mut recorded = Recorded::read("completed");
    let (kind, detail) = failure(super::service(recorded.service(), "ecs-svc/mine", &[]));
    assert_eq!(kind, CauseKind::Superseded);
    assert!(detail.contains("ecs-svc/mine"), "{detail}");

    // Tasks of ours from before the other deployment began do not make it a rollback.
    let task = json!({"startedBy": "ecs-svc/mine", "createdAt": 1, "lastStatus": "STOPPED"});
    let (kind, _) = failure(super::service(recorded.service(), "ecs-svc/mine", &[task]));
    assert_eq!(kind, CauseKind::Superseded);
}

#[test]
fn why_tasks_ended_is_named() {
    for (name, kind, words) in [
        (
            "image-missing",
            CauseKind::ImageMissing,
            "live.example/none:1.0: not found",
        ),
        ("crash-loop", CauseKind::CrashLoop, "(exit code 1)"),
        (
            "unhealthy",
            CauseKind::Unhealthy,
            "failed container health checks",
        ),
    ] {
        let (found, detail) = failure(Recorded::read(name).judged());
        assert_eq!(found, kind, "{name}");
        assert!(detail.contains(words), "{name}: {detail}");
    }
    let (kind, detail) = rollback(Recorded::read("secret-missing").judged());
    assert_eq!(kind, CauseKind::ObjectMissing);
    assert!(detail.contains("unable to retrieve secret"), "{detail}");
}

#[test]
fn without_a_circuit_breaker_three_failures_are_enough() {
    let mut recorded = Recorded::read("crash-loop");
    let service = recorded.service();
    service["deploymentConfiguration"]["deploymentCircuitBreaker"]["enable"] = json!(false);
    let deployment = &mut service["deployments"][0];
    deployment["rolloutState"] = json!("IN_PROGRESS");
    deployment["desiredCount"] = json!(1);
    deployment["failedTasks"] = json!(2);
    match recorded.judged() {
        Convergence::Waiting(waiting) => {
            assert_eq!(waiting.cause.unwrap().kind, CauseKind::CrashLoop);
        }
        other @ (Convergence::Converged
        | Convergence::Completed
        | Convergence::Failed(_)
        | Convergence::RolledBack(_)) => panic!("{other:?}"),
    }
    recorded.service()["deployments"][0]["failedTasks"] = json!(3);
    assert_eq!(failure(recorded.judged()).0, CauseKind::CrashLoop);
}

#[test]
fn a_job_is_done_when_every_container_ended_with_zero() {
    let recorded = Recorded::read("job-completed");
    assert_eq!(super::job(&recorded.job()), Convergence::Completed);

    let (kind, detail) = failure(super::job(&Recorded::read("job-failed").job()));
    assert_eq!(kind, CauseKind::JobFailed);
    assert!(detail.contains("(exit code 4)"), "{detail}");

    let mut running = recorded.job();
    running[0]["lastStatus"] = json!("RUNNING");
    assert!(matches!(super::job(&running), Convergence::Waiting(_)));
    // ECS forgets tasks an hour after they ended.
    assert_eq!(super::job(&[]), Convergence::Completed);
}
