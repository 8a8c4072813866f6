//! What fuzzing feeds bytes to: one function per grammar, which panics when a promise is broken.
//!
//! The targets in `fuzz/` call these functions, and a test here replays `fuzz/corpus` through them.
#![expect(
    clippy::missing_panics_doc,
    reason = "a broken promise ends the run, says the module"
)]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use tranship_yaml::{Budget, FileId, parse};

use crate::field::{ByteSize, Duration, ImageReference, Mount, Port};
use crate::{LoadOptions, MemoryFiles, Variables, dotenv, load, mentions, template};

/// A function that is fed.
pub type Target = fn(&str);

/// Every target by the name of its corpus.
pub const TARGETS: [(&str, Target); 9] = [
    ("byte_size", byte_size),
    ("dotenv", dotenv),
    ("duration", duration),
    ("image", image),
    ("interpolation", interpolation),
    ("load", load_project),
    ("port", port),
    ("volume", volume),
    ("yaml", yaml),
];

/// YAML gives a tree or says what is wrong.
pub fn yaml(text: &str) {
    let parsed = parse(FileId(0), text, &small());
    assert!(
        !parsed.documents.is_empty() || parsed.diagnostics.has_errors() || !has_content(text),
        "nothing was read and nothing was said"
    );
}

/// Variables are replaced, or the first bad expression is named; what is unset was mentioned.
pub fn interpolation(text: &str) {
    let lookup = |name: &str| (name == "SET").then_some("value");
    let mut unset = Vec::new();
    let result = template::substitute(text, &lookup, &mut unset);
    let mut mentioned = Vec::new();
    template::expressions(text, &mut |name, _| mentioned.push(name.to_owned()));
    assert!(
        result.is_err() || unset.iter().all(|name| mentioned.contains(name)),
        "{unset:?} are unset, but only {mentioned:?} mentioned"
    );
}

/// A file of variables is read to its end or to the first bad statement.
pub fn dotenv(text: &str) {
    let lookup = |name: &str| (name == "SET").then_some("value");
    let mut variables = Variables::new();
    let mut unset = Vec::new();
    if let Err(error) = dotenv::read(text, &lookup, &mut variables, &mut unset) {
        assert!(error.at <= text.len(), "the error is behind the end");
    }
}

/// What is printed is read as the same again.
pub fn duration(text: &str) {
    returns::<Duration>(text);
}

/// What is printed is read as the same again.
pub fn byte_size(text: &str) {
    if let Ok(size) = text.parse::<ByteSize>() {
        same(&Ok(size), &size.0.to_string().parse());
    }
}

/// Taking apart loses nothing.
pub fn image(text: &str) {
    let printed = ImageReference::from(text).to_string();
    assert!(printed == text, "{text:?} became {printed:?}");
}

/// A range gives at least one port.
pub fn port(text: &str) {
    assert!(
        !Port::parse_short(text).is_ok_and(|ports| ports.is_empty()),
        "{text:?} gives no port"
    );
}

/// A mount has a place in the container.
pub fn volume(text: &str) {
    assert!(
        !Mount::parse_short(text).is_ok_and(|(mount, _)| mount.target.is_none()),
        "{text:?} is mounted nowhere"
    );
}

/// A file gives a project, or an error says why not; the same one every time.
pub fn load_project(text: &str) {
    let once = loaded(text);
    assert!(once.0.is_some() || once.1, "no project and no error");
    assert!(once == loaded(text), "another project the second time");
}

fn loaded(text: &str) -> (Option<String>, bool) {
    let files = MemoryFiles::new().with("/shop/compose.yaml", text);
    let mut options = LoadOptions {
        current_directory: "/shop".to_owned(),
        lenient: text.len().is_multiple_of(2),
        ..LoadOptions::default()
    };
    options.budget.text = small();
    let loaded = load(&files, &options);
    if let Some(tree) = &loaded.tree {
        let _ = mentions(tree);
    }
    let errors = loaded.diagnostics.has_errors();
    let project = loaded.project.filter(|_| !errors);
    let project = project.and_then(|project| serde_json::to_string(&project).ok());
    (project, errors)
}

/// A budget small enough for many runs a second.
fn small() -> Budget {
    Budget {
        nodes: 20_000,
        ..Budget::default()
    }
}

fn has_content(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start);
    lines.any(|line| line.starts_with(|first: char| first.is_ascii_alphanumeric()))
}

fn returns<T>(text: &str)
where
    T: FromStr<Err: Debug + PartialEq> + Display + Debug + PartialEq,
{
    if let Ok(value) = text.parse::<T>() {
        let again = value.to_string().parse();
        same(&Ok(value), &again);
    }
}

fn same<T: Debug + PartialEq, E: Debug + PartialEq>(value: &Result<T, E>, again: &Result<T, E>) {
    assert!(value == again, "{value:?} is printed, but {again:?} read");
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::TARGETS;

    #[test]
    fn every_corpus_is_read_without_a_broken_promise() {
        let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
        for (name, target) in TARGETS {
            let folder = corpora.join(name);
            let entries = fs::read_dir(&folder).expect("a corpus for each target");
            let mut inputs = 0;
            for entry in entries {
                let input = fs::read(entry.expect("an entry").path()).expect("an input");
                target(&String::from_utf8_lossy(&input));
                inputs += 1;
            }
            assert!(inputs > 0, "{name} has no corpus");
        }
    }
}
