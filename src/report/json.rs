//! Each event as a line of JSON, for programs.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use tranship_engine::DeployEvent;

use super::Listener;
use crate::exit::Failure;

/// A file with one event a line.
pub(crate) struct Lines {
    file: File,
}

/// An event and when it happened.
#[derive(Serialize)]
struct Line<'a> {
    time: String,
    #[serde(flatten)]
    event: &'a DeployEvent,
}

impl Lines {
    /// Begins the file.
    ///
    /// # Errors
    ///
    /// [`Failure::Failed`] when it cannot be written.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        Ok(Self {
            file: super::create(path)?,
        })
    }
}

impl Listener for Lines {
    fn hear(&mut self, event: &DeployEvent) {
        let time = Timestamp::now().strftime("%FT%T%.3fZ").to_string();
        if let Ok(mut line) = serde_json::to_vec(&Line { time, event }) {
            line.push(b'\n');
            // A disk that is full must not stop a deployment halfway.
            drop(self.file.write_all(&line));
        }
    }
}
