//! Real projects: every case of `cases.tsv`, compared value by value.

use std::path::Path;

use serde_json::Value;

use super::{Disk, assert_none, corpus, errors, verdict};
use crate::load::load;
use crate::options::LoadOptions;

/// One line of `cases.tsv`.
struct Case {
    stack: String,
    name: String,
    expected: Option<Value>,
    options: LoadOptions,
}

fn corpus_cases() -> Vec<Case> {
    let Some(folder) = corpus() else {
        return Vec::new();
    };
    let table = std::fs::read_to_string(folder.join("cases.tsv")).unwrap_or_default();
    let cases: Vec<Case> = table
        .lines()
        .skip(1)
        .filter_map(|line| corpus_case(&folder, line))
        .collect();
    assert!(cases.len() > 100, "only {} cases", cases.len());
    cases
}

fn corpus_case(folder: &Path, line: &str) -> Option<Case> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [
        stack,
        name,
        files,
        env_files,
        profiles,
        variables,
        expected,
        ..,
    ] = columns.as_slice()
    else {
        return None;
    };
    let list = |text: &str| -> Vec<String> {
        let items = text
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty());
        items.map(str::to_owned).collect()
    };
    let directory = folder.join(stack).canonicalize().ok()?;
    let base = [("HOME", "/nonexistent"), ("PATH", "/usr/bin:/bin")];
    let base = base.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let given = list(variables).into_iter().filter_map(|pair| {
        pair.split_once('=')
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    });
    let expected = std::fs::read_to_string(directory.join(expected)).ok();
    Some(Case {
        stack: (*stack).to_owned(),
        name: (*name).to_owned(),
        expected: expected
            .and_then(|text| serde_json::from_str(&with_directory(&text, &directory)).ok()),
        options: LoadOptions {
            files: list(files),
            env_files: list(env_files),
            profiles: list(profiles),
            project_name: Some(stack.to_lowercase()),
            variables: base.into_iter().chain(given).collect(),
            current_directory: directory.to_string_lossy().into_owned(),
            ..LoadOptions::default()
        },
    })
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
    let cases = corpus_cases();
    let mut failed = Vec::new();
    for case in &cases {
        let loaded = load(&Disk::default(), &case.options);
        let errors = errors(&loaded.diagnostics);
        let found = verdict(loaded.project.as_ref(), &errors, case.expected.as_ref());
        failed.extend(found.map(|found| format!("{} {}: {found}", case.stack, case.name)));
    }
    assert_none("projects", &failed, cases.len());
}
