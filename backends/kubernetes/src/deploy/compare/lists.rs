//! Which items of two lists belong together.
//!
//! Source: `x-kubernetes-list-type` and `x-kubernetes-list-map-keys` of the 1.34 interface.

use serde_json::Value;

/// How the items of a list are told apart.
pub(super) enum Listing {
    /// By some of their fields; what others add stays theirs.
    Keyed(&'static [Key]),
    /// By their values; what others add stays theirs.
    Set,
    /// By their places: the list belongs to one manager as a whole.
    Whole,
}

/// A field that tells items apart.
pub(super) struct Key {
    name: &'static str,
    default: &'static str,
}

const fn key(name: &'static str) -> Key {
    Key { name, default: "" }
}

const NAME: &[Key] = &[key("name")];
const MOUNT_PATH: &[Key] = &[key("mountPath")];
const DEVICE_PATH: &[Key] = &[key("devicePath")];
const ADDRESS: &[Key] = &[key("ip")];
const PROTOCOL: Key = Key {
    name: "protocol",
    default: "TCP",
};
const CONTAINER_PORT: &[Key] = &[key("containerPort"), PROTOCOL];
const SERVICE_PORT: &[Key] = &[key("port"), PROTOCOL];
const SPREAD: &[Key] = &[key("topologyKey"), key("whenUnsatisfiable")];

/// How the items of the list in `field` are told apart.
pub(super) fn listing(field: &str, items: &[Value]) -> Listing {
    let has = |key: &str| items.iter().all(|item| item.get(key).is_some());
    match field {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "volumes"
        | "env"
        | "imagePullSecrets"
        | "resourceClaims" => Listing::Keyed(NAME),
        "volumeMounts" => Listing::Keyed(MOUNT_PATH),
        "volumeDevices" => Listing::Keyed(DEVICE_PATH),
        "hostAliases" => Listing::Keyed(ADDRESS),
        "topologySpreadConstraints" => Listing::Keyed(SPREAD),
        "ports" if has("containerPort") => Listing::Keyed(CONTAINER_PORT),
        // The ports of a network policy's rules have other fields, and no keys.
        "ports" if has("port") && has("name") => Listing::Keyed(SERVICE_PORT),
        "finalizers" => Listing::Set,
        _ => Listing::Whole,
    }
}

/// What tells an item apart, as text.
pub(super) fn name(keys: &[Key], item: &Value) -> String {
    let part = |key: &Key| match item.get(key.name) {
        None | Some(Value::Null) => key.default.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    keys.iter().map(part).collect::<Vec<_>>().join("/")
}
