//! Two runs at once that want different things: one wins, and the other says who.

use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::Value;

use super::ended::Ended;
use super::rig::{IMAGE, Rig, Target, Way};
use super::scene::Figures;

/// One of the two, and what is there when it deploys alone.
struct Rival {
    folder: std::path::PathBuf,
    state: Value,
}

/// Lets two deployments of a stack begin at once, so many times.
pub(crate) fn all<T: Target>(rig: &Rig<T>, rounds: usize) -> Result<String> {
    rig.target.prepare("race")?;
    let rivals = [rival(rig, "one", "1")?, rival(rig, "two", "2")?];
    ensure!(rivals[0].state != rivals[1].state, "they want the same");
    let mut figures = Figures::default();
    for round in 1..=rounds {
        rig.target.wipe("race")?;
        let wrong = race(rig, &rivals)?;
        figures.count(&format!("race {round}"), wrong.as_deref());
    }
    rig.target.wipe("race")?;
    figures.all_well("races")
}

/// Another version of the service, and other content for it.
fn rival<T: Target>(rig: &Rig<T>, name: &str, version: &str) -> Result<Rival> {
    let folder = rig.write(
        &format!("{name}/race"),
        &Rig::<T>::two_services(version, IMAGE),
    )?;
    std::fs::write(folder.join("page"), format!("{name}\n"))?;
    rig.target.wipe("race")?;
    rig.unseen(&folder, &["deploy"], 0)?;
    Ok(Rival {
        folder,
        state: rig.target.state("race")?,
    })
}

/// What is wrong with how two that began at once ended.
fn race<T: Target>(rig: &Rig<T>, rivals: &[Rival; 2]) -> Result<Option<String>> {
    let run = |rival: &Rival| Ended::of(rig.command(&rival.folder, &["deploy"], Way::Direct)?);
    let [one, two] = rivals;
    let (first, second) = thread::scope(|scope| {
        let first = scope.spawn(|| run(one));
        let second = run(two);
        (first.join(), second)
    });
    let first = first.map_err(|_panic| anyhow!("a run panicked"))??;
    let second = second?;
    let (winner, won, lost) = match (first.code, second.code) {
        (Some(0), Some(6)) => (one, first, second),
        (Some(6), Some(0)) => (two, second, first),
        codes => {
            let said = format!("{codes:?}: {} | {}", first.said, second.said);
            return Ok(Some(said));
        }
    };
    let holder = format!("pid {}", won.process);
    if !lost.said.contains(&holder) {
        return Ok(Some(format!("no {holder} in: {}", lost.said)));
    }
    let state = rig.target.state("race").context("after a race")?;
    let is_whole = state == winner.state;
    Ok((!is_whole).then(|| format!("{state}\n  instead of\n{}", winner.state)))
}
