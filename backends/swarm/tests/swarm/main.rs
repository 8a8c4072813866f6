//! The Swarm backend from the outside: whole stacks in, objects, files and notes out.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

mod attributes;
mod client;
mod laws;
mod sample;
mod topics;
