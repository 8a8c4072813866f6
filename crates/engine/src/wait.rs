//! Waiting for rollouts, all of them together.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::sleep;
use tranship_backend::deploy::{Cause, Convergence, Deploy, Waiting, Watched};

use crate::event::DeployEvent;
use crate::order::{Gate, Until};
use crate::outcome::RunError;
use crate::tally::Tally;

/// The pause between two looks grows from the first to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(1));

/// What is waited for, and how far it is.
pub(crate) struct Watchers<'a> {
    target: &'a dyn Deploy,
    stack: &'a str,
    tell: &'a (dyn Fn(DeployEvent) + Send + Sync),
    tally: &'a Tally,
    rollouts: Vec<Rollout>,
}

struct Rollout {
    watched: Watched,
    state: Option<Convergence>,
}

impl<'a> Watchers<'a> {
    pub(crate) const fn new(
        target: &'a dyn Deploy,
        stack: &'a str,
        tell: &'a (dyn Fn(DeployEvent) + Send + Sync),
        tally: &'a Tally,
    ) -> Self {
        Self {
            target,
            stack,
            tell,
            tally,
            rollouts: Vec::new(),
        }
    }

    /// Waits for one more.
    pub(crate) fn add(&mut self, watched: Watched) {
        self.rollouts.push(Rollout {
            watched,
            state: None,
        });
    }

    /// Waits until each gate is open.
    pub(crate) async fn pass(&mut self, gates: &[&Gate]) -> Result<(), RunError> {
        if gates.is_empty() {
            return Ok(());
        }
        self.wait(|rollouts| {
            let closed = gates.iter().filter(|gate| !is_open(rollouts, gate));
            closed.map(|gate| gate.service.clone()).collect()
        })
        .await
    }

    /// Waits until every rollout is there.
    pub(crate) async fn all(&mut self) -> Result<(), RunError> {
        self.wait(|rollouts| {
            let unsettled = rollouts.iter().filter(|rollout| !rollout.is_settled());
            unsettled
                .map(|rollout| rollout.watched.service.clone())
                .collect()
        })
        .await
    }

    async fn wait(
        &mut self,
        waits_for: impl Fn(&[Rollout]) -> BTreeSet<String>,
    ) -> Result<(), RunError> {
        let mut pause = PAUSE.0;
        loop {
            self.look().await?;
            let waiting = waits_for(&self.rollouts);
            let is_over = waiting.is_empty();
            self.tally.wait_for(waiting);
            if is_over {
                return Ok(());
            }
            sleep(pause).await;
            pause = (pause * 3 / 2).min(PAUSE.1);
        }
    }

    /// Asks about everything that is not settled, tells what changed, and fails when something
    /// will not get there.
    async fn look(&mut self) -> Result<(), RunError> {
        let open: Vec<usize> = (0..self.rollouts.len())
            .filter(|index| {
                self.rollouts
                    .get(*index)
                    .is_some_and(|one| !one.is_settled())
            })
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let watched: Vec<Watched> = open
            .iter()
            .filter_map(|index| Some(self.rollouts.get(*index)?.watched.clone()))
            .collect();
        let states = self.target.progress(self.stack, &watched).await?;
        for (index, state) in open.into_iter().zip(states) {
            if let Some(rollout) = self.rollouts.get_mut(index) {
                rollout.learn(state, self.tell);
            }
        }
        self.tally.trouble(self.troubles());
        self.verdict()
    }

    fn verdict(&self) -> Result<(), RunError> {
        let rolled_back = self.causes(|state| match state {
            Convergence::RolledBack(cause) => Some(cause.clone()),
            Convergence::Waiting(_)
            | Convergence::Converged
            | Convergence::Completed
            | Convergence::Failed(_) => None,
        });
        if !rolled_back.is_empty() {
            return Err(RunError::RolledBack(rolled_back));
        }
        let failed = self.causes(|state| match state {
            Convergence::Failed(cause) => Some(cause.clone()),
            Convergence::Waiting(_)
            | Convergence::Converged
            | Convergence::Completed
            | Convergence::RolledBack(_) => None,
        });
        if !failed.is_empty() {
            return Err(RunError::RolloutFailed(failed));
        }
        Ok(())
    }

    /// What seems wrong with what is still waited for.
    fn troubles(&self) -> Vec<(String, Cause)> {
        self.causes(|state| match state {
            Convergence::Waiting(waiting) => waiting.cause.clone(),
            Convergence::Converged
            | Convergence::Completed
            | Convergence::Failed(_)
            | Convergence::RolledBack(_) => None,
        })
    }

    fn causes(&self, cause: impl Fn(&Convergence) -> Option<Cause>) -> Vec<(String, Cause)> {
        let rollouts = self.rollouts.iter();
        rollouts
            .filter_map(|rollout| {
                let cause = cause(rollout.state.as_ref()?)?;
                Some((rollout.watched.service.clone(), cause))
            })
            .collect()
    }
}

impl Rollout {
    const fn is_settled(&self) -> bool {
        matches!(
            self.state,
            Some(Convergence::Converged | Convergence::Completed)
        )
    }

    /// Keeps a state, and tells what is new about it.
    fn learn(&mut self, state: Convergence, tell: &(dyn Fn(DeployEvent) + Send + Sync)) {
        if self.state.as_ref() == Some(&state) {
            return;
        }
        let service = self.watched.service.clone();
        match &state {
            Convergence::Waiting(waiting) => self.learn_waiting(waiting, tell),
            Convergence::Converged => tell(DeployEvent::Settled {
                service,
                completed: false,
            }),
            Convergence::Completed => tell(DeployEvent::Settled {
                service,
                completed: true,
            }),
            Convergence::Failed(cause) | Convergence::RolledBack(cause) => {
                let cause = cause.clone();
                tell(DeployEvent::Trouble { service, cause });
            }
        }
        self.state = Some(state);
    }

    fn learn_waiting(&self, new: &Waiting, tell: &(dyn Fn(DeployEvent) + Send + Sync)) {
        let service = self.watched.service.clone();
        let old = match &self.state {
            Some(Convergence::Waiting(old)) => old.clone(),
            Some(_) | None => Waiting::default(),
        };
        let kind = |waiting: &Waiting| waiting.cause.as_ref().map(|cause| cause.kind);
        if let Some(cause) = new.cause.clone().filter(|_| kind(new) != kind(&old)) {
            let service = service.clone();
            tell(DeployEvent::Trouble { service, cause });
        }
        let Waiting {
            running,
            ready,
            wanted,
            cause: _,
        } = *new;
        if (running, ready, wanted) != (old.running, old.ready, old.wanted) {
            tell(DeployEvent::Waiting {
                service,
                running,
                ready,
                wanted,
            });
        }
    }
}

/// Whether a service is as far as a gate asks; one that is not of this run is.
fn is_open(rollouts: &[Rollout], gate: &Gate) -> bool {
    let of_service = |rollout: &&Rollout| rollout.watched.service == gate.service;
    let mut rollouts = rollouts.iter().filter(of_service);
    rollouts.all(|rollout| match &rollout.state {
        Some(Convergence::Completed) => true,
        Some(Convergence::Converged) => gate.until != Until::Completed,
        Some(Convergence::Waiting(waiting)) => match gate.until {
            Until::Started => waiting.running >= waiting.wanted.min(1),
            Until::Healthy => waiting.wanted > 0 && waiting.ready >= waiting.wanted,
            Until::Completed => false,
        },
        Some(Convergence::Failed(_) | Convergence::RolledBack(_)) | None => false,
    })
}
