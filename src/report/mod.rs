//! What a run tells, on its way to people and programs.

mod bars;
mod json;
mod junit;
mod words;

pub(crate) use words::sum;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tranship_engine::DeployEvent;

use crate::console::Console;
use crate::exit::Failure;

/// Who listens to a run.
pub(crate) trait Listener: Send {
    /// Hears an event.
    fn hear(&mut self, event: &DeployEvent);
}

/// Tells everyone who listens.
pub(crate) type Tell = Box<dyn Fn(DeployEvent) + Send + Sync>;

/// Who is to listen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wishes {
    /// Say nothing to people but how it ended.
    pub(crate) quiet: bool,
    /// Write each event as a line of JSON to this file.
    pub(crate) events: Option<PathBuf>,
    /// Write the result as JUnit XML to this file.
    pub(crate) junit: Option<PathBuf>,
}

/// Opens what is written to, and tells everyone from then on.
///
/// # Errors
///
/// [`Failure::Failed`] when a file cannot be written.
pub(crate) fn tell(wishes: &Wishes, console: Console) -> Result<Tell, Failure> {
    let all = Mutex::new(listeners(wishes, console)?);
    Ok(Box::new(move |event| {
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        for listener in all.iter_mut() {
            listener.hear(&event);
        }
    }))
}

/// Files first: when the console is gone they still have to say how it ended.
fn listeners(wishes: &Wishes, console: Console) -> Result<Vec<Box<dyn Listener>>, Failure> {
    let mut all: Vec<Box<dyn Listener>> = Vec::new();
    if let Some(path) = &wishes.events {
        all.push(Box::new(json::Lines::create(path)?));
    }
    if let Some(path) = &wishes.junit {
        all.push(Box::new(junit::Cases::create(path)?));
    }
    if !wishes.quiet {
        all.push(bars::listener(console));
    }
    Ok(all)
}

fn create(path: &Path) -> Result<std::fs::File, Failure> {
    std::fs::File::create(path).map_err(|error| {
        let reason = crate::console::reason(&error);
        Failure::Failed(format!("cannot write {}: {reason}", path.display()))
    })
}
