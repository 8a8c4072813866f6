//! The seam every orchestrator plugs into.
//!
//! A backend turns a [`tranship_model::Stack`] into plain [`Object`]s and a ledger, and groups the
//! objects into [`File`]s. It touches no file, no network, no clock.

mod name;
mod object;
mod translate;
mod yaml;

pub use name::{NameConflict, NameTable};
pub use object::{File, Object};
pub use translate::{Setting, Target, Translate, Translation};
pub use yaml::{RenderError, sections_to_yaml, to_yaml};
