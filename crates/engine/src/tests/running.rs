//! What a run does.

use std::future::{pending, ready};

use tranship_backend::deploy::{Cause, CauseKind, Convergence, Waiting};

use super::{Bench, pruning, wish};
use crate::fake::Fake;
use crate::{DeployEvent, Gate, Leftovers, RunError, Signal, Until};

fn cause() -> Cause {
    Cause {
        kind: CauseKind::ImageMissing,
        detail: "no such image: shop.example/web:2".to_owned(),
    }
}

fn objects(target: &Fake) -> Vec<(String, String)> {
    let world = target.world();
    let objects = world.objects.iter();
    objects
        .map(|(id, kept)| (id.clone(), kept.wanted.object.body.to_string()))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_second_deploy_writes_nothing() {
    let bench = Bench::new();
    let wish = wish(&[("web", "1"), ("db", "1")]);
    bench.deploy(&wish).await.unwrap();
    let writes = bench.target.world().writes.len();
    bench.deploy(&wish).await.unwrap();
    assert_eq!(bench.target.world().writes.len(), writes);
}

#[tokio::test(start_paused = true)]
async fn one_changed_service_is_the_only_object_written() {
    let bench = Bench::new();
    bench
        .deploy(&wish(&[("web", "1"), ("db", "1")]))
        .await
        .unwrap();
    bench.target.world().writes.clear();
    bench
        .deploy(&wish(&[("web", "2"), ("db", "1")]))
        .await
        .unwrap();
    let writes = bench.target.world().writes.clone();
    let objects: Vec<&String> = writes
        .iter()
        .filter(|write| !write.starts_with("note") && !write.starts_with("forget"))
        .collect();
    assert_eq!(objects, ["update service web"]);
}

#[tokio::test(start_paused = true)]
async fn cut_off_after_any_write_a_second_run_ends_in_the_same_state() {
    let reference = Bench::new();
    let before = wish(&[("web", "1"), ("db", "1"), ("old", "1")]);
    let after = pruning(
        wish(&[("web", "2"), ("db", "1"), ("new", "1")]),
        Leftovers::Prune,
    );
    reference.deploy(&before).await.unwrap();
    let first = reference.target.world().writes.len();
    reference.deploy(&after).await.unwrap();
    let last = reference.target.world().writes.len();
    for limit in first..last {
        let bench = Bench::new();
        bench.deploy(&before).await.unwrap();
        bench.target.world().breaks_at = Some(limit);
        // The last write of all gives the lock back, which expires by itself.
        let is_cut = bench.deploy(&after).await.is_err();
        assert_eq!(is_cut, limit + 1 < last, "cut at {limit}");
        bench.target.world().breaks_at = None;
        bench
            .run("another")
            .deploy(&after, pending())
            .await
            .1
            .unwrap();
        assert_eq!(
            objects(&bench.target),
            objects(&reference.target),
            "cut at {limit}"
        );
        assert!(
            !bench.plan(&after).await.unwrap().writes(),
            "cut at {limit}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn rolled_back_and_failed_are_never_success() {
    for (state, word) in [
        (Convergence::RolledBack(cause()), "rolled-back"),
        (Convergence::Failed(cause()), "rollout-failed"),
    ] {
        let bench = Bench::new();
        bench
            .target
            .world()
            .rollouts
            .insert("web".to_owned(), state);
        let error = bench.deploy(&wish(&[("web", "1")])).await.unwrap_err();
        assert_eq!(error.word(), word);
        assert!(error.to_string().contains("no such image"));
        // The second run finds nothing to write, and still reports what runs.
        let again = bench.deploy(&wish(&[("web", "1")])).await.unwrap_err();
        assert_eq!(again.word(), word);
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_deleted_while_what_replaces_it_is_not_there() {
    let bench = Bench::new();
    bench
        .deploy(&wish(&[("web", "1"), ("old", "1")]))
        .await
        .unwrap();
    let broken = Convergence::Failed(cause());
    bench
        .target
        .world()
        .rollouts
        .insert("new".to_owned(), broken);
    let after = pruning(wish(&[("web", "1"), ("new", "1")]), Leftovers::Prune);
    bench.deploy(&after).await.unwrap_err();
    assert!(bench.target.world().objects.contains_key("service old"));
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_bounded_and_names_the_cause_when_there_is_one() {
    let waits = |cause| {
        Convergence::Waiting(Waiting {
            wanted: 1,
            cause,
            ..Waiting::default()
        })
    };
    let bench = Bench::new();
    let stuck = waits(None);
    bench
        .target
        .world()
        .rollouts
        .insert("web".to_owned(), stuck);
    let error = bench.deploy(&wish(&[("web", "1")])).await.unwrap_err();
    assert_eq!(error, RunError::TimedOut(vec!["web".to_owned()]));
    let stuck = waits(Some(cause()));
    bench
        .target
        .world()
        .rollouts
        .insert("web".to_owned(), stuck);
    let error = bench.deploy(&wish(&[("web", "1")])).await.unwrap_err();
    assert_eq!(error.word(), "rollout-failed");
}

#[tokio::test(start_paused = true)]
async fn a_service_starts_behind_what_it_waits_for() {
    let bench = Bench::new();
    let mut wish = wish(&[("web", "1"), ("db", "1")]);
    wish.order.waves = [("db".to_owned(), 1), ("web".to_owned(), 2)].into();
    wish.order.gates.push(Gate {
        wave: 2,
        service: "db".to_owned(),
        until: Until::Healthy,
    });
    let sick = Convergence::Waiting(Waiting {
        running: 1,
        wanted: 1,
        ..Waiting::default()
    });
    bench.target.world().rollouts.insert("db".to_owned(), sick);
    bench.deploy(&wish).await.unwrap_err();
    assert!(!bench.target.world().objects.contains_key("service web"));
    bench.target.world().rollouts.clear();
    bench.deploy(&wish).await.unwrap();
    assert!(bench.target.world().objects.contains_key("service web"));
}

#[tokio::test(start_paused = true)]
async fn interrupted_a_run_says_what_is_done_and_gives_the_lock_back() {
    let bench = Bench::new();
    let stuck = Convergence::Waiting(Waiting::default());
    bench
        .target
        .world()
        .rollouts
        .insert("web".to_owned(), stuck);
    let wish = wish(&[("web", "1")]);
    let stop = async {
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        Signal::Terminate
    };
    let (report, result) = bench.run("us").deploy(&wish, stop).await;
    assert_eq!(result, Err(RunError::Interrupted(Signal::Terminate)));
    assert_eq!(report.done.len(), 2);
    assert!(
        !bench
            .target
            .world()
            .notes
            .contains_key(&("shop".to_owned(), "lock"))
    );
    let last = bench.events().pop();
    assert!(matches!(
        last,
        Some(DeployEvent::Ended {
            outcome: "interrupted",
            ..
        })
    ));
    let at_once = bench
        .run("us")
        .deploy(&wish, ready(Signal::Interrupt))
        .await;
    assert_eq!(at_once.1, Err(RunError::Interrupted(Signal::Interrupt)));
}

#[tokio::test(start_paused = true)]
async fn a_rollback_returns_to_what_was_there_before() {
    let bench = Bench::new();
    let first = wish(&[("web", "1"), ("db", "1")]);
    bench.deploy(&first).await.unwrap();
    let none = bench.run("us").roll_back("shop", pending()).await.1;
    assert_eq!(none, Err(RunError::NothingToRollBack));
    bench
        .deploy(&wish(&[("web", "2"), ("db", "1"), ("new", "1")]))
        .await
        .unwrap();
    bench
        .run("us")
        .roll_back("shop", pending())
        .await
        .1
        .unwrap();
    let plan = bench.plan(&pruning(first, Leftovers::Prune)).await.unwrap();
    assert!(!plan.writes());
}

#[tokio::test(start_paused = true)]
async fn a_stale_plan_is_refused_and_changes_nothing() {
    let bench = Bench::new();
    let wish_one = wish(&[("web", "1")]);
    let plan = bench.plan(&wish_one).await.unwrap();
    bench.deploy(&wish(&[("web", "2")])).await.unwrap();
    let writes = bench.target.world().writes.len();
    let (_, result) = bench.run("us").apply(&plan, pending()).await;
    assert_eq!(result, Err(RunError::Stale));
    assert_eq!(bench.target.world().writes.len(), writes);
}

#[tokio::test(start_paused = true)]
async fn removal_leaves_nothing_of_ours_and_nothing_foreign_is_touched() {
    let bench = Bench::new();
    bench.deploy(&wish(&[("web", "1")])).await.unwrap();
    let mut neighbour = wish(&[("neighbour", "1")]);
    neighbour.stack = "other".to_owned();
    bench
        .run("us")
        .deploy(&neighbour, pending())
        .await
        .1
        .unwrap();
    let data = std::collections::BTreeSet::new();
    bench
        .run("us")
        .remove("shop", data, pending())
        .await
        .1
        .unwrap();
    let world = bench.target.world().clone();
    let left: Vec<&String> = world.objects.keys().collect();
    assert_eq!(left, ["name neighbour", "service neighbour"]);
    assert!(world.notes.keys().all(|(stack, _)| stack == "other"));
}
