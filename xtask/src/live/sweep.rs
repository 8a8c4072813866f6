//! Kills the client before and after each of its writing calls, runs it again, and looks at what
//! is there.

use anyhow::Result;
use nix::sys::signal::Signal;

use super::proxy::{Fault, Moment, Which};
use super::rig::{Rig, Target};
use super::scene::{Course, Figures, Reference, Scene};

/// Kills a first run, an upgrade and a removal, each in every place, or in one of so many.
pub(crate) fn kills<T: Target>(rig: &Rig<T>, step: usize) -> Result<Vec<String>> {
    let mut told = Vec::new();
    let mut failed = Ok(());
    for course in Course::ALL {
        let figures = rig.scene("kills", course, |scene| killed_everywhere(scene, step))?;
        match figures.all_well(course.name()) {
            Ok(figures) => told.push(figures),
            Err(error) => failed = Err(error),
        }
    }
    rig.target.wipe("kills")?;
    failed.map(|()| told)
}

fn killed_everywhere(scene: &Scene<'_>, step: usize) -> Result<Figures> {
    let reference = scene.undisturbed()?;
    let mut figures = Figures::default();
    for (number, moment) in places(&reference).step_by(step) {
        let kill = Fault::Signal(moment, Signal::SIGKILL);
        scene.disturbed(vec![(Which::Write(number), kill)])?;
        let name = format!("{}, killed {moment:?} write {number}", scene.course.name());
        figures.count(&name, scene.again(&reference)?.as_deref());
    }
    Ok(figures)
}

/// Before and after each write.
pub(crate) fn places(reference: &Reference) -> impl Iterator<Item = (usize, Moment)> {
    let numbers = 1..=reference.writes.len();
    numbers.flat_map(|number| [(number, Moment::Before), (number, Moment::After)])
}
