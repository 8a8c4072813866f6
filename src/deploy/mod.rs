//! What the deploying commands share: from arguments to a target, a wish and the secrets.

mod destination;
mod holder;
mod secrets;
mod settings;
mod signals;

use std::collections::BTreeSet;

use tokio::runtime::{Builder, Runtime};
use tranship_backend::deploy::{Deploy, Secrets};
use tranship_engine::{Consent, Goal, Order, Wish};

pub(crate) use destination::{Destination, DestinationArgs};
pub(crate) use holder::{holder, is_gone};
pub(crate) use signals::stop;

use crate::cli::GlobalArgs;
use crate::console::Console;
use crate::exit::Failure;
use crate::pipeline::{self, Ready, Translated};

/// Everything a run needs.
pub(crate) struct Prepared {
    /// The project as it was read.
    pub(crate) ready: Ready,
    /// What it becomes on the target.
    pub(crate) translated: Translated,
    /// Where it goes.
    pub(crate) target: Box<dyn Deploy>,
    /// What is to be there.
    pub(crate) wish: Wish,
    /// The values of its secrets.
    pub(crate) secrets: Secrets,
}

/// Reads the project, reaches the target, and puts together what is to be there.
///
/// # Errors
///
/// [`Failure::InvalidInput`] when the project has errors; the target's when it cannot be reached.
pub(crate) async fn prepare(
    destination: &Destination,
    global: &GlobalArgs,
    consent: Consent,
    console: Console,
) -> Result<Prepared, Failure> {
    let mut ready = pipeline::ready(global, console)?;
    let mut all = ready.translate_or_show(&[destination.name], &destination.choices, console)?;
    let translated = all
        .pop()
        .ok_or_else(|| Failure::Bug("no target".to_owned()))?;
    let stack = &ready.lowered.stack;
    let secrets = secrets::read(stack)?;
    let target = destination.connect().await?;
    let wish = Wish {
        stack: stack.name.clone(),
        wanted: target.wanted(stack, &translated.translation),
        order: Order::of(stack),
        goal: Goal::Deploy,
        consent,
    };
    Ok(Prepared {
        ready,
        translated,
        target,
        wish,
        secrets,
    })
}

/// The name of the stack: as given, or as the files say.
///
/// # Errors
///
/// As [`pipeline::ready`].
pub(crate) fn stack_name(global: &GlobalArgs, console: Console) -> Result<String, Failure> {
    if let Some(name) = &global.project_name {
        return Ok(name.clone());
    }
    let ready = pipeline::ready(global, console)?;
    Ok(ready.lowered.stack.name)
}

/// What calls to targets run on.
///
/// # Errors
///
/// [`Failure::Failed`] when the system has no resources for it.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::Failed(format!("cannot start: {error}")))
}

/// Data that may be deleted, as `--volumes` names it: nothing behind it means all of it.
pub(crate) fn named(volumes: Option<&Vec<String>>) -> BTreeSet<String> {
    match volumes {
        None => BTreeSet::new(),
        Some(names) if names.is_empty() => ["*".to_owned()].into(),
        Some(names) => names.iter().cloned().collect(),
    }
}
