//! Keys that exclude or need each other, looked up as written: an attribute that was given empty
//! counts as given.

use tranship_yaml::{Diagnostic, Diagnostics, Key, Mapping, Node, ScalarKind};

use super::{Project, codes};
use crate::field::SecretText;
use crate::variables::Variables;

/// Reports keys that exclude or need each other.
pub(crate) fn check(tree: &Node) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for (key, volume) in section(tree, "volumes") {
        external_volume(key, volume, &mut diagnostics);
    }
    for (key, config) in section(tree, "configs") {
        one_source(
            key,
            config,
            "config",
            &["file", "environment", "content"],
            &mut diagnostics,
        );
    }
    for (key, secret) in section(tree, "secrets") {
        one_source(
            key,
            secret,
            "secret",
            &["file", "environment"],
            &mut diagnostics,
        );
    }
    for (key, job) in section(tree, "jobs") {
        triggers(key, job, &mut diagnostics);
        bind_sources(job, &mut diagnostics);
    }
    for (_, service) in section(tree, "services") {
        device_requests(service, &mut diagnostics);
        watched_paths(service, &mut diagnostics);
        bind_sources(service, &mut diagnostics);
        let hooks = service.get("pre_start").and_then(Node::as_sequence);
        for hook in hooks.unwrap_or_default() {
            bind_sources(hook, &mut diagnostics);
        }
    }
    diagnostics
}

fn section<'t>(tree: &'t Node, name: &str) -> impl Iterator<Item = (&'t Key, &'t Node)> {
    tree.get(name)
        .and_then(Node::as_mapping)
        .into_iter()
        .flatten()
}

/// What is there already cannot be described.
fn external_volume(key: &Key, volume: &Node, diagnostics: &mut Diagnostics) {
    let Some(mapping) = volume.as_mapping().filter(|mapping| is_external(mapping)) else {
        return;
    };
    for other in mapping
        .keys()
        .filter(|other| !matches!(&*other.text, "name" | "external"))
    {
        if !other.text.starts_with("x-") {
            let message = format!("volume `{}` is external and has `{}`", key.text, other.text);
            let label = "an external volume is there already";
            diagnostics.push(
                Diagnostic::error(codes::EXCLUSIVE_KEYS, message)
                    .at(other.span, label)
                    .help("remove it, or remove `external`"),
            );
        }
    }
}

fn is_external(mapping: &Mapping) -> bool {
    mapping.get("external").is_some_and(|node| {
        node.as_mapping().is_some()
            || node
                .as_scalar()
                .is_some_and(|scalar| &*scalar.text == "true")
    })
}

/// Something starts a job.
fn triggers(key: &Key, job: &Node, diagnostics: &mut Diagnostics) {
    let Some(triggers) = job.get("triggers") else {
        return;
    };
    let starts = |name: &&str| triggers.get(name).is_some();
    if triggers.as_mapping().is_some() && !["manual", "schedule"].iter().any(starts) {
        let message = format!("nothing starts job `{}`", key.text);
        diagnostics.push(
            Diagnostic::error(codes::MISSING_KEY, message)
                .at(triggers.span, "")
                .help("add `manual: true`, or a `schedule`"),
        );
    }
}

/// A watched directory has a name.
fn watched_paths(service: &Node, diagnostics: &mut Diagnostics) {
    let watches = service.get("develop").and_then(|node| node.get("watch"));
    let watches = watches.and_then(Node::as_sequence).unwrap_or_default();
    for path in watches.iter().filter_map(|watch| watch.get("path")) {
        if is_text(Some(path), "") {
            let message = "a watched `path` is empty";
            diagnostics.push(
                Diagnostic::error(codes::INVALID_VALUE, message)
                    .at(path.span, "")
                    .help("name a directory; an unset variable leaves nothing here"),
            );
        }
    }
}

/// Content comes from one place.
fn one_source(key: &Key, node: &Node, kind: &str, sources: &[&str], diagnostics: &mut Diagnostics) {
    let Some(mapping) = node.as_mapping() else {
        return;
    };
    let mut given: Vec<&Key> = mapping
        .keys()
        .filter(|key| sources.contains(&&*key.text))
        .collect();
    // A config taken over from an included project carries the content of its variable.
    if mapping.contains_key("environment") {
        given.retain(|key| {
            &*key.text != "content"
                || mapping
                    .get("content")
                    .is_none_or(|node| node.span != key.span)
        });
    }
    if let Some(file) = mapping.get("file").filter(|file| is_text(Some(file), "")) {
        let message = format!(
            "{kind} `{}` is read from an empty path, the project's own directory",
            key.text
        );
        diagnostics.push(
            Diagnostic::warning(codes::EMPTY_SOURCE, message)
                .at(file.span, "")
                .help("name a file; an unset variable leaves nothing here"),
        );
    }
    let all = sources.join("`, `");
    if let [first, second, ..] = given.as_slice() {
        let message = format!("{kind} `{}` has more than one of `{all}`", key.text);
        diagnostics.push(
            Diagnostic::error(codes::EXCLUSIVE_KEYS, message)
                .at(second.span, "")
                .at(first.span, "the other one")
                .help("keep one of them"),
        );
    }
    if given.is_empty() && !mapping.contains_key("driver") && !mapping.contains_key("external") {
        let message = format!("{kind} `{}` has no content", key.text);
        diagnostics.push(
            Diagnostic::error(codes::NO_CONTENT, message)
                .at(key.span, "")
                .help(format!("add one of `{all}`, or `external: true`")),
        );
    }
}

/// Devices are counted or named, not both.
fn device_requests(service: &Node, diagnostics: &mut Diagnostics) {
    let reserved = ["deploy", "resources", "reservations", "devices"];
    let reserved = reserved.iter().try_fold(service, |node, key| node.get(key));
    for request in [reserved, service.get("gpus")]
        .into_iter()
        .flatten()
        .flat_map(|node| node.as_sequence().unwrap_or_default())
    {
        if let (Some(count), Some(_)) = (request.get("count"), request.get("device_ids")) {
            diagnostics.push(
                Diagnostic::error(
                    codes::EXCLUSIVE_KEYS,
                    "devices have both a `count` and `device_ids`",
                )
                .at(count.span, "")
                .help("keep one of them"),
            );
        }
    }
}

/// A bind needs a path of the host; an empty one is the project's own directory.
fn bind_sources(service: &Node, diagnostics: &mut Diagnostics) {
    let mounts = service
        .get("volumes")
        .and_then(Node::as_sequence)
        .unwrap_or_default();
    for mount in mounts
        .iter()
        .filter(|mount| is_text(mount.get("type"), "bind"))
    {
        let source = mount.get("source");
        if source.is_none() {
            diagnostics.push(
                Diagnostic::error(codes::MISSING_KEY, "a bind has no `source`")
                    .at(mount.span, "")
                    .help("say which path of the host it is"),
            );
        }
        if let Some(source) = source.filter(|source| is_text(Some(source), "")) {
            let message = "an empty `source` mounts the project's own directory";
            diagnostics.push(
                Diagnostic::warning(codes::EMPTY_SOURCE, message)
                    .at(source.span, "")
                    .help("write `.` for that; an unset variable leaves nothing here"),
            );
        }
    }
}

fn is_text(node: Option<&Node>, text: &str) -> bool {
    let scalar = node.and_then(Node::as_scalar);
    scalar.is_some_and(|scalar| &*scalar.text == text && scalar.kind != ScalarKind::Null)
}

/// `external: {name: x}` is the former way to write `external: true` and `name: x`.
pub(crate) fn adopt_external_names(project: &mut Project, tree: &Node) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let networks = project
        .networks
        .iter_mut()
        .map(|(key, network)| ("networks", key, &mut network.name));
    let volumes = project
        .volumes
        .iter_mut()
        .map(|(key, volume)| ("volumes", key, &mut volume.name));
    let secrets = project
        .secrets
        .iter_mut()
        .map(|(key, secret)| ("secrets", key, &mut secret.name));
    let configs = project
        .configs
        .iter_mut()
        .map(|(key, config)| ("configs", key, &mut config.name));
    for (section, key, name) in networks.chain(volumes).chain(secrets).chain(configs) {
        let external = tree
            .get(section)
            .and_then(|section| section.get(key)?.get("external"));
        if let Some(former) = external.and_then(|external| external.get("name")) {
            adopt(former, &format!("{section}.{key}"), name, &mut diagnostics);
        }
    }
    diagnostics
}

fn adopt(former: &Node, place: &str, name: &mut Option<String>, diagnostics: &mut Diagnostics) {
    let Some(former_name) = former.as_scalar().map(|scalar| &*scalar.text) else {
        return;
    };
    if name.as_deref().is_some_and(|name| name != former_name) {
        let message = format!("`{place}` has two different names");
        diagnostics.push(
            Diagnostic::error(codes::CONFLICT, message)
                .at(former.span, "this one is the former way to write it")
                .help("keep `name` and write `external: true`"),
        );
        return;
    }
    let message = format!("`{place}.external.name` is the former way to write it");
    diagnostics.push(
        Diagnostic::warning(codes::DEPRECATED, message)
            .at(former.span, "")
            .help(format!("write `name: {former_name}` and `external: true`")),
    );
    name.get_or_insert_with(|| former_name.to_owned());
}

/// Takes the values of secrets and configs from the variables they name.
pub(crate) fn take_values(project: &mut Project, variables: &Variables) {
    for secret in project.secrets.values_mut() {
        // An included project has variables of its own, and leaves their values here.
        let included = secret
            .extensions
            .shift_remove(crate::environment::SECRET_VALUE);
        let included = included
            .as_ref()
            .and_then(serde_json::Value::as_str)
            .map(str::to_owned);
        let own = || {
            secret
                .environment
                .as_deref()
                .and_then(|name| variables.get(name))
                .map(str::to_owned)
        };
        secret.value = included.or_else(own).map(SecretText::new);
    }
    for config in project
        .configs
        .values_mut()
        .filter(|config| config.environment.is_some())
    {
        let own = || {
            config
                .environment
                .as_deref()
                .and_then(|name| variables.get(name))
                .map(str::to_owned)
        };
        config.value = config.content.take().or_else(own).map(SecretText::new);
    }
}
