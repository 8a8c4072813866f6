//! How much an input may ask of this machine.

/// What one text may cost; whatever goes beyond ends the reading with a diagnostic.
///
/// The defaults refuse every known YAML bomb within a second and 128 MiB, and no file of the
/// corpus of real compose files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of the text.
    pub file_bytes: usize,
    /// Scalars (keys too), lists and mappings, counted after aliases were replaced.
    pub nodes: usize,
    /// Lists and mappings inside each other.
    pub depth: usize,
    /// Bytes of all scalars, counted after aliases were replaced.
    pub scalar_bytes: usize,
    /// Diagnostics; a file with more problems than this is not worth reading on.
    pub problems: usize,
}

impl Budget {
    /// The budget for texts `factor` times as large; how deep they may nest stays as it is.
    #[must_use]
    pub fn raised(self, factor: usize) -> Self {
        let Self {
            file_bytes,
            nodes,
            depth,
            scalar_bytes,
            problems,
        } = self;
        Self {
            file_bytes: file_bytes.saturating_mul(factor),
            nodes: nodes.saturating_mul(factor),
            depth,
            scalar_bytes: scalar_bytes.saturating_mul(factor),
            problems,
        }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            file_bytes: 8 << 20,
            nodes: 250_000,
            depth: 64,
            scalar_bytes: 16 << 20,
            problems: 100,
        }
    }
}
