//! Real projects: every case of `cases.tsv` through [`load`].

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tranship_yaml::{Diagnostic, Severity};

use crate::files::{FileKind, Files, ReadError};
use crate::load::{Loaded, load};
use crate::options::LoadOptions;

/// The files of this machine.
pub(crate) struct Disk;

impl Files for Disk {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let length = fs::metadata(path).map(|metadata| metadata.len());
        match (self.kind(path), length) {
            (None, _) => Err(ReadError::Missing),
            (Some(FileKind::Directory), _) => Err(ReadError::Directory),
            (Some(_), Ok(length)) if length > limit => Err(ReadError::TooLarge { limit }),
            (Some(_), _) => fs::read(path).map_err(|error| ReadError::Refused(error.to_string())),
        }
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        let metadata = fs::metadata(path).ok()?;
        Some(match (metadata.is_file(), metadata.is_dir()) {
            (true, _) => FileKind::File,
            (_, true) => FileKind::Directory,
            (false, false) => FileKind::Other,
        })
    }
}

/// One line of `cases.tsv`.
pub(crate) struct Case {
    pub(crate) stack: String,
    pub(crate) name: String,
    pub(crate) options: LoadOptions,
    /// The file with what the reference says: a project, or why it refuses one.
    pub(crate) expected: PathBuf,
}

impl Case {
    fn is_refused(&self) -> bool {
        let extension = self.expected.extension();
        extension.is_some_and(|extension| extension == "err")
    }
}

/// Every line; none where the corpus is not there.
pub(crate) fn cases() -> Vec<Case> {
    let Some(folder) = super::corpus() else {
        return Vec::new();
    };
    let table = fs::read_to_string(folder.join("cases.tsv")).unwrap_or_default();
    let lines = table.lines().skip(1);
    let cases: Vec<Case> = lines.filter_map(|line| case(&folder, line)).collect();
    assert!(cases.len() > 100, "only {} cases", cases.len());
    cases
}

fn case(folder: &Path, line: &str) -> Option<Case> {
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
    let list = |text: &str| {
        let items = text
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty());
        items.map(str::to_owned).collect::<Vec<String>>()
    };
    let directory = folder.join(stack).canonicalize().ok()?;
    let given = list(variables).into_iter();
    let given = given.filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    let home = ("HOME".to_owned(), "/nonexistent".to_owned());
    let path = ("PATH".to_owned(), "/usr/bin:/bin".to_owned());
    Some(Case {
        stack: (*stack).to_owned(),
        name: (*name).to_owned(),
        options: LoadOptions {
            files: list(files),
            env_files: list(env_files),
            profiles: list(profiles),
            project_name: Some(stack.to_lowercase()),
            variables: [home, path].into_iter().chain(given).collect(),
            current_directory: directory.to_string_lossy().into_owned(),
            ..LoadOptions::default()
        },
        expected: directory.join(expected),
    })
}

fn errors(loaded: &Loaded) -> impl Iterator<Item = &Diagnostic> {
    let all = loaded.diagnostics.iter();
    all.filter(|diagnostic| diagnostic.severity == Severity::Error)
}

fn report(case: &Case, loaded: &Loaded, into: &mut String) {
    let wanted = if case.is_refused() {
        "should be refused"
    } else {
        "should load"
    };
    let _ = writeln!(into, "{} {} {wanted}", case.stack, case.name);
    for error in errors(loaded).take(5) {
        let place = error.labels.first().and_then(|label| {
            let file = loaded.sources.get(label.span.file)?;
            Some(format!(
                "{}:{}",
                file.name,
                loaded.sources.location(label.span)?.line
            ))
        });
        let _ = writeln!(into, "  {} {} at {place:?}", error.code.0, error.message);
    }
}

#[test]
fn real_projects_load_or_are_refused_as_by_the_reference() {
    let mut failed = String::new();
    for case in &cases() {
        let loaded = load(&Disk, &case.options);
        let refused = errors(&loaded).next().is_some();
        let placed = errors(&loaded).all(|error| !error.labels.is_empty());
        if refused != case.is_refused() || !placed {
            report(case, &loaded, &mut failed);
        }
    }
    assert!(failed.is_empty(), "{failed}");
}
