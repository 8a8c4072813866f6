//! Short forms made long, as the reference does before another file is laid over.
//!
//! The typed stage reads both forms, so this is only for trees something is merged onto or whose
//! relative paths must be found: what lies below another file, what is included or extended.
//!
//! Source: compose-go 2.16.2, `transform/`.

use std::sync::LazyLock;

use serde::Serialize;
use tranship_yaml::{Kind, Mapping, Node, ScalarKind, Span};

use crate::field::{DeviceMapping, Mount, MountKind, Port};
use crate::file_path;
use crate::merge;
use crate::nodes;
use crate::trie::Branch;

/// How a short form is made long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LongForm {
    Build,
    DependsOn,
    Device,
    EnvFile,
    External,
    FileMount,
    Gpus,
    KeyValues,
    Mount,
    Names,
    Ports,
    Schedule,
    Ssh,
    TextOrList,
}

static FORMS: LazyLock<Branch<LongForm>> = LazyLock::new(forms);

fn forms() -> Branch<LongForm> {
    use LongForm::{
        Build, DependsOn, Device, EnvFile, External, FileMount, Gpus, KeyValues, Mount, Names,
        Ports, Schedule, Ssh, TextOrList,
    };
    let mut forms = Branch::new();
    forms.add_below(
        &["services.*", "jobs.*", "services.*.pre_start.*"],
        &[
            ("env_file", EnvFile),
            ("label_file", TextOrList),
            ("gpus", Gpus),
            ("networks", Names),
            ("models", Names),
            ("volumes.*", Mount),
            ("dns", TextOrList),
            ("devices.*", Device),
            ("secrets.*", FileMount),
            ("configs.*", FileMount),
        ],
    );
    forms.add_below(
        &["services.*", "jobs.*"],
        &[
            ("build.secrets.*", FileMount),
            ("build.additional_contexts", KeyValues),
            ("build.ssh", Ssh),
            ("build", Build),
            ("depends_on", DependsOn),
            ("ports", Ports),
        ],
    );
    forms.add("jobs.*.triggers.schedule.*", Schedule);
    forms.add("services.*.develop.watch.*.ignore", TextOrList);
    forms.add("services.*.develop.watch.*.include", TextOrList);
    for resource in ["volumes.*", "networks.*", "secrets.*", "configs.*"] {
        forms.add(resource, External);
    }
    forms
}

/// Makes every short form of a document long. What cannot be read stays, for the typed stage to
/// refuse.
pub(crate) fn make_long(document: &mut Node) {
    walk(document, Some(&FORMS));
}

fn walk(node: &mut Node, forms: Option<&Branch<LongForm>>) {
    let Some(forms) = forms else {
        return;
    };
    if let Some(form) = forms.rule() {
        form.apply(node);
    }
    match &mut node.kind {
        Kind::Mapping(entries) => {
            for (key, value) in entries {
                walk(value, forms.key(&key.text));
            }
        }
        Kind::Sequence(items) => {
            for item in items {
                walk(item, forms.item());
            }
        }
        Kind::Scalar(_) => {}
    }
}

impl LongForm {
    fn apply(self, node: &mut Node) {
        let span = node.span;
        let long = match self {
            Self::Build => short(node).map(|text| keyed("context", text, span)),
            Self::Schedule => short(node).map(|text| keyed("cron", text, span)),
            Self::FileMount => short(node).map(|text| keyed("source", text, span)),
            Self::TextOrList => short(node).map(|text| nodes::sequence(vec![text], span)),
            Self::Gpus => nodes::text(node)
                .filter(|text| *text == "all")
                .map(|_| all_devices(span)),
            Self::Mount => nodes::text(node).and_then(|text| long_mount(text, span)),
            Self::Device => nodes::text(node).and_then(|text| long_device(text, span)),
            Self::Names => merge::names(node.clone())
                .ok()
                .filter(|_| node.as_sequence().is_some()),
            Self::KeyValues => node
                .as_sequence()
                .and_then(|items| split_entries(items, span)),
            Self::Ssh => node.as_sequence().map(|items| ssh_keys(items, span)),
            Self::EnvFile => env_files(node),
            Self::DependsOn => dependencies(node),
            Self::External => {
                adopt_external_name(node);
                None
            }
            Self::Ports => match &mut node.kind {
                Kind::Sequence(items) => Some(nodes::sequence(ports(std::mem::take(items)), span)),
                Kind::Scalar(_) | Kind::Mapping(_) => None,
            },
        };
        if let Some(long) = long {
            *node = long;
        }
    }
}

/// The text on its own, if the node is one.
fn short(node: &Node) -> Option<Node> {
    nodes::text(node).map(|_| node.clone())
}

fn keyed(name: &str, value: Node, span: Span) -> Node {
    nodes::small_mapping([(name, value)], span)
}

fn all_devices(span: Span) -> Node {
    nodes::sequence(vec![keyed("count", nodes::string("all", span), span)], span)
}

/// A missing source of a short bind is made, which the long form has to say in hooks.
fn long_mount(text: &str, span: Span) -> Option<Node> {
    let mut mount = Mount::parse_short(text).ok()?.0;
    mount.target = mount.target.as_deref().map(file_path::clean);
    let is_bind = mount.kind == Some(MountKind::Bind);
    let mut mount = to_node(&mount, span)?;
    if let Some(bind) = nodes::get_mut(&mut mount, "bind").filter(|_| is_bind) {
        set_default(bind, "create_host_path", |span| nodes::boolean(true, span));
    }
    Some(mount)
}

/// An unset variable leaves a device without a name, which is one all the same.
fn long_device(text: &str, span: Span) -> Option<Node> {
    let mut device = to_node(&text.parse::<DeviceMapping>().ok()?, span)?;
    for part in ["source", "target"] {
        set_default(&mut device, part, |span| nodes::string("", span));
    }
    Some(device)
}

/// Where a short mount is mounted.
pub(crate) fn mount_target(text: &str) -> Option<String> {
    Mount::parse_short(text).ok()?.0.target
}

/// Every port in its long form; ranges become one entry each.
pub(crate) fn ports(items: Vec<Node>) -> Vec<Node> {
    let mut long = Vec::with_capacity(items.len());
    for item in items {
        match long_ports(&item) {
            Some(ports) => long.extend(ports),
            None => long.push(item),
        }
    }
    long
}

fn long_ports(item: &Node) -> Option<Vec<Node>> {
    let text = item.as_scalar()?.go_text();
    let ports = Port::parse_short(&text).ok()?;
    ports.iter().map(|port| to_node(port, item.span)).collect()
}

fn split_entries(items: &[Node], span: Span) -> Option<Node> {
    let entry = |item: &Node| {
        let (key, value) = nodes::text(item)?.split_once('=')?;
        Some((nodes::key(key, item.span), nodes::string(value, item.span)))
    };
    let entries: Option<Mapping> = items.iter().map(entry).collect();
    Some(nodes::mapping(entries?, span))
}

fn ssh_keys(items: &[Node], span: Span) -> Node {
    let entry = |item: &Node| {
        let text = nodes::text(item).unwrap_or_default();
        match text.split_once('=') {
            Some((id, path)) => (nodes::key(id, item.span), nodes::string(path, item.span)),
            None => (nodes::key(text, item.span), nodes::null(item.span)),
        }
    };
    nodes::mapping(items.iter().map(entry).collect(), span)
}

fn env_files(node: &Node) -> Option<Node> {
    let items = match &node.kind {
        Kind::Sequence(items) => items.iter().map(env_file).collect(),
        Kind::Scalar(_) => vec![env_file(node)],
        Kind::Mapping(_) => return None,
    };
    Some(nodes::sequence(items, node.span))
}

fn env_file(node: &Node) -> Node {
    let mut file = match short(node) {
        Some(path) => keyed("path", path, node.span),
        None => node.clone(),
    };
    set_default(&mut file, "required", |span| nodes::boolean(true, span));
    file
}

fn dependencies(node: &Node) -> Option<Node> {
    let mut node = match &node.kind {
        Kind::Sequence(_) => merge::names(node.clone()).ok()?,
        Kind::Mapping(_) => node.clone(),
        Kind::Scalar(_) => return None,
    };
    for (_, dependency) in nodes::entries_mut(&mut node)? {
        if dependency.is_null() {
            *dependency = nodes::mapping(Mapping::default(), dependency.span);
        }
        set_default(dependency, "condition", |span| {
            nodes::string("service_started", span)
        });
        set_default(dependency, "required", |span| nodes::boolean(true, span));
    }
    Some(node)
}

/// Gives a mapping a value it lacks.
pub(crate) fn set_default(node: &mut Node, name: &str, value: fn(Span) -> Node) {
    let span = node.span;
    if let Some(entries) = nodes::entries_mut(node) {
        entries
            .entry(nodes::key(name, span))
            .or_insert_with(|| value(span));
    }
}

/// `external: {name: x}` is `external: true` and `name: x`.
fn adopt_external_name(node: &mut Node) {
    let Some(external) = nodes::get_mut(node, "external") else {
        return;
    };
    let span = external.span;
    let Some(entries) = nodes::entries_mut(external) else {
        return;
    };
    let name = entries.shift_remove("name");
    let conflicts =
        matches!((&name, node.get("name")), (Some(one), Some(other)) if !nodes::equal(one, other));
    if conflicts {
        // Left as it stands, for the typed stage to refuse.
        return put_back(node, name);
    }
    if let (Some(name), Some(entries)) = (name, nodes::entries_mut(node)) {
        entries.entry(nodes::key("name", span)).or_insert(name);
    }
    if let Some(external) = nodes::get_mut(node, "external") {
        *external = nodes::boolean(true, span);
    }
}

fn put_back(node: &mut Node, name: Option<Node>) {
    let external = nodes::get_mut(node, "external").and_then(nodes::entries_mut);
    if let (Some(name), Some(entries)) = (name, external) {
        entries.insert(nodes::key("name", name.span), name);
    }
}

/// Drops empty texts and nulls of `dns`, which an unset variable leaves.
pub(crate) fn drop_empty_dns(document: &mut Node) {
    for section in ["services", "jobs"] {
        let Some(entries) = nodes::get_mut(document, section).and_then(nodes::entries_mut) else {
            continue;
        };
        for (_, service) in entries {
            if let Some(Node {
                kind: Kind::Sequence(items),
                ..
            }) = nodes::get_mut(service, "dns")
            {
                items.retain(|item| !item.is_null() && nodes::text(item) != Some(""));
            }
        }
    }
}

/// A typed value as a node whose every part stands at `span`.
pub(crate) fn to_node(value: &impl Serialize, span: Span) -> Option<Node> {
    Some(from_json(serde_json::to_value(value).ok()?, span))
}

fn from_json(value: serde_json::Value, span: Span) -> Node {
    use serde_json::Value;
    match value {
        Value::Null => nodes::null(span),
        Value::Bool(value) => nodes::boolean(value, span),
        Value::Number(number) => {
            let kind = if number.is_f64() {
                ScalarKind::Float
            } else {
                ScalarKind::Integer
            };
            nodes::scalar(number.to_string(), kind, span)
        }
        Value::String(text) => nodes::string(text, span),
        Value::Array(items) => {
            let items = items.into_iter().map(|item| from_json(item, span));
            nodes::sequence(items.collect(), span)
        }
        Value::Object(entries) => {
            let entries = entries.into_iter();
            let entries =
                entries.map(|(key, value)| (nodes::key(key, span), from_json(value, span)));
            nodes::mapping(entries.collect(), span)
        }
    }
}
