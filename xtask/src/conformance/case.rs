//! One way to load one project, and what this loader makes of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;
use tranship_compose::{FileKind, Files, LoadOptions, ReadError, load};
use tranship_yaml::{Diagnostics, Severity};

use super::schema::Goal;

/// One way to load one project.
#[derive(Clone, Debug, Default)]
pub(super) struct Case {
    /// What it is called in a report.
    pub(super) name: String,
    /// The folder it is loaded in, an absolute path.
    pub(super) folder: PathBuf,
    /// The compose files, from the folder.
    pub(super) files: Vec<String>,
    /// The files of variables, from the folder; none means `.env`.
    pub(super) env_files: Vec<String>,
    /// The active profiles.
    pub(super) profiles: Vec<String>,
    /// Variables of the environment.
    pub(super) variables: Vec<(String, String)>,
    /// The project's name.
    pub(super) project_name: String,
    /// Texts to be written into the folder before it is loaded, by name.
    pub(super) texts: Vec<(String, String)>,
    /// The properties it exercises.
    pub(super) covered: BTreeSet<Goal>,
}

/// What a loader made of a case.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// The project in its canonical form, and what it warned of, as `code: message`.
    Accepted(Value, Vec<String>),
    /// What is wrong, as `code: message` or in the reference's words.
    Refused(Vec<String>),
}

impl Case {
    /// Writes the texts the case brings.
    pub(super) fn write(&self) -> Result<()> {
        for (name, text) in &self.texts {
            let path = self.folder.join(name);
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// Removes the texts the case brought.
    pub(super) fn clean(&self) {
        for (name, _) in &self.texts {
            // What is left behind is overwritten by the next case of this name.
            let _ = fs::remove_file(self.folder.join(name));
        }
    }

    /// The case as it stands before each document but the first is laid over those before.
    pub(super) fn earlier(&self) -> Vec<Self> {
        let mut earlier = Vec::new();
        for (index, name) in self.files.iter().enumerate() {
            let mut case = self.clone();
            case.files.truncate(index);
            if !case.files.is_empty() {
                earlier.push(case.clone());
            }
            let text = self.texts.iter().find(|(written, _)| written == name);
            for (end, _) in text
                .iter()
                .flat_map(|(_, text)| text.match_indices("\n---"))
            {
                let begun = text
                    .and_then(|(_, text)| text.get(..=end))
                    .unwrap_or_default();
                let beginning = format!("{name}-beginning-{end}.yaml");
                let mut case = case.clone();
                case.files.push(beginning.clone());
                case.texts.push((beginning, begun.to_owned()));
                earlier.push(case);
            }
        }
        earlier
    }

    /// The environment of the process: what docker compose sees, and nothing of ours.
    pub(super) fn environment(&self) -> Vec<(String, String)> {
        let folder = self.folder.to_string_lossy().into_owned();
        let base = [
            ("HOME", "/nonexistent".to_owned()),
            ("PATH", "/usr/bin:/bin".to_owned()),
            ("PWD", folder),
        ];
        let base = base.map(|(name, value)| (name.to_owned(), value));
        base.into_iter().chain(self.variables.clone()).collect()
    }

    /// A path of the case as an absolute one.
    pub(super) fn absolute(&self, path: &str) -> String {
        self.folder.join(path).to_string_lossy().into_owned()
    }

    /// Loads the case with this loader.
    pub(super) fn load(&self) -> Outcome {
        let options = LoadOptions {
            files: self.files.clone(),
            env_files: self.env_files.clone(),
            profiles: self.profiles.clone(),
            project_name: Some(self.project_name.clone()).filter(|name| !name.is_empty()),
            variables: self.environment().into_iter().collect(),
            current_directory: self.folder.to_string_lossy().into_owned(),
            ..LoadOptions::default()
        };
        let loaded = load(&Disk, &options);
        let errors = said(&loaded.diagnostics, Severity::Error);
        match loaded.project.as_ref().map(serde_json::to_value) {
            Some(Ok(project)) if errors.is_empty() => {
                Outcome::Accepted(project, said(&loaded.diagnostics, Severity::Warning))
            }
            Some(Err(error)) => Outcome::Refused(vec![error.to_string()]),
            Some(Ok(_)) | None => Outcome::Refused(errors),
        }
    }
}

/// Everything of one severity, as `code: message`.
fn said(diagnostics: &Diagnostics, severity: Severity) -> Vec<String> {
    let wanted = diagnostics.iter();
    let wanted = wanted.filter(|diagnostic| diagnostic.severity == severity);
    wanted
        .map(|diagnostic| format!("{}: {}", diagnostic.code.0, diagnostic.message))
        .collect()
}

/// The files of this machine.
struct Disk;

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

    fn real_path(&self, path: &str) -> String {
        let real = fs::canonicalize(path).ok();
        let real = real.and_then(|real| real.into_os_string().into_string().ok());
        real.unwrap_or_else(|| path.to_owned())
    }
}
