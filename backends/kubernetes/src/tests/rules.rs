//! Rules of the API server that a schema does not say.

use std::collections::HashSet;

use serde_json::Value;
use tranship_backend::Object;

use crate::{labels, names};

/// What the API server would refuse about an object.
pub(super) fn broken(object: &Object) -> Vec<String> {
    let mut broken = Vec::new();
    let kind = object.id.kind.as_ref();
    let name = &*object.id.name;
    let is_legal = match kind {
        "Service" => names::is_label(name, names::LABEL_LIMIT),
        "CronJob" | "StatefulSet" => names::is_label(name, names::BASE_LIMIT),
        _ => names::is_subdomain(name),
    };
    if !is_legal {
        broken.push(format!("{kind} cannot be called `{name}`"));
    }
    let spec = &object.body["spec"];
    check_labels(&object.body["metadata"], &mut broken);
    check_service(kind, spec, &mut broken);
    if let Some(strategy) = spec.get("strategy").or(spec.get("updateStrategy")) {
        check_strategy(strategy, &mut broken);
    }
    let template = if kind == "CronJob" {
        &spec["jobTemplate"]["spec"]["template"]
    } else {
        &spec["template"]
    };
    if template.is_object() {
        check_selector(&spec["selector"]["matchLabels"], template, &mut broken);
        check_pod(&template["spec"], spec, &mut broken);
    }
    broken
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn unique(what: &str, values: impl Iterator<Item = String>, broken: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for value in values {
        if !seen.insert(value.clone()) {
            broken.push(format!("{what} {value} twice"));
        }
    }
}

fn check_labels(metadata: &Value, broken: &mut Vec<String>) {
    for (key, value) in metadata["labels"].as_object().into_iter().flatten() {
        if !labels::is_key(key) || !value.as_str().is_some_and(labels::is_value) {
            broken.push(format!("label {key}: {value}"));
        }
    }
}

fn check_service(kind: &str, spec: &Value, broken: &mut Vec<String>) {
    if kind != "Service" {
        return;
    }
    let ports = list(&spec["ports"]);
    let of = |key: &'static str| ports.iter().map(move |port| port[key].to_string());
    unique("port name", of("name"), broken);
    unique(
        "port",
        of("port").zip(of("protocol")).map(|(a, b)| a + &b),
        broken,
    );
    if ports.is_empty() && spec["clusterIP"] != "None" {
        broken.push("no port".to_owned());
    }
    let in_range = |port: &Value| {
        port["port"]
            .as_u64()
            .is_some_and(|port| (1..=65535).contains(&port))
    };
    if !ports.iter().all(in_range) {
        broken.push("a port out of range".to_owned());
    }
}

fn check_strategy(strategy: &Value, broken: &mut Vec<String>) {
    let rolling = &strategy["rollingUpdate"];
    if strategy["type"] == "Recreate" && !rolling.is_null() {
        broken.push("Recreate with numbers".to_owned());
    }
    let is_zero = |key: &str| {
        rolling
            .get(key)
            .is_some_and(|amount| *amount == 0 || *amount == "0%")
    };
    if is_zero("maxSurge") && is_zero("maxUnavailable") {
        broken.push("nothing may surge and nothing be missing".to_owned());
    }
}

fn check_selector(selector: &Value, template: &Value, broken: &mut Vec<String>) {
    check_labels(&template["metadata"], broken);
    for (key, value) in selector.as_object().into_iter().flatten() {
        if template["metadata"]["labels"][key] != *value {
            broken.push(format!(
                "the selector does not select its own tasks by {key}"
            ));
        }
    }
}

fn check_pod(pod: &Value, workload: &Value, broken: &mut Vec<String>) {
    let volumes = list(&pod["volumes"]).iter();
    let claims = list(&workload["volumeClaimTemplates"]).iter();
    let names: Vec<_> = volumes
        .map(|volume| volume["name"].to_string())
        .chain(claims.map(|claim| claim["metadata"]["name"].to_string()))
        .collect();
    unique("volume", names.iter().cloned(), broken);
    for name in &names {
        if !names::is_label(name.trim_matches('"'), names::LABEL_LIMIT) {
            broken.push(format!("a volume cannot be called {name}"));
        }
    }
    for container in list(&pod["containers"])
        .iter()
        .chain(list(&pod["initContainers"]))
    {
        let mounts = list(&container["volumeMounts"]);
        unique(
            "mount",
            mounts.iter().map(|mount| mount["mountPath"].to_string()),
            broken,
        );
        for mount in mounts {
            if !names.contains(&mount["name"].to_string()) {
                broken.push(format!("mount of {} without a volume", mount["name"]));
            }
            if mount["mountPath"]
                .as_str()
                .is_none_or(|path| path.contains(':') || path == "/")
            {
                broken.push(format!("mount at {}", mount["mountPath"]));
            }
        }
    }
}
