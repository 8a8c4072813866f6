//! `extends`: a service laid over another one, of the same or another file.
//!
//! Source: compose-go 2.16.2, `loader/extends.go`.

use std::collections::HashMap;
use std::rc::Rc;

use tranship_yaml::{Diagnostic, Key, Mapping, Node, Span};

use crate::model::{self, Scope};
use crate::reset::Resets;
use crate::session::Session;
use crate::{canonical, codes, file_path, merge, nodes, relative_paths, unique};

/// The files services extend from, each read once for a model.
#[derive(Debug, Default)]
pub(crate) struct Bases {
    files: HashMap<String, Option<Rc<BaseFile>>>,
    /// Services of those files with everything they extend, by file and name.
    resolved: HashMap<(String, String), Option<Rc<Node>>>,
}

/// The services of a file others extend from.
#[derive(Debug)]
struct BaseFile {
    path: String,
    services: Mapping,
    resets: Resets,
}

/// Replaces every service and job that extends another by the two merged.
pub(crate) fn apply(
    session: &mut Session<'_>,
    bases: &mut Bases,
    document: &mut Node,
    resets: &Resets,
    path: &str,
    scope: &Scope<'_>,
) {
    for section in ["services", "jobs"] {
        let Some(entries) = nodes::get_mut(document, section).and_then(nodes::entries_mut) else {
            continue;
        };
        let own = Origin {
            path,
            entries,
            resets,
            base: None,
        };
        let mut extension = Extension {
            session,
            bases,
            scope,
            chain: Vec::new(),
            own: HashMap::new(),
        };
        for (name, node) in extension.resolve_all(&own) {
            entries.insert(name, node);
        }
    }
}

/// The mapping a service is looked up in.
#[derive(Clone, Copy)]
struct Origin<'o> {
    path: &'o str,
    entries: &'o Mapping,
    resets: &'o Resets,
    /// The file it comes from, unless it is the document being read.
    base: Option<&'o Rc<BaseFile>>,
}

/// One step from a service to the one it extends.
struct Link {
    /// The base file; `None` for the document being read.
    file: Option<String>,
    path: String,
    service: String,
    span: Span,
}

/// What `extends` says.
struct Reference {
    service: String,
    file: Option<String>,
    span: Span,
}

struct Extension<'m, 's, 'a> {
    session: &'s mut Session<'a>,
    bases: &'s mut Bases,
    scope: &'m Scope<'m>,
    chain: Vec<Link>,
    /// Services of the document with everything they extend.
    own: HashMap<String, Option<Rc<Node>>>,
}

impl Extension<'_, '_, '_> {
    fn resolve_all(&mut self, own: &Origin<'_>) -> Vec<(Key, Node)> {
        let extending = |(_, node): &(&Key, &Node)| node.get("extends").is_some();
        let extending = || own.entries.iter().filter(extending);
        for (key, _) in extending() {
            self.service(own, &key.text);
        }
        let whole = extending().map(|(key, node)| (key.clone(), self.whole(key, node)));
        whole.collect()
    }

    /// The service as it was resolved, which is not asked for again.
    fn whole(&mut self, key: &Key, node: &Node) -> Node {
        if let Some(whole) = self.own.remove(&*key.text).flatten() {
            return Rc::unwrap_or_clone(whole);
        }
        // Without its base a service is not whole: other stages have nothing new to say of it.
        self.session.interpolation.spoiled.push(key.span);
        without_extends(node.clone())
    }

    /// A service with everything it extends; `None` after a report.
    fn service(&mut self, origin: &Origin<'_>, name: &str) -> Option<Rc<Node>> {
        let known = match origin.base {
            None => self.own.get(name),
            Some(base) => self
                .bases
                .resolved
                .get(&(base.path.clone(), name.to_owned())),
        };
        if let Some(known) = known {
            return known.clone();
        }
        let resolved = self.resolve(origin, name).map(Rc::new);
        match origin.base {
            None => self.own.insert(name.to_owned(), resolved.clone()),
            Some(base) => {
                let key = (base.path.clone(), name.to_owned());
                self.bases.resolved.insert(key, resolved.clone())
            }
        };
        resolved
    }

    fn resolve(&mut self, origin: &Origin<'_>, name: &str) -> Option<Node> {
        let node = origin.entries.get(name)?;
        let Some(extends) = node.get("extends") else {
            return Some(node.clone());
        };
        let reference = self.read(extends, name)?;
        self.enter(origin, name, reference.span)?;
        let base = self.base(origin, &reference, name);
        self.chain.pop();
        let mut base = base?;
        origin.resets.apply_at("services", name, &mut base);
        let over = without_extends(node.clone());
        if base.is_null() {
            return Some(over);
        }
        let place = ("services", name);
        Some(merge::entry(
            place,
            base,
            over,
            &mut self.session.diagnostics,
        ))
    }

    fn base(&mut self, origin: &Origin<'_>, reference: &Reference, name: &str) -> Option<Node> {
        let Some(file) = &reference.file else {
            return self.found(origin, reference, name);
        };
        let base = self.file(file, reference.span)?;
        let origin = Origin {
            path: &base.path,
            entries: &base.services,
            resets: &base.resets,
            base: Some(&base),
        };
        self.found(&origin, reference, name)
    }

    fn found(&mut self, origin: &Origin<'_>, reference: &Reference, name: &str) -> Option<Node> {
        if !origin.entries.contains_key(reference.service.as_str()) {
            let shown = self.session.shown(origin.path).to_owned();
            self.session
                .report(missing_service(reference, name, &shown));
            return None;
        }
        let base = self.service(origin, &reference.service)?;
        self.session.copy(&base, Some(reference.span))
    }

    fn read(&mut self, extends: &Node, name: &str) -> Option<Reference> {
        let span = extends.span;
        let text = |node: &Node| nodes::text(node).map(str::to_owned);
        if let Some(service) = text(extends) {
            return Some(Reference {
                service,
                file: None,
                span,
            });
        }
        let Some(service) = extends.get("service").and_then(text) else {
            let message = format!("`extends` of `{name}` does not name a service");
            let error =
                Diagnostic::error(codes::EXTENDS_FORM, message).at(span, "no `service` in it");
            self.session
                .report(error.help("write `extends: {service: NAME}`"));
            return None;
        };
        Some(Reference {
            service,
            file: extends.get("file").and_then(text),
            span,
        })
    }

    /// Goes one step further, unless that closes a circle or leads too deep.
    fn enter(&mut self, origin: &Origin<'_>, name: &str, span: Span) -> Option<()> {
        let file = origin.base.map(|base| base.path.clone());
        let link = Link {
            file,
            path: self.session.shown(origin.path).to_owned(),
            service: name.to_owned(),
            span,
        };
        let same = |known: &Link| known.file == link.file && known.service == link.service;
        if let Some(start) = self.chain.iter().position(same) {
            let circle = self.chain.get(start..).unwrap_or_default();
            self.session.report(cycle(circle, &link));
            return None;
        }
        if self.chain.len() >= self.session.options.budget.depth {
            let message = format!(
                "services extend each other more than {} deep",
                self.chain.len()
            );
            let error = Diagnostic::error(codes::EXTENDS_DEPTH, message).at(span, "one too many");
            self.session
                .report(error.help("extend a service nearer to the base"));
            return None;
        }
        self.chain.push(link);
        Some(())
    }

    fn file(&mut self, file: &str, span: Span) -> Option<Rc<BaseFile>> {
        if file_path::is_remote(file) {
            self.session.report(remote(file, Some(span)));
            return None;
        }
        let path = file_path::below(self.scope.directory, file);
        if let Some(known) = self.bases.files.get(&path) {
            return known.clone();
        }
        let base = self.read_file(&path, span).map(Rc::new);
        self.bases.files.insert(path, base.clone());
        base
    }

    fn read_file(&mut self, path: &str, span: Span) -> Option<BaseFile> {
        let mut merged: Option<Node> = None;
        let mut last = Resets::default();
        for mut document in self.session.documents(path, Some(span))? {
            let prepared = model::prepare(self.session, &mut document, self.scope.variables);
            let Some(resets) = prepared else {
                continue;
            };
            merged = Some(match merged {
                None => document,
                Some(mut below) => {
                    resets.apply(&mut below);
                    model::lay_over(self.session, below, document)
                }
            });
            last = resets;
        }
        let services = merged.and_then(|merged| self.services_of(merged, path));
        let Some(services) = services else {
            let message = format!("`{}` has no services to extend", self.session.shown(path));
            self.session.report(
                Diagnostic::error(codes::EXTENDS_MISSING, message).at(span, "asked for here"),
            );
            return None;
        };
        Some(BaseFile {
            path: path.to_owned(),
            services,
            resets: last,
        })
    }

    /// The services in their long form, their relative paths starting from the working directory.
    fn services_of(&mut self, mut merged: Node, path: &str) -> Option<Mapping> {
        canonical::make_long(&mut merged);
        canonical::drop_empty_dns(&mut merged);
        unique::enforce(&mut merged);
        let directory = file_path::relative(self.scope.directory, &file_path::directory(path));
        relative_paths::resolve(&mut merged, &directory, self.session.home());
        let services = nodes::get_mut(&mut merged, "services")?;
        nodes::entries_mut(services).map(std::mem::take)
    }
}

fn without_extends(mut service: Node) -> Node {
    if let Some(entries) = nodes::entries_mut(&mut service) {
        entries.shift_remove("extends");
    }
    service
}

fn missing_service(reference: &Reference, name: &str, file: &str) -> Diagnostic {
    let wanted = &reference.service;
    let message = format!("`{name}` extends `{wanted}`, which is not a service of `{file}`");
    Diagnostic::error(codes::EXTENDS_MISSING, message)
        .at(reference.span, "extended here")
        .help(format!(
            "define `{wanted}` in `{file}`, or extend a service that is there"
        ))
}

fn cycle(circle: &[Link], last: &Link) -> Diagnostic {
    let steps = circle.iter().chain([last]);
    let steps: Vec<String> = steps
        .map(|link| format!("`{}` in `{}`", link.service, link.path))
        .collect();
    let message = format!(
        "services extend each other in a circle: {}",
        steps.join(" -> ")
    );
    let error = Diagnostic::error(codes::EXTENDS_CYCLE, message);
    let placed = circle.iter().fold(error, |error, link| {
        error.at(
            link.span,
            format!("`{}` extends another service here", link.service),
        )
    });
    placed.help("remove one of these `extends`")
}

/// The error of a file that would have to be fetched.
pub(crate) fn remote(reference: &str, span: Option<Span>) -> Diagnostic {
    let message = format!("`{reference}` is remote, and nothing is fetched");
    let error = Diagnostic::error(codes::REMOTE_FILE, message)
        .help("fetch the file, keep it beside the project and name its path");
    match span {
        Some(span) => error.at(span, "asked for here"),
        None => error,
    }
}
