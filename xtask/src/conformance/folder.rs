//! A folder of cases with the answers the reference gave.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::case::{Case, Outcome};
use super::difference::Exactness;
use super::rules::Disagreement;
use crate::corpus::{self, Row};

/// A case, and the file with the answer the reference gave.
pub(super) fn cases(corpus: &Path) -> Result<Vec<(Case, String)>> {
    corpus::rows(corpus)?
        .into_iter()
        .map(|row| Ok((case(corpus, &row)?, row.expected)))
        .collect()
}

fn case(corpus: &Path, row: &Row) -> Result<Case> {
    let folder = corpus.join(&row.stack);
    let folder = folder
        .canonicalize()
        .with_context(|| format!("no folder {}", folder.display()))?;
    Ok(Case {
        name: format!("{} {}", row.stack, row.name),
        folder,
        files: row.files.clone(),
        env_files: row.env_files.clone(),
        profiles: row.profiles.clone(),
        variables: row.variables.clone(),
        project_name: row.stack.to_lowercase(),
        ..Case::default()
    })
}

/// Compares every case with its answer, prints what differs, and returns how many do.
pub(super) fn compare(corpus: &Path) -> Result<usize> {
    let (mut passed, mut refused, mut failed) = (0, 0, 0);
    for (case, answer) in cases(corpus)? {
        let ours = case.load();
        let theirs = expected(&case, &answer)?;
        match Disagreement::between(&ours, &theirs, Exactness::FilledValues) {
            Some(disagreement) => {
                println!("failed: {}: {disagreement}", case.name);
                failed += 1;
            }
            None if matches!(ours, Outcome::Refused(_)) => refused += 1,
            None => passed += 1,
        }
    }
    println!(
        "{}: {passed} passed, {failed} failed, {refused} refused as by the reference",
        corpus.display()
    );
    Ok(failed)
}

fn expected(case: &Case, answer: &str) -> Result<Outcome> {
    let path = case.folder.join(answer);
    let text =
        fs::read_to_string(&path).with_context(|| format!("no answer {}", path.display()))?;
    if path.extension().is_none_or(|extension| extension != "json") {
        return Ok(Outcome::Refused(vec![text]));
    }
    let project = serde_json::from_str(&with_folder(&text, &case.folder))?;
    Ok(Outcome::Accepted(project, Vec::new()))
}

/// Puts the real folder and its parents where `${WORKDIR}` and `${WORKDIR}/..` stand.
fn with_folder(text: &str, folder: &Path) -> String {
    let mut text = text.to_owned();
    for depth in (0..8).rev() {
        let parent = folder.ancestors().nth(depth).map(Path::to_string_lossy);
        let parent = parent
            .as_deref()
            .unwrap_or_default()
            .trim_end_matches('/')
            .to_owned();
        text = text.replace(&format!("${{WORKDIR}}{}", "/..".repeat(depth)), &parent);
    }
    text
}
