//! Cases recorded from the reference, run here.
//!
//! They lie outside the project: `TRANSHIP_CORPUS` names the folder of real compose files, and the
//! cases of the reference's own tests are in `reference-cases` inside it or beside it. Without
//! them the tests say so and do nothing.

pub(crate) mod projects;
mod recorded;

use std::path::PathBuf;

/// The folder of real compose files, unless it is not there.
#[expect(clippy::print_stderr, reason = "a skipped test says why")]
pub(crate) fn corpus() -> Option<PathBuf> {
    let corpus = std::env::var_os("TRANSHIP_CORPUS").map(PathBuf::from);
    if corpus.is_none() {
        eprintln!("skipped: TRANSHIP_CORPUS is not set");
    }
    corpus
}

/// The first of some places, relative to the corpus, that exists.
#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn find(places: &[&str]) -> Option<PathBuf> {
    let corpus = corpus()?;
    let found = places
        .iter()
        .map(|place| corpus.join(place))
        .find(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: none of {places:?} is in {}", corpus.display());
    }
    found
}

/// Writes how many cases of a kind there were and fails if one differs that should not;
/// `cargo xtask conformance` adds the lines up.
#[expect(clippy::print_stdout, reason = "another program reads it")]
pub(crate) fn judge(kind: &str, failed: &[String], excepted: usize, all: usize) {
    let count = failed.len();
    let passed = all - excepted - count;
    println!("recorded {kind}: {passed} passed, {count} failed, {excepted} excepted");
    assert!(
        failed.is_empty(),
        "{count} of {all} {kind} differ:\n{}",
        failed.join("\n")
    );
}
