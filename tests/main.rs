//! The tests of the whole: the arrows, the laws, the fixtures, the transcripts.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking; what it reads is its own"
)]

mod architecture;
mod canaries;
mod cli;
mod config;
mod laws;
#[path = "../xtask/src/references/mod.rs"]
mod references;
mod renderings;
mod stacks;
