//! YAML text to a tree of nodes that know their place.
//!
//! The tree keeps what a compose loader needs and no more: the text of every scalar as it was
//! written, the two tags compose gives a meaning (`!reset`, `!override`), and a [`Span`] for every
//! key and value. Anchors, aliases and merge keys are expanded while reading, under a [`Budget`].
//!
//! This crate knows nothing of compose, and touches nothing but the text it is given.

mod diagnostic;
mod node;
mod source;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Label, Severity};
pub use node::{Key, Kind, Mapping, Node, Scalar, ScalarKind, Tag};
pub use source::{FileId, Location, Source, Sources, Span};
