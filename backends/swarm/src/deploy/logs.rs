//! Log lines of a stack's tasks.

use std::collections::HashMap;
use std::time::Duration;

use bollard::container::LogOutput;
use bollard::query_parameters::{LogsOptions, LogsOptionsBuilder};
use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio::sync::mpsc;
use tranship_backend::deploy::{Fault, LogLine, LogQuery};

use super::progress::Snapshot;
use super::status;
use super::time;
use super::transport::Engine;
use super::trouble::from_client;

/// What the engine writes in front of each line: which task it is of.
const TASK: &str = "com.docker.swarm.task.id=";

/// Sends the lines of every service asked for, side by side.
pub(super) async fn logs(
    engine: &Engine,
    stack: &str,
    query: &LogQuery,
    lines: mpsc::Sender<LogLine>,
) -> Result<(), Fault> {
    let snapshot = Snapshot::read(engine, stack).await?;
    let services = snapshot.services.iter().filter_map(|(_, service)| {
        let name = status::name(service);
        Some((service.id.clone()?, name))
    });
    let asked =
        services.filter(|(_, name)| query.services.is_empty() || query.services.contains(name));
    let since = since(engine, query).await?;
    let follow = asked.map(|(id, name)| {
        let options = options(query, since);
        follow(engine, id, name, options, lines.clone())
    });
    join_all(follow).await.into_iter().collect()
}

fn options(query: &LogQuery, since: i32) -> LogsOptions {
    let tail = query
        .tail
        .map_or_else(|| "all".to_owned(), |tail| tail.to_string());
    LogsOptionsBuilder::new()
        .stdout(true)
        .stderr(true)
        .timestamps(true)
        .follow(query.follow)
        .since(since)
        .tail(&tail)
        .build()
}

/// The engine's time from which lines are wanted, in seconds since 1970; 0 for all.
async fn since(engine: &Engine, query: &LogQuery) -> Result<i32, Fault> {
    let Some(age) = query.since_seconds else {
        return Ok(0);
    };
    let info = engine.read(|| engine.docker.info()).await?;
    let now = info.system_time.as_deref().and_then(time::seconds);
    let now = now.map_or(Duration::ZERO, Duration::from_secs_f64);
    let from = now.as_secs().saturating_sub(age);
    Ok(i32::try_from(from).unwrap_or(i32::MAX))
}

async fn follow(
    engine: &Engine,
    id: String,
    service: String,
    options: LogsOptions,
    lines: mpsc::Sender<LogLine>,
) -> Result<(), Fault> {
    let mut stream = std::pin::pin!(engine.docker.service_logs(&id, Some(options)));
    // A line may come in parts: each source has its own rest.
    let mut rests: HashMap<&'static str, String> = HashMap::new();
    while let Some(output) = stream.next().await {
        let output = output.map_err(|error| from_client(&engine.host, &error))?;
        let (source, message) = part(&output);
        let rest = rests.entry(source).or_default();
        rest.push_str(&String::from_utf8_lossy(message));
        while let Some(end) = rest.find('\n') {
            let text: String = rest.drain(..=end).collect();
            if lines
                .send(line(&service, text.trim_end_matches(['\n', '\r'])))
                .await
                .is_err()
            {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn part(output: &LogOutput) -> (&'static str, &[u8]) {
    match output {
        LogOutput::StdErr { message } => ("stderr", message),
        LogOutput::StdOut { message } => ("stdout", message),
        LogOutput::StdIn { message } => ("stdin", message),
        LogOutput::Console { message } => ("console", message),
    }
}

/// A line as the engine writes it: time, details with the task, and the text.
fn line(service: &str, text: &str) -> LogLine {
    let (time, rest) = text.split_once(' ').unwrap_or(("", text));
    let (details, text) = rest.split_once(' ').unwrap_or((rest, ""));
    let task = details
        .split(',')
        .find_map(|detail| detail.strip_prefix(TASK));
    LogLine {
        service: service.to_owned(),
        task: task
            .map(|id| id.get(..12).unwrap_or(id).to_owned())
            .unwrap_or_default(),
        time: Some(time.to_owned()).filter(|time| !time.is_empty()),
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart() {
        let text = "2026-11-22T19:31:08.2Z com.docker.swarm.node.id=n,\
                    com.docker.swarm.service.id=s,com.docker.swarm.task.id=0123456789abcdef hello world";
        let line = line("web", text);
        assert_eq!(line.task, "0123456789ab");
        assert_eq!(line.text, "hello world");
        assert_eq!(line.time.as_deref(), Some("2026-11-22T19:31:08.2Z"));
    }
}
