//! Which files make up the project, and which variables it sees.
//!
//! Source: compose-go 2.16.2, `cli/options.go`, in the order in which docker compose asks for it.

use tranship_yaml::{Diagnostic, Span};

use crate::codes;
use crate::file_path;
use crate::session::Session;
use crate::variables::Variables;

/// The names a compose file is looked for under, the best one first.
const FILE_NAMES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];

/// The names of the file laid over it, the best one first.
const OVERRIDE_NAMES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// What was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Discovered {
    /// The compose files as absolute paths, `-` for the standard input.
    pub(crate) files: Vec<String>,
    /// The directory relative paths start from.
    pub(crate) working_directory: String,
    /// The process environment and the files of variables.
    pub(crate) environment: Variables,
    /// The active profiles.
    pub(crate) profiles: Vec<String>,
}

/// Finds the files and the variables of a project; what is missing is reported.
pub(crate) fn discover(session: &mut Session<'_>) -> Discovered {
    let mut discovery = Discovery::new(session);
    discovery.read_env_files();
    discovery.take_named_files();
    if discovery.found.files.is_empty() {
        discovery.look_for_files();
    }
    // The files may have moved the working directory to one with another `.env`.
    discovery.read_env_files();
    discovery.choose_profiles();
    discovery.found
}

struct Discovery<'s, 'a> {
    session: &'s mut Session<'a>,
    found: Discovered,
    /// The files of variables that were read already.
    read: Vec<String>,
    /// Whether `.env` is read when no file of variables is named.
    takes_default: bool,
}

impl<'s, 'a> Discovery<'s, 'a> {
    fn new(session: &'s mut Session<'a>) -> Self {
        let mut environment = session.options.variables.clone();
        if environment.get("PWD").is_none() {
            environment.set("PWD", session.options.current_directory.clone());
        }
        let files = session.options.files.iter();
        let files = files.map(|file| local_path(session, file)).collect();
        let takes_default = !default_is_off(session);
        let mut discovery = Self {
            session,
            found: Discovered {
                files,
                environment,
                ..Discovered::default()
            },
            read: Vec::new(),
            takes_default,
        };
        discovery.choose_directory();
        discovery
    }

    fn choose_directory(&mut self) {
        let options = self.session.options;
        self.found.working_directory = match &options.project_directory {
            Some(directory) if !directory.is_empty() => self.session.absolute(directory),
            _ => {
                let mut files = self.found.files.iter();
                let first = files.find(|file| *file != "-" && !file_path::is_remote(file));
                first.map_or_else(
                    || options.current_directory.clone(),
                    |file| file_path::directory(file),
                )
            }
        };
    }

    fn read_env_files(&mut self) {
        let paths = self.env_files();
        if paths.is_empty() || paths == self.read {
            return;
        }
        let placed: Vec<(String, Option<Span>)> =
            paths.iter().map(|path| (path.clone(), None)).collect();
        let variables = self
            .session
            .variable_files(&placed, &self.found.environment);
        self.found.environment.add_missing(&variables);
        self.read = paths;
    }

    fn env_files(&mut self) -> Vec<String> {
        let options = self.session.options;
        if !options.env_files.is_empty() {
            return options
                .env_files
                .iter()
                .map(|file| self.session.absolute(file))
                .collect();
        }
        if let Some(files) = options.variables.get_filled("COMPOSE_ENV_FILES") {
            return files
                .split(',')
                .map(|file| self.session.absolute(file))
                .collect();
        }
        let default = file_path::below(&self.found.working_directory, ".env");
        if self.takes_default && self.session.files.is_file(&default) {
            return vec![default];
        }
        Vec::new()
    }

    /// Takes the files of `COMPOSE_FILE`, unless files were given.
    fn take_named_files(&mut self) {
        if !self.found.files.is_empty() {
            return;
        }
        let Some(named) = self.found.environment.get("COMPOSE_FILE") else {
            return;
        };
        let separator = self
            .found
            .environment
            .get_filled("COMPOSE_PATH_SEPARATOR")
            .unwrap_or(":");
        let named: Vec<String> = named.split(separator).map(str::to_owned).collect();
        for file in named {
            let path = local_path(self.session, &file);
            if path != "-" && !file_path::is_remote(&path) && !self.session.files.is_file(&path) {
                let message = format!("`{file}`, which `COMPOSE_FILE` names, is not a file");
                let error = Diagnostic::error(codes::BAD_VARIABLE, message);
                self.session
                    .report(error.help("correct `COMPOSE_FILE` in the environment or in `.env`"));
            }
            self.found.files.push(path);
        }
        self.choose_directory();
    }

    /// Looks for the default names here and in every directory above.
    fn look_for_files(&mut self) {
        let mut directory = self.found.working_directory.clone();
        loop {
            if let Some(file) = self.best_of(&directory, &FILE_NAMES) {
                self.found.files.push(file);
                let over = self.best_of(&directory, &OVERRIDE_NAMES);
                self.found.files.extend(over);
                return self.choose_directory();
            }
            let Some(parent) = above(&directory) else {
                return self.report_no_file();
            };
            directory = parent;
        }
    }

    fn best_of(&mut self, directory: &str, names: &[&str]) -> Option<String> {
        let paths = names.iter().map(|name| file_path::below(directory, name));
        let found: Vec<String> = paths
            .filter(|path| self.session.files.exists(path))
            .collect();
        let best = found.first()?.clone();
        if found.len() > 1 {
            let message = format!("several compose files could be meant: {}", found.join(", "));
            let warning = Diagnostic::warning(codes::SEVERAL_FILES, message);
            self.session.report(warning.help(format!(
                "`{best}` is used; name the file with `-f` to choose"
            )));
        }
        Some(best)
    }

    fn report_no_file(&mut self) {
        let directory = &self.found.working_directory;
        let message = format!("no compose file in `{directory}` nor above it");
        let error = Diagnostic::error(codes::NO_FILE, message);
        self.session
            .report(error.help("name one with `-f`, or go to the project's directory"));
    }

    fn choose_profiles(&mut self) {
        let given = &self.session.options.profiles;
        self.found.profiles = if given.is_empty() {
            let named = self
                .found
                .environment
                .get("COMPOSE_PROFILES")
                .unwrap_or_default();
            let named = named
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty());
            named.map(str::to_owned).collect()
        } else {
            given.clone()
        };
    }
}

fn default_is_off(session: &mut Session<'_>) -> bool {
    const NAME: &str = "COMPOSE_DISABLE_ENV_FILE";
    match session.options.variables.get(NAME) {
        None | Some("0" | "f" | "F" | "false" | "FALSE" | "False") => false,
        Some("1" | "t" | "T" | "true" | "TRUE" | "True") => true,
        Some(other) => {
            let message = format!("`{NAME}` must be a boolean, but is `{other}`");
            let error = Diagnostic::error(codes::BAD_VARIABLE, message);
            session.report(error.help("set it to `true` or `false`"));
            true
        }
    }
}

/// An absolute path, unless it stands for the standard input or something remote.
fn local_path(session: &Session<'_>, file: &str) -> String {
    if file == "-" || file_path::is_remote(file) {
        file.to_owned()
    } else {
        session.absolute(file)
    }
}

/// The directory a directory lies in; the root lies in none.
fn above(directory: &str) -> Option<String> {
    let parent = file_path::directory(directory.trim_end_matches('/'));
    (directory != "/" && parent != directory && parent != ".").then_some(parent)
}
