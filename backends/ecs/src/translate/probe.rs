//! Health checks.

use std::time::Duration;

use tranship_model::{HealthCheck, HealthTest, Topic};

use crate::api;
use crate::codes;

/// Translates a health check; ECS runs none but those of the definition.
pub(crate) fn translate(
    topic: &mut Topic<'_>,
    check: Option<&HealthCheck>,
) -> Option<api::HealthCheck> {
    let mut topic = topic.key("health_check");
    let Some(HealthCheck {
        test,
        interval,
        timeout,
        retries,
        start_period,
        start_interval,
    }) = check
    else {
        topic.implicit(&codes::HEALTH_IMAGE, "a health check of the image is not run: a task counts as working while its process runs");
        return None;
    };
    let command = match test {
        Some(HealthTest::Exec(words)) => [vec!["CMD".to_owned()], words.clone()].concat(),
        Some(HealthTest::Shell(line)) => vec!["CMD-SHELL".to_owned(), line.clone()],
        Some(HealthTest::Disabled) => {
            topic.exact();
            return None;
        }
        None => {
            topic.refused(&codes::HEALTH_IMAGE, "the image's own check is not known here and not run: write its `test` into the file");
            return None;
        }
    };
    topic.key("test").exact();
    topic.drop_field(
        "start_interval",
        start_interval,
        &codes::HEALTH_RANGE,
        "checks come at the ordinary interval from the start",
    );
    Some(api::HealthCheck {
        command,
        interval: seconds(&mut topic, "interval", *interval, 30, (5, 300)),
        timeout: seconds(&mut topic, "timeout", *timeout, 30, (2, 60)),
        retries: count(&mut topic, *retries),
        start_period: seconds(&mut topic, "start_period", *start_period, 0, (0, 300)),
    })
}

/// Whole seconds within what ECS takes; unset, the value of compose.
fn seconds(
    topic: &mut Topic<'_>,
    key: &str,
    wanted: Option<Duration>,
    default: u64,
    (least, most): (u64, u64),
) -> u64 {
    let Some(wanted) = wanted else { return default };
    let given = rounded_up(wanted).clamp(least, most);
    let mut topic = topic.key(key);
    if Duration::from_secs(given) == wanted {
        topic.exact();
    } else {
        topic.approximate(
            &codes::HEALTH_RANGE,
            format!("{given} s, not {wanted:?}: ECS takes whole seconds from {least} to {most}"),
        );
    }
    given
}

/// Whole seconds, rounded up.
pub(crate) fn rounded_up(wanted: Duration) -> u64 {
    wanted
        .as_secs()
        .saturating_add(u64::from(wanted.subsec_nanos() > 0))
}

fn count(topic: &mut Topic<'_>, wanted: Option<u32>) -> u64 {
    let Some(wanted) = wanted else { return 3 };
    let given = wanted.clamp(1, 10);
    let mut topic = topic.key("retries");
    if given == wanted {
        topic.exact();
    } else {
        topic.approximate(
            &codes::HEALTH_RANGE,
            format!("{given} failures in a row, not {wanted}: ECS takes 1 to 10"),
        );
    }
    u64::from(given)
}

/// The port and the path a check asks for over HTTP on the task itself, such as 80 and `/health`.
pub(crate) fn http_path(check: Option<&HealthCheck>) -> Option<(u16, String)> {
    let text = match check?.test.as_ref()? {
        HealthTest::Exec(words) => words.join(" "),
        HealthTest::Shell(line) => line.clone(),
        HealthTest::Disabled => return None,
    };
    let (_, address) = text.split_once("http://")?;
    let end = address.find(|sign: char| sign.is_whitespace() || "\"'|&;)>\\$`".contains(sign));
    let address = end.and_then(|end| address.get(..end)).unwrap_or(address);
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let (host, port) = host.split_once(':').unwrap_or((host, "80"));
    let is_itself = matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0");
    let path = path.split('#').next().unwrap_or(path);
    let port = port.parse().ok()?;
    (is_itself && path.len() < 1000).then(|| (port, format!("/{path}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_check_over_http_is_found() {
        let path = |line: &str| {
            http_path(Some(&HealthCheck {
                test: Some(HealthTest::Shell(line.to_owned())),
                interval: None,
                timeout: None,
                retries: None,
                start_period: None,
                start_interval: None,
            }))
        };
        assert_eq!(
            path("curl -f http://localhost:8080/healthz || exit 1"),
            Some((8080, "/healthz".to_owned()))
        );
        assert_eq!(
            path("wget -q \"http://127.0.0.1/a?b=c\""),
            Some((80, "/a?b=c".to_owned()))
        );
        assert_eq!(path("curl http://localhost"), Some((80, "/".to_owned())));
        assert_eq!(path("curl http://db/health"), None);
        assert_eq!(path("pg_isready"), None);
    }
}
