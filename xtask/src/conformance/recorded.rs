//! The cases recorded from the reference's own tests: they need the inside of the loader, so its
//! tests run them and this adds up what they say.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::command::output;
use crate::paths::root;

/// Runs the cases that lie in the folder or beside it, prints how they went, and returns how many
/// failed.
pub(super) fn compare(corpus: &Path) -> Result<usize> {
    let places = [corpus.to_owned(), corpus.join("..")];
    if !places
        .iter()
        .any(|place| place.join("reference-cases").is_dir())
    {
        println!("no recorded cases in {} or beside it", corpus.display());
        return Ok(0);
    }
    let mut command = Command::new("cargo");
    command
        .args(["test", "--quiet", "--package", "tranship-compose", "--lib"])
        .args(["recorded", "--", "--nocapture"])
        .env("TRANSHIP_CORPUS", corpus.canonicalize()?)
        .current_dir(root());
    let said = output(&mut command)?;
    let text = String::from_utf8_lossy(&said.stdout);
    let mut sum = [0; 3];
    // The dots of the tests may stand before it.
    let lines = text.lines().filter_map(|line| line.split_once("recorded "));
    for (_, line) in lines {
        println!("  {line}");
        for (sum, figure) in sum.iter_mut().zip(figures(line)) {
            *sum += figure;
        }
    }
    let [passed, failed, excepted] = sum;
    if passed == 0 || (failed == 0 && !said.status.success()) {
        bail!(
            "the recorded cases were not run: {}",
            String::from_utf8_lossy(&said.stderr)
        );
    }
    println!("recorded cases: {passed} passed, {failed} failed, {excepted} excepted");
    Ok(failed)
}

/// The numbers of a line: passed, failed and excepted.
fn figures(line: &str) -> impl Iterator<Item = usize> {
    line.split_whitespace().filter_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn the_numbers_of_a_line_are_read_in_order() {
        let line = "loads: 640 passed, 1 failed, 17 excepted";
        assert_eq!(figures(line).collect::<Vec<_>>(), [640, 1, 17]);
    }
}
