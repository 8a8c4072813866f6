//! What became of every value of a project, on one target and on several side by side.
//!
//! Two ledgers tell the story: that of the front end, about keys without a meaning at deploy
//! time, and that of a backend, about everything else. An [`Account`] joins them in the words of
//! the project's own files; a [`Comparison`] puts the accounts of several targets in columns.

mod account;
mod comparison;
mod counts;
mod document;

pub use account::{Account, AccountBuilder, Row};
pub use comparison::{Cell, Column, Comparison, Line, Standing};
pub use counts::Counts;
pub use document::Document;
