//! What has to be there first.

use std::collections::HashSet;
use std::sync::Arc;

use tranship_model::{Condition, Dependency, HealthTest, Lifecycle, Topic};

use super::world::{Place, World};
use crate::api::{ContainerDefinition, ContainerDependency};
use crate::codes;
use crate::survey::{Member, Run, Unit};

/// Dependencies without those that would close a ring.
#[derive(Debug, Default)]
pub(crate) struct Order {
    /// Between units: who cannot wait for whom, by the names of their main members.
    rings: HashSet<(String, String)>,
    /// Between containers of one task.
    inner_rings: HashSet<(String, String)>,
}

/// Finds dependencies that go round in rings, which nothing can start.
pub(crate) fn order(units: &[Unit<'_>], world: &World<'_>) -> Order {
    let services = &world.stack.services;
    let index = |name: &str| services.get_index_of(name);
    let mut outer = vec![Vec::new(); services.len()];
    let mut inner = vec![Vec::new(); services.len()];
    for (from, name, dependency) in edges(units) {
        let (Some(source), Some(target)) = (world.places.get(name), world.places.get(dependency))
        else {
            continue;
        };
        let (graph, ends) = if source.main == target.main {
            (&mut inner, (index(name), index(dependency)))
        } else {
            (&mut outer, (index(from), index(target.main)))
        };
        if let (Some(start), Some(end)) = ends
            && let Some(following) = graph.get_mut(start)
        {
            following.push(end);
        }
    }
    let named = |(from, to)| {
        Some((
            services.get_index(from)?.0.clone(),
            services.get_index(to)?.0.clone(),
        ))
    };
    Order {
        rings: back_edges(&outer).into_iter().filter_map(named).collect(),
        inner_rings: back_edges(&inner).into_iter().filter_map(named).collect(),
    }
}

/// Every dependency: the unit's main member, the dependent, whom it waits for.
fn edges<'a>(units: &'a [Unit<'a>]) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
    units.iter().flat_map(|unit| {
        let main = unit.main().map_or("", |main| main.name);
        unit.members.iter().flat_map(move |member| {
            let dependencies = &member.run.task().lifecycle.dependencies;
            dependencies
                .iter()
                .map(move |dependency| (main, member.name, dependency.service.as_str()))
        })
    })
}

/// Edges that lead back to where a depth-first walk came from.
fn back_edges(graph: &[Vec<usize>]) -> Vec<(usize, usize)> {
    let mut back = Vec::new();
    let mut finished = vec![false; graph.len()];
    let mut on_path = vec![false; graph.len()];
    for start in 0..graph.len() {
        let mut path = vec![(start, 0)];
        while let Some((node, step)) = path.pop() {
            if step == 0 && finished.get(node).copied().unwrap_or(true) {
                continue;
            }
            set(&mut on_path, node, true);
            match graph
                .get(node)
                .and_then(|following| following.get(step))
                .copied()
            {
                None => {
                    set(&mut on_path, node, false);
                    set(&mut finished, node, true);
                }
                Some(next) => {
                    path.push((node, step + 1));
                    if on_path.get(next) == Some(&true) {
                        back.push((node, next));
                    } else {
                        path.push((next, 0));
                    }
                }
            }
        }
    }
    back
}

fn set(flags: &mut [bool], index: usize, value: bool) {
    if let Some(flag) = flags.get_mut(index) {
        *flag = value;
    }
}

/// Lets a container wait for others of its task, and notes what becomes of every dependency.
pub(crate) fn containers(
    topic: &mut Topic<'_>,
    world: &World<'_>,
    order: &Order,
    member: &Member<'_>,
    lifecycle: &Lifecycle,
    container: &mut ContainerDefinition,
) {
    for (index, dependency) in lifecycle.dependencies.iter().enumerate() {
        let mut topic = topic.key("dependencies");
        let waits = one(&mut topic.index(index), world, order, member, dependency);
        container.depends_on.extend(waits);
    }
}

fn one(
    topic: &mut Topic<'_>,
    world: &World<'_>,
    order: &Order,
    member: &Member<'_>,
    dependency: &Dependency,
) -> Option<ContainerDependency> {
    let Dependency {
        service,
        condition,
        required,
        restart,
    } = dependency;
    if *restart {
        let lost = format!("it goes on when `{service}` is started again");
        topic.key("restart").dropped(&codes::DEPENDENCY, lost);
    }
    let Some(place) = world.places.get(service.as_str()) else {
        note_missing(topic, service, *required);
        return None;
    };
    let own = match member.run {
        Run::Service(_) => world.places.get(member.name),
        Run::Job(_) => None,
    };
    if own.is_some_and(|own| order.is_ring(member.name, own, service, place)) {
        let lost = "it would wait for itself; it does not wait";
        topic.refused(&codes::DEPENDENCY_RING, lost);
        return None;
    }
    if own.is_some_and(|own| own.main == place.main) {
        return Some(within_task(topic, place, *condition));
    }
    note_between_tasks(topic, member, place, service, *condition);
    None
}

fn note_missing(topic: &mut Topic<'_>, service: &str, required: bool) {
    if required {
        let lost = format!("there is no service `{service}` to wait for");
        topic.refused(&codes::DEPENDENCY, lost);
    } else {
        topic.exact();
    }
}

impl Order {
    /// Whether the one would wait for itself if it waited for the other.
    fn is_ring(&self, name: &str, own: &Place<'_>, other: &str, place: &Place<'_>) -> bool {
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        if own.main == place.main {
            name == other || self.inner_rings.contains(&pair(name, other))
        } else {
            self.rings.contains(&pair(own.main, place.main))
        }
    }
}

fn within_task(
    topic: &mut Topic<'_>,
    place: &Place<'_>,
    condition: Condition,
) -> ContainerDependency {
    let condition = match condition {
        Condition::Started => "START",
        Condition::Completed => "SUCCESS",
        Condition::Healthy if is_checked(place) => "HEALTHY",
        Condition::Healthy => {
            topic.approximate(
                &codes::HEALTH_IMAGE,
                "it waits until the other runs: ECS does not know the image's own health check",
            );
            return ContainerDependency {
                container_name: place.container.clone(),
                condition: "START",
            };
        }
    };
    topic.exact();
    ContainerDependency {
        container_name: place.container.clone(),
        condition,
    }
}

fn is_checked(place: &Place<'_>) -> bool {
    let check = place.service.task.lifecycle.health_check.as_ref();
    check
        .is_some_and(|check| matches!(check.test, Some(HealthTest::Exec(_) | HealthTest::Shell(_))))
}

fn note_between_tasks(
    topic: &mut Topic<'_>,
    member: &Member<'_>,
    place: &Place<'_>,
    service: &str,
    condition: Condition,
) {
    match (member.run, &place.ecs_service, condition) {
        (Run::Job(_), _, _) => topic.approximate(&codes::DEPENDENCY, format!("whoever starts the job sees to it that `{service}` is there")),
        (Run::Service(_), None, _) => topic.approximate(
            &codes::DEPENDENCY_JOB,
            format!("nothing waits for the job `{service}`: run it to its end first, or let the service fail until it is done"),
        ),
        (Run::Service(_), Some(_), Condition::Healthy) if !is_checked(place) => topic.approximate(
            &codes::HEALTH_IMAGE,
            format!("created when `{service}` runs: ECS does not know the image's own health check"),
        ),
        (Run::Service(_), Some(_), Condition::Started | Condition::Healthy | Condition::Completed) => topic.approximate(
            &codes::DEPENDENCY,
            format!("created when `{service}` is steady; later, tasks start without waiting for it"),
        ),
    }
}

/// The resources a unit's service must not be created before.
pub(crate) fn services(unit: &Unit<'_>, world: &World<'_>, order: &Order) -> Vec<Arc<str>> {
    let mut ids = Vec::new();
    let Some(main) = unit.main() else { return ids };
    let dependencies = unit
        .members
        .iter()
        .flat_map(|member| &member.run.task().lifecycle.dependencies);
    for dependency in dependencies {
        let Some(place) = world.places.get(dependency.service.as_str()) else {
            continue;
        };
        let is_ring = order
            .rings
            .contains(&(main.name.to_owned(), place.main.to_owned()));
        let Some(id) = place
            .ecs_service
            .as_ref()
            .filter(|_| place.main != main.name && !is_ring)
        else {
            continue;
        };
        if !ids.contains(id) {
            ids.push(Arc::clone(id));
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_closes_a_ring_is_taken_out() {
        let graph = [vec![1, 2], vec![2], vec![0, 3], vec![]];
        assert_eq!(back_edges(&graph), [(2, 0)]);
        assert_eq!(back_edges(&[vec![0]]), [(0, 0)]);
        assert_eq!(back_edges(&[vec![1], vec![]]), []);
    }
}
