//! How a wanted object differs from the one that is there.
//!
//! The engine keeps what it was sent and says it back with few additions. Both sides are brought
//! to one form: what says nothing is left out, and so is what the engine fills in. A service is
//! replaced as a whole by an update, so a field that is there and not wanted is a difference too.

use serde_json::{Map, Value};
use tranship_backend::deploy::{Change, Difference, Live, Wanted};

use super::inventory::Kind;
use super::labels::INTERNAL;

/// How a wanted object differs from the live one.
pub(super) fn compare(wanted: &Wanted, live: &Live) -> Difference {
    let kind = Kind::of(&wanted.object.id);
    let changes = changes(kind, &wanted.object.body, &live.body);
    if changes.is_empty() {
        return Difference::Same;
    }
    let mode = changes.iter().find(|change| is_mode(change));
    if kind == Some(Kind::Service) && mode.is_some() {
        return Difference::Recreate {
            changes,
            reason: "a service cannot change between replicated, global and job".to_owned(),
        };
    }
    Difference::InPlace(changes)
}

/// Whether objects differ in what the engine never changes: a new one takes the old one's place.
pub(super) fn is_fixed(kind: Option<Kind>, wanted: &Value, live: &Value) -> bool {
    let changes = changes(kind, wanted, live);
    match kind {
        Some(Kind::Network) => !changes.is_empty(),
        Some(Kind::Secret | Kind::Config) => {
            let is_label = |change: &Change| change.field.starts_with("Labels.");
            !changes.iter().all(is_label)
        }
        Some(Kind::Service) | None => false,
    }
}

/// `Mode.Global` beside `Mode.Replicated`; `Mode.Replicated.Replicas` is no other mode.
fn is_mode(change: &Change) -> bool {
    let rest = change.field.strip_prefix("Mode.");
    rest.is_some_and(|rest| !rest.contains('.')) || change.field == "Mode"
}

/// Every field that differs.
pub(super) fn changes(kind: Option<Kind>, wanted: &Value, live: &Value) -> Vec<Change> {
    let (wanted, live) = match kind {
        Some(Kind::Network) => network(wanted, live),
        Some(Kind::Service) => (service(wanted), service(live)),
        Some(Kind::Secret | Kind::Config) | None => (stored(wanted), stored(live)),
    };
    let mut changes = Vec::new();
    differ("", wanted.as_ref(), live.as_ref(), &mut changes);
    changes
}

fn differ(field: &str, wanted: Option<&Value>, live: Option<&Value>, changes: &mut Vec<Change>) {
    if wanted == live {
        return;
    }
    let inner = |name: &str| match field {
        "" => name.to_owned(),
        _ => format!("{field}.{name}"),
    };
    let (Some(Value::Object(to)), Some(Value::Object(from))) = (wanted, live) else {
        return changes.push(Change {
            field: field.to_owned(),
            from: live.cloned(),
            to: wanted.cloned(),
        });
    };
    for (name, value) in to {
        differ(&inner(name), Some(value), from.get(name), changes);
    }
    for (name, value) in from.iter().filter(|(name, _)| !to.contains_key(*name)) {
        differ(&inner(name), None, Some(value), changes);
    }
}

/// A value without what says nothing; none when nothing is left.
///
/// Labels and variables may be empty text on purpose, so text stays.
fn said(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Object(map) => {
            let map: Map<String, Value> = map
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), said(value)?)))
                .collect();
            (!map.is_empty()).then_some(Value::Object(map))
        }
        Value::Array(items) => {
            let item = |item: &Value| said(item).unwrap_or_else(|| item.clone());
            (!items.is_empty()).then(|| items.iter().map(item).collect())
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(value.clone()),
    }
}

/// Removes a field if it says one of these.
fn without(spec: &mut Value, path: &str, defaults: &[Value]) {
    let Some((parent, key)) = path.rsplit_once('/') else {
        return;
    };
    let map = spec.pointer_mut(parent).and_then(Value::as_object_mut);
    if let Some(map) = map
        && map.get(key).is_some_and(|value| defaults.contains(value))
    {
        map.remove(key);
    }
}

fn without_internal(spec: &mut Value) {
    let labels = spec.get_mut("Labels").and_then(Value::as_object_mut);
    if let Some(labels) = labels {
        labels.retain(|key, _| !INTERNAL.contains(&key.as_str()));
    }
}

fn stored(spec: &Value) -> Option<Value> {
    let mut spec = spec.clone();
    without_internal(&mut spec);
    // The engine keeps text that says nothing for drivers that are not there.
    without(&mut spec, "/Templating/Name", &[Value::from("")]);
    said(&spec)
}

/// A network says what the engine chose as if people had; only what we say is compared, and
/// labels and options in both directions.
fn network(wanted: &Value, live: &Value) -> (Option<Value>, Option<Value>) {
    let (mut wanted, mut live) = (wanted.clone(), live.clone());
    without_internal(&mut live);
    let options = live.get_mut("Options").and_then(Value::as_object_mut);
    if let Some(options) = options {
        options.remove("com.docker.network.driver.overlay.vxlanid_list");
    }
    for path in ["/Internal", "/Attachable", "/EnableIPv6"] {
        without(&mut wanted, path, &[false.into()]);
        without(&mut live, path, &[false.into()]);
    }
    without(&mut wanted, "/EnableIPv4", &[true.into()]);
    without(&mut live, "/EnableIPv4", &[true.into()]);
    without(&mut wanted, "/IPAM/Driver", &["default".into()]);
    // A network nobody uses yet has no driver until the engine gets to it.
    if live.get("Driver").and_then(Value::as_str) == Some("") {
        without(&mut live, "/Driver", &["".into()]);
        let driver = wanted.get("Driver").cloned().unwrap_or_default();
        without(&mut wanted, "/Driver", &[driver]);
    }
    if let (Some(live), Some(wanted)) = (live.as_object_mut(), wanted.as_object()) {
        let both = ["Labels", "Options", "Internal", "Attachable", "EnableIPv6"];
        live.retain(|key, _| wanted.contains_key(key) || both.contains(&key.as_str()));
    }
    let ipam = live.get("IPAM").zip(wanted.get("IPAM"));
    if let Some(ipam) = ipam.map(|(live, wanted)| asked(live, wanted))
        && let Some(live) = live.as_object_mut()
    {
        live.insert("IPAM".to_owned(), ipam);
    }
    (said(&wanted), said(&live))
}

/// Of what is there, the part that is asked for.
fn asked(live: &Value, wanted: &Value) -> Value {
    match (live, wanted) {
        (Value::Object(live), Value::Object(wanted)) => live
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), asked(value, wanted.get(key)?))))
            .collect(),
        (Value::Array(live), Value::Array(wanted)) => {
            let pairs = live.iter().zip(wanted);
            pairs.map(|(live, wanted)| asked(live, wanted)).collect()
        }
        _ => live.clone(),
    }
}

fn service(spec: &Value) -> Option<Value> {
    let mut spec = spec.clone();
    without_internal(&mut spec);
    fill(&mut spec);
    let zero = [Value::from(0)];
    let task = [
        ("/TaskTemplate/Runtime", vec!["container".into()]),
        (
            "/TaskTemplate/ContainerSpec/Isolation",
            vec!["default".into(), "".into()],
        ),
        ("/TaskTemplate/RestartPolicy/MaxAttempts", zero.to_vec()),
        ("/TaskTemplate/RestartPolicy/Condition", vec!["any".into()]),
        ("/EndpointSpec/Mode", vec!["vip".into()]),
        ("/UpdateConfig/MaxFailureRatio", vec![0.into(), 0.0.into()]),
        ("/UpdateConfig/Order", vec!["stop-first".into()]),
        ("/UpdateConfig/FailureAction", vec!["pause".into()]),
        (
            "/RollbackConfig/MaxFailureRatio",
            vec![0.into(), 0.0.into()],
        ),
        ("/RollbackConfig/Order", vec!["stop-first".into()]),
        ("/RollbackConfig/FailureAction", vec!["pause".into()]),
        ("/Mode/Replicated/Replicas", vec![1.into()]),
    ];
    for (path, defaults) in &task {
        without(&mut spec, path, defaults);
    }
    let template = spec.get_mut("TaskTemplate").and_then(Value::as_object_mut);
    if let Some(template) = template {
        template.remove("ForceUpdate");
    }
    each(&mut spec, "/TaskTemplate/ContainerSpec/Mounts", |mount| {
        without(mount, "/ReadOnly", &[false.into()]);
        without(mount, "/VolumeOptions/NoCopy", &[false.into()]);
    });
    each(&mut spec, "/EndpointSpec/Ports", |port| {
        without(port, "/PublishedPort", &zero);
    });
    let mode = spec.get("Mode").cloned();
    let mut said = said(&spec)?;
    // Which mode it is counts even where the mode says nothing more.
    if let (Some(said), Some(mode)) = (said.as_object_mut(), mode) {
        said.insert("Mode".to_owned(), mode);
    }
    Some(said)
}

/// Brings a specification to the spelling of a translation.
fn fill(spec: &mut Value) {
    let container = spec.pointer_mut("/TaskTemplate/ContainerSpec");
    if let Some(container) = container.and_then(Value::as_object_mut)
        && let Some(check) = container.remove("Healthcheck")
    {
        container.insert("HealthCheck".to_owned(), check);
    }
}

fn each(spec: &mut Value, path: &str, change: impl Fn(&mut Value)) {
    let items = spec.pointer_mut(path).and_then(Value::as_array_mut);
    items.into_iter().flatten().for_each(change);
}
