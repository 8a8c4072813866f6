//! How many tasks, where, and how they are replaced.

use tranship_model::{
    Amount, Balancing, Constraint, ConstraintOperator, FailureAction, Placement, Scheduling,
    SpreadPreference, UpdateOrder, UpdatePolicy,
};

use super::record::Record;
use super::{codes, convert};
use crate::project::{self, Deploy, DeployMode, EndpointMode, PlacementPreference, UpdateConfig};

/// How many tasks, and of which kind: `deploy.mode` with `deploy.replicas` or `scale`, which must
/// be equal.
pub(super) fn scheduling(
    deploy: Option<&Deploy>,
    scale: Option<i64>,
    record: &mut Record<'_>,
) -> Scheduling {
    let mode = deploy.and_then(|deploy| deploy.mode.as_ref());
    let replicas = deploy.and_then(|deploy| deploy.replicas);
    let count = replicas.or(scale).map(convert::count);
    let keys = [
        ("deploy.mode", mode.is_some()),
        ("deploy.replicas", replicas.is_some()),
        ("scale", scale.is_some()),
    ];
    for (key, is_set) in keys {
        if is_set {
            record.whole("scheduling", key);
        }
    }
    match mode {
        Some(DeployMode::Global) => on_every_node(Scheduling::Global, keys, record),
        Some(DeployMode::GlobalJob) => on_every_node(Scheduling::GlobalJob, keys, record),
        Some(DeployMode::ReplicatedJob) => Scheduling::ReplicatedJob { completions: count },
        Some(DeployMode::Replicated) | None => Scheduling::Replicated { replicas: count },
        Some(DeployMode::Other(word)) => {
            let detail = format!("`{word}` is no mode; tasks are replicated");
            record
                .note("deploy.mode")
                .dropped(&codes::UNREADABLE, detail);
            Scheduling::Replicated { replicas: count }
        }
    }
}

/// The number of nodes is the number of tasks, whatever else is said.
fn on_every_node(
    scheduling: Scheduling,
    keys: [(&'static str, bool); 3],
    record: &mut Record<'_>,
) -> Scheduling {
    for (key, is_set) in keys {
        if is_set && key != "deploy.mode" {
            record.note(key).dropped(
                &codes::OVERRULED,
                "one task runs on every node, as `deploy.mode` says",
            );
        }
    }
    scheduling
}

/// On which nodes tasks run.
pub(super) fn placement(deploy: Option<&Deploy>, record: &mut Record<'_>) -> Placement {
    let Some(placement) = deploy.and_then(|deploy| deploy.placement.as_ref()) else {
        return Placement::default();
    };
    let project::Placement {
        constraints,
        preferences,
        max_replicas_per_node,
        extensions,
    } = placement;
    record.nothing_in("deploy.placement", placement);
    record.extensions("deploy.placement", extensions);
    Placement {
        constraints: constraints.iter().map(|text| constraint(text)).collect(),
        preferences: self::preferences(preferences, record),
        maximum_per_node: *max_replicas_per_node,
    }
}

/// `attribute == value` or `attribute != value`, with or without blanks.
fn constraint(text: &str) -> Constraint {
    let sides = [
        ("==", ConstraintOperator::Equal),
        ("!=", ConstraintOperator::NotEqual),
    ];
    let sides = sides.into_iter().filter_map(|(sign, operator)| {
        let (attribute, value) = text.split_once(sign)?;
        Some((attribute.trim(), operator, value.trim()))
    });
    // The sign that comes first counts; the other is part of the value.
    match sides.min_by_key(|(attribute, _, _)| attribute.len()) {
        Some((attribute, operator, value)) if !attribute.is_empty() && !value.is_empty() => {
            Constraint::Attribute {
                attribute: attribute.to_owned(),
                operator,
                value: value.to_owned(),
            }
        }
        Some(_) | None => Constraint::Unparsed(text.to_owned()),
    }
}

fn preferences(
    preferences: &[PlacementPreference],
    record: &mut Record<'_>,
) -> Vec<SpreadPreference> {
    let mut lowered = Vec::with_capacity(preferences.len());
    for (index, preference) in preferences.iter().enumerate() {
        let PlacementPreference { spread, extensions } = preference;
        let at = format!("deploy.placement.preferences[{index}]");
        record.extensions(&at, extensions);
        if let Some(spread) = spread {
            let model = format!("placement.preferences[{}]", lowered.len());
            record.whole(model, at);
            lowered.push(SpreadPreference(spread.clone()));
        } else {
            record.note(at).equivalent(&codes::NO_EFFECT, "it is empty");
        }
    }
    lowered
}

/// How tasks are replaced; `at` is `deploy.update_config` or `deploy.rollback_config`.
pub(super) fn update(
    at: &'static str,
    config: &UpdateConfig,
    record: &mut Record<'_>,
) -> UpdatePolicy {
    let UpdateConfig {
        parallelism,
        delay,
        failure_action,
        monitor,
        max_failure_ratio,
        order,
        extensions,
    } = config;
    record.extensions(at, extensions);
    UpdatePolicy {
        parallelism: parallelism.map(amount),
        delay: convert::duration(*delay),
        on_failure: failure_action
            .as_ref()
            .and_then(|word| self::failure_action(at, word, record)),
        monitor: convert::duration(*monitor),
        maximum_failure: max_failure_ratio.map(convert::decimal),
        order: order.map(self::order),
    }
}

fn amount(parallelism: u64) -> Amount {
    match u32::try_from(parallelism).unwrap_or(u32::MAX) {
        0 => Amount::All,
        count => Amount::Count(count),
    }
}

fn failure_action(
    at: &'static str,
    action: &project::FailureAction,
    record: &mut Record<'_>,
) -> Option<FailureAction> {
    match action {
        project::FailureAction::Continue => Some(FailureAction::Continue),
        project::FailureAction::Rollback => Some(FailureAction::Rollback),
        project::FailureAction::Pause => Some(FailureAction::Pause),
        project::FailureAction::Other(word) => {
            let detail = format!("`{word}` is no action; a failed update pauses");
            record
                .note(format_args!("{at}.failure_action"))
                .dropped(&codes::UNREADABLE, detail);
            None
        }
    }
}

fn order(order: project::UpdateOrder) -> UpdateOrder {
    match order {
        project::UpdateOrder::StartFirst => UpdateOrder::StartFirst,
        project::UpdateOrder::StopFirst => UpdateOrder::StopFirst,
    }
}

/// How others reach the service by name.
pub(super) fn balancing(mode: &EndpointMode, record: &mut Record<'_>) -> Option<Balancing> {
    match mode {
        EndpointMode::VirtualIp => Some(Balancing::VirtualAddress),
        EndpointMode::DnsRoundRobin => Some(Balancing::RoundRobinNames),
        EndpointMode::Other(word) => {
            let detail = format!("`{word}` is no mode; the name gives one address");
            record
                .note("deploy.endpoint_mode")
                .dropped(&codes::UNREADABLE, detail);
            None
        }
    }
}
