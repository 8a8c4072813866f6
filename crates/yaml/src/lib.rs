//! YAML text to a tree of nodes that know their place.
//!
//! The tree keeps what a compose loader needs and no more: the text of every scalar as it was
//! written, the two tags compose gives a meaning (`!reset`, `!override`), and a [`Span`] for every
//! key and value. Anchors, aliases and merge keys are expanded while reading, under a [`Budget`].
//!
//! This crate knows nothing of compose, and touches nothing but the text it is given.

mod anchors;
mod budget;
mod builder;
mod characters;
pub mod codes;
mod decode;
mod diagnostic;
mod mapping;
mod merge;
mod node;
mod number;
mod pages;
mod parse;
mod problems;
mod reader;
mod recover;
mod resolve;
mod scalar;
mod source;
mod syntax;
mod tags;
#[cfg(test)]
mod tests;
mod timestamp;

pub use budget::Budget;
pub use decode::{decode, decode_into};
pub use diagnostic::{Code, Diagnostic, Diagnostics, Label, Severity};
pub use mapping::{Entry, Iter, IterMut, Mapping, OccupiedEntry, VacantEntry};
pub use node::{Key, Kind, Node, Scalar, ScalarKind, Tag};
pub use pages::{PAGES, Page};
pub use parse::{Parsed, parse, scan};
pub use problems::several_documents;
pub use scalar::go_float;
pub use source::{FileId, Location, Source, Sources, Span};
