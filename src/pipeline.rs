//! From arguments to what the commands show: load, lower, translate.

use serde_json::Value;
use tranship_backend::{NameConflict, Target, Translation};
use tranship_compare::{Account, Document};
use tranship_compose::lower::{Contents, Lowered, lower};
use tranship_compose::project::Project;
use tranship_compose::{Files, LoadBudget, LoadOptions, Loaded, Variables, load, load_tree};
use tranship_model::{FieldPath, Ledger};
use tranship_yaml::{Code, Diagnostic, Diagnostics, Node, Sources};

use crate::cli::GlobalArgs;
use crate::console::{self, Console};
use crate::disk::{self, Disk};
use crate::exit::Failure;
use crate::targets::{TargetArgs, TargetName};
use crate::view::diagnostics;
use crate::view::places::Places;

/// Two values that would have one name on a target.
pub(crate) const NAME_CONFLICT: Code = Code("target-name-conflict");

/// The page of [`NAME_CONFLICT`]: its code, its title, and the page.
pub(crate) const NAME_CONFLICT_PAGE: (&str, &str, &str) = (
    NAME_CONFLICT.0,
    "Two values would have one name on a target",
    "Each target allows other characters in names, and a name is changed as little as makes it \
legal there: `a_b` and `a.b` may both become `a-b`. One would silently replace the other, so \
nothing is written at all.

Rename one of the two; the message shows both places. Names that say different things in letters \
and digits alone never meet.",
);

/// A project without errors, and what was read to get it.
#[derive(Debug)]
pub(crate) struct Ready {
    /// Compose's own words.
    pub(crate) project: Project,
    /// Neutral words.
    pub(crate) lowered: Lowered,
    /// Where everything was read.
    pub(crate) reading: Reading,
}

/// What became of the arguments.
#[derive(Debug)]
pub(crate) enum Read {
    /// A project that can be used.
    Sound(Box<Ready>),
    /// A project with errors.
    Broken(Reading),
}

/// What a project becomes on one target.
pub(crate) struct Translated {
    /// The target as chosen.
    pub(crate) name: TargetName,
    /// The target.
    pub(crate) target: Target,
    /// What the project becomes.
    pub(crate) translation: Translation,
}

/// What was read, and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// The merged files.
    pub(crate) tree: Option<Node>,
    /// The texts.
    pub(crate) sources: Sources,
    /// The problems.
    pub(crate) diagnostics: Diagnostics,
    /// The variables the files saw.
    pub(crate) environment: Variables,
}

/// What the loader is asked for, or why standard input has no text for it.
///
/// # Errors
///
/// [`Failure::Failed`] when the current directory is unknown.
pub(crate) fn options(global: &GlobalArgs) -> Result<Result<LoadOptions, Diagnostic>, Failure> {
    let current = std::env::current_dir().map_err(|error| {
        let reason = console::reason(&error);
        Failure::Failed(format!("cannot tell the current directory: {reason}"))
    })?;
    let mut options = LoadOptions {
        files: global.files.clone(),
        project_directory: global.project_directory.clone(),
        project_name: global.project_name.clone(),
        profiles: global.profiles.clone(),
        env_files: global.env_files.clone(),
        variables: environment(),
        current_directory: current.to_string_lossy().into_owned(),
        lenient: global.lenient,
        budget: LoadBudget::default().raised(global.raise_limits.unwrap_or(1).into()),
        ..LoadOptions::default()
    };
    if wants_standard_input(&options) {
        match disk::standard_input(options.budget.text.file_bytes as u64) {
            Ok(text) => options.standard_input = Some(text),
            Err(diagnostic) => return Ok(Err(diagnostic)),
        }
    }
    Ok(Ok(options))
}

/// The environment as the loader sees it; variables that are not text cannot be used in a file.
fn environment() -> Variables {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn wants_standard_input(options: &LoadOptions) -> bool {
    let is_dash = |file: &str| file == "-";
    if !options.files.is_empty() {
        return options.files.iter().any(|file| is_dash(file));
    }
    options.variables.get("COMPOSE_FILE").is_some_and(is_dash)
}

/// Loads and lowers a project.
///
/// # Errors
///
/// [`Failure::Failed`] when the current directory is unknown.
pub(crate) fn read(global: &GlobalArgs) -> Result<Read, Failure> {
    Ok(match options(global)? {
        Ok(options) => finish(&Disk, load(&Disk, &options)),
        Err(diagnostic) => Read::Broken(Reading::from(diagnostic)),
    })
}

fn finish(files: &dyn Files, mut loaded: Loaded) -> Read {
    let project = loaded.project.take();
    let reading = Reading::from(loaded);
    match project {
        Some(project) if !reading.diagnostics.has_errors() => {
            let contents = Contents::read(&project, files);
            Read::Sound(Box::new(Ready {
                lowered: lower(&project, &contents),
                project,
                reading,
            }))
        }
        Some(_) | None => Read::Broken(reading),
    }
}

impl From<Diagnostic> for Reading {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostics: [diagnostic].into_iter().collect(),
            ..Self::default()
        }
    }
}

impl From<Loaded> for Reading {
    fn from(loaded: Loaded) -> Self {
        Self {
            tree: loaded.tree,
            sources: loaded.sources,
            diagnostics: loaded.diagnostics,
            environment: loaded.environment,
        }
    }
}

/// The merged files with their variables as written.
///
/// # Errors
///
/// [`Failure::InvalidInput`] when they have errors, and as [`read`].
pub(crate) fn tree(global: &GlobalArgs, console: Console) -> Result<Node, Failure> {
    let mut reading = match options(global)? {
        Ok(mut options) => {
            options.keep_variables = true;
            Reading::from(load_tree(&Disk, &options))
        }
        Err(diagnostic) => Reading::from(diagnostic),
    };
    diagnostics::show(&reading, console);
    match reading.tree.take() {
        Some(tree) if !reading.diagnostics.has_errors() => Ok(tree),
        Some(_) | None => Err(Failure::InvalidInput),
    }
}

/// Loads and lowers a project, and shows what is wrong with it.
///
/// # Errors
///
/// [`Failure::InvalidInput`] when it has errors, and as [`read`].
pub(crate) fn ready(global: &GlobalArgs, console: Console) -> Result<Ready, Failure> {
    match read(global)? {
        Read::Sound(ready) => {
            diagnostics::show(&ready.reading, console);
            Ok(*ready)
        }
        Read::Broken(reading) => {
            diagnostics::show(&reading, console);
            Err(Failure::InvalidInput)
        }
    }
}

/// The canonical form of a project, as `docker compose config --format json` prints it.
///
/// # Errors
///
/// [`Failure::Bug`] when it cannot be written.
pub(crate) fn canonical(project: &Project) -> Result<Value, Failure> {
    serde_json::to_value(project).map_err(|error| Failure::Bug(error.to_string()))
}

impl Ready {
    /// The canonical form of the project.
    ///
    /// # Errors
    ///
    /// As [`canonical`].
    pub(crate) fn config(&self) -> Result<Value, Failure> {
        canonical(&self.project)
    }

    /// Lets go of compose's own words, which a rendering does not need and which take as much
    /// room as the stack.
    pub(crate) fn forget_project(&mut self) {
        self.project = Project::default();
    }

    /// What the stack becomes on each target; shows the names that meet on one of them.
    ///
    /// # Errors
    ///
    /// [`Failure::InvalidInput`] when names meet.
    pub(crate) fn translate_or_show(
        &mut self,
        targets: &[TargetName],
        choices: &TargetArgs,
        console: Console,
    ) -> Result<Vec<Translated>, Failure> {
        let translated = self.translate_all(targets, choices);
        translated.map_err(|conflicts| self.show_conflicts(conflicts, console))
    }

    /// Shows the names that meet on a target, if any do.
    ///
    /// # Errors
    ///
    /// [`Failure::InvalidInput`] when names meet.
    pub(crate) fn refuse_conflicts(
        &mut self,
        target: TargetName,
        conflicts: &[NameConflict],
        console: Console,
    ) -> Result<(), Failure> {
        if conflicts.is_empty() {
            return Ok(());
        }
        let conflicts = self.all_meeting(target, conflicts);
        Err(self.show_conflicts(conflicts.into_iter().collect(), console))
    }

    fn show_conflicts(&mut self, conflicts: Diagnostics, console: Console) -> Failure {
        self.reading.diagnostics = conflicts;
        diagnostics::show(&self.reading, console);
        Failure::InvalidInput
    }

    /// What the stack becomes on each target, or all names that meet on one of them.
    ///
    /// # Errors
    ///
    /// The names that meet.
    pub(crate) fn translate_all(
        &self,
        targets: &[TargetName],
        choices: &TargetArgs,
    ) -> Result<Vec<Translated>, Diagnostics> {
        let translated: Vec<Translated> = targets
            .iter()
            .map(|name| self.translate(*name, choices))
            .collect();
        let conflicts: Diagnostics = translated
            .iter()
            .flat_map(|translated| translated.conflicts(self))
            .collect();
        if conflicts.is_empty() {
            return Ok(translated);
        }
        Err(conflicts)
    }

    fn translate(&self, name: TargetName, choices: &TargetArgs) -> Translated {
        let backend = name.backend(choices);
        Translated {
            name,
            target: backend.target(),
            translation: backend.translate(&self.lowered.stack),
        }
    }

    /// What became of every value on a target.
    pub(crate) fn account(&self, document: &Document, ledger: &Ledger) -> Account {
        let Lowered {
            stack: _,
            origins,
            ledger: lowering,
        } = &self.lowered;
        let mut account = Account::builder(document);
        account.add(lowering, &|path| vec![path.clone()]);
        account.add(ledger, &|path| origins.resolve(path));
        account.build()
    }

    fn all_meeting(&self, target: TargetName, conflicts: &[NameConflict]) -> Vec<Diagnostic> {
        let places = Places::new(&self.reading);
        let conflicts = conflicts.iter();
        conflicts
            .map(|conflict| self.meeting(&places, target, conflict))
            .collect()
    }

    fn meeting(
        &self,
        places: &Places<'_>,
        target: TargetName,
        conflict: &NameConflict,
    ) -> Diagnostic {
        let NameConflict {
            kind,
            name,
            first,
            second,
        } = conflict;
        let message = format!("`{first}` and `{second}` would both be {kind} `{name}` on {target}");
        let mut diagnostic = Diagnostic::error(NAME_CONFLICT, message);
        for (path, text) in [(second, "has the same name"), (first, "first named here")] {
            if let Some(span) = self.span_of(places, path) {
                diagnostic = diagnostic.at(span, text);
            }
        }
        diagnostic.help("rename one of them")
    }

    fn span_of(&self, places: &Places<'_>, path: &FieldPath) -> Option<tranship_yaml::Span> {
        let paths = self.lowered.origins.resolve(path);
        paths.iter().find_map(|path| places.key_span(path))
    }
}

impl Translated {
    fn conflicts(&self, ready: &Ready) -> Vec<Diagnostic> {
        let conflicts = &self.translation.conflicts;
        if conflicts.is_empty() {
            return Vec::new();
        }
        ready.all_meeting(self.name, conflicts)
    }
}

#[cfg(test)]
mod tests {
    use tranship_compose::MemoryFiles;

    use super::*;

    #[test]
    fn names_that_meet_are_shown_at_both_places() {
        let text = "services:\n  a_b: { image: x }\n  a.b: { image: y }\n";
        let files = MemoryFiles::new().with("/shop/compose.yaml", text);
        let options = LoadOptions {
            current_directory: "/shop".to_owned(),
            ..LoadOptions::default()
        };
        let Read::Sound(ready) = finish(&files, load(&files, &options)) else {
            panic!("the project is sound");
        };
        let services = FieldPath::root("services");
        let conflict = NameConflict {
            kind: "Deployment",
            name: "a-b".to_owned(),
            first: services.key("a_b"),
            second: services.key("a.b"),
        };
        let places = Places::new(&ready.reading);
        let diagnostic = ready.meeting(&places, TargetName::ALL[0], &conflict);
        let lines = diagnostic
            .labels
            .iter()
            .map(|label| places.place(label.span));
        let lines: Vec<u32> = lines.map(|place| place.unwrap().location.line).collect();
        assert_eq!(lines, [3, 2]);
    }
}
