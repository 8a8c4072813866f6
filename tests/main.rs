//! The tests of the whole: the arrows, the laws, the fixtures, the transcripts.

mod architecture;
mod cli;
mod laws;
mod stacks;
