//! Health checks.

use std::time::Duration;

use k8s_openapi::api::core::v1::{ExecAction, Probe};
use tranship_model::{HealthCheck, HealthTest, Topic};

use super::pod::Pod;
use crate::{codes, quantity};

/// What Docker takes where a file says nothing, or 0.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(30);
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
const DEFAULT_START_INTERVAL: Duration = Duration::from_secs(5);
const DEFAULT_RETRIES: u32 = 3;

/// Translates a health check into a readiness probe and, with a start period, a startup probe.
///
/// There is no liveness probe: Docker does not restart what is unhealthy.
pub(super) fn health_check(check: Option<&HealthCheck>, pod: &mut Pod, topic: &mut Topic<'_>) {
    let mut topic = topic.key("health_check");
    let Some(check) = check else {
        let detail = "a health check inside the image is not run";
        topic.implicit(&codes::IMAGE_HEALTH_CHECK, detail);
        return;
    };
    let HealthCheck {
        test,
        interval,
        timeout,
        retries,
        start_period,
        start_interval,
    } = check;
    let Some(command) = command(test.as_ref(), &mut topic) else {
        return;
    };
    let start = &mut topic.key("start_interval");
    let start_interval = seconds(*start_interval, DEFAULT_START_INTERVAL, start);
    let timing = Timing {
        interval: seconds(*interval, DEFAULT_INTERVAL, &mut topic.key("interval")),
        timeout: seconds(*timeout, DEFAULT_TIMEOUT, &mut topic.key("timeout")),
        retries: self::retries(*retries, &mut topic),
        start_interval,
    };
    if let Some(period) = start_period.filter(|period| !period.is_zero()) {
        pod.container.startup_probe = Some(timing.startup(&command, period));
        topic.key("start_period").approximate(
            &codes::PROBE_START,
            "a task that is not healthy by then is restarted; Docker marks it unhealthy",
        );
    }
    pod.container.readiness_probe = Some(timing.readiness(command));
}

/// What a probe runs, if there is to be one.
fn command(test: Option<&HealthTest>, topic: &mut Topic<'_>) -> Option<Vec<String>> {
    match test {
        Some(HealthTest::Exec(words)) if !words.is_empty() => {
            topic.key("test").exact();
            Some(words.clone())
        }
        Some(HealthTest::Shell(line)) => {
            topic.key("test").exact();
            Some(["/bin/sh", "-c", line].map(str::to_owned).to_vec())
        }
        Some(HealthTest::Exec(_) | HealthTest::Disabled) => {
            topic.exact();
            None
        }
        None => {
            let detail = "the image's own test is not run, so its timing has no effect";
            topic.dropped(&codes::IMAGE_HEALTH_CHECK, detail);
            None
        }
    }
}

/// Times in whole seconds.
struct Timing {
    interval: i32,
    timeout: i32,
    retries: i32,
    start_interval: i32,
}

impl Timing {
    fn readiness(&self, command: Vec<String>) -> Probe {
        Probe {
            exec: Some(ExecAction {
                command: Some(command),
            }),
            period_seconds: Some(self.interval),
            timeout_seconds: Some(self.timeout),
            failure_threshold: Some(self.retries),
            ..Probe::default()
        }
    }

    /// Failures in the start period do not count, and `retries` more are allowed.
    fn startup(&self, command: &[String], period: Duration) -> Probe {
        let tries = quantity::int_seconds(period).div_euclid(self.start_interval);
        let rest = i32::from(quantity::int_seconds(period).rem_euclid(self.start_interval) > 0);
        // The tries behind the start period come at the ordinary interval.
        let behind = self.retries.saturating_mul(self.interval) / self.start_interval;
        Probe {
            period_seconds: Some(self.start_interval),
            failure_threshold: Some(tries.saturating_add(rest).saturating_add(behind.max(1))),
            ..self.readiness(command.to_vec())
        }
    }
}

/// Whole seconds, at least 1, rounded up with a note.
fn seconds(wanted: Option<Duration>, default: Duration, topic: &mut Topic<'_>) -> i32 {
    let Some(wanted) = wanted else {
        return quantity::int_seconds(default);
    };
    if wanted.is_zero() {
        topic.exact();
        return quantity::int_seconds(default);
    }
    let given = quantity::int_seconds(wanted);
    if Duration::from_secs(u64::from(given.unsigned_abs())) == wanted {
        topic.exact();
    } else {
        let detail = format!("it is {given} s, not {wanted:?}: probes count whole seconds");
        topic.approximate(&codes::PROBE_ROUNDED, detail);
    }
    given
}

fn retries(retries: Option<u32>, topic: &mut Topic<'_>) -> i32 {
    let retries = topic
        .carry("retries", retries)
        .filter(|retries| *retries > 0);
    quantity::int(retries.unwrap_or(DEFAULT_RETRIES))
}
