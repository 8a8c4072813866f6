//! A stack on a target, as people read it.

use std::fmt::Write as _;

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use tranship_backend::deploy::{ServiceStatus, TaskState, TaskStatus};

use crate::commands::StackStatus;
use crate::console::{self, Paint};
use crate::escape;
use crate::view::steps;

/// Services, tasks that are not well, and drift.
pub(crate) fn human(status: &StackStatus, paint: Paint) -> String {
    let stack = paint.strong(&escape::line(&status.stack));
    let mut text = format!("{stack} on {}", steps::place(&status.place));
    if let Some(at) = &status.deployed_at {
        let _ = write!(text, ", deployed {}", escape::line(at));
    }
    text.push('\n');
    if let Some(since) = &status.unfinished_since {
        let words = format!("a deployment that began {since} has not come up");
        let _ = writeln!(text, "{}", paint.doubtful(&escape::line(&words)));
    }
    if status.services.is_empty() {
        text.push_str("nothing runs\n");
        return text;
    }
    let _ = writeln!(text, "\n{}", services(&status.services).trim_fmt());
    troubles(&mut text, &status.services, paint);
    drift(&mut text, status, paint);
    text
}

fn services(services: &[ServiceStatus]) -> Table {
    let mut table = table();
    table.set_header(["SERVICE", "READY", "STATE", "IMAGE", "PORTS"]);
    for service in services {
        table.add_row([
            escape::line(&service.service).into_owned(),
            format!("{}/{}", service.ready, service.wanted),
            state(service).to_owned(),
            escape::line(&service.image).into_owned(),
            escape::line(&service.ports.join(", ")).into_owned(),
        ]);
    }
    table
}

fn table() -> Table {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(console::width());
    table
}

/// The state most people would name first: the worst of a task that matters.
fn state(service: &ServiceStatus) -> &'static str {
    let has = |state| service.tasks.iter().any(|task| task.state == state);
    if service.wanted > 0 && service.ready >= service.wanted {
        return "running";
    }
    let states = [
        (TaskState::Unhealthy, "unhealthy"),
        (TaskState::Failed, "failing"),
        (TaskState::Starting, "starting"),
        (TaskState::Pending, "pending"),
        (TaskState::Completed, "completed"),
        (TaskState::Stopping, "stopping"),
    ];
    let found = states.into_iter().find(|(state, _)| has(*state));
    found.map_or("stopped", |(_, word)| word)
}

fn troubles(text: &mut String, services: &[ServiceStatus], paint: Paint) {
    let is_ill = |task: &&TaskStatus| task.detail.is_some();
    for service in services
        .iter()
        .filter(|service| service.ready < service.wanted)
    {
        if let Some(task) = service.tasks.iter().find(is_ill) {
            let detail = task.detail.as_deref().unwrap_or_default();
            let words = format!("{}: {}: {detail}", service.service, task.name);
            let _ = writeln!(text, "{}", paint.doubtful(&escape::line(&words)));
        }
    }
}

fn drift(text: &mut String, status: &StackStatus, paint: Paint) {
    if status.drift.is_empty() {
        return;
    }
    let _ = writeln!(text, "{}", paint.doubtful("no longer as it was deployed:"));
    for step in &status.drift {
        steps::step(text, step, None, paint);
    }
}
