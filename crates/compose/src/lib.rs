//! The compose front end: files to a project, and the project to the neutral model.
//!
//! [`load`] does what `docker compose config` does up to its printing: it finds the files, replaces
//! their variables, follows `include` and `extends` and merges everything into one tree. Files are
//! read through [`Files`]; the environment and all options are in [`LoadOptions`].
//!
//! The measure of every stage is compose-go 2.16.2, whose order they keep.

mod aliases;
mod canonical;
pub mod codes;
mod discover;
mod dotenv;
mod environment;
mod extends;
pub mod field;
mod file_path;
mod files;
mod first_layout;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod include;
mod interpolate;
mod key_values;
mod load;
pub mod lower;
mod mentions;
mod merge;
mod model;
mod nodes;
mod options;
mod pages;
mod place;
pub mod project;
mod project_name;
mod provenance;
mod relative_paths;
#[cfg(test)]
mod replay;
mod reset;
#[cfg(test)]
mod scenarios;
mod session;
mod template;
mod trie;
mod unique;
mod variables;
mod withheld;

pub use files::{FileKind, Files, MemoryFiles, ReadError};
pub use load::{Loaded, load, load_tree};
pub use lower::{Contents, Lowered, Origins, lower};
pub use mentions::{Mention, mentions};
pub use options::{LoadBudget, LoadOptions};
pub use pages::PAGES;
pub use variables::Variables;
