//! What all stages of one load share: the texts read so far, and what is wrong with them.

use std::sync::Arc;

use tranship_yaml::{Diagnostic, Diagnostics, FileId, Node, Sources, Span, decode, parse};

use crate::codes;
use crate::dotenv;
use crate::file_path;
use crate::files::{Files, ReadError};
use crate::interpolate::Interpolation;
use crate::nodes;
use crate::options::LoadOptions;
use crate::provenance::Provenance;
use crate::variables::Variables;

/// One load.
pub(crate) struct Session<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) options: &'a LoadOptions,
    pub(crate) sources: Sources,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) interpolation: Interpolation,
    /// The places of `version:`, of which one warning is made.
    pub(crate) versions: Vec<Span>,
    /// The first value of each file in the layout of compose v1, of which one warning is made.
    pub(crate) first_layouts: Vec<Span>,
    /// Whether something that was asked for could not be read, so that what is missing in the
    /// project means nothing.
    pub(crate) is_incomplete: bool,
    /// Why each text was read.
    pub(crate) provenance: Provenance,
    texts: usize,
    bytes: usize,
    copied: usize,
}

impl<'a> Session<'a> {
    pub(crate) fn new(files: &'a dyn Files, options: &'a LoadOptions) -> Self {
        Self {
            files,
            options,
            sources: Sources::default(),
            diagnostics: Diagnostics::default(),
            interpolation: Interpolation::default(),
            versions: Vec::new(),
            first_layouts: Vec::new(),
            is_incomplete: false,
            provenance: Provenance::default(),
            texts: 0,
            bytes: 0,
            copied: 0,
        }
    }

    /// Keeps a problem.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The directory `~` stands for.
    pub(crate) fn home(&self) -> Option<&'a str> {
        self.options.variables.get_filled("HOME")
    }

    /// An absolute path for one that may start from the current directory.
    pub(crate) fn absolute(&self, path: &str) -> String {
        file_path::below(&self.options.current_directory, path)
    }

    /// The path as people who stand in the current directory write it.
    pub(crate) fn shown<'p>(&self, path: &'p str) -> &'p str {
        let inside = path.strip_prefix(self.options.current_directory.as_str());
        inside
            .and_then(|rest| rest.strip_prefix('/'))
            .unwrap_or(path)
    }

    /// The documents of a compose file; what is wrong with it is reported at `asked`, the place
    /// that names the file.
    pub(crate) fn documents(&mut self, path: &str, asked: Option<Span>) -> Option<Vec<Node>> {
        let (file, text) = if path == "-" {
            self.standard_input()?
        } else {
            self.text(path, codes::FILE_UNREADABLE, asked)?
        };
        self.provenance.note_file(file, asked);
        let parsed = parse(file, &text, &self.options.budget.text);
        self.is_incomplete |= parsed.diagnostics.has_errors();
        self.diagnostics.append(parsed.diagnostics);
        // A document costs what a file does.
        self.texts += parsed.documents.len().saturating_sub(1);
        self.check_budget(asked)?;
        Some(parsed.documents)
    }

    /// Copies what is extended or included, unless all copies together grow too large.
    pub(crate) fn copy(&mut self, node: &Node, asked: Option<Span>) -> Option<Node> {
        let limit = self.options.budget.copied_nodes;
        if self.copied > limit {
            return None;
        }
        self.copied += nodes::count(node);
        if self.copied > limit {
            let message =
                format!("extended and included parts are copied into more than {limit} values");
            let error = Diagnostic::error(codes::TOO_MUCH, message);
            self.report(placed(error, asked).help("extend smaller services, or fewer times"));
            self.is_incomplete = true;
            return None;
        }
        Some(node.clone())
    }

    fn standard_input(&mut self) -> Option<(FileId, Arc<str>)> {
        let Some(text) = self.options.standard_input.as_deref() else {
            self.report(
                Diagnostic::error(
                    codes::FILE_UNREADABLE,
                    "there is no text on the standard input",
                )
                .help("pipe a compose file in, or name one instead of `-`"),
            );
            return None;
        };
        self.keep("standard input", text.to_owned(), None)
    }

    /// Reads a text, and reports why it cannot be read.
    fn text(
        &mut self,
        path: &str,
        code: tranship_yaml::Code,
        asked: Option<Span>,
    ) -> Option<(FileId, Arc<str>)> {
        let limit = self.options.budget.text.file_bytes as u64;
        let shown = self.shown(path).to_owned();
        match self.files.read(path, limit) {
            Ok(bytes) => match decode(&shown, bytes) {
                Ok(text) => self.keep(&shown, text, asked),
                Err(diagnostic) => {
                    self.report(placed(diagnostic, asked));
                    None
                }
            },
            Err(error) => {
                let diagnostic = unreadable(code, &shown, &error);
                self.report(placed(diagnostic, asked));
                None
            }
        }
    }

    fn keep(
        &mut self,
        name: &str,
        text: String,
        asked: Option<Span>,
    ) -> Option<(FileId, Arc<str>)> {
        self.texts += 1;
        self.bytes += text.len();
        self.check_budget(asked)?;
        let text: Arc<str> = text.into();
        let file = self.sources.add(name, Arc::clone(&text));
        Some((file, text))
    }

    fn check_budget(&mut self, asked: Option<Span>) -> Option<()> {
        let budget = &self.options.budget;
        if self.texts <= budget.files && self.bytes <= budget.bytes {
            return Some(());
        }
        let message = format!(
            "the project has more than {} files and documents or {} bytes",
            budget.files, budget.bytes
        );
        let error = Diagnostic::error(codes::TOO_MUCH, message);
        self.report(placed(error, asked).help("include and extend fewer files"));
        None
    }

    /// Reads files of variables; a later file wins. Values may use the variables of `outer`, which
    /// win over those of the files.
    pub(crate) fn variable_files(
        &mut self,
        paths: &[(String, Option<Span>)],
        outer: &Variables,
    ) -> Variables {
        let mut variables = Variables::new();
        for (path, asked) in paths {
            if let Some((file, text)) = self.text(path, codes::ENV_FILE, *asked) {
                self.provenance.note_variables(file);
                self.variable_text(file, &text, outer, &mut variables);
            }
        }
        variables
    }

    fn variable_text(&mut self, file: FileId, text: &str, outer: &Variables, into: &mut Variables) {
        let mut unset = Vec::new();
        let lookup = |name: &str| outer.get(name);
        let result = dotenv::read(text, &lookup, into, &mut unset);
        for name in unset {
            let span = find_variable(file, text, &name);
            self.interpolation.note_unset(name, span);
        }
        if let Err(error) = result {
            let span = rest_of_line(file, text, error.at);
            self.report(
                Diagnostic::error(codes::ENV_FILE_SYNTAX, error.to_string())
                    .at(span, "in this statement")
                    .help("write `NAME=value`; put a value with spaces or `#` in quotes"),
            );
        }
    }
}

fn placed(diagnostic: Diagnostic, asked: Option<Span>) -> Diagnostic {
    match asked {
        Some(span) => diagnostic.at(span, "asked for here"),
        None => diagnostic,
    }
}

fn unreadable(code: tranship_yaml::Code, shown: &str, error: &ReadError) -> Diagnostic {
    let diagnostic = Diagnostic::error(code, format!("cannot read `{shown}`: {error}"));
    match error {
        ReadError::Missing => diagnostic.help("create it, or correct the path"),
        ReadError::Directory => diagnostic.help("name a file in it"),
        ReadError::TooLarge { .. } => {
            diagnostic.help("is it the right file? `--raise-limits` takes larger ones")
        }
        ReadError::Refused(_) => diagnostic,
    }
}

fn find_variable(file: FileId, text: &str, name: &str) -> Span {
    let braced = format!("${{{name}");
    let plain = format!("${name}");
    let found = text.find(&braced).map(|at| (at, braced.len()));
    let (at, length) = found
        .or_else(|| text.find(&plain).map(|at| (at, plain.len())))
        .unwrap_or_default();
    span(file, at, at + length)
}

fn rest_of_line(file: FileId, text: &str, at: usize) -> Span {
    let rest = text.get(at..).unwrap_or_default();
    let length = rest.find('\n').unwrap_or(rest.len());
    span(file, at, at + length)
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    Span {
        file,
        start: u32::try_from(start).unwrap_or(u32::MAX),
        end: u32::try_from(end).unwrap_or(u32::MAX),
    }
}
