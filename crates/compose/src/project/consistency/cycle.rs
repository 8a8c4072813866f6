//! Services that wait for each other.

use super::super::codes;
use super::Checker;
use crate::field::Map;
use crate::project::{Dependency, WorkloadSpec};

impl Checker<'_> {
    /// Looks at each dependency once, whatever the shape of the graph.
    pub(super) fn cycles(&mut self) {
        let graph = Graph::new(
            self.project
                .services
                .iter()
                .map(|(name, service)| (name, &service.workload)),
        );
        for cycle in graph.cycles() {
            let message = format!("dependency cycle: {}", cycle.join(" -> "));
            let [.., from, to] = cycle.as_slice() else {
                continue;
            };
            let path = format!("services.{from}.depends_on.{to}");
            self.refuse(
                codes::DEPENDENCY_CYCLE,
                message,
                &path,
                "remove one of these dependencies",
            );
        }
    }
}

/// Who depends on whom, by number, in the order of names.
struct Graph<'a> {
    names: Vec<&'a str>,
    edges: Vec<Vec<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// On the way from where the search began.
    Open,
    Done,
}

impl<'a> Graph<'a> {
    fn new(workloads: impl Iterator<Item = (&'a String, &'a WorkloadSpec)>) -> Self {
        let mut workloads: Vec<(&str, &Map<Dependency>)> = workloads
            .map(|(name, workload)| (name.as_str(), &workload.depends_on))
            .collect();
        workloads.sort_unstable_by_key(|(name, _)| *name);
        let names: Vec<&str> = workloads.iter().map(|(name, _)| *name).collect();
        let edges = workloads
            .iter()
            .map(|(_, dependencies)| {
                let known = dependencies
                    .keys()
                    .filter_map(|target| names.binary_search(&target.as_str()).ok());
                let mut known: Vec<usize> = known.collect();
                known.sort_unstable();
                known
            })
            .collect();
        Self { names, edges }
    }

    /// One cycle for each dependency that closes one, its first service named again at the end.
    fn cycles(&self) -> Vec<Vec<&'a str>> {
        let mut cycles = Vec::new();
        let mut states = vec![State::New; self.names.len()];
        for start in 0..self.names.len() {
            if states.get(start) == Some(&State::New) {
                self.search(start, &mut states, &mut cycles);
            }
        }
        cycles
    }

    /// Goes as deep as it can, without recursion, because chains of services can be long.
    fn search(&self, start: usize, states: &mut [State], cycles: &mut Vec<Vec<&'a str>>) {
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        set(states, start, State::Open);
        while let Some((service, next)) = way.last_mut() {
            let target = self
                .edges
                .get(*service)
                .and_then(|edges| edges.get(*next))
                .copied();
            *next += 1;
            let Some(target) = target else {
                set(states, *service, State::Done);
                way.pop();
                continue;
            };
            match states.get(target) {
                Some(State::New) => {
                    set(states, target, State::Open);
                    way.push((target, 0));
                }
                Some(State::Open) => cycles.push(self.cycle(&way, target)),
                Some(State::Done) | None => {}
            }
        }
    }

    fn cycle(&self, way: &[(usize, usize)], target: usize) -> Vec<&'a str> {
        let services = way
            .iter()
            .map(|(service, _)| *service)
            .skip_while(|service| *service != target);
        services
            .chain([target])
            .filter_map(|service| self.names.get(service).copied())
            .collect()
    }
}

fn set(states: &mut [State], service: usize, state: State) {
    if let Some(place) = states.get_mut(service) {
        *place = state;
    }
}
