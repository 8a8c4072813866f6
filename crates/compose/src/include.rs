//! `include`: other projects taken into this one.
//!
//! Source: compose-go 2.16.2, `loader/include.go`.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use tranship_yaml::{Diagnostic, Entry, Kind, Mapping, Node, Span};

use crate::extends::remote;
use crate::model::{self, Input, Scope};
use crate::reset::Resets;
use crate::session::Session;
use crate::variables::Variables;
use crate::{canonical, codes, environment, file_path, merge, nodes, relative_paths, unique};

/// The sections an included project brings.
const SECTIONS: [&str; 7] = [
    "services", "jobs", "volumes", "networks", "secrets", "configs", "models",
];

/// A file on the way to the one being read.
#[derive(Clone, Debug)]
pub(crate) struct Inclusion {
    /// The absolute path.
    pub(crate) path: String,
    /// Where it was asked for; the first one was not.
    pub(crate) span: Option<Span>,
}

/// Projects that were included, each assembled once for the same files and variables.
#[derive(Debug, Default)]
pub(crate) struct Included {
    models: HashMap<ModelKey, Option<Rc<Node>>>,
}

/// What decides about the content of an included project.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ModelKey {
    paths: Vec<String>,
    directories: Directories,
    variables: Vec<(String, String)>,
}

/// Where an included project stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Directories {
    /// Its directory, an absolute path.
    own: String,
    /// What its relative paths get before them, so that they start from the including project.
    prefix: String,
}

/// One entry of `include`.
#[derive(Debug, Default)]
struct Request {
    paths: Vec<(String, Span)>,
    directory: Option<String>,
    env_files: Vec<(String, Span)>,
}

/// Takes every included project into the document, and `include` out.
pub(crate) fn apply(
    session: &mut Session<'_>,
    included: &mut Included,
    document: &mut Node,
    resets: &Resets,
    path: &str,
    scope: &Scope<'_>,
) {
    let entries = nodes::entries_mut(document);
    let Some(include) = entries.and_then(|entries| entries.shift_remove("include")) else {
        return;
    };
    let mut chain = scope.chain.to_vec();
    if chain.last().is_none_or(|last| last.path != path) {
        chain.push(Inclusion {
            path: path.to_owned(),
            span: None,
        });
    }
    for request in &requests(session, &include) {
        let place = request.paths.first().map(|(_, span)| *span);
        let model = load(session, included, request, scope, &chain);
        match model.and_then(|model| session.copy(&model, place)) {
            Some(model) => import(session, model, document, resets),
            None => session.is_incomplete = true,
        }
    }
}

fn requests(session: &mut Session<'_>, include: &Node) -> Vec<Request> {
    let items = match &include.kind {
        Kind::Sequence(items) => items.as_slice(),
        Kind::Scalar(_) if include.is_null() => &[],
        Kind::Scalar(_) | Kind::Mapping(_) => {
            let message = format!("`include` must be a list, but is {}", include.kind_name());
            let error =
                Diagnostic::error(codes::INCLUDE_FORM, message).at(include.span, "not a list");
            session.report(error.help("write `- ` before each path"));
            &[]
        }
    };
    let limit = session.options.budget.files;
    if let Some(beyond) = items.get(limit) {
        let message = format!("`include` has more than {limit} entries");
        let error = Diagnostic::error(codes::TOO_MUCH, message).at(beyond.span, "one too many");
        session.report(error.help("include fewer files"));
    }
    let taken = items.iter().take(limit);
    taken.filter_map(|item| request(session, item)).collect()
}

fn request(session: &mut Session<'_>, item: &Node) -> Option<Request> {
    let request = match &item.kind {
        Kind::Scalar(_) => Request {
            paths: texts(Some(item)),
            ..Request::default()
        },
        Kind::Mapping(_) => Request {
            paths: texts(item.get("path")),
            directory: nodes::text_of(item, "project_directory").map(str::to_owned),
            env_files: texts(item.get("env_file")),
        },
        Kind::Sequence(_) => Request::default(),
    };
    if request.paths.is_empty() {
        let error = Diagnostic::error(codes::INCLUDE_FORM, "an entry of `include` names no path");
        let error = error.at(item.span, "no path in it");
        session.report(error.help("write a path, or `path:` and a path or a list of paths"));
        return None;
    }
    Some(request)
}

/// A text or a list of texts, and their places.
fn texts(node: Option<&Node>) -> Vec<(String, Span)> {
    let Some(node) = node else {
        return Vec::new();
    };
    let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
    let placed = |item: &Node| Some((nodes::text(item)?.to_owned(), item.span));
    items
        .iter()
        .filter_map(placed)
        .filter(|(text, _)| !text.is_empty())
        .collect()
}

fn load(
    session: &mut Session<'_>,
    included: &mut Included,
    request: &Request,
    scope: &Scope<'_>,
    chain: &[Inclusion],
) -> Option<Rc<Node>> {
    let paths = local_paths(session, request, scope, chain)?;
    let (main, place) = paths.first()?.clone();
    let directories = Directories::new(request, &main, scope);
    let env_files = env_files(session, request, scope, &directories.own);
    let mut variables = scope.variables.clone();
    variables.add_missing(&session.variable_files(&env_files, scope.variables));

    let key = ModelKey::new(&paths, &directories, &variables);
    if let Some(known) = included.models.get(&key) {
        return known.clone();
    }
    let mut chain = chain.to_vec();
    chain.push(Inclusion {
        path: main,
        span: Some(place),
    });
    let scope = Scope {
        directory: &directories.own,
        variables: &variables,
        chain: &chain,
    };
    let model = assemble(session, included, &paths, &scope, &directories.prefix).map(Rc::new);
    included.models.insert(key, model.clone());
    model
}

impl Directories {
    fn new(request: &Request, main: &str, scope: &Scope<'_>) -> Self {
        let given = request
            .directory
            .as_deref()
            .filter(|given| !given.is_empty());
        let own = match given {
            Some(given) => file_path::below(scope.directory, given),
            None => file_path::directory(main),
        };
        let prefix = match given {
            Some(given) if file_path::is_absolute(given) => own.clone(),
            Some(_) | None => file_path::relative(scope.directory, &own),
        };
        Self { own, prefix }
    }
}

impl ModelKey {
    fn new(paths: &[(String, Span)], directories: &Directories, variables: &Variables) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let mut variables: Vec<(String, String)> = variables.iter().map(owned).collect();
        variables.sort_unstable();
        Self {
            paths: paths.iter().map(|(path, _)| path.clone()).collect(),
            directories: directories.clone(),
            variables,
        }
    }
}

/// The absolute paths of an entry, none of them remote nor on the way here.
fn local_paths(
    session: &mut Session<'_>,
    request: &Request,
    scope: &Scope<'_>,
    chain: &[Inclusion],
) -> Option<Vec<(String, Span)>> {
    let mut paths = Vec::with_capacity(request.paths.len());
    for (path, span) in &request.paths {
        if file_path::is_remote(path) {
            session.report(remote(path, Some(*span)));
            return None;
        }
        let path = file_path::below(scope.directory, path);
        if let Some(start) = chain.iter().position(|known| known.path == path) {
            session.report(cycle(
                session,
                chain.get(start..).unwrap_or_default(),
                &path,
                *span,
            ));
            return None;
        }
        paths.push((path, *span));
    }
    let depth = session.options.budget.depth;
    if chain.len() > depth {
        let error = Diagnostic::error(
            codes::INCLUDE_DEPTH,
            format!("files include each other more than {depth} deep"),
        );
        let place = request
            .paths
            .first()
            .map(|(_, span)| *span)
            .unwrap_or_default();
        session.report(
            error
                .at(place, "one too many")
                .help("include fewer files inside each other"),
        );
        return None;
    }
    Some(paths)
}

fn env_files(
    session: &Session<'_>,
    request: &Request,
    scope: &Scope<'_>,
    directory: &str,
) -> Vec<(String, Option<Span>)> {
    if request.env_files.is_empty() {
        let default = file_path::below(directory, ".env");
        let is_there = session.files.is_file(&default);
        return is_there.then_some((default, None)).into_iter().collect();
    }
    let named = request
        .env_files
        .iter()
        .filter(|(path, _)| path != "/dev/null");
    named
        .map(|(path, span)| (file_path::below(scope.directory, path), Some(*span)))
        .collect()
}

/// Assembles an included project as far as it can be alone: long forms, paths that start from the
/// including project, and its own variables in its environments.
fn assemble(
    session: &mut Session<'_>,
    included: &mut Included,
    paths: &[(String, Span)],
    scope: &Scope<'_>,
    prefix: &str,
) -> Option<Node> {
    let mut inputs = Vec::with_capacity(paths.len());
    for (path, span) in paths {
        let documents = session.documents(path, Some(*span))?;
        inputs.push(Input {
            path: path.clone(),
            documents,
        });
    }
    let mut model = model::assemble(session, included, inputs, scope)?;
    canonical::make_long(&mut model);
    canonical::drop_empty_dns(&mut model);
    unique::enforce(&mut model);
    set_defaults(&mut model);
    relative_paths::resolve(&mut model, prefix, session.home());
    environment::resolve(&mut model, scope.variables);
    Some(model)
}

/// Gives the defaults that tell an included value from the same one of the including project.
fn set_defaults(model: &mut Node) {
    for section in ["services", "jobs"] {
        let entries = nodes::get_mut(model, section).and_then(nodes::entries_mut);
        for (_, service) in entries.into_iter().flatten() {
            if let Some(build) = nodes::get_mut(service, "build") {
                canonical::set_default(build, "context", |span| nodes::string(".", span));
            }
            count_devices(service, &["gpus"]);
            count_devices(service, &["deploy", "resources", "reservations", "devices"]);
        }
    }
}

/// Requests for devices that say neither how many nor which are for all.
fn count_devices(service: &mut Node, path: &[&str]) {
    let list = path
        .iter()
        .try_fold(service, |node, key| nodes::get_mut(node, key));
    let Some(Kind::Sequence(items)) = list.map(|list| &mut list.kind) else {
        return;
    };
    let open = items.iter_mut();
    for request in open.filter(|request| request.get("device_ids").is_none()) {
        canonical::set_default(request, "count", |span| nodes::string("all", span));
    }
}

/// Takes what the included project defines into the document, below what is there.
fn import(session: &mut Session<'_>, mut model: Node, document: &mut Node, resets: &Resets) {
    let span = document.span;
    let Some(entries) = nodes::entries_mut(document) else {
        return;
    };
    for section in SECTIONS {
        let from = nodes::get_mut(&mut model, section).and_then(nodes::entries_mut);
        let Some(from) = from.map(std::mem::take) else {
            continue;
        };
        let into = entries
            .entry(nodes::key(section, span))
            .or_insert_with(|| nodes::mapping(Mapping::default(), span));
        if into.is_null() {
            *into = nodes::mapping(Mapping::default(), into.span);
        }
        if let Some(into) = nodes::entries_mut(into) {
            import_section(session, section, from, into, resets);
        }
    }
}

fn import_section(
    session: &mut Session<'_>,
    section: &str,
    from: Mapping,
    into: &mut Mapping,
    resets: &Resets,
) {
    for (key, mut imported) in from {
        let (name, span) = (Arc::clone(&key.text), key.span);
        match into.entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert(imported);
            }
            Entry::Occupied(occupied) if nodes::equal(&imported, occupied.get()) => {}
            Entry::Occupied(mut occupied) => {
                resets.apply_at(section, &name, &mut imported);
                let own = std::mem::replace(occupied.get_mut(), nodes::null(span));
                let place = (section, &*name);
                *occupied.get_mut() = merge::entry(place, imported, own, &mut session.diagnostics);
            }
        }
    }
}

fn cycle(session: &Session<'_>, circle: &[Inclusion], path: &str, span: Span) -> Diagnostic {
    let steps = circle.iter().map(|step| step.path.as_str()).chain([path]);
    let steps: Vec<String> = steps
        .map(|path| format!("`{}`", session.shown(path)))
        .collect();
    let message = format!(
        "files include each other in a circle: {}",
        steps.join(" -> ")
    );
    let error = Diagnostic::error(codes::INCLUDE_CYCLE, message).at(span, "closes the circle");
    let others = circle.iter().filter_map(|step| step.span);
    let placed = others.fold(error, |error, span| error.at(span, "part of the circle"));
    placed.help("remove one of these entries of `include`")
}
