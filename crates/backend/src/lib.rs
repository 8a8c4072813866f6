//! The seam every orchestrator plugs into.
//!
//! A backend turns a [`tranship_model::Stack`] into plain [`Object`]s and a ledger, and groups the
//! objects into [`File`]s; that touches no file, no network, no clock. With [`deploy`] it also
//! reads and writes its orchestrator.

pub mod deploy;
mod name;
mod object;
mod translate;
mod yaml;

pub use name::{NameConflict, NameTable};
pub use object::{File, Object};
pub use translate::{Conversion, Setting, Target, Translate, Translation};
pub use yaml::{Layout, RenderError, Section, sections_to_yaml, to_yaml, to_yaml_as};
