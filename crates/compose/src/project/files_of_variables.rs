//! `env_file` and `label_file`: read, and put under what was written itself.

use tranship_yaml::{Code, Diagnostic, Diagnostics, FileId, Node, Sources, Span, decode};

use super::{ContainerSpec, Context, EnvFile, Project, Stage, codes, locate};
use crate::dotenv;
use crate::field::{Environment, Labels};
use crate::file_path;
use crate::files::ReadError;
use crate::variables::Variables;

/// Reads the files of all services and of their hooks.
pub(crate) fn read_files(
    project: &mut Project,
    tree: &Node,
    context: &Context<'_>,
    sources: &mut Sources,
) -> Diagnostics {
    let mut reader = Reader {
        tree,
        context,
        sources,
        diagnostics: Diagnostics::default(),
    };
    for (name, service) in &mut project.services {
        reader.container(&mut service.container, &format!("services.{name}"));
        for (index, hook) in service.pre_start.iter_mut().enumerate() {
            reader.container(
                &mut hook.container,
                &format!("services.{name}.pre_start[{index}]"),
            );
        }
    }
    reader.diagnostics
}

struct Reader<'a> {
    tree: &'a Node,
    context: &'a Context<'a>,
    sources: &'a mut Sources,
    diagnostics: Diagnostics,
}

impl Reader<'_> {
    fn container(&mut self, container: &mut ContainerSpec, path: &str) {
        if self.context.does(Stage::EnvFiles) {
            self.environment(container, path);
        }
        if self.context.does(Stage::LabelFiles) && !container.label_file.is_empty() {
            self.labels(container, path);
        }
    }

    fn environment(&mut self, container: &mut ContainerSpec, path: &str) {
        let environment = &mut container.environment;
        for (name, value) in environment.iter_mut().filter(|(_, value)| value.is_none()) {
            *value = self.context.variables.get(name).map(str::to_owned);
        }
        if !container.env_file.is_empty() {
            let known = container
                .environment
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
            let mut variables: Variables = known.collect();
            let lookup_own = container.environment.clone();
            for (index, file) in container.env_file.iter().enumerate() {
                let place = format!("{path}.env_file[{index}]");
                self.env_file(file, &place, &lookup_own, &mut variables);
            }
            add_missing(&mut container.environment, &variables);
        }
        if self.context.does(Stage::EnvFileNames) {
            container.env_file.clear();
        }
    }

    fn env_file(&mut self, file: &EnvFile, place: &str, own: &Environment, into: &mut Variables) {
        let path = file.path.as_deref().unwrap_or_default();
        if !file.required.0 && !self.context.files.exists(path) {
            return;
        }
        let Some((id, text)) = self.text(path, place, "env_file") else {
            return;
        };
        match file.format.as_deref() {
            None => self.statements(id, &text, place, own, into),
            Some("raw") => raw_statements(&text, into),
            Some(format) => {
                let message = format!("`{place}` has the unknown format `{format}`");
                self.report(
                    codes::INVALID_VALUE,
                    message,
                    place,
                    "use `raw`, or no format",
                );
            }
        }
    }

    fn statements(
        &mut self,
        id: FileId,
        text: &str,
        place: &str,
        own: &Environment,
        into: &mut Variables,
    ) {
        let outer = self.context.variables;
        let lookup = |name: &str| outer.get(name).or_else(|| own.get(name)?.as_deref());
        let mut unset = Vec::new();
        let result = dotenv::read(text, &lookup, into, &mut unset);
        for name in unset {
            let message =
                format!("the variable `{name}` is not set, so nothing stands in its place");
            let warning = Diagnostic::warning(crate::codes::UNSET_VARIABLE, message);
            self.push(
                warning.help("set it, or write `$$` for a plain dollar sign"),
                place,
            );
        }
        if let Err(error) = result {
            let span = line_at(id, text, error.at);
            let diagnostic = Diagnostic::error(crate::codes::ENV_FILE_SYNTAX, error.to_string())
                .at(span, "in this statement")
                .help("write `NAME=value`; put a value with spaces or `#` in quotes");
            self.push(diagnostic, place);
        }
    }

    fn labels(&mut self, container: &mut ContainerSpec, path: &str) {
        let mut labels = Labels::default();
        for (index, file) in container.label_file.iter().enumerate() {
            let place = format!("{path}.label_file[{index}]");
            let Some((id, text)) = self.text(file, &place, "label_file") else {
                continue;
            };
            let mut read = Variables::new();
            let known: Environment = Environment(
                labels
                    .iter()
                    .map(|(key, value)| (key.clone(), Some(value.clone())))
                    .collect(),
            );
            self.label_statements(id, &text, &place, &known, &mut read);
            for (key, value) in &read {
                labels.insert(key.to_owned(), value.to_owned());
            }
        }
        labels.extend(std::mem::take(&mut container.labels.0));
        container.labels = labels;
    }

    /// Labels know the labels read before them, and no variables.
    fn label_statements(
        &mut self,
        id: FileId,
        text: &str,
        place: &str,
        known: &Environment,
        into: &mut Variables,
    ) {
        let none = Variables::new();
        let context = Context {
            variables: &none,
            ..*self.context
        };
        let mut reader = Reader {
            tree: self.tree,
            context: &context,
            sources: &mut *self.sources,
            diagnostics: Diagnostics::default(),
        };
        reader.statements(id, text, place, known, into);
        let found = reader.diagnostics;
        self.diagnostics.append(found);
    }

    /// The text of a file, kept among the sources.
    fn text(&mut self, path: &str, place: &str, key: &str) -> Option<(FileId, String)> {
        let bytes = match self.context.files.read(path, self.context.file_limit) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.unreadable(path, &error, place, key);
                return None;
            }
        };
        match decode(path, bytes) {
            Ok(text) => Some((self.sources.add(path, text.as_str()), text)),
            Err(diagnostic) => {
                self.push(diagnostic, place);
                None
            }
        }
    }

    fn unreadable(&mut self, path: &str, error: &ReadError, place: &str, key: &str) {
        // As people write it: below the project, not below this machine's root.
        let shown = file_path::relative(self.context.working_directory, path);
        let message = format!("cannot read the {key} `{shown}`: {error}");
        let help = match (error, key) {
            (ReadError::Missing, "env_file") => {
                "create it, or write `required: false` beside its `path`"
            }
            (ReadError::Missing, _) => "create it, or remove the entry",
            (ReadError::Directory, _) => "name a file in it",
            (ReadError::TooLarge { .. } | ReadError::Refused(_), _) => "is it the right file?",
        };
        self.report(codes::FILE, message, place, help);
    }

    fn report(&mut self, code: Code, message: String, place: &str, help: &str) {
        self.push(Diagnostic::error(code, message).help(help), place);
    }

    fn push(&mut self, diagnostic: Diagnostic, place: &str) {
        self.diagnostics.push(match locate(self.tree, place) {
            Some(span) => diagnostic.at(span, "asked for here"),
            None => diagnostic,
        });
    }
}

/// `raw`: everything behind `=` is the value, quotes and `$` included.
fn raw_statements(text: &str, into: &mut Variables) {
    for line in text.lines() {
        let line = line.trim_start();
        if let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            into.set(name, value);
        }
    }
}

/// What is written itself wins over files.
fn add_missing(environment: &mut Environment, variables: &Variables) {
    for (name, value) in variables {
        if !environment.contains_key(name) {
            environment.insert(name.to_owned(), Some(value.to_owned()));
        }
    }
}

fn line_at(file: FileId, text: &str, at: usize) -> Span {
    let rest = text.get(at..).unwrap_or_default();
    let end = at + rest.find('\n').unwrap_or(rest.len());
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        file,
        start: number(at),
        end: number(end),
    }
}
