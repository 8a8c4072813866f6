//! One run at a time for each stack, under a lock that needs nobody to remove it.
//!
//! The holder writes its note again every few seconds. Whoever finds the note unchanged for a whole
//! lease, by its own clock, takes it over: no clock of anyone else's decides anything.

use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep, timeout};
use tranship_backend::deploy::{Deploy, Fault, Note, Stored, Written};

use crate::event::DeployEvent;
use crate::outcome::RunError;

/// How long a silent holder keeps others out.
const LEASE: Duration = Duration::from_secs(20);
/// How often a holder writes.
const BEAT: Duration = Duration::from_secs(4);
/// How long a holder whose writes fail believes that it still has the lock.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often a held lock is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// How long a write of a run that was cut short may be on its way.
const LATE: Duration = Duration::from_millis(200);
/// How long giving the lock back may take.
const RELEASE: Duration = Duration::from_secs(2);

/// Who runs a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The machine.
    pub host: String,
    /// The number of the program's run on it.
    pub pid: u32,
    /// When it began, RFC 3339.
    pub started: String,
    /// The address of the pipeline's run, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub job: Option<String>,
    /// Different for each run.
    pub token: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            host,
            pid,
            started,
            job,
            token: _,
        } = self;
        write!(formatter, "{host} (pid {pid}, since {started}")?;
        if let Some(job) = job {
            write!(formatter, ", {job}")?;
        }
        formatter.write_str(")")
    }
}

/// What the note says.
#[derive(Serialize, Deserialize)]
struct Text {
    holder: Holder,
    beat: u64,
}

/// How a lock is asked for.
pub(crate) struct Request<'a> {
    pub(crate) target: &'a dyn Deploy,
    pub(crate) stack: &'a str,
    pub(crate) holder: &'a Holder,
    /// How long to wait for someone who is alive.
    pub(crate) wait: Duration,
    /// Whether a holder's run is known to be over, such as one of this machine.
    pub(crate) is_gone: fn(&Holder) -> bool,
    pub(crate) tell: &'a (dyn Fn(DeployEvent) + Send + Sync),
}

/// The lock while we have it.
pub(crate) struct Lock<'a> {
    target: &'a dyn Deploy,
    stack: &'a str,
    holder: &'a Holder,
    version: Mutex<String>,
}

impl<'a> Request<'a> {
    /// Waits for the lock.
    ///
    /// # Errors
    ///
    /// [`RunError::Locked`] when someone alive has it.
    pub(crate) async fn acquire(&self) -> Result<Lock<'a>, RunError> {
        let mut watch = Watch::default();
        loop {
            let found = self.target.store().read(self.stack, Note::Lock).await?;
            let expected = match &found {
                None => {
                    watch.gone(self.wait)?;
                    None
                }
                Some(stored) if self.may_take(&mut watch, stored)? => Some(stored.version.as_str()),
                Some(_) => {
                    sleep(LOOK).await;
                    continue;
                }
            };
            let text = text(self.holder, 0)?;
            let store = self.target.store();
            if let Written::Done { version } =
                store.write(self.stack, Note::Lock, &text, expected).await?
            {
                self.tell_taken(found.as_ref());
                return Ok(self.lock(version));
            }
        }
    }

    const fn lock(&self, version: String) -> Lock<'a> {
        Lock {
            target: self.target,
            stack: self.stack,
            holder: self.holder,
            version: Mutex::new(version),
        }
    }

    fn tell_taken(&self, found: Option<&Stored>) {
        if let Some(holder) = found.and_then(|stored| holder(&stored.text)) {
            (self.tell)(DeployEvent::LockTakenOver { holder });
        }
    }

    /// Whether the holder is gone; tells about it once, and gives up when it is alive and the
    /// wait is over.
    fn may_take(&self, watch: &mut Watch, stored: &Stored) -> Result<bool, RunError> {
        let holder = holder(&stored.text);
        if holder.as_ref().is_some_and(|holder| (self.is_gone)(holder)) {
            return Ok(true);
        }
        let seen = watch.look(&stored.version, holder.as_ref());
        if let (true, Some(holder)) = (seen.is_first, &holder) {
            let holder = holder.clone();
            (self.tell)(DeployEvent::LockHeld { holder });
        }
        if seen.unchanged >= LEASE {
            return Ok(true);
        }
        match holder {
            Some(holder) if seen.has_changed && seen.total >= self.wait => {
                Err(RunError::Locked(holder))
            }
            Some(_) | None => Ok(false),
        }
    }
}

/// What was seen of someone else's lock so far.
#[derive(Default)]
struct Watch {
    first: Option<(String, Instant)>,
    last: Option<(String, Instant)>,
    holder: Option<Holder>,
}

struct Seen {
    is_first: bool,
    has_changed: bool,
    unchanged: Duration,
    total: Duration,
}

impl Watch {
    /// The lock was given back: whoever was seen with it was alive, and has deployed since this
    /// run looked.
    fn gone(&self, wait: Duration) -> Result<(), RunError> {
        let since = self.first.as_ref().map(|(_, since)| *since);
        let is_over = since.is_some_and(|since| since.elapsed() >= wait);
        match &self.holder {
            Some(holder) if is_over => Err(RunError::Locked(holder.clone())),
            Some(_) | None => Ok(()),
        }
    }

    fn look(&mut self, version: &str, holder: Option<&Holder>) -> Seen {
        let now = Instant::now();
        self.holder = holder.cloned();
        let is_first = self.first.is_none();
        let here = || (version.to_owned(), now);
        let first = self.first.get_or_insert_with(here);
        let (first_version, begin) = (first.0 == version, first.1);
        match &mut self.last {
            Some((last, _)) if last == version => {}
            last => *last = Some(here()),
        }
        let since = self.last.as_ref().map_or(now, |(_, since)| *since);
        Seen {
            is_first,
            has_changed: !first_version,
            unchanged: now.duration_since(since),
            total: now.duration_since(begin),
        }
    }
}

impl Lock<'_> {
    /// Keeps the lock alive; returns only when it is lost.
    pub(crate) async fn keep(&self) -> RunError {
        let mut beat = 0;
        let mut last_written = Instant::now();
        loop {
            sleep(BEAT).await;
            beat += 1;
            match self.beat(beat).await {
                Ok(true) => last_written = Instant::now(),
                Ok(false) => return RunError::LockLost,
                Err(_) if last_written.elapsed() < PATIENCE => {}
                Err(fault) => return fault,
            }
        }
    }

    async fn beat(&self, beat: u64) -> Result<bool, RunError> {
        let text = text(self.holder, beat)?;
        let store = self.target.store();
        let version = self.version();
        let written = store
            .write(self.stack, Note::Lock, &text, Some(&version))
            .await?;
        match written {
            Written::Done { version } => {
                self.set_version(version);
                Ok(true)
            }
            // The answer to our own last write may have been lost on the way.
            Written::Lost => self.is_still_ours().await.map_err(RunError::from),
        }
    }

    async fn is_still_ours(&self) -> Result<bool, Fault> {
        let Some(stored) = self.target.store().read(self.stack, Note::Lock).await? else {
            return Ok(false);
        };
        let is_ours = holder(&stored.text).is_some_and(|holder| holder.token == self.holder.token);
        if is_ours {
            self.set_version(stored.version);
        }
        Ok(is_ours)
    }

    fn version(&self) -> String {
        let version = self.version.lock();
        version
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    fn set_version(&self, new: String) {
        let version = self.version.lock();
        *version.unwrap_or_else(std::sync::PoisonError::into_inner) = new;
    }
}

/// Gives the lock of a stack back if this holder has it; should that fail, it expires by itself.
///
/// Of a run that was cut short a write may still be on its way: then it looks more than once.
pub(crate) async fn release(target: &dyn Deploy, stack: &str, holder: &Holder, was_cut: bool) {
    let looks = if was_cut { 3 } else { 1 };
    let lock = Lock {
        target,
        stack,
        holder,
        version: Mutex::default(),
    };
    let release = async {
        let mut looked = 0;
        while looked < looks {
            if lock.is_still_ours().await? {
                let store = target.store();
                store.delete(stack, Note::Lock, &lock.version()).await?;
                continue;
            }
            looked += 1;
            if looked < looks {
                sleep(LATE).await;
            }
        }
        Ok::<(), Fault>(())
    };
    drop(timeout(RELEASE, release).await);
}

/// Deletes the lock of a run known to be over: who finds nothing to write takes no lock, and would
/// leave it for good. It is in nobody's way, so that a failure is none of the run.
pub(crate) async fn clear(target: &dyn Deploy, stack: &str, is_gone: fn(&Holder) -> bool) {
    let store = target.store();
    let Ok(Some(stored)) = store.read(stack, Note::Lock).await else {
        return;
    };
    if holder(&stored.text).is_some_and(|holder| is_gone(&holder)) {
        drop(store.delete(stack, Note::Lock, &stored.version).await);
    }
}

fn text(holder: &Holder, beat: u64) -> Result<String, Fault> {
    let text = Text {
        holder: holder.clone(),
        beat,
    };
    serde_json::to_string(&text).map_err(|error| Fault::Other(error.to_string()))
}

fn holder(text: &str) -> Option<Holder> {
    serde_json::from_str::<Text>(text)
        .ok()
        .map(|text| text.holder)
}
