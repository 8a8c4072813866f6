//! Every stack of `fixtures/stacks` and every broken file of `fixtures/invalid`, through the binary.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const TARGETS: [&str; 4] = ["kubernetes", "swarm", "ecs", "ecs:ec2"];

pub(crate) fn folders(group: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(group);
    let entries = fs::read_dir(folder).expect("a folder of fixtures");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders
}

/// Runs the tool in a folder, in an environment without anything of the caller's.
pub(crate) fn tranship(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tranship"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", "/nonexistent")
        .output()
        .expect("tranship starts")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn leaves(path: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                leaves(&path, value, found);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                leaves(&format!("{path}[{index}]"), value, found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

#[test]
fn every_stack_renders_for_every_target() {
    for folder in folders("stacks") {
        for target in TARGETS {
            let output = tranship(&folder, &["convert", "--to", target]);
            assert!(
                output.status.success(),
                "{} to {target}: {}",
                folder.display(),
                text(&output.stderr)
            );
            assert!(!output.stdout.is_empty());
        }
    }
}

#[test]
fn every_leaf_of_every_stack_is_in_every_account() {
    for folder in folders("stacks") {
        let json = |arguments: &[&str]| -> Value {
            let output = tranship(&folder, arguments);
            assert!(
                output.status.success(),
                "{}: {}",
                folder.display(),
                text(&output.stderr)
            );
            serde_json::from_slice(&output.stdout).expect("JSON")
        };
        let mut paths = Vec::new();
        leaves("", &json(&["config", "--format", "json"]), &mut paths);
        let check = json(&["check", "--format", "json"]);
        for target in check["targets"].as_array().expect("targets") {
            let account = target["account"].as_array().expect("an account");
            let covers = |path: &str| account.iter().any(|row| row["path"] == path);
            for path in &paths {
                let ends = path
                    .match_indices(['.', '['])
                    .map(|(at, _)| at)
                    .chain([path.len()]);
                let covered = ends.into_iter().any(|end| covers(&path[..end]));
                assert!(
                    covered,
                    "{}: {} says nothing of {path}",
                    folder.display(),
                    target["target"]
                );
            }
        }
    }
}

#[test]
fn every_broken_file_is_refused_with_all_its_problems_and_writes_nothing() {
    for folder in folders("invalid") {
        let name = folder
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let output = tranship(&folder, &["convert", "--to", "kubernetes", "-o", "out"]);
        assert_eq!(
            output.status.code(),
            Some(3),
            "{name}: {}",
            text(&output.stderr)
        );
        assert!(output.stdout.is_empty(), "{name}");
        assert!(!folder.join("out").exists(), "{name}");
        let shown =
            text(&output.stderr).replace(&folder.to_string_lossy().into_owned(), "[FOLDER]");
        let expected = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/invalid")
            .join(format!("{name}.txt"));
        snapbox::assert_data_eq!(shown, snapbox::Data::read_from(&expected, None).raw());
    }
}

#[test]
fn a_file_of_100_megabytes_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = fs::File::create(folder.path().join("compose.yaml")).expect("a file");
    file.set_len(100 << 20).expect("space");
    let output = tranship(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("compose.yaml"),
        "{}",
        text(&output.stderr)
    );
}
