//! How tasks are replaced by new ones.

use std::time::Duration;

use k8s_openapi::api::apps::v1::{
    DaemonSetUpdateStrategy, DeploymentStrategy, RollingUpdateDaemonSet, RollingUpdateDeployment,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use tranship_model::{Amount, FailureAction, Topic, UpdateOrder, UpdatePolicy};

use crate::{codes, quantity};

/// The time a cluster waits for progress before it calls a rollout failed.
const PROGRESS_DEADLINE: i32 = 600;

/// What keeps an old and a new task from running side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// Nothing.
    None,
    /// A port or name of the node both would need.
    Node,
    /// A volume only one node can mount.
    Volume,
    /// Tasks that are numbered.
    Numbered,
}

/// How tasks are replaced.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rollout {
    at_once: IntOrString,
    start_first: bool,
    obstacle: Obstacle,
    /// Seconds a new task must be ready before it counts.
    pub(super) minimum_ready: Option<i32>,
}

/// Translates an update policy; without one, one task after the other is replaced, and the old one
/// stops first, as `docker compose up` does.
pub(super) fn rollout(
    update: Option<&UpdatePolicy>,
    obstacle: Obstacle,
    topic: &mut Topic<'_>,
) -> Rollout {
    let default = UpdatePolicy::default();
    let UpdatePolicy {
        parallelism,
        delay,
        on_failure,
        monitor,
        maximum_failure,
        order,
    } = update.unwrap_or(&default);
    let mut topic = topic.key("update");
    let at_once = self::at_once(*parallelism, obstacle, &mut topic.key("parallelism"));
    let start_first = start_first(*order, obstacle, &mut topic.key("order"));
    let minimum_ready = minimum_ready(*delay, *monitor, &mut topic);
    note_failure(*on_failure, &mut topic.key("on_failure"));
    let detail = "a rollout waits at the first task that does not become ready";
    topic.drop_field(
        "maximum_failure",
        maximum_failure,
        &codes::UPDATE_FAILURE,
        detail,
    );
    Rollout {
        at_once,
        start_first,
        obstacle,
        minimum_ready,
    }
}

fn at_once(amount: Option<Amount>, obstacle: Obstacle, topic: &mut Topic<'_>) -> IntOrString {
    if amount.is_some() {
        match obstacle {
            Obstacle::None | Obstacle::Node => topic.exact(),
            Obstacle::Volume => {
                let detail = "all old tasks stop before new ones start: they share a volume";
                topic.approximate(&codes::UPDATE_VOLUME, detail);
            }
            Obstacle::Numbered => {
                let detail = "numbered tasks are replaced one after the other";
                topic.approximate(&codes::UPDATE_VOLUME, detail);
            }
        }
    }
    match amount {
        None => IntOrString::Int(1),
        Some(Amount::All | Amount::Count(0)) => IntOrString::String("100%".to_owned()),
        Some(Amount::Count(count)) => IntOrString::Int(quantity::int(count)),
        Some(Amount::Fraction(part)) => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the number is between 1 and 100"
            )]
            // A comparison takes not-a-number for nothing.
            let percent = if part > 0.01 {
                (part * 100.0).ceil().min(100.0) as u8
            } else {
                1
            };
            IntOrString::String(format!("{percent}%"))
        }
    }
}

fn start_first(order: Option<UpdateOrder>, obstacle: Obstacle, topic: &mut Topic<'_>) -> bool {
    match (order, obstacle) {
        (None, _) => false,
        (Some(UpdateOrder::StopFirst), _) => {
            topic.exact();
            false
        }
        (Some(UpdateOrder::StartFirst), Obstacle::None) => {
            topic.exact();
            true
        }
        (Some(UpdateOrder::StartFirst), Obstacle::Node | Obstacle::Volume | Obstacle::Numbered) => {
            let detail = "the old task stops first: both cannot have the volume or the node's port";
            topic.dropped(&codes::UPDATE_VOLUME, detail);
            false
        }
    }
}

fn minimum_ready(
    delay: Option<Duration>,
    monitor: Option<Duration>,
    topic: &mut Topic<'_>,
) -> Option<i32> {
    if delay.is_some() {
        let detail = "the next group follows when the new tasks have been ready for this long";
        topic.key("delay").approximate(&codes::UPDATE_PACE, detail);
    }
    if monitor.is_some() {
        let detail = "a new task must be ready for this long before it counts as working";
        topic
            .key("monitor")
            .approximate(&codes::UPDATE_PACE, detail);
    }
    let longest = delay.unwrap_or_default().max(monitor.unwrap_or_default());
    (!longest.is_zero())
        .then(|| quantity::int_seconds(longest).min(i32::MAX - PROGRESS_DEADLINE - 1))
}

fn note_failure(action: Option<FailureAction>, topic: &mut Topic<'_>) {
    match action {
        None => {}
        Some(FailureAction::Pause) => {
            let detail = "a rollout waits at the first task that does not become ready";
            topic.equivalent(&codes::UPDATE_FAILURE, detail);
        }
        Some(FailureAction::Continue) => {
            let detail = "a rollout waits at the first task that does not become ready";
            topic.dropped(&codes::UPDATE_FAILURE, detail);
        }
        Some(FailureAction::Rollback) => {
            let detail =
                "a failed rollout stays where it is; take it back with `kubectl rollout undo`";
            topic.dropped(&codes::UPDATE_FAILURE, detail);
        }
    }
}

impl Rollout {
    /// New tasks beside old ones, and old ones that may be missing: one of the two is nothing.
    fn bounds(&self) -> (Option<IntOrString>, Option<IntOrString>) {
        let (some, none) = (Some(self.at_once.clone()), Some(IntOrString::Int(0)));
        if self.start_first {
            (some, none)
        } else {
            (none, some)
        }
    }

    /// For deployments. The API server refuses `Recreate` together with any numbers.
    pub(super) fn deployment(&self) -> DeploymentStrategy {
        let (max_surge, max_unavailable) = self.bounds();
        match self.obstacle {
            Obstacle::Volume => DeploymentStrategy {
                type_: Some("Recreate".to_owned()),
                rolling_update: None,
            },
            Obstacle::None | Obstacle::Node | Obstacle::Numbered => DeploymentStrategy {
                type_: Some("RollingUpdate".to_owned()),
                rolling_update: Some(RollingUpdateDeployment {
                    max_surge,
                    max_unavailable,
                }),
            },
        }
    }

    /// For daemon sets.
    pub(super) fn daemon_set(&self) -> DaemonSetUpdateStrategy {
        let (max_surge, max_unavailable) = self.bounds();
        DaemonSetUpdateStrategy {
            type_: Some("RollingUpdate".to_owned()),
            rolling_update: Some(RollingUpdateDaemonSet {
                max_surge,
                max_unavailable,
            }),
        }
    }

    /// The deadline, where the cluster's own would be over before a task counts as ready.
    pub(super) fn progress_deadline(&self) -> Option<i32> {
        let ready = self
            .minimum_ready
            .filter(|ready| *ready >= PROGRESS_DEADLINE)?;
        Some(ready.saturating_add(PROGRESS_DEADLINE))
    }
}
