//! Real projects: every case of `cases.tsv`, compared value by value.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{errors, verdict};
use crate::load::load;
use crate::replay::judge;
use crate::replay::projects::{Case, Disk, cases};

/// The project the reference reads; none where it refuses.
fn expected(case: &Case) -> Option<Value> {
    let text = fs::read_to_string(&case.expected).ok()?;
    let directory = Path::new(&case.options.current_directory);
    serde_json::from_str(&with_directory(&text, directory)).ok()
}

/// Puts the real directory and its parents where `${WORKDIR}` and `${WORKDIR}/..` stand.
fn with_directory(text: &str, directory: &Path) -> String {
    let mut text = text.to_owned();
    for depth in (0..8).rev() {
        let parent = directory
            .ancestors()
            .nth(depth)
            .map(|parent| parent.to_string_lossy());
        let parent = parent.as_deref().unwrap_or_default().trim_end_matches('/');
        text = text.replace(&format!("${{WORKDIR}}{}", "/..".repeat(depth)), parent);
    }
    text
}

#[test]
fn real_projects_are_the_same_as_the_reference_reads_them() {
    let cases = cases();
    let mut failed = Vec::new();
    for case in &cases {
        let loaded = load(&Disk, &case.options);
        let errors = errors(&loaded.diagnostics);
        let found = verdict(loaded.project.as_ref(), &errors, expected(case).as_ref());
        failed.extend(found.map(|found| format!("{} {}: {found}", case.stack, case.name)));
    }
    judge("projects", &failed, 0, cases.len());
}
