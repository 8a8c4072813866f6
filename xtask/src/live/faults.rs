//! Breaks calls on their way: what a run says then, and that a plain run afterwards mends it.

use std::time::Duration;

use anyhow::{Context, Result};

use super::ended::Ended;
use super::proxy::{Fault, Moment, Proxy, Which};
use super::rig::{Rig, Target};
use super::scene::{Course, Figures, Reference, Scene};
use super::sweep::places;

/// The pause a busy server wishes for, in seconds.
const WISH: u64 = 2;
/// How long a server that takes its time holds each call back.
const SLOW: Duration = Duration::from_millis(250);

/// A disturbance, and what has to come of it.
struct Case {
    name: String,
    which: Which,
    fault: Fault,
    end: End,
}

/// How a disturbed run has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// As if nothing had been: the call is tried again.
    Well,
    /// As [`End::Well`], and the write of this number not again before the pause that was wished for.
    Patient(usize),
    /// With this exit code and the lists of what is done and what is not.
    Code(i32),
    /// With this code, or well where the call was not needed, such as one that renews the lock.
    CodeOrWell(i32),
}

/// Disturbs an upgrade: in a few places, or in all of them.
pub(crate) fn all<T: Target>(rig: &Rig<T>, full: bool) -> Result<String> {
    let figures = rig.scene("faults", Course::Upgrade, |scene| {
        let reference = scene.undisturbed()?;
        let service = reference.writes.iter();
        let service = service
            .map(|call| call.line.as_str())
            .position(|line| line.contains(T::WORKLOAD))
            .context("no write of a service")?;
        let cases = if full {
            every(&reference, T::IS_SENT_AGAIN)
        } else {
            few(service + 1, T::IS_SENT_AGAIN)
        };
        let mut figures = Figures::default();
        for case in cases {
            let wrong = case.wrong(scene, &reference)?;
            figures.count(&case.name, wrong.as_deref());
        }
        Ok(figures)
    })?;
    rig.target.wipe("faults")?;
    figures.all_well("faults")
}

/// The sample: each kind once, at the write of a service.
fn few(service: usize, is_sent_again: bool) -> Vec<Case> {
    vec![
        cut(service, Moment::After),
        busy(service, 429, Some(WISH)),
        broken(
            service,
            if is_sent_again {
                End::Well
            } else {
                End::Code(5)
            },
        ),
        expired(Which::WritesFrom(service)),
    ]
}

/// Every kind, at every write where it is about one.
fn every(reference: &Reference, is_sent_again: bool) -> Vec<Case> {
    let writes = reference.writes.len();
    let mut cases: Vec<Case> = places(reference)
        .map(|(number, moment)| cut(number, moment))
        .collect();
    for number in 1..=writes {
        cases.push(busy(number, 429, Some(WISH)));
        cases.push(busy(number, 503, None));
        let end = if is_sent_again {
            End::Well
        } else if number == 1 {
            End::Code(5)
        } else {
            End::CodeOrWell(5)
        };
        cases.push(broken(number, end));
        cases.push(expired(Which::WritesFrom(number)));
    }
    for first in [1, 2, writes.div_ceil(2)] {
        cases.push(Case {
            name: format!("500 on each write from {first} on"),
            which: Which::WritesFrom(first),
            fault: answer(500, None),
            end: End::Code(5),
        });
    }
    for number in (2..reference.calls).step_by(7) {
        cases.push(expired(Which::From(number)));
    }
    for number in [1, writes.div_ceil(2)] {
        cases.push(Case {
            name: format!("a stalled answer to write {number}"),
            which: Which::Write(number),
            fault: Fault::Stall,
            end: End::Well,
        });
    }
    cases.push(Case {
        name: "slow answers".to_owned(),
        which: Which::Every(1),
        fault: Fault::Delay(SLOW),
        end: End::Well,
    });
    cases
}

fn cut(number: usize, moment: Moment) -> Case {
    Case {
        name: format!("cut {moment:?} write {number}"),
        which: Which::Write(number),
        fault: Fault::Cut(moment),
        end: End::Well,
    }
}

fn busy(number: usize, status: u16, retry_after: Option<u64>) -> Case {
    Case {
        name: format!("{status} to write {number}"),
        which: Which::Write(number),
        fault: answer(status, retry_after),
        end: match retry_after {
            Some(_) => End::Patient(number),
            None => End::Well,
        },
    }
}

fn broken(number: usize, end: End) -> Case {
    Case {
        name: format!("one 500, to write {number}"),
        which: Which::Write(number),
        fault: answer(500, None),
        end,
    }
}

fn expired(which: Which) -> Case {
    Case {
        name: format!("401: {which:?}"),
        which,
        fault: answer(401, None),
        end: End::CodeOrWell(4),
    }
}

fn answer(status: u16, retry_after: Option<u64>) -> Fault {
    Fault::Answer {
        status,
        retry_after,
        body: format!(r#"{{"message":"injected {status}"}}"#),
    }
}

impl Case {
    /// What is wrong with how it ended, and with what a plain run afterwards makes of it.
    fn wrong(&self, scene: &Scene<'_>, reference: &Reference) -> Result<Option<String>> {
        let ended = scene.disturbed(vec![(self.which, self.fault.clone())])?;
        if let Some(wrong) = self.end.wrong(&ended, scene, reference)? {
            return Ok(Some(wrong));
        }
        scene.again(reference)
    }
}

impl End {
    fn wrong(
        self,
        ended: &Ended,
        scene: &Scene<'_>,
        reference: &Reference,
    ) -> Result<Option<String>> {
        let Ended { code, said, .. } = ended;
        let unexpected = Some(format!("{self:?}, but it ended with {code:?}: {said}"));
        match (self, *code) {
            (Self::Patient(number), Some(0)) if !was_patient(scene.proxy, number) => {
                Ok(Some("the wish for a pause was not granted".to_owned()))
            }
            (Self::Well | Self::Patient(_) | Self::CodeOrWell(_), Some(0)) => {
                scene.strays(reference)
            }
            (Self::Code(wanted) | Self::CodeOrWell(wanted), Some(code)) if wanted == code => {
                Ok(scene.last_event()?.wrong(scene, reference))
            }
            (Self::Well | Self::Patient(_) | Self::Code(_) | Self::CodeOrWell(_), _) => {
                Ok(unexpected)
            }
        }
    }
}

/// Whether a write came a second time no sooner than wished. One that renews the lock does not come
/// again when the run is over by then.
fn was_patient(proxy: &Proxy, number: usize) -> bool {
    let writes = proxy.writes();
    let mut from = writes.iter().skip(number - 1);
    let Some(first) = from.next() else {
        return false;
    };
    let again = from.find(|call| call.line == first.line);
    again.is_none_or(|again| again.at.duration_since(first.at) >= Duration::from_secs(WISH))
}
