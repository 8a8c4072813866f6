//! One task: how it is, and what is wrong with it.

use k8s_openapi::api::core::v1::{
    ContainerStateTerminated, ContainerStatus, Event, Pod, PodCondition, Probe,
};
use k8s_openapi::jiff::Timestamp;
use tranship_backend::deploy::{Cause, CauseKind};

/// What is wrong with a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Trouble {
    /// What it is.
    pub(super) cause: Cause,
    /// Whether it will not pass by waiting.
    pub(super) lasts: bool,
}

impl Trouble {
    /// What it is, without the name of the task.
    pub(in super::super) fn words(&self) -> &str {
        let detail = self.cause.detail.as_str();
        detail.split_once(": ").map_or(detail, |(_, words)| words)
    }
}

/// What keeps a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Keeper {
    /// A process that ends is started again.
    Service,
    /// A process may end.
    Job,
}

/// Starts after which a process that ends is not waited for: they take about half a minute.
const STARTS: i32 = 3;

/// Seconds a missing secret or config is waited for: caches of the node may be behind.
const PATIENCE: i64 = 8;

/// Seconds a task that runs is given to become healthy, at least.
const LEAST_HEALTH: i64 = 30;

/// Seconds a process that nothing checks has to run.
const STEADY: i64 = 3;

/// The same for one that ended before: longer than the first pause between starts.
const STEADY_AGAIN: i64 = 12;

/// Tries of a mount after which a missing object is not waited for: about 8 seconds.
const MOUNTS: i32 = 4;

/// Whether a task is being stopped.
pub(in super::super) fn is_dying(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_some()
}

/// Whether a task is ready.
pub(in super::super) fn is_ready(pod: &Pod) -> bool {
    !is_dying(pod) && condition(pod, "Ready").is_some_and(|ready| ready.status == "True")
}

/// Whether a task is ready, and will most likely stay so.
///
/// A process that nothing checks counts as ready as soon as it runs, even one that ends at once; so
/// it has to run for a while, and longer when it ended before.
pub(super) fn is_steady(pod: &Pod, now: Option<Timestamp>) -> bool {
    let runs = |status: &ContainerStatus| {
        let running = status
            .state
            .as_ref()
            .and_then(|state| state.running.as_ref());
        let started = running
            .and_then(|running| running.started_at.as_ref())
            .map(|time| time.0);
        let enough = if status.restart_count == 0 {
            STEADY
        } else {
            STEADY_AGAIN
        };
        is_checked(pod, &status.name) || since(started, now).is_none_or(|age| age >= enough)
    };
    let all = pod
        .status
        .as_ref()
        .and_then(|status| status.container_statuses.as_ref());
    is_ready(pod) && all.is_none_or(|all| all.iter().all(runs))
}

fn is_checked(pod: &Pod, container: &str) -> bool {
    let containers = pod.spec.iter().flat_map(|spec| &spec.containers);
    let mut named = containers.filter(|other| other.name == container);
    named.any(|container| container.readiness_probe.is_some())
}

/// Whether every process of a task runs.
pub(in super::super) fn is_running(pod: &Pod) -> bool {
    let runs = |status: &ContainerStatus| {
        let state = status.state.as_ref();
        state.is_some_and(|state| state.running.is_some())
    };
    let statuses = pod
        .status
        .as_ref()
        .and_then(|status| status.container_statuses.as_ref());
    !is_dying(pod) && statuses.is_some_and(|all| !all.is_empty() && all.iter().all(runs))
}

/// A label of a task.
pub(super) fn label<'pod>(pod: &'pod Pod, key: &str) -> Option<&'pod str> {
    pod.metadata.labels.as_ref()?.get(key).map(String::as_str)
}

fn condition<'pod>(pod: &'pod Pod, name: &str) -> Option<&'pod PodCondition> {
    let conditions = pod.status.as_ref()?.conditions.as_ref()?;
    conditions.iter().find(|condition| condition.type_ == name)
}

fn name(pod: &Pod) -> &str {
    pod.metadata.name.as_deref().unwrap_or_default()
}

/// What is wrong with a task; nothing as long as it may just be starting.
pub(in super::super) fn trouble(
    pod: &Pod,
    events: &[&Event],
    now: Option<Timestamp>,
    keeper: Keeper,
) -> Option<Trouble> {
    if is_dying(pod) || is_ready(pod) {
        return None;
    }
    let trouble = unscheduled(pod, now)
        .or_else(|| statuses(pod).find_map(|status| container(pod, status, events, now, keeper)))
        .or_else(|| unmounted(events))
        .or_else(|| unhealthy(pod, events, now))
        .or_else(|| gone(pod));
    trouble.map(|(kind, detail, lasts)| Trouble {
        cause: Cause {
            kind,
            detail: format!("{}: {}", name(pod), detail.trim()),
        },
        lasts,
    })
}

/// A kind of cause, its words, and whether it lasts.
type Finding = (CauseKind, String, bool);

fn statuses(pod: &Pod) -> impl Iterator<Item = &ContainerStatus> {
    let status = pod.status.iter();
    status.flat_map(|status| {
        let before = status.init_container_statuses.iter().flatten();
        before.chain(status.container_statuses.iter().flatten())
    })
}

fn unscheduled(pod: &Pod, now: Option<Timestamp>) -> Option<Finding> {
    let scheduled = condition(pod, "PodScheduled")?;
    if scheduled.status != "False" || scheduled.reason.as_deref() != Some("Unschedulable") {
        return None;
    }
    let message = scheduled.message.clone().unwrap_or_default();
    let is_claim = message.contains("persistentvolumeclaim") && message.contains("not found");
    let kind = if is_claim {
        CauseKind::ObjectMissing
    } else {
        CauseKind::Unschedulable
    };
    let lasts = is_claim && age(pod, now).is_none_or(|age| age >= PATIENCE);
    Some((kind, message, lasts))
}

fn container(
    pod: &Pod,
    status: &ContainerStatus,
    events: &[&Event],
    now: Option<Timestamp>,
    keeper: Keeper,
) -> Option<Finding> {
    let state = status.state.as_ref()?;
    if let Some(waiting) = &state.waiting {
        let message = waiting.message.clone().unwrap_or_default();
        let reason = waiting.reason.as_deref().unwrap_or_default();
        if let Some(found) = unstarted(pod, reason, message, now) {
            return Some(found);
        }
    }
    let last = status
        .last_state
        .as_ref()
        .and_then(|state| state.terminated.as_ref());
    let ended = state.terminated.as_ref().or(last)?;
    if keeper == Keeper::Job && ended.exit_code == 0 {
        return None;
    }
    Some(ended_again(status, ended, events, keeper))
}

/// A process that was never started.
fn unstarted(pod: &Pod, reason: &str, message: String, now: Option<Timestamp>) -> Option<Finding> {
    match reason {
        "InvalidImageName" | "ErrImageNeverPull" => Some((CauseKind::ImageMissing, message, true)),
        "ErrImagePull"
        | "ImagePullBackOff"
        | "ImageInspectError"
        | "RegistryUnavailable"
        | "SignatureValidationFailed" => {
            let lasts = is_final_pull(&message);
            Some((CauseKind::ImageMissing, message, lasts))
        }
        "CreateContainerConfigError" => {
            let is_missing = message.contains("not found") || message.contains("couldn't find key");
            let kind = if is_missing {
                CauseKind::ObjectMissing
            } else {
                CauseKind::Other
            };
            let lasts = age(pod, now).is_none_or(|age| age >= PATIENCE);
            Some((kind, message, lasts))
        }
        "CreateContainerError" | "RunContainerError" => Some((CauseKind::Other, message, false)),
        _ => None,
    }
}

/// Whether a registry's answer is one that another try does not change.
fn is_final_pull(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    let final_words = [
        "not found",
        "notfound",
        "manifest unknown",
        "denied",
        "unauthorized",
        "no basic auth",
        "no such host",
        "forbidden",
    ];
    final_words.iter().any(|words| message.contains(words))
}

/// A process that ended, and is started again.
fn ended_again(
    status: &ContainerStatus,
    ended: &ContainerStateTerminated,
    events: &[&Event],
    keeper: Keeper,
) -> Finding {
    let never_starts = ended.reason.as_deref() == Some("StartError");
    let enough = if never_starts { 1 } else { STARTS };
    let lasts = keeper == Keeper::Service && status.restart_count >= enough;
    let killed = events
        .iter()
        .find(|event| is_probe(event, &["Liveness", "Startup"]));
    if let Some(event) = killed {
        let message = event.message.clone().unwrap_or_default();
        return (CauseKind::Unhealthy, message, lasts);
    }
    let kind = match keeper {
        Keeper::Service => CauseKind::CrashLoop,
        Keeper::Job => CauseKind::JobFailed,
    };
    let times = match status.restart_count {
        0 => String::new(),
        1 => ", and was started again once".to_owned(),
        many => format!(", and was started again {many} times"),
    };
    (kind, format!("{}{times}", how_it_ended(ended)), lasts)
}

fn how_it_ended(ended: &ContainerStateTerminated) -> String {
    let reason = ended.reason.as_deref().unwrap_or_default();
    let words = ended
        .message
        .as_deref()
        .map(str::trim)
        .filter(|words| !words.is_empty());
    let code = ended.exit_code;
    let reason = match reason {
        "" | "Error" | "Completed" => String::new(),
        reason => format!(" ({reason})"),
    };
    match words {
        Some(words) => format!("the process ended with code {code}{reason}: {words}"),
        None => format!("the process ended with code {code}{reason}"),
    }
}

/// How the last task to fail ended.
pub(super) fn last_words(tasks: &[&Pod]) -> Option<String> {
    let ended = |pod: &&Pod| {
        let ended = statuses(pod).find_map(|status| {
            let last = status
                .last_state
                .as_ref()
                .and_then(|state| state.terminated.as_ref());
            let now = status
                .state
                .as_ref()
                .and_then(|state| state.terminated.as_ref());
            now.or(last).filter(|ended| ended.exit_code != 0)
        })?;
        Some(format!("{}: {}", name(pod), how_it_ended(ended)))
    };
    tasks.iter().rev().find_map(ended)
}

/// Whether a warning is about one of the probes.
fn is_probe(event: &Event, probes: &[&str]) -> bool {
    let message = event.message.as_deref().unwrap_or_default();
    event.reason.as_deref() == Some("Unhealthy")
        && probes.iter().any(|probe| message.starts_with(probe))
}

fn times(event: &Event) -> i32 {
    let series = event.series.as_ref().and_then(|series| series.count);
    event.count.or(series).unwrap_or(1)
}

/// A volume that cannot be mounted, which only warnings tell.
fn unmounted(events: &[&Event]) -> Option<Finding> {
    let is_mount = |event: &&&Event| {
        matches!(
            event.reason.as_deref(),
            Some("FailedMount" | "FailedAttachVolume")
        )
    };
    let event = events
        .iter()
        .filter(is_mount)
        .max_by_key(|event| times(event))?;
    let message = event.message.clone().unwrap_or_default();
    let is_missing = message.contains("not found") || message.contains("non-existent");
    Some((
        CauseKind::ObjectMissing,
        message,
        is_missing && times(event) >= MOUNTS,
    ))
}

/// A process that runs, and says that it is not well.
fn unhealthy(pod: &Pod, events: &[&Event], now: Option<Timestamp>) -> Option<Finding> {
    let status = statuses(pod).find(|status| !status.ready)?;
    let running = status.state.as_ref()?.running.as_ref()?;
    let started = running.started_at.as_ref().map(|time| time.0);
    let age = since(started, now).unwrap_or_default();
    let patience = patience(pod, &status.name);
    let event = events
        .iter()
        .filter(|event| is_probe(event, &["Readiness", "Startup", "Liveness"]))
        .max_by_key(|event| times(event));
    if age < patience && event.is_none_or(|event| times(event) < 2) {
        return None;
    }
    let words = "its health check does not pass".to_owned();
    let message = event
        .and_then(|event| event.message.clone())
        .unwrap_or(words);
    let lasts = age >= patience.saturating_mul(3).max(LEAST_HEALTH);
    Some((CauseKind::Unhealthy, message, lasts))
}

/// Seconds a process has to become healthy, by its own probes.
fn patience(pod: &Pod, container: &str) -> i64 {
    let containers = pod.spec.iter().flat_map(|spec| &spec.containers);
    let Some(container) = containers.into_iter().find(|other| other.name == container) else {
        return 0;
    };
    let probes = [&container.startup_probe, &container.readiness_probe];
    probes.into_iter().flatten().map(window).sum()
}

/// Seconds until a probe that always fails has failed.
fn window(probe: &Probe) -> i64 {
    let or = |value: Option<i32>, default: i32| i64::from(value.unwrap_or(default));
    // The defaults are the API server's.
    or(probe.initial_delay_seconds, 0)
        + or(probe.period_seconds, 10).max(or(probe.timeout_seconds, 1))
            * or(probe.failure_threshold, 3)
}

fn since(then: Option<Timestamp>, now: Option<Timestamp>) -> Option<i64> {
    Some(now?.as_second() - then?.as_second())
}

/// Seconds since a task was made.
fn age(pod: &Pod, now: Option<Timestamp>) -> Option<i64> {
    since(
        pod.metadata.creation_timestamp.as_ref().map(|time| time.0),
        now,
    )
}

/// A task its node gave up.
fn gone(pod: &Pod) -> Option<Finding> {
    let status = pod.status.as_ref()?;
    if status.phase.as_deref() != Some("Failed") {
        return None;
    }
    let reason = status.reason.clone().unwrap_or_default();
    let message = status.message.clone().unwrap_or_default();
    Some((CauseKind::Other, format!("{reason} {message}"), false))
}
