//! What the typed part has to know besides the tree.

use crate::files::Files;
use crate::variables::Variables;

use super::Strictness;

/// What the typed part has to know besides the tree.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The project's name, a legal one.
    pub name: &'a str,
    /// The directory relative paths start from, an absolute path.
    pub working_directory: &'a str,
    /// The directory `~` stands for.
    pub home: Option<&'a str>,
    /// The variables for values that name one.
    pub variables: &'a Variables,
    /// Where `env_file` and `label_file` are read from.
    pub files: &'a dyn Files,
    /// The longest file that is read, in bytes.
    pub file_limit: u64,
    /// The active profiles; `*` is every profile.
    pub profiles: &'a [String],
    /// What is forgiven.
    pub strictness: Strictness,
    /// What is left undone; nothing for a project that is to be deployed.
    pub skipped: &'a [Stage],
}

/// A step that can be left undone, as the reference loader's options have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Relative paths become absolute.
    Paths,
    /// Names, the default network and implied dependencies are filled in.
    Normalisation,
    /// What a service refers to is looked up.
    Consistency,
    /// Files with environment variables are read.
    EnvFiles,
    /// The names of files with environment variables are taken out once they are read.
    EnvFileNames,
    /// Files with labels are read.
    LabelFiles,
}

impl Context<'_> {
    /// Whether a step is to be done.
    #[must_use]
    pub fn does(&self, stage: Stage) -> bool {
        !self.skipped.contains(&stage)
    }
}
