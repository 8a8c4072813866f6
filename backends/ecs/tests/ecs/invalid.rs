//! Definitions AWS refuses, each of which breaks one rule.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tranship_ecs::rules::{self, Plain, RULES, Violation};

/// The cases of a folder by their names.
fn cases_of(folder: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut cases: Vec<(String, Value)> = files
        .map(|file| {
            let text = fs::read_to_string(file.path()).unwrap_or_default();
            let name = file.file_name().to_string_lossy().into_owned();
            (name, serde_json::from_str(&text).unwrap_or_default())
        })
        .collect();
    cases.sort_by(|(left, _), (right, _)| left.cmp(right));
    cases
}

fn cases() -> Vec<(String, Value)> {
    cases_of("invalid")
}

fn violations(case: &Value) -> Vec<Violation> {
    let definition = Plain::of(&case["definition"]);
    let mut found = rules::of_task_definition(&definition);
    if let Some(service) = case.get("service") {
        found.extend(rules::of_service(&Plain::of(service), &definition));
    }
    if let Some(run) = case.get("run") {
        found.extend(rules::of_run(&Plain::of(run), &definition));
    }
    found
}

#[test]
fn every_invalid_definition_breaks_its_rule_and_no_other() {
    let mut faults = Vec::new();
    for (name, case) in cases() {
        let found = violations(&case);
        let names: BTreeSet<&str> = found.iter().map(|violation| violation.rule.name).collect();
        let rule = case["rule"].as_str().unwrap_or_default();
        if names != BTreeSet::from([rule]) || !name.starts_with(&format!("{rule}.")) {
            faults.push(format!("{name}: {names:?}"));
        }
    }
    assert_eq!(faults, [""; 0]);
}

#[test]
fn valid_definitions_break_no_rule() {
    let valid = cases_of("valid");
    assert_eq!(valid.len(), 2);
    for (name, case) in valid {
        assert_eq!(violations(&case), [], "{name}");
    }
}

#[test]
fn every_rule_is_broken_by_some_definition() {
    let broken: BTreeSet<String> = cases()
        .iter()
        .filter_map(|(name, _)| Some(name.split_once('.')?.0.to_owned()))
        .collect();
    let rules: BTreeSet<String> = RULES.iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(broken, rules);
}

#[test]
fn a_violation_names_its_place() {
    let definition = serde_json::json!({
        "Family": "shop",
        "ContainerDefinitions": [{"Name": "web", "Image": "nginx:1", "Memory": 4}],
    });
    let said: Vec<String> = rules::of_task_definition(&Plain::of(&definition))
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        said,
        ["ContainerDefinitions/0/Memory: a container has at least 6 MiB of memory (memory-floor)"]
    );
}
