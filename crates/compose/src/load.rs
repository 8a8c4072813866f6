//! From arguments to a project.

use tranship_yaml::{Diagnostic, Diagnostics, Node, Sources, Span};

use crate::discover::{Discovered, discover};
use crate::files::Files;
use crate::include::Included;
use crate::model::{self, Input, Scope};
use crate::options::LoadOptions;
use crate::session::Session;
use crate::variables::Variables;
use crate::{codes, extends, file_path, project_name};

/// What became of the arguments.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// All files merged and interpolated; `None` when there was nothing to merge.
    pub tree: Option<Node>,
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

/// Reads, interpolates and merges the files of a project.
///
/// Never fails: what is wrong is in the diagnostics, those of all files at once, and the tree holds
/// what could be read in spite of it.
#[must_use]
pub fn load(files: &dyn Files, options: &LoadOptions) -> Loaded {
    let mut session = Session::new(files, options);
    let mut discovered = discover(&mut session);
    let inputs = read(&mut session, &discovered.files);
    let name = project_name::choose(&mut session, &discovered, &inputs);
    discovered
        .environment
        .set("COMPOSE_PROJECT_NAME", name.clone());
    let tree = assemble(&mut session, inputs, &discovered);
    finish(session, discovered, name, tree)
}

fn read(session: &mut Session<'_>, paths: &[String]) -> Vec<Input> {
    let mut inputs = Vec::with_capacity(paths.len());
    for path in paths {
        if path != "-" && file_path::is_remote(path) {
            session.report(extends::remote(path, None));
            session.has_broken_text = true;
            continue;
        }
        match session.documents(path, None) {
            Some(documents) => inputs.push(Input {
                path: path.clone(),
                documents,
            }),
            None => session.has_broken_text = true,
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
        .is_none_or(|entries| entries.is_empty());
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
