//! From files to one tree: what happens to each document, in the reference's order.
//!
//! Source: compose-go 2.16.2, `loader/loader.go` (`loadYamlModel`, `loadYamlFile`).

use tranship_yaml::{Diagnostic, Kind, Mapping, Node, ScalarKind, Span};

use crate::extends::Bases;
use crate::first_layout::Renamed;
use crate::include::{self, Included, Inclusion};
use crate::project::codes::DEPRECATED;
use crate::reset::Resets;
use crate::session::Session;
use crate::variables::Variables;
use crate::{aliases, canonical, codes, extends, first_layout, merge, nodes, unique};

/// A file and its documents.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// The absolute path, `-` for the standard input.
    pub(crate) path: String,
    /// Its documents, as written.
    pub(crate) documents: Vec<Node>,
}

/// What surrounds the files of one model.
pub(crate) struct Scope<'m> {
    /// The directory relative paths start from.
    pub(crate) directory: &'m str,
    /// The variables the files see.
    pub(crate) variables: &'m Variables,
    /// The files that include these, the outermost first.
    pub(crate) chain: &'m [Inclusion],
}

/// Lays all documents of all files over each other.
pub(crate) fn assemble(
    session: &mut Session<'_>,
    included: &mut Included,
    inputs: Vec<Input>,
    scope: &Scope<'_>,
) -> Option<Node> {
    let mut assembly = Assembly {
        session,
        included,
        scope,
        bases: Bases::default(),
        merged: None,
    };
    for input in inputs {
        for document in input.documents {
            assembly.add(document, &input.path);
        }
    }
    assembly.merged
}

struct Assembly<'m, 's, 'a> {
    session: &'s mut Session<'a>,
    included: &'s mut Included,
    scope: &'m Scope<'m>,
    bases: Bases,
    merged: Option<Node>,
}

impl Assembly<'_, '_, '_> {
    fn add(&mut self, mut document: Node, path: &str) {
        let Some(resets) = prepare(self.session, &mut document, self.scope.variables) else {
            return;
        };
        include::apply(
            self.session,
            self.included,
            &mut document,
            &resets,
            path,
            self.scope,
        );
        if let Some(merged) = &mut self.merged
            && !resets.is_empty()
        {
            // What is taken out of a long form need not be in the short one.
            canonical::make_long(merged);
            resets.apply(merged);
        }
        extends::apply(
            self.session,
            &mut self.bases,
            &mut document,
            &resets,
            path,
            self.scope,
        );
        self.lay_over(document);
    }

    fn lay_over(&mut self, document: Node) {
        let mut merged = match self.merged.take() {
            None => document,
            Some(merged) => lay_over(self.session, merged, document),
        };
        unique::enforce(&mut merged);
        self.merged = Some(merged);
    }
}

/// Lays a document over those before it, whose short forms are made long as the reference does.
pub(crate) fn lay_over(session: &mut Session<'_>, mut below: Node, document: Node) -> Node {
    canonical::make_long(&mut below);
    canonical::drop_empty_dns(&mut below);
    unique::enforce(&mut below);
    merge::document(below, document, &mut session.diagnostics)
}

/// What happens to every document before it meets others; `None` when nothing is in it.
pub(crate) fn prepare(
    session: &mut Session<'_>,
    document: &mut Node,
    variables: &Variables,
) -> Option<Resets> {
    if document.is_null() {
        return None;
    }
    let Kind::Mapping(entries) = &mut document.kind else {
        session.report(not_a_mapping(document));
        return None;
    };
    take_version(session, entries, variables);
    if let Some(place) = first_layout::wrap(document) {
        session.first_layouts.push(place);
    } else if session.options.lenient {
        modernise(session, document);
    }
    let resets = Resets::take(document, &mut session.diagnostics);
    if !session.options.keep_variables {
        session
            .interpolation
            .tree(document, variables, &session.sources);
    }
    aliases::promote(document, &mut session.diagnostics);
    Some(resets)
}

/// Takes keys of compose v1 in a later layout for what they are called today.
fn modernise(session: &mut Session<'_>, document: &mut Node) {
    let Some(services) = nodes::get_mut(document, "services").and_then(nodes::entries_mut) else {
        return;
    };
    for Renamed { span, from, to } in first_layout::modernise(services) {
        let message = format!("`{from}` is a key of compose v1, read as `{to}`");
        let warning = Diagnostic::warning(DEPRECATED, message).at(span, "");
        session.report(warning.help(format!("write `{to}`")));
    }
}

fn not_a_mapping(document: &Node) -> Diagnostic {
    let message = format!(
        "a compose file must be a mapping, but this is {}",
        document.kind_name()
    );
    let start = Span {
        end: document.span.start,
        ..document.span
    };
    Diagnostic::error(codes::NOT_A_MAPPING, message)
        .at(start, "the file begins here")
        .help("begin with `services:`; is this a compose file?")
}

/// Takes `version` out, which is a text; Docker reads a date as one.
fn take_version(session: &mut Session<'_>, entries: &mut Mapping, variables: &Variables) {
    let Some((key, version)) = entries.shift_remove_entry("version") else {
        return;
    };
    session.versions.push(key.span);
    let is_text = version
        .as_scalar()
        .is_some_and(|scalar| matches!(scalar.kind, ScalarKind::String | ScalarKind::Timestamp));
    if !is_text {
        let message = format!("`version` must be a string, but is {}", version.kind_name());
        let error =
            Diagnostic::error(codes::VERSION_TYPE, message).at(version.span, "not a string");
        session.report(error.help("remove `version`: it has no meaning any more"));
    } else if !session.options.keep_variables {
        // It has no meaning, but a variable it needs must still be there.
        let span = key.span;
        let mut alone = nodes::mapping(Mapping::from_iter([(key, version)]), span);
        session
            .interpolation
            .tree(&mut alone, variables, &session.sources);
    }
}
