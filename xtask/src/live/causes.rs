//! Why a rollout does not come up, and how soon a run tells.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::rig::{Rig, Target};

/// How many seconds after its last write a run has to tell a cause, on a machine that does much
/// else. A rollout may take ten minutes here, so what is told by then is what the target says.
const SOON: f64 = 150.0;

impl<T: Target> Rig<T> {
    /// Deploys what does not come up. It has to end with a code, and before that to tell the cause,
    /// as events call it, by an event of its own. Returns the cause and when it was told.
    pub(crate) fn doomed(
        &self,
        folder: &Path,
        arguments: &[&str],
        code: i32,
        cause: &str,
    ) -> Result<String> {
        let events = folder.join("events");
        let path = events.to_str().context("no name")?;
        let arguments = [&["deploy", "--events", path], arguments].concat();
        let ended = self.unseen(folder, &arguments, code)?;
        let events = fs::read_to_string(&events)?;
        let took = told(&events, cause).with_context(|| format!("{cause}: {}", ended.said))?;
        ensure!(took < SOON, "`{cause}` is told after {took} s");
        Ok(format!("{cause} ({took:.0} s)"))
    }
}

/// Seconds from the last thing written to the event that tells a cause.
fn told(events: &str, cause: &str) -> Result<f64> {
    let events: Vec<Value> = events
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let is = |event: &Value, name| event.get("event").is_some_and(|event| event == name);
    let tells = |event: &&Value| {
        is(event, "trouble")
            && event
                .pointer("/cause/kind")
                .is_some_and(|kind| kind == cause)
    };
    let told = events.iter().position(|event| tells(&event));
    let told = told.context("no event tells it")?;
    let (before, after) = events.split_at(told);
    ensure!(after.iter().any(|event| is(event, "ended")), "no end");
    let written = before.iter().rfind(|event| is(event, "step"));
    let written = written.context("nothing was written")?;
    let told = after.first().and_then(seconds);
    let (told, written) = told.zip(seconds(written)).context("no time")?;
    Ok((told - written).rem_euclid(24.0 * 3600.0))
}

/// When an event happened, in seconds of its day.
fn seconds(event: &Value) -> Option<f64> {
    let time = event.get("time")?.as_str()?;
    let (_, time) = time.trim_end_matches('Z').split_once('T')?;
    let mut parts = time.split(':').map(str::parse::<f64>);
    let mut part = || parts.next()?.ok();
    Some(part()? * 3600.0 + part()? * 60.0 + part()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_by_its_own_event_behind_the_last_write() -> Result<()> {
        let events = r#"{"time":"2026-11-22T23:59:59.500Z","event":"step"}
{"time":"2026-11-23T00:00:01.000Z","event":"trouble","cause":{"kind":"image-missing"}}
{"time":"2026-11-23T00:00:02.000Z","event":"ended"}"#;
        assert!((told(events, "image-missing")? - 1.5).abs() < 0.01);
        assert!(told(events, "quota").is_err());
        Ok(())
    }
}
