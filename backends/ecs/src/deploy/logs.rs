//! What tasks write, from the stack's log group.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::sync::mpsc::Sender;
use tokio::time::sleep;
use tranship_backend::deploy::{Fault, LogLine, LogQuery};

use super::Account;
use super::caller::{Api, CallError};
use super::observe::{at, list, set_member, text};
use crate::names;

/// How often new lines are asked for.
const LOOK: Duration = Duration::from_secs(1);

impl Account {
    /// Sends lines until there are no more, or nobody listens.
    pub(super) async fn send_logs(
        &self,
        stack: &str,
        query: &LogQuery,
        lines: &Sender<LogLine>,
    ) -> Result<(), Fault> {
        let group = format!("/{}", names::dashed(stack, 511));
        let mut from = query.since_seconds.map_or(0, since);
        let mut tail = query.tail;
        loop {
            let events = self.events(&group, from).await?;
            let lasts = events
                .iter()
                .filter_map(|event| at(event, "timestamp").as_u64());
            from = lasts.max().map_or(from, |last| last + 1);
            for line in wanted(&events, query, tail.take()) {
                if lines.send(line).await.is_err() {
                    return Ok(());
                }
            }
            if !query.follow {
                return Ok(());
            }
            sleep(LOOK).await;
        }
    }

    /// Every event from a moment on, in milliseconds since 1970.
    async fn events(&self, group: &str, from: u64) -> Result<Vec<Value>, Fault> {
        let mut request = json!({"logGroupName": group, "startTime": from});
        let mut events = Vec::new();
        loop {
            let answer = self
                .caller
                .call(Api::Logs, "FilterLogEvents", &request)
                .await;
            let answer = match answer {
                Err(error) if error.is(&["ResourceNotFoundException"]) => return Ok(events),
                answer => answer.map_err(CallError::fault)?,
            };
            events.extend(list(&answer, "events").cloned());
            match answer.get("nextToken").filter(|token| token.is_string()) {
                Some(token) => set_member(&mut request, "nextToken", token.clone()),
                None => return Ok(events),
            }
        }
    }
}

/// The moment so many seconds ago.
fn since(seconds: u64) -> u64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let then = now.saturating_sub(Duration::from_secs(seconds));
    u64::try_from(then.as_millis()).unwrap_or(u64::MAX)
}

/// The lines asked for, each task's last ones where only those are.
fn wanted(events: &[Value], query: &LogQuery, tail: Option<u64>) -> Vec<LogLine> {
    let of_query =
        |line: &LogLine| query.services.is_empty() || query.services.contains(&line.service);
    let mut lines: Vec<LogLine> = events.iter().map(line).filter(of_query).collect();
    if let Some(tail) = tail {
        let mut seen = std::collections::HashMap::<String, u64>::new();
        let mut kept: Vec<LogLine> = lines
            .into_iter()
            .rev()
            .filter(|line| {
                let count = seen.entry(line.task.clone()).or_default();
                *count += 1;
                *count <= tail
            })
            .collect();
        kept.reverse();
        lines = kept;
    }
    lines
}

/// A line; its stream is `<prefix>/<container>/<task>`.
fn line(event: &Value) -> LogLine {
    let mut parts = text(event, "logStreamName").rsplit('/');
    let task = parts.next().unwrap_or_default().to_owned();
    let service = parts.next().unwrap_or_default().to_owned();
    LogLine {
        service,
        task,
        time: None,
        text: text(event, "message").trim_end_matches('\n').to_owned(),
    }
}
