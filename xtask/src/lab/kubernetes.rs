//! Kubernetes 1.34, real.

use anyhow::{Result, bail};

use super::image::Archive;
use super::{Instance, State, Variable};

/// Brings it up.
pub(super) fn up(_instance: &Instance) -> Result<()> {
    bail!("the laboratory has no Kubernetes yet")
}

/// Takes it down.
pub(super) fn down(_instance: &Instance) -> Result<()> {
    Ok(())
}

/// How it is.
pub(super) fn status(_instance: &Instance) -> Result<State> {
    Ok(State::Absent)
}

/// What points `kubectl` at it.
pub(super) fn env(_instance: &Instance) -> Vec<Variable> {
    Vec::new()
}

/// Gives it images.
pub(super) fn import(_instance: &Instance, _archive: &Archive) -> Result<()> {
    Ok(())
}
