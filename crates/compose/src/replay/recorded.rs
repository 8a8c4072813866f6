//! The reference's own tests: templates, files of variables, merges.

use serde_json::Value;
use tranship_yaml::{Budget, Diagnostics, FileId, Node, parse};

use super::judge;
use crate::variables::Variables;
use crate::{dotenv, merge, nodes, template, unique};

/// The recorded cases of one kind; none when there is no corpus.
fn cases(kind: &str) -> Vec<Value> {
    const NAME: &str = "reference-cases/compose-go.jsonl";
    let Some(path) = super::find(&[NAME, &format!("../{NAME}")]) else {
        return Vec::new();
    };
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let cases = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let cases: Vec<Value> = cases.filter(|case| case["kind"] == kind).collect();
    assert!(!cases.is_empty(), "no recorded case of kind {kind}");
    cases
}

fn text<'v>(case: &'v Value, key: &str) -> &'v str {
    case[key].as_str().unwrap_or_default()
}

fn variables(case: &Value) -> Variables {
    let pairs = case.as_object().into_iter().flatten();
    pairs
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?)))
        .collect()
}

#[test]
fn recorded_templates_are_substituted_alike() {
    let cases = cases("template");
    let mut failed = Vec::new();
    for case in &cases {
        let known = variables(&case["vars"]);
        let lookup = |name: &str| known.get(name);
        let got = template::substitute(text(case, "template"), &lookup, &mut Vec::new());
        let same = match (&got, case["result"].as_str()) {
            (Ok(got), Some(want)) => got == want,
            (Err(_), None) => true,
            (Ok(_), None) | (Err(_), Some(_)) => false,
        };
        if !same {
            failed.push(format!("{}: {got:?}", text(case, "template")));
        }
    }
    judge("templates", &failed, 0, cases.len());
}

#[test]
fn recorded_variable_files_are_read_alike() {
    let cases = cases("dotenv");
    let mut failed = Vec::new();
    for case in &cases {
        let mut got = variables(&case["before"]);
        let outer = variables(&case["lookup"]);
        let lookup = |name: &str| outer.get(name);
        let result = dotenv::read(text(case, "input"), &lookup, &mut got, &mut Vec::new());
        let want = variables(&case["result"]);
        if result.is_err() || got != want {
            failed.push(format!(
                "{:?}: {result:?} {got:?}, not {want:?}",
                text(case, "input")
            ));
        }
    }
    judge("variable files", &failed, 0, cases.len());
}

fn document(text: &str) -> Option<Node> {
    parse(FileId(0), text, &Budget::default())
        .documents
        .into_iter()
        .next()
}

#[test]
fn recorded_merges_give_the_same_tree() {
    let cases = cases("merge");
    let mut failed = Vec::new();
    for case in &cases {
        let documents = (
            document(text(case, "base")),
            document(text(case, "override")),
        );
        let (Some(base), Some(over)) = documents else {
            failed.push(format!("{}: not two documents", text(case, "test")));
            continue;
        };
        let mut diagnostics = Diagnostics::default();
        let mut got = merge::document(base, over, &mut diagnostics);
        unique::enforce(&mut got);
        let same = document(text(case, "want")).is_some_and(|want| nodes::equal(&got, &want));
        if !same || diagnostics.has_errors() {
            failed.push(format!("{}: {got:?}", text(case, "test")));
        }
    }
    judge("merges", &failed, 0, cases.len());
}
