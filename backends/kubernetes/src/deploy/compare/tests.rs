//! Every rule of the comparison, on objects as an API server answers them.

use serde_json::{Value, json};
use tranship_backend::Object;
use tranship_backend::deploy::{Difference, Live, Owner, Role, Wanted};

use super::super::kinds::Kind;
use super::compare;

fn compared(kind: Kind, wanted: Value, live: Value) -> Difference {
    let id = kind.id("web");
    let wanted = Wanted {
        object: Object {
            id: id.clone(),
            body: wanted,
        },
        role: Role::Foundation,
        uses: Vec::new(),
    };
    let live = Live {
        id,
        body: live,
        version: String::new(),
        owner: Owner::Stack,
        role: Role::Foundation,
        secret_is_current: true,
    };
    compare(&wanted, &live)
}

/// The fields that differ, or why it has to be made anew.
fn fields(kind: Kind, wanted: Value, live: Value) -> String {
    match compared(kind, wanted, live) {
        Difference::Same => "same".to_owned(),
        Difference::InPlace(changes) => {
            let fields: Vec<_> = changes.into_iter().map(|change| change.field).collect();
            fields.join(", ")
        }
        Difference::Recreate { reason, changes: _ } => format!("anew: {reason}"),
    }
}

fn containers(container: &Value) -> Value {
    json!({"spec": {"template": {"spec": {"containers": [container]}}}})
}

fn container(wanted: &Value, live: &Value) -> String {
    fields(Kind::Deployment, containers(wanted), containers(live))
}

#[test]
fn defaults_of_the_server_are_no_difference() {
    let wanted = json!({"name": "web", "image": "a", "ports": [{"containerPort": 80}],
        "resources": {"limits": {"cpu": "0.5", "memory": "1Gi"}}, "stdin": false});
    let live = json!({"name": "web", "image": "a", "imagePullPolicy": "Always",
        "ports": [{"containerPort": 80, "protocol": "TCP"}],
        "resources": {"limits": {"cpu": "500m", "memory": "1024Mi"}},
        "terminationMessagePath": "/dev/termination-log"});
    assert_eq!(container(&wanted, &live), "same");
}

#[test]
fn an_empty_variable_is_left_out_by_the_server() {
    let wanted = json!({"name": "web", "env": [{"name": "A", "value": ""}]});
    let live = json!({"name": "web", "env": [{"name": "A"}]});
    assert_eq!(container(&wanted, &live), "same");
}

#[test]
fn a_change_by_hand_is_found_where_it_is() {
    let wanted = json!({"name": "web", "image": "a:1", "env": [{"name": "A", "value": "1"}]});
    let live = json!({"name": "web", "image": "a:2",
        "env": [{"name": "B", "value": "2"}, {"name": "A", "value": "3"}]});
    assert_eq!(
        container(&wanted, &live),
        "spec.template.spec.containers[web].image, \
         spec.template.spec.containers[web].env[A].value"
    );
}

#[test]
fn what_others_add_beside_ours_is_theirs() {
    let wanted = json!({"name": "web", "volumeMounts": [{"name": "a", "mountPath": "/a"}]});
    let live = json!({"name": "web", "volumeMounts": [
        {"name": "x", "mountPath": "/x"}, {"name": "a", "mountPath": "/a"}]});
    assert_eq!(container(&wanted, &live), "same");
}

#[test]
fn the_order_of_arguments_counts() {
    let wanted = json!({"name": "web", "args": ["a", "b"]});
    let live = json!({"name": "web", "args": ["b", "a"]});
    assert_eq!(
        container(&wanted, &live),
        "spec.template.spec.containers[web].args[0], spec.template.spec.containers[web].args[1]"
    );
}

#[test]
fn a_no_that_was_taken_away_is_found_where_nothing_means_yes() {
    let wanted = json!({"spec": {"template": {"spec": {"automountServiceAccountToken": false}}}});
    let live = json!({"spec": {"template": {"spec": {}}}});
    assert_eq!(
        fields(Kind::Deployment, wanted, live),
        "spec.template.spec.automountServiceAccountToken"
    );
}

#[test]
fn a_field_we_set_and_no_longer_want_is_found() {
    let entry = json!([{"manager": "tranship", "operation": "Apply", "fieldsV1": {
        "f:metadata": {"f:labels": {"f:a.b/c": {}, "f:keep": {}}},
        "f:spec": {"f:ports": {
            "k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}},
            "k:{\"port\":90,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}},
        }},
    }}]);
    let live = json!({
        "metadata": {"labels": {"a.b/c": "1", "keep": "1", "theirs": "1"}, "managedFields": entry},
        "spec": {"ports": [
            {"name": "a", "port": 80, "protocol": "TCP"},
            {"name": "b", "port": 90, "protocol": "TCP"}]},
    });
    let wanted = json!({
        "metadata": {"labels": {"keep": "1"}},
        "spec": {"ports": [{"name": "a", "port": 80}]},
    });
    assert_eq!(
        fields(Kind::Service, wanted, live),
        "metadata.labels[a.b/c], spec.ports[90/TCP]"
    );
}

#[test]
fn a_selector_is_one_value() {
    let wanted = json!({"spec": {"selector": {"a": "1"}}});
    let live = json!({"spec": {"selector": {"a": "1", "b": "2"}}});
    assert_eq!(fields(Kind::Service, wanted, live), "spec.selector.b");
}

#[test]
fn what_cannot_change_is_made_anew() {
    let anew = |kind, wanted, live| {
        let end = fields(kind, wanted, live);
        assert!(end.starts_with("anew: "), "{end}");
    };
    let selector = |value: &str| json!({"spec": {"selector": {"matchLabels": {"a": value}}}});
    anew(Kind::Deployment, selector("1"), selector("2"));
    anew(Kind::DaemonSet, selector("1"), selector("2"));
    let set = |name: &str| json!({"spec": {"serviceName": name, "replicas": 1}});
    anew(Kind::StatefulSet, set("a"), set("b"));
    let address = |ip: &str| json!({"spec": {"clusterIP": ip}});
    anew(Kind::Service, address("None"), address("10.0.0.1"));
    let job = |image: &str| json!({"spec": {"template": {"spec": {"image": image}}}});
    anew(Kind::Job, job("a"), job("b"));
    let config = |text: &str| json!({"data": {"a": text}, "immutable": true});
    anew(Kind::ConfigMap, config("1"), config("2"));
    let modes = |mode: &str| json!({"spec": {"accessModes": [mode]}});
    anew(
        Kind::PersistentVolumeClaim,
        modes("ReadWriteOnce"),
        modes("ReadWriteMany"),
    );
}

#[test]
fn what_can_change_is_changed_in_place() {
    let job = |count: u64| json!({"spec": {"parallelism": count}});
    assert_eq!(fields(Kind::Job, job(1), job(2)), "spec.parallelism");
    let set = |count: u64| json!({"spec": {"replicas": count}});
    assert_eq!(fields(Kind::StatefulSet, set(1), set(2)), "spec.replicas");
}

#[test]
fn a_claim_grows_in_place_and_never_shrinks() {
    let claim = |size: &str| json!({"spec": {"resources": {"requests": {"storage": size}}}});
    let kind = Kind::PersistentVolumeClaim;
    assert_eq!(
        fields(kind, claim("2Gi"), claim("1Gi")),
        "spec.resources.requests.storage"
    );
    assert!(fields(kind, claim("1Gi"), claim("2Gi")).starts_with("anew: "));
}

#[test]
fn a_failed_job_and_a_dying_object_are_made_anew() {
    let failed = json!({"status": {"conditions": [{"type": "Failed", "status": "True"}]}});
    assert!(fields(Kind::Job, json!({}), failed).contains("has failed"));
    let dying = json!({"metadata": {"deletionTimestamp": "2026-11-22T19:00:00Z"}});
    assert!(fields(Kind::Service, json!({}), dying).contains("being deleted"));
}
