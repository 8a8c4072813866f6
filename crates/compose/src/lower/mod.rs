//! The project in neutral words: [`lower`] turns compose's [`Project`] into a [`Stack`].
//!
//! Nothing is read and nothing fails here. Three things come out:
//! - the stack, in which compose's ways to say one thing twice are settled as Docker settles them;
//! - the [`Origins`]: which keys of the file each value of the stack came from;
//! - a ledger of the keys that mean nothing once the stack runs, such as `build` or `profiles`.
//!
//! Together they account for the whole file: every leaf of the canonical form is reached by an
//! origin or has an entry in the ledger.

mod codes;
mod contents;
mod convert;
mod dictionary;
mod extension;
mod hooks;
mod image;
mod lifecycle;
mod mounts;
mod networking;
mod origins;
mod ports;
mod process;
mod record;
mod resources;
mod rollout;
mod routes;
mod security;
mod service;
mod storage;
mod task;
mod top_level;
mod volumes;

#[cfg(test)]
mod tests;

use tranship_model::{Code, FieldPath, Ledger, Stack};

pub use contents::Contents;
pub use origins::Origins;

use crate::project::Project;
use record::Record;

/// The notes lowering makes, with their pages.
pub static ALL: &[&Code] = codes::ALL;

/// A project in neutral words.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// What is deployed.
    pub stack: Stack,
    /// Where the values of the stack come from.
    pub origins: Origins,
    /// What became of the keys that mean nothing once the stack runs; its paths are those of the
    /// canonical form of the project.
    pub ledger: Ledger,
}

/// Puts a project into neutral words. `contents` is what its configs' files hold.
#[must_use]
pub fn lower(project: &Project, contents: &Contents) -> Lowered {
    let mut ledger = Ledger::default();
    let mut origins = Origins::default();
    let stack = top_level::stack(project, contents, &mut ledger, &mut origins);
    Lowered {
        stack,
        origins,
        ledger,
    }
}

/// Runs `lower` for the entry `key` of the top-level mapping `section`, and keeps its origins.
fn entry<T>(
    section: &'static str,
    key: &str,
    ledger: &mut Ledger,
    origins: &mut Origins,
    lower: impl FnOnce(&mut Record<'_>) -> T,
) -> (String, T) {
    let path = FieldPath::root(section).key(key);
    let mut record = Record::new(path, ledger);
    let lowered = lower(&mut record);
    let (path, recorded) = record.finish();
    origins.add(&path, recorded);
    (key.to_owned(), lowered)
}
