//! What of the stack runs together, and for how long.

use indexmap::IndexMap;
use tranship_model::{
    Condition, FieldPath, Job, Namespace, NetworkMode, RestartCondition, Scheduling, Service,
    Stack, Task, VolumesFrom,
};

/// Services that share one task, or a job.
#[derive(Debug)]
pub(crate) struct Unit<'a> {
    /// The one the others join, first.
    pub(crate) members: Vec<Member<'a>>,
    /// How long it runs.
    pub(crate) kind: UnitKind,
}

/// How long a unit runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnitKind {
    /// All the time.
    Service,
    /// To completion, when it is started.
    Job(JobReason),
}

/// Why something runs to completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobReason {
    /// The stack calls it a job.
    Declared,
    /// It is never restarted.
    NeverRestarted,
    /// Others wait for its end.
    AwaitedEnd,
}

/// One container's source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    /// Its name in the stack.
    pub(crate) name: &'a str,
    /// What it was.
    pub(crate) run: Run<'a>,
    /// Whether the task ends with it.
    pub(crate) essential: bool,
}

/// What a container was in the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Run<'a> {
    /// A service.
    Service(&'a Service),
    /// A job.
    Job(&'a Job),
}

impl<'a> Run<'a> {
    /// Where it stands.
    pub(crate) fn path(self) -> &'a FieldPath {
        match self {
            Self::Service(service) => &service.path,
            Self::Job(job) => &job.path,
        }
    }

    /// What each of its tasks is.
    pub(crate) fn task(self) -> &'a Task {
        match self {
            Self::Service(service) => &service.task,
            Self::Job(job) => &job.task,
        }
    }
}

impl<'a> Unit<'a> {
    /// The member the others join.
    pub(crate) fn main(&self) -> Option<&Member<'a>> {
        self.members.first()
    }

    /// Whether it runs to completion.
    pub(crate) fn is_job(&self) -> bool {
        matches!(self.kind, UnitKind::Job(_))
    }
}

/// Every unit of the stack: services in their order, then jobs. Nothing runs for a provider.
pub(crate) fn units(stack: &Stack) -> Vec<Unit<'_>> {
    let mains = mains(stack);
    let reasons = job_reasons(stack);
    let mut units: IndexMap<usize, Unit<'_>> = IndexMap::with_capacity(mains.len());
    let services = stack.services.iter().enumerate();
    for (index, (name, service)) in services.filter(|(_, (_, service))| is_run(service)) {
        let main = mains.get(index).copied().unwrap_or(index);
        let own_reason = reasons.get(index).copied().flatten();
        let unit = units.entry(main).or_insert_with(|| Unit {
            members: Vec::with_capacity(1),
            kind: reasons
                .get(main)
                .copied()
                .flatten()
                .map_or(UnitKind::Service, UnitKind::Job),
        });
        let member = Member {
            name,
            run: Run::Service(service),
            essential: index == main || own_reason.is_none(),
        };
        let place = if index == main { 0 } else { unit.members.len() };
        unit.members.insert(place, member);
    }
    let jobs = stack.jobs.iter().map(|(name, job)| Unit {
        members: vec![Member {
            name,
            run: Run::Job(job),
            essential: true,
        }],
        kind: UnitKind::Job(JobReason::Declared),
    });
    units.into_values().chain(jobs).collect()
}

/// Whether tasks are a service, not what a provider makes elsewhere.
fn is_run(service: &Service) -> bool {
    service.provider.is_none()
}

/// For every service, the index of the one whose task it is part of.
fn mains(stack: &Stack) -> Vec<usize> {
    let joined = |service| {
        let (index, _, target) = stack.services.get_full(joined_service(service)?)?;
        is_run(target).then_some(index)
    };
    let next: Vec<Option<usize>> = stack.services.values().map(joined).collect();
    (0..next.len())
        .map(|start| last_of_chain(&next, start))
        .collect()
}

/// Follows who joins whom to the end; a ring ends at its lowest index.
fn last_of_chain(next: &[Option<usize>], start: usize) -> usize {
    let mut at = start;
    for _ in 0..next.len() {
        match next.get(at).copied().flatten() {
            Some(following) if following != at => at = following,
            Some(_) | None => return at,
        }
    }
    // After as many steps as there are services, `at` lies inside a ring.
    let mut lowest = at;
    let mut walker = at;
    for _ in 0..next.len() {
        walker = next.get(walker).copied().flatten().unwrap_or(walker);
        lowest = lowest.min(walker);
    }
    lowest
}

/// The service whose task this one asks to be part of.
fn joined_service(service: &Service) -> Option<&str> {
    let task = &service.task;
    if let NetworkMode::Service(target) = &task.networking.mode {
        return Some(target);
    }
    let namespaces = &task.security.namespaces;
    let shared = [&namespaces.pid, &namespaces.ipc];
    let namespace = shared
        .into_iter()
        .flatten()
        .find_map(|namespace| match namespace {
            Namespace::Service(target) => Some(target.as_str()),
            Namespace::Host
            | Namespace::Private
            | Namespace::Shareable
            | Namespace::Container(_)
            | Namespace::Other(_) => None,
        });
    namespace.or_else(|| {
        task.storage
            .volumes_from
            .iter()
            .find_map(volumes_from_service)
    })
}

fn volumes_from_service(source: &VolumesFrom) -> Option<&str> {
    match source {
        VolumesFrom::Service {
            service,
            read_only: _,
        } => Some(service),
        VolumesFrom::Container {
            container: _,
            read_only: _,
        } => None,
    }
}

fn job_reasons(stack: &Stack) -> Vec<Option<JobReason>> {
    let mut reasons: Vec<_> = stack.services.values().map(own_job_reason).collect();
    let dependencies = stack
        .services
        .values()
        .flat_map(|service| &service.task.lifecycle.dependencies);
    for dependency in dependencies.filter(|dependency| dependency.condition == Condition::Completed)
    {
        let index = stack.services.get_index_of(&dependency.service);
        if let Some(reason) = index.and_then(|index| reasons.get_mut(index)) {
            reason.get_or_insert(JobReason::AwaitedEnd);
        }
    }
    reasons
}

fn own_job_reason(service: &Service) -> Option<JobReason> {
    match service.scheduling {
        Scheduling::ReplicatedJob { completions: _ } | Scheduling::GlobalJob => {
            return Some(JobReason::Declared);
        }
        Scheduling::Replicated { replicas: _ } | Scheduling::Global => {}
    }
    let restart = service.task.lifecycle.restart.as_ref()?;
    (restart.condition == RestartCondition::Never).then_some(JobReason::NeverRestarted)
}
