//! The version of an object: what changes when people change it, and not when it lives.

use serde_json::{Map, Value};

use super::kinds::Kind;
use crate::hash;

/// What controllers write into the metadata of an object.
const LIVED: &[&str] = &[
    "managedFields",
    "resourceVersion",
    "generation",
    "selfLink",
    "finalizers",
];

/// Changes when what people may set changes.
///
/// Configs and secrets have the API server's own version: nobody but people writes them, and a
/// digest of a secret would tell something of it.
pub(super) fn version(kind: Kind, body: &Value) -> String {
    let text = |pointer| {
        body.pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let uid = text("/metadata/uid");
    if matches!(kind, Kind::ConfigMap | Kind::Secret) {
        return format!("{uid}/{}", text("/metadata/resourceVersion"));
    }
    format!("{uid}/{:016x}", digest(&settled(kind, body)))
}

/// The object's own identity in a version: another one of its name has another.
pub(super) fn uid(version: &str) -> &str {
    version.split('/').next().unwrap_or_default()
}

/// Whether an object has an identity.
pub(super) fn is_of(body: &Value, uid: &str) -> bool {
    body.pointer("/metadata/uid").and_then(Value::as_str) == Some(uid)
}

/// An object without what controllers write.
fn settled(kind: Kind, body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.shift_remove("status");
    }
    if let Some(metadata) = body.get_mut("metadata").and_then(Value::as_object_mut) {
        for key in LIVED {
            metadata.shift_remove(*key);
        }
        if let Some(annotations) = metadata
            .get_mut("annotations")
            .and_then(Value::as_object_mut)
        {
            annotations.retain(|key, _| !is_controllers(key));
        }
    }
    if kind == Kind::PersistentVolumeClaim
        && let Some(spec) = body.get_mut("spec").and_then(Value::as_object_mut)
    {
        // The name of the volume is written when the claim is bound.
        spec.shift_remove("volumeName");
    }
    body
}

/// Whether controllers of the cluster write an annotation, such as a deployment's revision.
fn is_controllers(key: &str) -> bool {
    let domain = key.split('/').next().unwrap_or_default();
    let of_cluster = domain.ends_with("kubernetes.io") || domain.ends_with("k8s.io");
    of_cluster || domain == "deprecated.daemonset.template.generation"
}

/// A digest of a value in which the order of keys does not count.
pub(super) fn digest(value: &Value) -> u64 {
    hash::digest(&[sorted(value).to_string().as_bytes()])
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut keys: Vec<_> = fields.iter().collect();
            keys.sort_by_key(|(key, _)| key.as_str());
            let fields = keys
                .into_iter()
                .map(|(key, value)| (key.clone(), sorted(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            plain.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment(replicas: u64, ready: u64, revision: &str) -> Value {
        json!({
            "metadata": {
                "uid": "u", "resourceVersion": ready.to_string(), "generation": 3,
                "annotations": {"deployment.kubernetes.io/revision": revision},
            },
            "spec": {"replicas": replicas},
            "status": {"readyReplicas": ready},
        })
    }

    #[test]
    fn a_version_changes_with_what_people_set_alone() {
        let version = |body| version(Kind::Deployment, &body);
        assert_eq!(
            version(deployment(2, 0, "1")),
            version(deployment(2, 2, "2"))
        );
        assert_ne!(
            version(deployment(2, 0, "1")),
            version(deployment(3, 0, "1"))
        );
    }

    #[test]
    fn binding_a_claim_changes_nothing_people_set() {
        let loose = json!({"metadata": {"uid": "u"}, "spec": {"resources": 1}});
        let bound = json!({
            "metadata": {
                "uid": "u",
                "annotations": {"pv.kubernetes.io/bind-completed": "yes"},
                "finalizers": ["kubernetes.io/pvc-protection"],
            },
            "spec": {"resources": 1, "volumeName": "pvc-1"},
        });
        let mut loose = loose;
        loose["metadata"]["annotations"] = json!({});
        let version = |body| version(Kind::PersistentVolumeClaim, body);
        assert_eq!(version(&loose), version(&bound));
    }
}
