//! Small projects in memory, and what becomes of them.

mod discovering;
mod extending;
mod including;
mod merging;
mod messages;

use tranship_yaml::{Budget, FileId, Node, parse};

use crate::files::MemoryFiles;
use crate::load::{Loaded, load_tree};
use crate::nodes;
use crate::options::LoadOptions;

/// The directory the process stands in.
const HERE: &str = "/srv/app";

/// Files below `/srv/app`, unless their path is absolute.
fn files(files: &[(&str, &str)]) -> MemoryFiles {
    files.iter().fold(MemoryFiles::new(), |all, (path, text)| {
        all.with(&crate::file_path::below(HERE, path), *text)
    })
}

fn options() -> LoadOptions {
    LoadOptions {
        current_directory: HERE.to_owned(),
        ..LoadOptions::default()
    }
}

/// Loads what is found in `/srv/app`.
fn loaded(content: &[(&str, &str)]) -> Loaded {
    load_tree(&files(content), &options())
}

/// Loads the given files, one over the other.
fn merged(texts: &[&str]) -> Loaded {
    let names: Vec<String> = (0..texts.len())
        .map(|number| format!("{number}.yaml"))
        .collect();
    let content: Vec<(&str, &str)> = names
        .iter()
        .map(String::as_str)
        .zip(texts.iter().copied())
        .collect();
    let options = LoadOptions {
        files: names.clone(),
        ..options()
    };
    load_tree(&files(&content), &options)
}

fn tree(text: &str) -> Option<Node> {
    parse(FileId(0), text, &Budget::default())
        .documents
        .into_iter()
        .next()
}

/// The codes of everything that was said.
fn codes(loaded: &Loaded) -> Vec<&'static str> {
    loaded
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.0)
        .collect()
}

/// Asserts that a load went without errors and gave this tree.
#[track_caller]
fn assert_tree(loaded: &Loaded, expected: &str) {
    assert!(
        !loaded.diagnostics.has_errors(),
        "{:#?}",
        loaded.diagnostics
    );
    let same = match (&loaded.tree, tree(expected)) {
        (Some(got), Some(want)) => nodes::equal(got, &want),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    assert!(
        same,
        "{:#?}\nis not\n{expected}",
        loaded.tree.as_ref().map(plain)
    );
}

/// A tree as JSON, to read in a failure.
fn plain(node: &Node) -> serde_json::Value {
    use tranship_yaml::Kind;
    match &node.kind {
        Kind::Scalar(scalar) => format!("{:?} {}", scalar.kind, scalar.text).into(),
        Kind::Sequence(items) => items.iter().map(plain).collect(),
        Kind::Mapping(entries) => {
            let entries = entries.iter();
            entries
                .map(|(key, value)| (key.text.to_string(), plain(value)))
                .collect()
        }
    }
}

/// Asserts that a message has all its places, as `file:line`.
#[track_caller]
fn assert_places(loaded: &Loaded, code: &str, expected: &[&str]) {
    let found = loaded
        .diagnostics
        .iter()
        .find(|diagnostic| diagnostic.code.0 == code);
    let labels = found.into_iter().flat_map(|diagnostic| &diagnostic.labels);
    let places: Vec<String> = labels
        .filter_map(|label| {
            let name = &loaded.sources.get(label.span.file)?.name;
            let line = loaded.sources.location(label.span)?.line;
            Some(format!("{name}:{line}"))
        })
        .collect();
    assert_eq!(places, expected, "{:#?}", loaded.diagnostics);
}
