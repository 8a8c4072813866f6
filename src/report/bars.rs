//! Progress for people: a line for each change, and on a terminal a bar for each service.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tranship_engine::DeployEvent;

use super::{Listener, words};
use crate::console::{Console, Paint};
use crate::escape;

/// How often a bar turns.
const TURN: Duration = Duration::from_millis(120);

/// Bars on a terminal, lines elsewhere.
pub(crate) fn listener(console: Console) -> Box<dyn Listener> {
    if std::io::stderr().is_terminal() {
        return Box::new(Bars {
            all: MultiProgress::new(),
            services: BTreeMap::new(),
            paint: console.stderr,
        });
    }
    Box::new(Lines { console })
}

struct Lines {
    console: Console,
}

impl Listener for Lines {
    fn hear(&mut self, event: &DeployEvent) {
        if let Some(line) = words::line(event, self.console.stderr) {
            self.console.say(&format!("{line}\n"));
        }
    }
}

struct Bars {
    all: MultiProgress,
    services: BTreeMap<String, ProgressBar>,
    paint: Paint,
}

impl Bars {
    fn bar(&mut self, service: &str) -> &ProgressBar {
        let all = &self.all;
        self.services.entry(service.to_owned()).or_insert_with(|| {
            let bar = all.add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {msg}") {
                bar.set_style(style);
            }
            bar.set_prefix(escape::line(service).into_owned());
            bar.enable_steady_tick(TURN);
            bar
        })
    }

    fn print(&self, event: &DeployEvent) {
        if let Some(line) = words::line(event, self.paint) {
            // The terminal may be gone; the run goes on.
            drop(self.all.println(line));
        }
    }

    fn drop_bar(&mut self, service: &str) {
        if let Some(bar) = self.services.remove(service) {
            bar.finish_and_clear();
        }
    }
}

impl Listener for Bars {
    fn hear(&mut self, event: &DeployEvent) {
        match event {
            DeployEvent::Waiting {
                service,
                running: _,
                ready,
                wanted,
            } => self
                .bar(service)
                .set_message(format!("{ready} of {wanted} ready")),
            DeployEvent::Settled { service, .. } => {
                self.drop_bar(service);
                self.print(event);
            }
            DeployEvent::Ended { .. } => {
                for bar in self.services.values() {
                    bar.finish_and_clear();
                }
                self.services.clear();
            }
            DeployEvent::Begun { .. }
            | DeployEvent::LockHeld { .. }
            | DeployEvent::LockTakenOver { .. }
            | DeployEvent::Planned { .. }
            | DeployEvent::Step { .. }
            | DeployEvent::Trouble { .. } => self.print(event),
        }
    }
}
