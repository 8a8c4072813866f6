//! In which order services start: waves, and what has to be true between them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tranship_model::{Condition, Dependency, Stack};

/// In which wave each service starts, and what each wave waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The wave of each service; foundations are wave 0, services begin with wave 1.
    pub waves: BTreeMap<String, usize>,
    /// What has to be true before a wave begins.
    pub gates: Vec<Gate>,
}

/// Something a wave waits for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gate {
    /// The wave that waits.
    pub wave: usize,
    /// The service it waits for.
    pub service: String,
    /// For what.
    pub until: Until,
}

/// How far a service has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// Its tasks run.
    Started,
    /// Its tasks are healthy.
    Healthy,
    /// Its tasks ended well.
    Completed,
}

impl Order {
    /// The order a stack's dependencies ask for.
    #[must_use]
    pub fn of(stack: &Stack) -> Self {
        let dependencies = dependencies(stack);
        let waves = waves(&dependencies);
        let mut gates: Vec<Gate> = dependencies
            .iter()
            .flat_map(|(service, needs)| needs.iter().map(move |need| (*service, *need)))
            .filter_map(|(service, need)| {
                Some(Gate {
                    wave: *waves.get(service)?,
                    service: need.service.clone(),
                    until: until(need.condition),
                })
            })
            .filter(|gate| waves.contains_key(&gate.service))
            .collect();
        gates.sort();
        gates.dedup();
        Self { waves, gates }
    }

    /// The wave of a service; those the stack does not know start with the first.
    #[must_use]
    pub fn wave(&self, service: &str) -> usize {
        self.waves.get(service).copied().unwrap_or(1)
    }

    /// What has to be true before a wave begins.
    pub fn gates(&self, wave: usize) -> impl Iterator<Item = &Gate> {
        self.gates.iter().filter(move |gate| gate.wave == wave)
    }
}

const fn until(condition: Condition) -> Until {
    match condition {
        Condition::Started => Until::Started,
        Condition::Healthy => Until::Healthy,
        Condition::Completed => Until::Completed,
    }
}

type Dependencies<'a> = BTreeMap<&'a str, Vec<&'a Dependency>>;

fn dependencies(stack: &Stack) -> Dependencies<'_> {
    let services = stack.services.iter();
    let services = services.map(|(name, service)| (name, &service.task));
    let jobs = stack.jobs.iter().map(|(name, job)| (name, &job.task));
    services
        .chain(jobs)
        .map(|(name, task)| (name.as_str(), task.lifecycle.dependencies.iter().collect()))
        .collect()
}

/// Each service one wave behind the last of those it needs.
///
/// Cycles were refused when the file was read; should one come here, its services start with the
/// others instead of never.
fn waves(dependencies: &Dependencies<'_>) -> BTreeMap<String, usize> {
    let mut waves: BTreeMap<String, usize> = dependencies
        .keys()
        .map(|name| ((*name).to_owned(), 1))
        .collect();
    for _ in 0..dependencies.len() {
        let mut has_changed = false;
        for (name, needs) in dependencies {
            let behind = needs.iter().filter_map(|need| waves.get(&need.service));
            let wave = behind.max().map_or(1, |last| last + 1);
            has_changed |= waves.insert((*name).to_owned(), wave) != Some(wave);
        }
        if !has_changed {
            break;
        }
    }
    waves
}
