//! From arguments to a project.

use std::collections::HashSet;

use tranship_yaml::{Diagnostic, Diagnostics, Mapping, Node, Sources, Span};

use crate::discover::{Discovered, discover};
use crate::files::Files;
use crate::include::Included;
use crate::model::{self, Input, Scope};
use crate::options::LoadOptions;
use crate::project::codes::{MISSING_KEY, WRONG_TYPE};
use crate::project::{Context, Project, Stage, Strictness, project};
use crate::provenance::{Known, Provenance};
use crate::session::Session;
use crate::variables::Variables;
use crate::{codes, extends, file_path, project_name};

/// What became of the arguments.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// All files merged and interpolated; `None` when there was nothing to merge.
    pub tree: Option<Node>,
    /// The tree as typed data, completed; not to be used when there are errors.
    pub project: Option<Project>,
    /// Every text that was read.
    pub sources: Sources,
    /// Everything that is wrong with any of them.
    pub diagnostics: Diagnostics,
    /// The project's name; empty when there is no legal one.
    pub project_name: String,
    /// The directory relative paths start from.
    pub working_directory: String,
    /// The variables the files saw.
    pub environment: Variables,
    /// The active profiles; `*` is every profile.
    pub profiles: Vec<String>,
    /// The compose files as absolute paths, `-` for the standard input.
    pub files: Vec<String>,
}

/// Loads a project: finds its files, replaces their variables, merges them and reads the result.
///
/// Never fails: what is wrong is in the diagnostics, those of all files at once, and the tree and
/// the project hold what could be read in spite of it.
#[must_use]
pub fn load(files: &dyn Files, options: &LoadOptions) -> Loaded {
    let (mut loaded, doubts, provenance) = merge_files(files, options);
    let mut sources = std::mem::take(&mut loaded.sources);
    if let Some(tree) = &loaded.tree {
        let context = context(files, options, &loaded, &doubts);
        let (project, found) = project(tree, &context, &mut sources);
        let news = found.into_iter();
        let news = news.filter(|diagnostic| !doubts.covers(diagnostic));
        news.for_each(|diagnostic| loaded.diagnostics.push(diagnostic));
        loaded.project = project;
        let known = Known {
            tree,
            sources: &sources,
            variables: &loaded.environment,
            given: &options.variables,
        };
        let diagnostics = std::mem::take(&mut loaded.diagnostics);
        loaded.diagnostics = provenance.explain(diagnostics, &known);
    }
    loaded.sources = sources;
    loaded
}

/// Loads as far as the merged tree, and leaves the project out.
#[must_use]
pub fn load_tree(files: &dyn Files, options: &LoadOptions) -> Loaded {
    merge_files(files, options).0
}

/// What later stages should not speak of, because it follows from what was said already.
struct Doubts {
    /// Values that could not be had.
    spoiled: HashSet<Span>,
    /// Something could not be read, so that what is missing means nothing.
    is_incomplete: bool,
    /// Lines of a text were left out, with whatever they said.
    has_gaps: bool,
}

impl Doubts {
    fn new(session: &Session<'_>) -> Self {
        let leaves_gaps = |diagnostic: &Diagnostic| {
            matches!(
                diagnostic.code,
                tranship_yaml::codes::SYNTAX | tranship_yaml::codes::TAB
            )
        };
        Self {
            spoiled: session.interpolation.spoiled.iter().copied().collect(),
            is_incomplete: session.is_incomplete,
            has_gaps: session.diagnostics.iter().any(leaves_gaps),
        }
    }

    /// Whether a problem follows from one that was reported already.
    fn covers(&self, diagnostic: &Diagnostic) -> bool {
        let of_gaps = matches!(diagnostic.code, MISSING_KEY | WRONG_TYPE);
        if self.has_gaps && of_gaps {
            return true;
        }
        let place = diagnostic.labels.first();
        place.is_some_and(|label| self.spoiled.contains(&label.span))
    }
}

fn context<'c>(
    files: &'c dyn Files,
    options: &'c LoadOptions,
    loaded: &'c Loaded,
    doubts: &Doubts,
) -> Context<'c> {
    Context {
        name: &loaded.project_name,
        working_directory: &loaded.working_directory,
        home: options.variables.get_filled("HOME"),
        variables: &loaded.environment,
        files,
        file_limit: options.budget.text.file_bytes as u64,
        profiles: &loaded.profiles,
        strictness: if options.lenient {
            Strictness::Lenient
        } else {
            Strictness::Strict
        },
        skipped: if doubts.is_incomplete {
            &[Stage::Consistency]
        } else {
            &options.skipped
        },
    }
}

fn merge_files(files: &dyn Files, options: &LoadOptions) -> (Loaded, Doubts, Provenance) {
    let mut session = Session::new(files, options);
    let mut discovered = discover(&mut session);
    let inputs = read(&mut session, &discovered.files);
    let name = project_name::choose(&mut session, &discovered, &inputs);
    discovered
        .environment
        .set("COMPOSE_PROJECT_NAME", name.clone());
    let tree = assemble(&mut session, inputs, &discovered);
    let doubts = Doubts::new(&session);
    let provenance = std::mem::take(&mut session.provenance);
    let loaded = finish(session, discovered, name, tree);
    (loaded, doubts, provenance)
}

fn read(session: &mut Session<'_>, paths: &[String]) -> Vec<Input> {
    let mut inputs = Vec::with_capacity(paths.len());
    for path in paths {
        if path != "-" && file_path::is_remote(path) {
            session.report(extends::remote(path, None));
            session.is_incomplete = true;
            continue;
        }
        match session.documents(path, None) {
            Some(documents) => inputs.push(Input {
                path: path.clone(),
                documents,
            }),
            None => session.is_incomplete = true,
        }
    }
    inputs
}

fn assemble(
    session: &mut Session<'_>,
    inputs: Vec<Input>,
    discovered: &Discovered,
) -> Option<Node> {
    let first = inputs.first().map(|input| input.path.clone());
    let scope = Scope {
        directory: &discovered.working_directory,
        variables: &discovered.environment,
        chain: &[],
    };
    let tree = model::assemble(session, &mut Included::default(), inputs, &scope);
    let is_empty = tree
        .as_ref()
        .and_then(Node::as_mapping)
        .is_none_or(Mapping::is_empty);
    if is_empty && !session.diagnostics.has_errors() {
        let shown = first
            .map(|path| session.shown(&path).to_owned())
            .unwrap_or_default();
        let error = Diagnostic::error(codes::EMPTY, format!("there is nothing in `{shown}`"));
        session.report(error.help("define at least one service below `services:`"));
    }
    tree
}

fn finish(
    mut session: Session<'_>,
    discovered: Discovered,
    project_name: String,
    tree: Option<Node>,
) -> Loaded {
    warn_of_layouts(&mut session);
    let mut diagnostics = session.interpolation.into_diagnostics();
    diagnostics.append(session.diagnostics);
    Loaded {
        tree,
        project: None,
        sources: session.sources,
        diagnostics,
        project_name,
        working_directory: discovered.working_directory,
        environment: discovered.environment,
        profiles: discovered.profiles,
        files: discovered.files,
    }
}

/// One warning for all files that say `version`, and one for all in the layout of compose v1.
fn warn_of_layouts(session: &mut Session<'_>) {
    let versions = std::mem::take(&mut session.versions);
    if !versions.is_empty() {
        let warning =
            Diagnostic::warning(codes::VERSION, "`version` is obsolete and has no meaning");
        session.report(at_all(warning, &versions, "ignored").help("remove it"));
    }
    let layouts = std::mem::take(&mut session.first_layouts);
    if !layouts.is_empty() {
        let message = "services at the top level are the layout of compose v1";
        let warning = Diagnostic::warning(codes::FIRST_LAYOUT, message);
        let warning = at_all(warning, &layouts, "taken for a service");
        session.report(warning.help("put `services:` above them and indent them"));
    }
}

fn at_all(warning: Diagnostic, places: &[Span], label: &str) -> Diagnostic {
    places
        .iter()
        .fold(warning, |warning, span| warning.at(*span, label))
}
