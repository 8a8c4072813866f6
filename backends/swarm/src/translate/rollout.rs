//! How many tasks, where, and how they are replaced.

use tranship_model::{
    Amount, Balancing, Constraint, ConstraintOperator, FailureAction, Placement, Scheduling,
    SpreadPreference, Topic, UpdateOrder, UpdatePolicy,
};

use super::nanoseconds;
use crate::codes;
use crate::engine::{
    self, GlobalMode, JobMode, Mode, Preference, ReplicatedMode, Spread, UpdateConfig,
};

/// Translates how many tasks run.
pub(super) fn mode(scheduling: Scheduling, page: &mut Topic<'_>) -> Mode {
    page.key("scheduling").exact();
    match scheduling {
        Scheduling::Replicated { replicas } => Mode::Replicated(ReplicatedMode { replicas }),
        Scheduling::Global => Mode::Global(GlobalMode {}),
        Scheduling::ReplicatedJob { completions } => {
            let completions = completions.unwrap_or(1);
            Mode::ReplicatedJob(JobMode {
                max_concurrent: completions,
                total_completions: completions,
            })
        }
        Scheduling::GlobalJob => Mode::GlobalJob(GlobalMode {}),
    }
}

/// Translates on which nodes tasks run.
pub(super) fn placement(placement: &Placement, page: &mut Topic<'_>) -> engine::Placement {
    let Placement {
        constraints,
        preferences,
        maximum_per_node,
    } = placement;

    let page = &mut page.key("placement");
    page.carry("constraints", constraints);
    page.carry("preferences", preferences);
    engine::Placement {
        constraints: constraints.iter().map(constraint).collect(),
        preferences: preferences.iter().map(preference).collect(),
        max_replicas: page.carry("maximum_per_node", *maximum_per_node),
        platforms: Vec::new(),
    }
}

fn constraint(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Attribute {
            attribute,
            operator,
            value,
        } => {
            let operator = match operator {
                ConstraintOperator::Equal => "==",
                ConstraintOperator::NotEqual => "!=",
            };
            format!("{attribute}{operator}{value}")
        }
        Constraint::Unparsed(text) => text.clone(),
    }
}

fn preference(SpreadPreference(property): &SpreadPreference) -> Preference {
    Preference {
        spread: Spread {
            spread_descriptor: property.clone(),
        },
    }
}

/// Translates how others reach a service by its name.
pub(super) fn endpoint_mode(
    balancing: Option<Balancing>,
    page: &mut Topic<'_>,
) -> Option<&'static str> {
    page.carry("balancing", balancing)
        .map(|balancing| match balancing {
            Balancing::VirtualAddress => "vip",
            Balancing::RoundRobinNames => "dnsrr",
        })
}

/// Translates how tasks are replaced by new ones.
pub(super) fn update(
    policy: Option<&UpdatePolicy>,
    scheduling: Scheduling,
    mode: &Mode,
    page: &mut Topic<'_>,
) -> Option<UpdateConfig> {
    let page = &mut page.key("update");
    if policy.is_none() && !mode.is_job() {
        let detail = "replaces one task after the other and pauses when one fails; \
                      docker compose replaces all at once and goes on";
        page.implicit(&codes::UPDATE, detail);
    }
    replacement(policy, scheduling, mode, page)
}

/// Translates how tasks are replaced when an update is taken back.
pub(super) fn rollback(
    policy: Option<&UpdatePolicy>,
    scheduling: Scheduling,
    mode: &Mode,
    page: &mut Topic<'_>,
) -> Option<UpdateConfig> {
    let page = &mut page.key("rollback");
    let mut config = replacement(policy, scheduling, mode, page)?;
    if config.failure_action == Some("rollback") {
        let detail = "a rollback that fails is paused; it cannot be rolled back itself";
        page.key("on_failure").approximate(&codes::UPDATE, detail);
        config.failure_action = Some("pause");
    }
    Some(config)
}

fn replacement(
    policy: Option<&UpdatePolicy>,
    scheduling: Scheduling,
    mode: &Mode,
    page: &mut Topic<'_>,
) -> Option<UpdateConfig> {
    let policy = policy?;
    if mode.is_job() {
        let detail = "an update runs the whole job again; Swarm takes no policy for jobs";
        page.dropped(&codes::UPDATE, detail);
        return None;
    }
    let UpdatePolicy {
        parallelism,
        delay,
        on_failure,
        monitor,
        maximum_failure,
        order,
    } = policy;

    Some(UpdateConfig {
        parallelism: self::parallelism(*parallelism, scheduling, page),
        delay: page.carry("delay", *delay).map(nanoseconds),
        failure_action: page.carry("on_failure", *on_failure).map(failure_action),
        monitor: page.carry("monitor", *monitor).map(nanoseconds),
        max_failure_ratio: page.carry("maximum_failure", *maximum_failure),
        order: page.carry("order", *order).map(update_order),
    })
}

/// Tasks replaced at the same time; the engine takes 0 for all, so the usual 1 is said.
fn parallelism(amount: Option<Amount>, scheduling: Scheduling, page: &mut Topic<'_>) -> u32 {
    let page = &mut page.key("parallelism");
    match amount {
        None => 1,
        Some(Amount::Count(count)) => {
            page.exact();
            count
        }
        Some(Amount::All) => {
            page.exact();
            0
        }
        Some(Amount::Fraction(fraction)) => {
            let count = part_of(fraction, scheduling);
            let detail = format!("{count} at a time, whatever the number of tasks becomes");
            page.approximate(&codes::UPDATE, detail);
            count
        }
    }
}

/// A part of the tasks, rounded up; of a task on every node only one, as their number is open.
fn part_of(fraction: f64, scheduling: Scheduling) -> u32 {
    let tasks = match scheduling {
        Scheduling::Replicated { replicas } => replicas.unwrap_or(1),
        Scheduling::ReplicatedJob { completions } => completions.unwrap_or(1),
        Scheduling::Global | Scheduling::GlobalJob => 1,
    };
    let part = (f64::from(tasks) * fraction)
        .ceil()
        .clamp(1.0, f64::from(u32::MAX));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the range; not-a-number becomes 0 and is raised below"
    )]
    let part = part as u32;
    part.max(1)
}

fn failure_action(action: FailureAction) -> &'static str {
    match action {
        FailureAction::Pause => "pause",
        FailureAction::Continue => "continue",
        FailureAction::Rollback => "rollback",
    }
}

fn update_order(order: UpdateOrder) -> &'static str {
    match order {
        UpdateOrder::StopFirst => "stop-first",
        UpdateOrder::StartFirst => "start-first",
    }
}
