//! What the tasks of a stack say.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use futures_util::{AsyncBufReadExt as _, future::Either};
use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use tokio::sync::mpsc::Sender;
use tokio::time::sleep;
use tranship_backend::deploy::{Fault, LogLine, LogQuery};

use super::calls::{Call, Server};
use super::{faults, marks, progress};
use crate::labels;

/// How often new tasks are looked for.
const LOOK: Duration = Duration::from_secs(2);

/// One process of a task; one that was started again is another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Process {
    service: String,
    pod: String,
    container: String,
    starts: i32,
}

/// Sends what tasks say, until there is no more or nobody listens.
pub(super) async fn logs(
    server: &Server,
    stack: &str,
    query: &LogQuery,
    lines: &Sender<LogLine>,
) -> Result<(), Fault> {
    let mut known = HashSet::new();
    let first = fresh(server, stack, query, &mut known).await?;
    if !query.follow {
        join_all(
            first
                .iter()
                .map(|process| read(server, process, query, lines)),
        )
        .await;
        return Ok(());
    }
    let mut reading = FuturesUnordered::new();
    reading.extend(
        first
            .into_iter()
            .map(|process| follow(server, process, query, lines)),
    );
    while !lines.is_closed() {
        let look = Box::pin(sleep(LOOK));
        // A set without a member is at its end at once.
        if reading.is_empty() {
            look.await;
        } else if let Either::Left((Some(()), _)) =
            futures_util::future::select(reading.next(), look).await
        {
            continue;
        }
        let more = fresh(server, stack, query, &mut known).await?;
        reading.extend(
            more.into_iter()
                .map(|process| follow(server, process, query, lines)),
        );
    }
    Ok(())
}

async fn follow(server: &Server, process: Process, query: &LogQuery, lines: &Sender<LogLine>) {
    read(server, &process, query, lines).await;
}

/// The processes that were not known yet.
async fn fresh(
    server: &Server,
    stack: &str,
    query: &LogQuery,
    known: &mut HashSet<Process>,
) -> Result<Vec<Process>, Fault> {
    let pods = progress::pods(server, &marks::selector(stack)).await;
    let pods = pods.map_err(|failure| faults::of_call(server, failure))?;
    let all = pods.iter().flat_map(processes);
    let asked =
        |process: &Process| query.services.is_empty() || query.services.contains(&process.service);
    Ok(all
        .filter(asked)
        .filter(|process| known.insert(process.clone()))
        .collect())
}

/// The processes of a task that have been started.
fn processes(pod: &Pod) -> Vec<Process> {
    let labels = pod.metadata.labels.clone().unwrap_or_default();
    let service = labels.get(labels::NAME).cloned().unwrap_or_default();
    let started = |status: &&ContainerStatus| {
        let state = status.state.as_ref();
        state.is_some_and(|state| state.running.is_some() || state.terminated.is_some())
    };
    let statuses = pod.status.iter().flat_map(|status| {
        let before = status.init_container_statuses.iter().flatten();
        before.chain(status.container_statuses.iter().flatten())
    });
    let process = |status: &ContainerStatus| Process {
        service: service.clone(),
        pod: pod.metadata.name.clone().unwrap_or_default(),
        container: status.name.clone(),
        starts: status.restart_count,
    };
    statuses.filter(started).map(process).collect()
}

/// Reads what a process says. One that is gone meanwhile says no more; that is no fault.
async fn read(server: &Server, process: &Process, query: &LogQuery, lines: &Sender<LogLine>) {
    let namespace = &server.namespace;
    let path = format!("/api/v1/namespaces/{namespace}/pods/{}/log", process.pod);
    let mut call = Call::get(path)
        .with("container", process.container.as_str())
        .with("timestamps", "true")
        .accepting("*/*");
    if query.follow {
        call = call.with("follow", "true");
    }
    if let Some(tail) = query.tail {
        call = call.with("tailLines", tail.to_string());
    }
    if let Some(seconds) = query.since_seconds {
        call = call.with("sinceSeconds", seconds.max(1).to_string());
    }
    let Ok(request) = call.request() else {
        return;
    };
    let Ok(stream) = server.client().await.request_stream(request).await else {
        return;
    };
    let mut stream = Box::pin(stream).lines();
    while let Some(Ok(line)) = stream.next().await {
        if lines.send(entry(process, &line)).await.is_err() {
            return;
        }
    }
}

/// A line: its time, a space, its text.
fn entry(process: &Process, line: &str) -> LogLine {
    let (time, text) = match line.split_once(' ') {
        Some((time, text)) if time.ends_with('Z') || time.contains('+') => (Some(time), text),
        Some(_) | None => (None, line),
    };
    LogLine {
        service: process.service.clone(),
        task: process.pod.clone(),
        time: time.map(str::to_owned),
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_time_in_front() {
        let process = Process {
            service: "web".to_owned(),
            pod: "web-1".to_owned(),
            container: "web".to_owned(),
            starts: 0,
        };
        let line = entry(&process, "2026-11-22T19:00:00.1Z hello there");
        assert_eq!(line.time.as_deref(), Some("2026-11-22T19:00:00.1Z"));
        assert_eq!(line.text, "hello there");
    }
}
