//! What a load is asked for.

use tranship_yaml::Budget;

use crate::project::Stage;
use crate::variables::Variables;

/// What the caller knows before anything is read.
///
/// Source: the options and variables of `docker compose`.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// The compose files in their order, `-` for the standard input; none means look for them.
    pub files: Vec<String>,
    /// The directory relative paths start from, if not that of the first file.
    pub project_directory: Option<String>,
    /// The project's name, if it was given.
    pub project_name: Option<String>,
    /// The active profiles; none means ask `COMPOSE_PROFILES`. `*` is every profile.
    pub profiles: Vec<String>,
    /// The files of variables; none means ask `COMPOSE_ENV_FILES`, then take `.env`.
    pub env_files: Vec<String>,
    /// The environment of the process.
    pub variables: Variables,
    /// The directory the process runs in, as an absolute path.
    pub current_directory: String,
    /// The text `-` stands for.
    pub standard_input: Option<String>,
    /// Whether variables stay as they are written (`--no-interpolate`).
    pub keep_variables: bool,
    /// Whether what platforms write around the specification is forgiven.
    pub lenient: bool,
    /// Steps that are left undone, as the reference loader's options have it.
    pub skipped: Vec<Stage>,
    /// How much the files may ask of this machine.
    pub budget: LoadBudget,
}

/// What all files of a load together may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadBudget {
    /// What one text may cost.
    pub text: Budget,
    /// Bytes of all texts.
    pub bytes: usize,
    /// Texts that are read, and documents in them.
    pub files: usize,
    /// Values copied by `extends` and `include`, all copies together.
    pub copied_nodes: usize,
    /// Includes inside includes, and services extending each other.
    pub depth: usize,
}

impl LoadBudget {
    /// The budget for inputs `factor` times as large; how deep they may nest stays as it is,
    /// because that is what the stack of this process can bear.
    #[must_use]
    pub fn raised(self, factor: usize) -> Self {
        let Self {
            text,
            bytes,
            files,
            copied_nodes,
            depth,
        } = self;
        Self {
            text: text.raised(factor),
            bytes: bytes.saturating_mul(factor),
            files: files.saturating_mul(factor),
            copied_nodes: copied_nodes.saturating_mul(factor),
            depth,
        }
    }
}

impl Default for LoadBudget {
    fn default() -> Self {
        Self {
            text: Budget::default(),
            bytes: 32 << 20,
            files: 256,
            copied_nodes: 250_000,
            depth: 32,
        }
    }
}
