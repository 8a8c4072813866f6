//! Doing what a plan says, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use tokio::time::sleep;
use tranship_backend::deploy::{
    Action, Deploy, Fault, Observation, Secrets, Step, Wanted, Watched,
};
use tranship_model::ObjectId;

use crate::event::{DeployEvent, FORMAT, StepState};
use crate::lock::{self, Holder, Request};
use crate::order::Gate;
use crate::outcome::{RunError, Signal};
use crate::plan::{Goal, Plan, Wish, plan, service_of};
use crate::record::{Deployment, Kept, Record};
use crate::tally::Tally;
use crate::wait::Watchers;

/// How many steps are under way at once.
const CONCURRENCY: usize = 32;

/// How a run behaves.
#[derive(Clone, Copy, Debug)]
pub struct RunOptions {
    /// How long all of it may take.
    pub timeout: Duration,
    /// How long to wait for someone else's run.
    pub lock_wait: Duration,
    /// Whether the run of a lock's holder is known to be over, such as one of this machine.
    pub is_gone: fn(&Holder) -> bool,
}

/// One run against one place.
pub struct Run<'a> {
    /// Where.
    pub target: &'a dyn Deploy,
    /// Who.
    pub holder: Holder,
    /// The values of the stack's secrets.
    pub secrets: &'a Secrets,
    /// How.
    pub options: RunOptions,
    /// Who is told what happens.
    pub tell: &'a (dyn Fn(DeployEvent) + Send + Sync),
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What was written, in that order.
    pub done: Vec<ObjectId>,
    /// What was still to be written.
    pub pending: Vec<ObjectId>,
}

/// What a run is asked to do.
enum Job<'a> {
    /// What a file says.
    Wish(&'a Wish),
    /// What a plan says, if nothing changed since.
    Plan(&'a Plan),
}

impl Job<'_> {
    /// Whether nothing is to be left.
    fn is_removal(&self) -> bool {
        matches!(self, Self::Wish(wish) if wish.goal == Goal::Remove)
    }

    /// Whether the record says something that will not be true at the end.
    fn changes_record(&self, record: &Record) -> bool {
        if self.is_removal() {
            return record.current.is_some() || record.pending.is_some();
        }
        record.is_unfinished()
    }

    fn stack(&self) -> &str {
        match self {
            Self::Wish(wish) => &wish.stack,
            Self::Plan(plan) => &plan.stack,
        }
    }
}

impl Run<'_> {
    /// Brings a stack to what is wished, and waits until it is there.
    ///
    /// # Errors
    ///
    /// [`RunError`]; the report says what was done until then.
    pub async fn deploy(
        &self,
        wish: &Wish,
        stop: impl Future<Output = Signal>,
    ) -> (Report, Result<(), RunError>) {
        let tally = Tally::default();
        let work = self.work(Job::Wish(wish), &tally);
        self.bounded(&wish.stack, &tally, work, stop).await
    }

    /// Does what a plan says, unless something changed since it was made.
    ///
    /// # Errors
    ///
    /// [`RunError::Stale`], and as [`Run::deploy`].
    pub async fn apply(
        &self,
        plan: &Plan,
        stop: impl Future<Output = Signal>,
    ) -> (Report, Result<(), RunError>) {
        let tally = Tally::default();
        let work = async {
            self.refuse_bad(plan)?;
            self.work(Job::Plan(plan), &tally).await
        };
        self.bounded(&plan.stack, &tally, work, stop).await
    }

    /// Returns to the recorded deployment before this one.
    ///
    /// # Errors
    ///
    /// [`RunError::NothingToRollBack`], and as [`Run::deploy`].
    pub async fn roll_back(
        &self,
        stack: &str,
        stop: impl Future<Output = Signal>,
    ) -> (Report, Result<(), RunError>) {
        let tally = Tally::default();
        let work = async {
            let kept = Record::read(self.target, stack).await?;
            let earlier = kept.record.rollback().ok_or(RunError::NothingToRollBack)?;
            self.work(Job::Wish(&earlier.wish(stack)), &tally).await
        };
        self.bounded(stack, &tally, work, stop).await
    }

    /// Removes everything of a stack, data only where it is named.
    ///
    /// # Errors
    ///
    /// As [`Run::deploy`].
    pub async fn remove(
        &self,
        stack: &str,
        data: BTreeSet<String>,
        stop: impl Future<Output = Signal>,
    ) -> (Report, Result<(), RunError>) {
        let wish = Wish::nothing(stack, data);
        let tally = Tally::default();
        let work = self.work(Job::Wish(&wish), &tally);
        self.bounded(stack, &tally, work, stop).await
    }

    /// Runs some work until it is over, the time is, or someone says stop; tells how it ended.
    async fn bounded(
        &self,
        stack: &str,
        tally: &Tally,
        work: impl Future<Output = Result<(), RunError>>,
        stop: impl Future<Output = Signal>,
    ) -> (Report, Result<(), RunError>) {
        (self.tell)(DeployEvent::Begun {
            format: FORMAT,
            stack: stack.to_owned(),
            place: self.target.place(),
        });
        let result = tokio::select! {
            biased;
            signal = stop => Err(RunError::Interrupted(signal)),
            result = work => result,
            () = sleep(self.options.timeout) => Err(overdue(tally)),
        };
        if tally.has_asked_for_lock() {
            let cut = matches!(
                result,
                Err(RunError::Interrupted(_) | RunError::TimedOut(_) | RunError::RolloutFailed(_))
            );
            lock::release(self.target, stack, &self.holder, cut).await;
        }
        let report = report(tally);
        (self.tell)(ended(&report, result.as_ref().err()));
        (report, result)
    }

    fn refuse_bad(&self, plan: &Plan) -> Result<(), RunError> {
        let bad = |reason: &str| Err(RunError::BadPlan(reason.to_owned()));
        if plan.format != crate::plan::FORMAT {
            return bad("it was written by another version");
        }
        if plan.place != self.target.place() {
            return bad("it is for another place");
        }
        if !plan.is_sound() {
            return bad("it was edited or cut short");
        }
        Ok(())
    }

    /// Looks first, and takes the lock only when there is something to write.
    async fn work(&self, job: Job<'_>, tally: &Tally) -> Result<(), RunError> {
        let stack = job.stack();
        let (first, kept) = tokio::try_join!(self.plan(&job), Record::read(self.target, stack))?;
        if !first.writes() && !job.changes_record(&kept.record) {
            self.announce(&first);
            lock::clear(self.target, stack, self.options.is_gone).await;
            return self.settle(&first, tally).await;
        }
        tally.expect(writing(&first).map(|step| step.object.clone()));
        // Before the first write, which the lock is.
        self.check(&first).await?;
        let request = self.request(stack);
        tally.ask_for_lock();
        let lock = request.acquire().await?;
        tokio::select! {
            lost = lock.keep() => Err(lost),
            result = self.locked(&job, &first, tally) => result,
        }
    }

    fn request<'r>(&'r self, stack: &'r str) -> Request<'r> {
        Request {
            target: self.target,
            stack,
            holder: &self.holder,
            wait: self.options.lock_wait,
            is_gone: self.options.is_gone,
            tell: self.tell,
        }
    }

    /// What is to be done as things are now.
    async fn plan(&self, job: &Job<'_>) -> Result<Plan, RunError> {
        match job {
            Job::Wish(wish) => {
                let observed = self.observe(&wish.stack, &wish.wanted).await?;
                Ok(plan(self.target, wish, &observed)?)
            }
            Job::Plan(made) => {
                let observed = self.observe(&made.stack, &made.wanted()).await?;
                if made.fits(&observed) {
                    return Ok((*made).clone());
                }
                Err(RunError::Stale)
            }
        }
    }

    async fn observe(&self, stack: &str, wanted: &[Wanted]) -> Result<Observation, Fault> {
        self.target.observe(stack, wanted, self.secrets).await
    }

    /// The part under the lock: what was seen before it may have changed, so it looks again.
    async fn locked(&self, job: &Job<'_>, first: &Plan, tally: &Tally) -> Result<(), RunError> {
        let stack = job.stack();
        let (plan, mut kept) = tokio::try_join!(self.plan(job), Record::read(self.target, stack))?;
        self.announce(&plan);
        if plan.steps != first.steps {
            self.check(&plan).await?;
        }
        tally.expect(writing(&plan).map(|step| step.object.clone()));
        if job.is_removal() {
            self.delete(&plan, tally).await?;
            return Ok(kept.delete(self.target, stack).await?);
        }
        kept.record.pending = Some(Deployment {
            at: self.holder.started.clone(),
            wanted: plan.wanted(),
            order: plan.order.clone(),
        });
        kept.write(self.target, stack).await?;
        self.settle(&plan, tally).await?;
        self.delete(&plan, tally).await?;
        self.conclude(&mut kept, stack).await
    }

    /// Whether what a plan writes can be written.
    async fn check(&self, plan: &Plan) -> Result<(), Fault> {
        let steps: Vec<Step> = writing(plan).cloned().collect();
        self.target.check(&plan.stack, &steps).await
    }

    async fn conclude(&self, kept: &mut Kept, stack: &str) -> Result<(), RunError> {
        kept.record.settle();
        kept.write(self.target, stack).await
    }

    fn announce(&self, plan: &Plan) {
        (self.tell)(DeployEvent::Planned {
            counts: plan.counts(),
        });
    }

    /// Does every step but deletions, wave by wave, and waits until everything is there.
    async fn settle(&self, plan: &Plan, tally: &Tally) -> Result<(), RunError> {
        let mut watchers = Watchers::new(self.target, &plan.stack, self.tell, tally);
        let waves = plan.steps.iter().filter(|step| step.wanted.is_some());
        let mut by_wave: BTreeMap<usize, Vec<&Step>> = BTreeMap::new();
        for step in waves {
            by_wave.entry(step.wave).or_default().push(step);
        }
        for (wave, steps) in by_wave {
            let gates: Vec<&Gate> = plan.order.gates(wave).collect();
            if steps.iter().any(|step| step.action.writes()) {
                watchers.pass(&gates).await?;
            }
            for watched in self.wave(&plan.stack, &steps, tally).await? {
                watchers.add(watched);
            }
        }
        watchers.all().await
    }

    /// Does the steps of a wave side by side, and says what to wait for.
    async fn wave(
        &self,
        stack: &str,
        steps: &[&Step],
        tally: &Tally,
    ) -> Result<Vec<Watched>, RunError> {
        let (writing, kept): (Vec<&Step>, Vec<&Step>) =
            steps.iter().partition(|step| step.action.writes());
        let begun = self.each(stack, &writing, tally).await?;
        let mut watched: Vec<Watched> = begun.into_iter().filter_map(watch).collect();
        watched.extend(self.earlier(stack, &kept).await?);
        Ok(watched)
    }

    /// The rollouts an earlier run began: this one reports them all the same.
    async fn earlier(&self, stack: &str, kept: &[&Step]) -> Result<Vec<Watched>, Fault> {
        let workloads: Vec<&Step> = kept
            .iter()
            .filter(|step| service(step).is_some())
            .copied()
            .collect();
        if workloads.is_empty() {
            return Ok(Vec::new());
        }
        let objects: Vec<ObjectId> = workloads.iter().map(|step| step.object.clone()).collect();
        let rollouts = self.target.rollouts(stack, &objects).await?;
        let pairs = workloads.into_iter().zip(rollouts);
        Ok(pairs.filter_map(watch).collect())
    }

    /// Deletes what is no longer wanted, tasks before what they use.
    async fn delete(&self, plan: &Plan, tally: &Tally) -> Result<(), RunError> {
        let mut by_rank: BTreeMap<usize, Vec<&Step>> = BTreeMap::new();
        for step in &plan.steps {
            if step.action == Action::Delete {
                by_rank.entry(step.wave).or_default().push(step);
            }
        }
        for steps in by_rank.into_values() {
            self.each(&plan.stack, &steps, tally).await?;
        }
        Ok(())
    }

    /// Does steps side by side; when some fail the others still end, and the first is the reason.
    async fn each<'s>(
        &self,
        stack: &str,
        steps: &[&'s Step],
        tally: &Tally,
    ) -> Result<Vec<(&'s Step, String)>, RunError> {
        let calls = steps.iter().map(|step| async move {
            let rollout = self.step(stack, step).await?;
            tally.done(&step.object);
            Ok((*step, rollout))
        });
        let calls = stream::iter(calls).buffered(CONCURRENCY);
        let results: Vec<Result<(&Step, String), Fault>> = calls.collect().await;
        Ok(results.into_iter().collect::<Result<_, Fault>>()?)
    }

    async fn step(&self, stack: &str, step: &Step) -> Result<String, Fault> {
        let tell = |state| {
            (self.tell)(DeployEvent::Step {
                action: step.action,
                object: step.object.clone(),
                state,
            });
        };
        tell(StepState::Started);
        let result = self.target.apply(stack, step, self.secrets).await;
        tell(match &result {
            Ok(_) => StepState::Done,
            Err(fault) => StepState::Failed(fault.to_string()),
        });
        result
    }
}

/// The steps that write.
fn writing(plan: &Plan) -> impl Iterator<Item = &Step> {
    plan.steps.iter().filter(|step| step.action.writes())
}

/// The service whose tasks a step is about.
fn service(step: &Step) -> Option<&str> {
    service_of(&step.wanted.as_ref()?.role)
}

fn watch((step, rollout): (&Step, String)) -> Option<Watched> {
    Some(Watched {
        object: step.object.clone(),
        service: service(step)?.to_owned(),
        rollout,
    })
}

/// Why the time was not enough: what seems wrong, where that is known.
fn overdue(tally: &Tally) -> RunError {
    let lists = tally.now();
    if lists.troubles.is_empty() {
        return RunError::TimedOut(lists.waiting.into_iter().collect());
    }
    RunError::RolloutFailed(lists.troubles)
}

fn report(tally: &Tally) -> Report {
    let lists = tally.now();
    Report {
        done: lists.done,
        pending: lists.pending.into_iter().collect(),
    }
}

fn ended(report: &Report, error: Option<&RunError>) -> DeployEvent {
    DeployEvent::Ended {
        outcome: error.map_or("done", RunError::word),
        reason: error.map(ToString::to_string),
        done: report.done.clone(),
        pending: report.pending.clone(),
    }
}
