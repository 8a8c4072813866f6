//! Who deploys when two want to.

use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tranship_backend::deploy::{Convergence, Note, Store, Waiting};

use super::{Bench, holder, wish};
use crate::{RunError, Signal};

#[tokio::test(start_paused = true)]
async fn of_two_runs_one_wins_and_the_other_says_who() {
    let bench = Bench::new();
    let slow = Convergence::Waiting(Waiting::default());
    bench.target.world().rollouts.insert("web".to_owned(), slow);
    let (ours, theirs) = (wish(&[("web", "1")]), wish(&[("web", "2")]));
    let first = bench.run("first");
    let stop = async {
        sleep(Duration::from_secs(30)).await;
        Signal::Interrupt
    };
    let second = async {
        sleep(Duration::from_secs(1)).await;
        bench.run("second").deploy(&theirs, pending()).await.1
    };
    let (_, refused) = tokio::join!(first.deploy(&ours, stop), second);
    assert_eq!(refused, Err(RunError::Locked(holder("first"))));
    let web = bench.target.world().objects["service web"].clone();
    assert_eq!(web.wanted.object.body, "1");
}

/// A run that takes two seconds, and one that begins after the first of them.
async fn one_after_the_other(lock_wait: Duration) -> (Bench, Result<(), RunError>) {
    let bench = Bench::new();
    let slow = Convergence::Waiting(Waiting::default());
    bench.target.world().rollouts.insert("web".to_owned(), slow);
    let (ours, theirs) = (wish(&[("web", "1")]), wish(&[("web", "2")]));
    let first = async {
        let first = bench.run("first");
        first.deploy(&ours, pending()).await.1.unwrap();
    };
    let ready = async {
        sleep(Duration::from_secs(2)).await;
        bench.target.world().rollouts.clear();
    };
    let second = async {
        sleep(Duration::from_secs(1)).await;
        let mut second = bench.run("second");
        second.options.lock_wait = lock_wait;
        second.deploy(&theirs, pending()).await.1
    };
    let ((), (), second) = tokio::join!(first, ready, second);
    (bench, second)
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_ends_before_it_writes_again_was_alive_all_the_same() {
    let (bench, second) = one_after_the_other(Duration::ZERO).await;
    assert_eq!(second, Err(RunError::Locked(holder("first"))));
    let web = bench.target.world().objects["service web"].clone();
    assert_eq!(web.wanted.object.body, "1");
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_the_lock_deploys_when_it_is_given_back() {
    let (bench, second) = one_after_the_other(Duration::from_mins(1)).await;
    assert_eq!(second, Ok(()));
    let web = bench.target.world().objects["service web"].clone();
    assert_eq!(web.wanted.object.body, "2");
    assert!(
        bench
            .target
            .world()
            .notes
            .keys()
            .all(|(_, note)| *note != "lock")
    );
}

#[tokio::test(start_paused = true)]
async fn a_run_that_gets_no_lock_says_what_it_leaves_undone() {
    let bench = Bench::new();
    bench.target.world().breaks_at = Some(0);
    let run = bench.run("us");
    let (report, result) = run.deploy(&wish(&[("web", "1")]), pending()).await;
    assert!(matches!(result, Err(RunError::Fault(_))), "{result:?}");
    assert!(report.done.is_empty());
    let pending: Vec<String> = report.pending.iter().map(ToString::to_string).collect();
    assert!(pending.contains(&"service web".to_owned()), "{pending:?}");
}

#[tokio::test(start_paused = true)]
async fn the_lock_of_a_dead_run_is_taken_over_within_a_minute() {
    let bench = Bench::new();
    let text = format!(
        "{{\"holder\":{},\"beat\":3}}",
        serde_json::to_string(&holder("dead")).unwrap()
    );
    let write = bench.target.write("shop", Note::Lock, &text, None);
    write.await.unwrap();
    let begin = Instant::now();
    bench.deploy(&wish(&[("web", "1")])).await.unwrap();
    assert!(begin.elapsed() < Duration::from_mins(1));
    assert!(begin.elapsed() > Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn the_lock_of_a_run_known_to_be_over_is_taken_over_at_once() {
    let bench = Bench::new();
    let text = format!(
        "{{\"holder\":{},\"beat\":3}}",
        serde_json::to_string(&holder("dead")).unwrap()
    );
    bench
        .target
        .write("shop", Note::Lock, &text, None)
        .await
        .unwrap();
    let begin = Instant::now();
    let mut run = bench.run("us");
    run.options.is_gone = |holder| holder.token == "dead";
    run.deploy(&wish(&[("web", "1")]), pending())
        .await
        .1
        .unwrap();
    assert!(begin.elapsed() < Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_run_with_nothing_to_write_clears_the_lock_of_one_known_to_be_over() {
    let bench = Bench::new();
    bench.deploy(&wish(&[("web", "1")])).await.unwrap();
    for (dead, is_left) in [("dead", false), ("elsewhere", true)] {
        let text = format!(
            "{{\"holder\":{},\"beat\":3}}",
            serde_json::to_string(&holder(dead)).unwrap()
        );
        let write = bench.target.write("shop", Note::Lock, &text, None);
        write.await.unwrap();
        let mut run = bench.run("us");
        run.options.is_gone = |holder| holder.token == "dead";
        let ended = run.deploy(&wish(&[("web", "1")]), pending()).await;
        assert_eq!(ended.1, Ok(()));
        let left = bench.target.read("shop", Note::Lock).await.unwrap();
        assert_eq!(left.is_some(), is_left, "{dead}");
    }
}
