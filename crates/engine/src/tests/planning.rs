//! What a plan says.

use tranship_backend::deploy::{Action, Role, Wanted};

use super::{Bench, pruning, wish};
use crate::fake::{FIXED_KIND, Kept, object};
use crate::{Foreign, Leftovers, Plan, Refusal};

fn actions(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter();
    steps
        .map(|step| format!("{} {}", step.action.as_str(), step.object))
        .collect()
}

fn foreign(wanted: Wanted) -> Kept {
    Kept {
        wanted,
        stack: None,
        version: 1,
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_what_was_just_applied_is_all_keep() {
    let bench = Bench::new();
    let wish = wish(&[("web", "1"), ("db", "1")]);
    bench.deploy(&wish).await.unwrap();
    let plan = bench.plan(&wish).await.unwrap();
    assert!(!plan.writes(), "{:?}", actions(&plan));
    assert_eq!(plan.counts().keep, 4);
}

#[tokio::test(start_paused = true)]
async fn removing_a_service_plans_the_deletion_of_its_objects_and_no_others() {
    let bench = Bench::new();
    bench
        .deploy(&wish(&[("web", "1"), ("db", "1"), ("api", "1")]))
        .await
        .unwrap();
    let fewer = wish(&[("web", "1"), ("api", "1")]);
    let kept = bench.plan(&fewer).await.unwrap();
    assert!(!kept.writes(), "{:?}", actions(&kept));
    let pruned = bench.plan(&pruning(fewer, Leftovers::Prune)).await.unwrap();
    let deleted: Vec<String> = actions(&pruned)
        .into_iter()
        .filter(|step| !step.starts_with("keep"))
        .collect();
    assert_eq!(deleted, ["delete service db", "delete name db"]);
}

#[tokio::test(start_paused = true)]
async fn data_is_deleted_only_by_name() {
    let bench = Bench::new();
    let mut full = wish(&[("db", "1")]);
    full.wanted
        .push(object("volume", "data", "x", Role::Storage));
    bench.deploy(&full).await.unwrap();
    let mut without = pruning(wish(&[("db", "1")]), Leftovers::PruneAny);
    assert!(!bench.plan(&without).await.unwrap().writes());
    without.consent.data.insert("data".to_owned());
    assert_eq!(bench.plan(&without).await.unwrap().counts().delete, 1);
}

#[tokio::test(start_paused = true)]
async fn data_is_not_deleted_to_make_its_object_again_unless_it_is_named() {
    let bench = Bench::new();
    let with = |size| {
        let mut wish = wish(&[("db", "1")]);
        wish.wanted
            .push(object(FIXED_KIND, "data", size, Role::Storage));
        wish
    };
    bench.deploy(&with("1Gi")).await.unwrap();
    let mut larger = with("2Gi");
    let refused = bench.plan(&larger).await;
    assert!(matches!(refused, Err(Refusal::DestroysData(all)) if all.len() == 1));
    larger.consent.data.insert("data".to_owned());
    assert_eq!(bench.plan(&larger).await.unwrap().counts().replace, 1);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_is_not_ours_is_refused_until_it_is_adopted() {
    let bench = Bench::new();
    let mut wish = wish(&[("web", "1")]);
    let key = wish.wanted[1].object.id.to_string();
    bench
        .target
        .world()
        .objects
        .insert(key, foreign(wish.wanted[1].clone()));
    let refused = bench.plan(&wish).await;
    assert!(matches!(refused, Err(Refusal::Foreign(all)) if all.len() == 1));
    wish.consent.foreign = Foreign::Adopt;
    let plan = bench.plan(&wish).await.unwrap();
    assert_eq!(actions(&plan), ["create name web", "update service web"]);
}

#[tokio::test(start_paused = true)]
async fn an_empty_file_and_one_that_loses_most_services_are_refused() {
    let bench = Bench::new();
    bench
        .deploy(&wish(&[("a", "1"), ("b", "1"), ("c", "1")]))
        .await
        .unwrap();
    let empty = pruning(wish(&[]), Leftovers::PruneAny);
    assert_eq!(bench.plan(&empty).await, Err(Refusal::Empty));
    let other = pruning(wish(&[("a", "1")]), Leftovers::Prune);
    let refused = bench.plan(&other).await;
    assert_eq!(
        refused,
        Err(Refusal::Shrinks {
            removed: 2,
            running: 3
        })
    );
    let sure = pruning(other, Leftovers::PruneAny);
    assert_eq!(bench.plan(&sure).await.unwrap().counts().delete, 4);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_change_in_place_is_replaced_and_what_uses_it_rolls() {
    let bench = Bench::new();
    let with = |value| {
        let mut wish = wish(&[("web", "1")]);
        let fixed = object(FIXED_KIND, "settings", value, Role::Content);
        wish.wanted[1].uses.push(fixed.object.id.clone());
        wish.wanted.push(fixed);
        wish
    };
    bench.deploy(&with("old")).await.unwrap();
    let plan = bench.plan(&with("new")).await.unwrap();
    let steps: Vec<Action> = plan.steps.iter().map(|step| step.action).collect();
    assert_eq!(steps, [Action::Keep, Action::Replace, Action::Update]);
    assert_eq!(
        plan.steps[2].reason.as_deref(),
        Some("fixed settings changes")
    );
}

#[tokio::test(start_paused = true)]
async fn a_plan_survives_a_file_and_shows_when_it_was_edited() {
    let bench = Bench::new();
    let plan = bench.plan(&wish(&[("web", "1")])).await.unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    let mut read: Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(read, plan);
    assert!(read.is_sound());
    read.steps.pop();
    assert!(!read.is_sound());
}
