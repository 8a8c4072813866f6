//! Health checks.

use std::time::Duration;

use tranship_model::{HealthCheck, HealthTest, Topic};

use super::{nanoseconds, newer};
use crate::codes;
use crate::engine::HealthConfig;

/// The shortest time the engine takes, in nanoseconds.
const SHORTEST: u64 = 1_000_000;

/// Translates a health check; the engine runs it as docker compose has it run.
pub(super) fn health_check(check: &HealthCheck, page: &mut Topic<'_>) -> HealthConfig {
    let HealthCheck {
        test,
        interval,
        timeout,
        retries,
        start_period,
        start_interval,
    } = check;

    page.exact();
    if *test != Some(HealthTest::Disabled) {
        page.implicit(
            &codes::UNHEALTHY,
            "an unhealthy task is replaced; docker compose only marks it",
        );
    }
    let start_interval = time("start_interval", *start_interval, page);
    let needs = "from API 1.44; an older engine tests as often as after the start";
    HealthConfig {
        test: test.as_ref().map(self::test).unwrap_or_default(),
        interval: time("interval", *interval, page),
        timeout: time("timeout", *timeout, page),
        retries: *retries,
        start_period: time("start_period", *start_period, page),
        start_interval: newer(page, "start_interval", start_interval, needs),
    }
}

fn test(test: &HealthTest) -> Vec<String> {
    match test {
        HealthTest::Exec(command) => {
            let first = std::iter::once("CMD".to_owned());
            first.chain(command.iter().cloned()).collect()
        }
        HealthTest::Shell(line) => vec!["CMD-SHELL".to_owned(), line.clone()],
        HealthTest::Disabled => vec!["NONE".to_owned()],
    }
}

/// A time of at least a millisecond; 0 stands for the image's own.
fn time(key: &str, time: Option<Duration>, page: &mut Topic<'_>) -> Option<u64> {
    let wanted = nanoseconds(time?);
    if wanted == 0 || wanted >= SHORTEST {
        return Some(wanted);
    }
    let detail = format!("raised from {wanted} ns to 1 ms");
    page.key(key).approximate(&codes::MINIMUM, detail);
    Some(SHORTEST)
}
