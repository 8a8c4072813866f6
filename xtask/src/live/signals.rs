//! Asks a run to stop, at each of its writes: how soon it does, and what it leaves behind.

use std::time::Duration;

use anyhow::Result;
use nix::sys::signal::Signal;

use super::ended::Ended;
use super::proxy::{Fault, Which};
use super::rig::{Rig, Target, Way};
use super::scene::{Course, Figures, Reference, Scene};
use super::sweep::places;

/// How soon a run ends that is asked to: less than build servers wait before they kill.
const SOON: Duration = Duration::from_secs(3);

/// Asks politely and by Ctrl-C, in every place of an upgrade, or in one of so many.
pub(crate) fn all<T: Target>(rig: &Rig<T>, step: usize) -> Result<String> {
    let figures = rig.scene("signals", Course::Upgrade, |scene| {
        let reference = scene.undisturbed()?;
        let mut figures = Figures::default();
        for (index, (number, moment)) in places(&reference).step_by(step).enumerate() {
            let signal = if index.is_multiple_of(2) {
                Signal::SIGTERM
            } else {
                Signal::SIGINT
            };
            let fault = Fault::Signal(moment, signal);
            let ended = scene.disturbed(vec![(Which::Write(number), fault)])?;
            // A lock is renewed while its run lasts: one that was quicker wrote less, and ended
            // before its turn.
            let Some(signalled) = scene.proxy.signalled() else {
                continue;
            };
            let stopped = Stopped {
                signal,
                number,
                writes: scene.proxy.writes().len(),
                took: ended.at.duration_since(signalled),
                ended,
            };
            let wrong = stopped.wrong(scene, &reference)?;
            let name = format!("{signal} {moment:?} write {number}");
            figures.count(&name, wrong.as_deref());
        }
        Ok(figures)
    })?;
    rig.target.wipe("signals")?;
    figures.all_well("signals")
}

/// A run that was asked to end.
struct Stopped {
    signal: Signal,
    /// At which of its writes, from 1.
    number: usize,
    /// How many it made in all.
    writes: usize,
    /// How long it went on.
    took: Duration,
    ended: Ended,
}

impl Stopped {
    /// What is wrong with how it ended, and with what a second run makes of it.
    fn wrong(&self, scene: &Scene<'_>, reference: &Reference) -> Result<Option<String>> {
        let code = self.ended.code;
        // While it gives the lock back a run is over, and done.
        let is_over = self.number + scene.release > self.writes;
        if !(code == Some(128 + self.signal as i32) || is_over && code == Some(0)) {
            return Ok(Some(format!("{code:?}: {}", self.ended.said)));
        }
        if self.took > SOON {
            let took = self.took;
            return Ok(Some(format!("it ended {took:?} after it was asked to")));
        }
        if let Some(wrong) = scene.last_event()?.wrong(scene, reference) {
            return Ok(Some(wrong));
        }
        if (scene.is_locked)()? {
            return Ok(Some("it kept the lock".to_owned()));
        }
        scene.again(reference)
    }
}

/// A run whose time is over before its service is healthy, and nobody knows why.
pub(crate) fn too_slow<T: Target>(rig: &Rig<T>) -> Result<()> {
    let file = Rig::<T>::two_services("1", super::rig::IMAGE);
    let check = r#"test: ["CMD", "sleep", "100"], timeout: 120s"#;
    let slow = file.replace(r#"test: ["CMD", "true"]"#, check);
    let folder = rig.write("slow", &slow)?;
    rig.target.prepare("slow")?;
    rig.unseen(&folder, &["deploy", "--timeout", "15s"], 124)?;
    anyhow::ensure!(!rig.target.is_locked("slow")?, "it kept the lock");
    let command = rig.command(&folder, &["remove", "--yes"], Way::Direct)?;
    Ended::of(command)?.with(0, &folder, &["remove"]).map(drop)
}
