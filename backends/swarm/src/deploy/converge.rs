//! How far a rollout is: a pure function of what the engine says.
//!
//! A rollout is known by a digest of what was set on its service. The engine starts by calling an
//! update neither begun nor over, and a rollback puts the old specification back: so what counts
//! is whose specification is there, and then what its own tasks do.

use std::collections::{BTreeMap, HashSet};

use bollard::models::{
    Service, ServiceSpecUpdateConfigFailureActionEnum as FailureAction,
    ServiceUpdateStatusStateEnum as UpdateState, Task, TaskSpecRestartPolicyConditionEnum,
    TaskState,
};
use tranship_backend::deploy::{Cause, CauseKind, Convergence, Waiting};

use super::{cause, time};

/// How long tasks without a health check run before they count as running, in seconds: a process
/// that ends at once has done so by then.
const SETTLED: f64 = 3.0;
/// The same for tasks that took the place of some that ended.
const SETTLED_AGAIN: f64 = 10.0;
/// As many tries in a row that fail to find an image mean that it is not there.
const REJECTIONS: usize = 3;
/// As many ends in a row mean that the process never stays.
const ENDS: usize = 4;
/// How long the engine may take to make the first tasks, in seconds.
const FIRST_TASKS: f64 = 5.0;

/// A service as it is now.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    /// The digest of what is set on it.
    pub(super) digest: String,
    pub(super) service: &'a Service,
    /// Its tasks, of all rollouts.
    pub(super) tasks: Vec<&'a Task>,
    /// Which of all tasks are of its present specification.
    pub(super) fresh: &'a HashSet<String>,
    /// The engine's time, in seconds.
    pub(super) now: f64,
}

/// How far the rollout of a digest is.
pub(super) fn convergence(seen: Option<&Seen<'_>>, rollout: &str) -> Convergence {
    let Some(seen) = seen else {
        return superseded("the service was deleted");
    };
    let state = seen.update();
    if seen.digest != rollout {
        return match state {
            Some(UpdateState::ROLLBACK_STARTED) => Convergence::Waiting(Waiting {
                cause: Some(seen.reason()),
                ..seen.count()
            }),
            Some(UpdateState::ROLLBACK_COMPLETED | UpdateState::ROLLBACK_PAUSED) => {
                Convergence::RolledBack(seen.reason())
            }
            Some(
                UpdateState::EMPTY
                | UpdateState::UPDATING
                | UpdateState::PAUSED
                | UpdateState::COMPLETED,
            )
            | None => superseded("the service was changed since"),
        };
    }
    match state {
        Some(UpdateState::PAUSED) => Convergence::Failed(seen.reason()),
        Some(UpdateState::UPDATING | UpdateState::ROLLBACK_STARTED) => seen.under_way(),
        Some(
            UpdateState::EMPTY
            | UpdateState::COMPLETED
            | UpdateState::ROLLBACK_COMPLETED
            | UpdateState::ROLLBACK_PAUSED,
        )
        | None => seen.by_tasks(),
    }
}

fn superseded(detail: &str) -> Convergence {
    Convergence::Failed(Cause {
        kind: CauseKind::Superseded,
        detail: detail.to_owned(),
    })
}

impl<'a> Seen<'a> {
    fn update(&self) -> Option<UpdateState> {
        self.service.update_status.as_ref()?.state
    }

    /// The tasks of the present rollout.
    fn mine(&self) -> impl Iterator<Item = &'a Task> {
        let iteration = self.iteration();
        let fresh = self.fresh;
        self.tasks
            .iter()
            .copied()
            .filter(move |task| match iteration {
                Some(iteration) => run_of(task) == iteration,
                None => task.id.as_ref().is_some_and(|id| fresh.contains(id)),
            })
    }

    /// Which run of a job this is; none for what is no job.
    fn iteration(&self) -> Option<u64> {
        if !self.is_job() {
            return None;
        }
        let status = self.service.job_status.as_ref();
        let iteration = status.and_then(|status| status.job_iteration.as_ref()?.index);
        Some(iteration.unwrap_or_default())
    }

    fn mode(&self) -> Option<&'a bollard::models::ServiceSpecMode> {
        self.service.spec.as_ref()?.mode.as_ref()
    }

    fn is_job(&self) -> bool {
        self.mode()
            .is_some_and(|mode| mode.replicated_job.is_some() || mode.global_job.is_some())
    }

    /// How many tasks are asked for.
    fn wanted(&self) -> u64 {
        let mode = self.mode();
        let count = |count: Option<i64>| u64::try_from(count.unwrap_or(1)).unwrap_or_default();
        if let Some(job) = mode.and_then(|mode| mode.replicated_job.as_ref()) {
            return count(job.total_completions);
        }
        if let Some(replicated) = mode.and_then(|mode| mode.replicated.as_ref()) {
            return count(replicated.replicas);
        }
        let status = self.service.service_status.as_ref();
        status
            .and_then(|status| status.desired_tasks)
            .unwrap_or_default()
    }

    fn with_state(&self, wanted: TaskState) -> impl Iterator<Item = &'a Task> {
        self.mine().filter(move |task| state(task) == Some(wanted))
    }

    fn completed(&self) -> u64 {
        as_u64(self.with_state(TaskState::COMPLETE).count())
    }

    fn count(&self) -> Waiting {
        let running = as_u64(
            self.with_state(TaskState::RUNNING)
                .filter(|task| task.desired_state == Some(TaskState::RUNNING))
                .count(),
        );
        Waiting {
            running,
            ready: running,
            wanted: self.wanted(),
            cause: self.latest_cause(),
        }
    }

    /// The cause of the newest task that has one, unless all is well by now.
    fn latest_cause(&self) -> Option<Cause> {
        let mut mine: Vec<&Task> = self.mine().collect();
        mine.sort_by(|one, other| other.created_at.cmp(&one.created_at));
        let is_job = self.is_job();
        let cause = |task: &&Task| {
            let ended_well = state(task) == Some(TaskState::COMPLETE);
            let stopped = state(task) == Some(TaskState::SHUTDOWN);
            (!ended_well && !stopped).then(|| cause::of(task, is_job))?
        };
        mine.iter().find_map(cause)
    }

    /// Why the engine gave up: its own words, or better those of a task.
    fn reason(&self) -> Cause {
        let status = self.service.update_status.as_ref();
        let message = status.and_then(|status| status.message.clone());
        let message = message.unwrap_or_default();
        let named = self.tasks.iter().find(|task| {
            let id = task.id.as_deref().unwrap_or_default();
            !id.is_empty() && message.contains(id)
        });
        // Once rolled back the message names no task any more: then the newest that failed.
        let failed = || {
            let failed = self.tasks.iter().filter(|task| self.failed(task));
            failed.max_by(|one, other| one.created_at.cmp(&other.created_at))
        };
        let task = named.or_else(failed);
        let cause = task.and_then(|task| cause::of(task, self.is_job()));
        cause.unwrap_or(Cause {
            kind: CauseKind::Other,
            detail: message,
        })
    }

    fn under_way(&self) -> Convergence {
        let goes_on = self.failure_action() == Some(FailureAction::CONTINUE);
        match self.hopeless().filter(|_| goes_on) {
            Some(cause) => Convergence::Failed(cause),
            None => Convergence::Waiting(self.count()),
        }
    }

    fn failure_action(&self) -> Option<FailureAction> {
        let config = self.service.spec.as_ref()?.update_config.as_ref()?;
        config.failure_action
    }

    fn by_tasks(&self) -> Convergence {
        let count = self.count();
        if self.is_job() {
            return self.job(count);
        }
        if let Some(cause) = self.hopeless() {
            return Convergence::Failed(cause);
        }
        if self.has_ended_well(count.wanted) {
            return Convergence::Completed;
        }
        let is_over = count.ready == count.wanted && !self.has_older() && self.has_settled();
        if is_over && (count.wanted > 0 || self.is_meant_empty()) {
            return Convergence::Converged;
        }
        Convergence::Waiting(count)
    }

    fn job(&self, count: Waiting) -> Convergence {
        let completed = self.completed();
        let is_global = self.mode().is_some_and(|mode| mode.global_job.is_some());
        let wanted = if is_global {
            as_u64(self.mine().count()).max(1)
        } else {
            count.wanted
        };
        if completed >= wanted {
            return Convergence::Completed;
        }
        match self.hopeless() {
            Some(cause) => Convergence::Failed(cause),
            None => Convergence::Waiting(count),
        }
    }

    /// Whether every task ended well and none is to follow.
    fn has_ended_well(&self, wanted: u64) -> bool {
        self.ends_for_good(true) && wanted > 0 && self.completed() >= wanted
    }

    /// Whether the policy makes no new task for one that ended, well or not.
    fn ends_for_good(&self, well: bool) -> bool {
        use TaskSpecRestartPolicyConditionEnum as Condition;
        match self.restart_condition() {
            Some(Condition::NONE) => true,
            Some(Condition::ON_FAILURE) => well,
            Some(Condition::ANY | Condition::EMPTY) | None => false,
        }
    }

    fn restart_condition(&self) -> Option<TaskSpecRestartPolicyConditionEnum> {
        self.restart_policy()?.condition
    }

    fn restart_policy(&self) -> Option<&'a bollard::models::TaskSpecRestartPolicy> {
        let template = self.service.spec.as_ref()?.task_template.as_ref()?;
        template.restart_policy.as_ref()
    }

    /// Why it will not get there, where the tasks leave no doubt.
    fn hopeless(&self) -> Option<Cause> {
        let attempts = self.restart_policy().and_then(|policy| policy.max_attempts);
        let attempts = attempts.and_then(|attempts| usize::try_from(attempts).ok());
        let is_job = self.is_job();
        self.slots().into_values().find_map(|mut tasks| {
            tasks.sort_by(|one, other| one.created_at.cmp(&other.created_at));
            if tasks
                .last()
                .is_some_and(|task| state(task) == Some(TaskState::RUNNING))
            {
                return None;
            }
            let failed: Vec<&&Task> = tasks.iter().filter(|task| self.failed(task)).collect();
            let cause = cause::of(failed.last()?, is_job)?;
            let limit = match cause.kind {
                CauseKind::ImageMissing | CauseKind::ObjectMissing => REJECTIONS,
                CauseKind::CrashLoop
                | CauseKind::Unhealthy
                | CauseKind::Quota
                | CauseKind::Unschedulable
                | CauseKind::JobFailed
                | CauseKind::Superseded
                | CauseKind::Other => ENDS,
            };
            let spent = attempts.filter(|attempts| *attempts > 0);
            let limit = spent.map_or(limit, |attempts| limit.min(attempts + 1));
            (failed.len() >= limit || self.ends_for_good(false)).then_some(cause)
        })
    }

    /// Whether a task ended and should not have.
    fn failed(&self, task: &Task) -> bool {
        match state(task) {
            Some(TaskState::FAILED | TaskState::REJECTED) => true,
            Some(TaskState::COMPLETE) => !self.is_job() && !self.ends_for_good(true),
            Some(_) | None => false,
        }
    }

    /// The tasks of the present rollout by slot, or by node where there are none.
    fn slots(&self) -> BTreeMap<String, Vec<&'a Task>> {
        let mut slots: BTreeMap<String, Vec<&'a Task>> = BTreeMap::new();
        for task in self.mine() {
            let slot = task.slot.filter(|slot| *slot != 0);
            let node = || task.node_id.clone().unwrap_or_default();
            let slot = slot.map_or_else(node, |slot| slot.to_string());
            slots.entry(slot).or_default().push(task);
        }
        slots
    }

    /// Whether a task of an older rollout still runs.
    fn has_older(&self) -> bool {
        let is_mine = |task: &Task| task.id.as_ref().is_some_and(|id| self.fresh.contains(id));
        let lives = |task: &&Task| state(task).is_some_and(|state| !cause::has_ended(state));
        let older = self.tasks.iter().copied().filter(|task| !is_mine(task));
        older.filter(lives).count() > 0
    }

    /// Whether tasks run long enough to believe them. A health check or the engine's own watch
    /// over an update says so already.
    fn has_settled(&self) -> bool {
        if self.has_health_check() || self.update() == Some(UpdateState::COMPLETED) {
            return true;
        }
        let ended = self.mine().any(|task| self.failed(task));
        let enough = if ended { SETTLED_AGAIN } else { SETTLED };
        self.with_state(TaskState::RUNNING).all(|task| {
            let since = task
                .status
                .as_ref()
                .and_then(|status| status.timestamp.as_deref());
            let since = since.and_then(time::seconds);
            since.is_none_or(|since| self.now - since >= enough)
        })
    }

    fn has_health_check(&self) -> bool {
        let spec = self.service.spec.as_ref();
        let template = spec.and_then(|spec| spec.task_template.as_ref());
        let container = template.and_then(|template| template.container_spec.as_ref());
        let check = container.and_then(|container| container.health_check.as_ref());
        let test = check.and_then(|check| check.test.as_ref());
        test.is_some_and(|test| test.first().is_some_and(|word| word != "NONE"))
    }

    /// Whether no task is what is asked for: no replica, or no node that fits, and the engine had
    /// time to look.
    fn is_meant_empty(&self) -> bool {
        let is_global = self.mode().is_some_and(|mode| mode.global.is_some());
        let updated = self.service.updated_at.as_deref().and_then(time::seconds);
        !is_global || updated.is_none_or(|updated| self.now - updated >= FIRST_TASKS)
    }
}

/// Which run of its job a task is of. The engine leaves the number out for the first one.
fn run_of(task: &Task) -> u64 {
    let run = task.job_iteration.as_ref();
    run.and_then(|run| run.index).unwrap_or_default()
}

fn state(task: &Task) -> Option<TaskState> {
    task.status.as_ref()?.state
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
