//! Which containers wait for which.

use std::collections::{HashMap, HashSet};

use super::form::Form;
use super::task_definition::{Task, is_optional};
use super::{Findings, table};

/// Checks that every container's wait can end.
pub(super) fn check(findings: &mut Findings, task: Task<'_>) {
    let by_name: HashMap<&str, Form<'_>> = task
        .containers()
        .filter_map(|container| Some((container.get("Name").text()?, container)))
        .collect();
    for container in task.containers() {
        for dependency in container.get("DependsOn").items() {
            let target = dependency.get("ContainerName");
            let found = target.text().and_then(|name| by_name.get(name));
            findings.when(found.is_none(), &table::DEPENDENCY_TARGET, target);
            if let Some(found) = found {
                condition(findings, dependency.get("Condition"), *found);
            }
        }
        let from = container.get("VolumesFrom").items();
        for source in from.map(|from| from.get("SourceContainer")) {
            let is_unknown = source.text().is_none_or(|name| !by_name.contains_key(name));
            findings.when(is_unknown, &table::VOLUMES_FROM, source);
        }
    }
    ring(findings, task);
}

fn condition(findings: &mut Findings, condition: Form<'_>, target: Form<'_>) {
    let rule = match condition.text() {
        Some("START") => return,
        Some("HEALTHY") if target.get("HealthCheck").is_set() => return,
        Some("HEALTHY") => &table::DEPENDENCY_HEALTH,
        Some("COMPLETE" | "SUCCESS") if is_optional(target) => return,
        Some("COMPLETE" | "SUCCESS") => &table::DEPENDENCY_END,
        Some(_) | None => &table::DEPENDENCY_CONDITION,
    };
    findings.when(true, rule, condition);
}

/// Takes away who waits for nobody that is left, until nobody is left.
fn ring(findings: &mut Findings, task: Task<'_>) {
    let mut waiting: Vec<Form<'_>> = task.containers().collect();
    loop {
        let left: HashSet<&str> = waiting
            .iter()
            .filter_map(|container| container.get("Name").text())
            .collect();
        let before = waiting.len();
        waiting.retain(|container| {
            let mut needs = container.get("DependsOn").items();
            needs.any(|need| {
                let target = need.get("ContainerName").text();
                target.is_some_and(|name| left.contains(name))
            })
        });
        if waiting.len() == before {
            break;
        }
    }
    for container in waiting {
        findings.when(true, &table::DEPENDENCY_RING, container.get("DependsOn"));
    }
}
