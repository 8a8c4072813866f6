//! How tasks are replaced.

use tranship_model::{Amount, FailureAction, Topic, UpdateOrder, UpdatePolicy};

use crate::api::{CircuitBreaker, DeploymentConfiguration, Threshold};
use crate::codes;

/// What decides how tasks may be replaced, beside the policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    /// Wanted tasks.
    pub(crate) tasks: u32,
    /// Whether two tasks must not run at once, because they write to one volume.
    pub(crate) is_stateful: bool,
    /// Whether one runs on every instance, where none can be started beside it.
    pub(crate) is_daemon: bool,
}

/// Percentages of wanted tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Percentages {
    /// The fewest that are healthy; ECS rounds up what it means.
    pub(crate) minimum: u64,
    /// The most there are; ECS rounds down what it means.
    pub(crate) maximum: u64,
}

/// Translates how a service is updated and taken back.
pub(crate) fn translate(
    topic: &mut Topic<'_>,
    update: Option<&UpdatePolicy>,
    rollback: Option<&UpdatePolicy>,
    setting: Setting,
) -> DeploymentConfiguration {
    let configuration = match update {
        Some(policy) => by_policy(&mut topic.key("update"), policy, setting),
        None => by_default(&mut topic.key("update"), setting),
    };
    if let Some(policy) = rollback {
        note_rollback(&mut topic.key("rollback"), policy);
    }
    configuration
}

fn by_default(topic: &mut Topic<'_>, setting: Setting) -> DeploymentConfiguration {
    let stop_first = Percentages {
        minimum: 0,
        maximum: 100,
    };
    let start_first = Percentages {
        minimum: 100,
        maximum: 200,
    };
    let (percentages, detail) = match (setting.is_stateful, setting.is_daemon) {
        (true, _) => (
            stop_first,
            "old tasks stop before new ones start, as with compose; when new ones fail, the old come back",
        ),
        (false, true) => (
            stop_first,
            "the old task of an instance stops before the new one starts; when new ones fail, the old come back",
        ),
        (false, false) => (
            start_first,
            "new tasks start before old ones stop, so for a while both run; when new ones fail, the old come back",
        ),
    };
    topic.implicit(&codes::UPDATE_DEFAULT, detail);
    configuration(
        percentages,
        setting,
        Some(CircuitBreaker {
            enable: true,
            rollback: true,
            threshold_configuration: None,
        }),
    )
}

fn configuration(
    percentages: Percentages,
    setting: Setting,
    breaker: Option<CircuitBreaker>,
) -> DeploymentConfiguration {
    DeploymentConfiguration {
        deployment_circuit_breaker: breaker,
        maximum_percent: (!setting.is_daemon).then_some(percentages.maximum),
        minimum_healthy_percent: percentages.minimum,
    }
}

fn by_policy(
    topic: &mut Topic<'_>,
    policy: &UpdatePolicy,
    setting: Setting,
) -> DeploymentConfiguration {
    let UpdatePolicy {
        parallelism,
        delay,
        on_failure,
        monitor,
        maximum_failure,
        order,
    } = policy;
    let starts_first = *order == Some(UpdateOrder::StartFirst) && !setting.is_daemon;
    let percentages = percentages(setting.tasks, *parallelism, starts_first);
    topic.carry("parallelism", *parallelism);
    match order {
        Some(UpdateOrder::StartFirst) if setting.is_daemon => topic.key("order").dropped(
            &codes::UPDATE,
            "the old task of an instance stops before the new one starts",
        ),
        Some(UpdateOrder::StartFirst) if setting.is_stateful => topic.key("order").approximate(
            &codes::UPDATE,
            "as asked, but for a while two tasks write to one volume",
        ),
        Some(UpdateOrder::StartFirst | UpdateOrder::StopFirst) => topic.key("order").exact(),
        None => {}
    }
    topic.drop_field(
        "delay",
        delay,
        &codes::UPDATE,
        "the next tasks are replaced as soon as the new ones work",
    );
    topic.drop_field(
        "monitor",
        monitor,
        &codes::UPDATE,
        "ECS watches new tasks until the deployment is steady, and not for a time of its own",
    );
    let breaker = breaker(topic, *on_failure, *maximum_failure);
    configuration(percentages, setting, Some(breaker))
}

fn breaker(
    topic: &mut Topic<'_>,
    on_failure: Option<FailureAction>,
    maximum_failure: Option<f64>,
) -> CircuitBreaker {
    let (enable, rollback) = match on_failure {
        Some(FailureAction::Rollback) => (true, true),
        // Compose's own default is to stop where it is.
        Some(FailureAction::Pause) | None => (true, false),
        Some(FailureAction::Continue) => (false, false),
    };
    topic.carry("on_failure", on_failure);
    CircuitBreaker {
        enable,
        rollback,
        threshold_configuration: threshold(topic, maximum_failure, enable),
    }
}

fn threshold(topic: &mut Topic<'_>, maximum: Option<f64>, enabled: bool) -> Option<Threshold> {
    let maximum = maximum?;
    let mut topic = topic.key("maximum_failure");
    if !enabled {
        topic.dropped(&codes::UPDATE, "the update goes on whatever fails");
        return None;
    }
    let value = percent(maximum);
    topic.approximate(&codes::UPDATE, format!("the update has failed after failures of {value} % of the tasks, and ECS counts every failed start"));
    Some(Threshold {
        kind: "UNBOUNDED_PERCENT",
        value,
    })
}

/// A fraction as whole percent, rounded up, at least 1.
fn percent(fraction: f64) -> u64 {
    let thousandths = (1u64..=100).find(|percent| {
        f64::from(u32::try_from(*percent).unwrap_or(100)) / 100.0 >= fraction - 1e-9
    });
    thousandths.unwrap_or(100)
}

/// The percentages that replace as many tasks at once as asked.
///
/// ECS rounds the least down in favour of more healthy tasks and the most down in favour of fewer
/// tasks, so both are rounded against it here.
pub(crate) fn percentages(
    tasks: u32,
    parallelism: Option<Amount>,
    starts_first: bool,
) -> Percentages {
    let tasks = u64::from(tasks).max(1);
    let at_once = at_once(tasks, parallelism);
    if starts_first {
        let maximum = ((tasks + at_once) * 100).div_ceil(tasks);
        return Percentages {
            minimum: 100,
            maximum,
        };
    }
    Percentages {
        minimum: (tasks - at_once) * 100 / tasks,
        maximum: 100,
    }
}

/// How many of `tasks` are replaced at once, at least one.
pub(crate) fn at_once(tasks: u64, parallelism: Option<Amount>) -> u64 {
    let wanted = match parallelism {
        None => 1,
        Some(Amount::Count(count)) => u64::from(count),
        Some(Amount::All) => tasks,
        Some(Amount::Fraction(fraction)) => tasks * percent(fraction) / 100,
    };
    wanted.clamp(1, tasks)
}

fn note_rollback(topic: &mut Topic<'_>, policy: &UpdatePolicy) {
    let UpdatePolicy {
        parallelism: _,
        delay: _,
        on_failure: _,
        monitor: _,
        maximum_failure: _,
        order: _,
    } = policy;
    topic.dropped(
        &codes::ROLLBACK,
        "tasks are taken back the way they are updated",
    );
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn as_many_tasks_are_replaced_at_once_as_asked(tasks in 1u32..2000, count in 1u32..2000) {
            let tasks_wide = u64::from(tasks);
            let amount = Some(Amount::Count(count));
            let at_once = at_once(tasks_wide, amount);
            let start = percentages(tasks, amount, true);
            // What ECS makes of it: the most is rounded down, the least is rounded up.
            prop_assert!(tasks_wide * start.maximum / 100 >= tasks_wide + at_once);
            let stop = percentages(tasks, amount, false);
            prop_assert!((tasks_wide * stop.minimum).div_ceil(100) <= tasks_wide - at_once);
        }
    }

    #[test]
    fn three_tasks_one_at_a_time_do_not_stall() {
        let one = Some(Amount::Count(1));
        assert_eq!(
            percentages(3, one, true),
            Percentages {
                minimum: 100,
                maximum: 134
            }
        );
        assert_eq!(
            percentages(3, one, false),
            Percentages {
                minimum: 66,
                maximum: 100
            }
        );
        assert_eq!(
            percentages(0, None, false),
            Percentages {
                minimum: 0,
                maximum: 100
            }
        );
    }

    #[test]
    fn a_part_of_tasks_is_whole_percent_rounded_up() {
        assert_eq!(
            [
                percent(0.0),
                percent(0.05),
                percent(0.125),
                percent(1.0),
                percent(7.0)
            ],
            [1, 5, 13, 100, 100]
        );
    }
}
