//! Differences from the reference loader that asking it live has found, each as small as it was.

use crate::{LoadOptions, Loaded, MemoryFiles, load};

fn loaded(text: &str) -> Loaded {
    let files = MemoryFiles::new().with("/shop/compose.yaml", text);
    let options = LoadOptions {
        current_directory: "/shop".to_owned(),
        ..LoadOptions::default()
    };
    load(&files, &options)
}

/// A value of the canonical form of a sound project.
fn value(text: &str, pointer: &str) -> Option<serde_json::Value> {
    let loaded = loaded(text);
    assert!(!loaded.diagnostics.has_errors(), "{:?}", loaded.diagnostics);
    serde_json::json!(loaded.project).pointer(pointer).cloned()
}

#[test]
fn empty_parts_are_left_out() {
    for part in [
        "deploy: {placement: {}, mode: global}",
        "deploy: {resources: {}, mode: global}",
    ] {
        let text = format!("services: {{web: {{image: a, {part}}}}}");
        let deploy = value(&text, "/services/web/deploy");
        assert_eq!(
            deploy,
            Some(serde_json::json!({"mode": "global"})),
            "{part}"
        );
    }
    let network = "services: {web: {image: a}}\nnetworks: {front: {ipam: {}}}";
    assert_eq!(value(network, "/networks/front/ipam"), None);
}

#[test]
fn a_zero_of_a_hook_is_not_replaced_by_the_figure_of_its_service() {
    let text = "services: {web: {image: a, shm_size: 100k, init: true, pre_start: [{shm_size: 0, init: false}]}}";
    assert_eq!(value(text, "/services/web/pre_start/0/shm_size"), None);
    let init = value(text, "/services/web/pre_start/0/init");
    assert_eq!(init, Some(false.into()));
}

#[test]
fn a_date_of_ones_own_is_printed_as_a_moment() {
    let text = "services: {web: {image: a, x-day: 2024-01-02, x-time: 2024-01-02T03:04:05+02:00}}";
    let day = value(text, "/services/web/x-day");
    assert_eq!(day, Some("2024-01-02T00:00:00Z".into()));
}

#[test]
fn the_profile_an_unset_variable_leaves_is_active() {
    let text = "services: {web: {image: a, profiles: [\"${NOPE:-}\"]}}";
    assert_eq!(value(text, "/services/web/image"), Some("a".into()));
}

#[test]
fn an_empty_published_port_is_another_port_than_one_without() {
    let text = "services: {web: {image: a, ports: [80, {target: 80, published: \"\"}]}}";
    assert!(value(text, "/services/web/ports/1").is_some());
}

#[test]
fn what_docker_refuses_late_is_refused() {
    for text in [
        "jobs: {nightly: {image: a, triggers: {}}}",
        "services: {web: {image: a, volumes: [{type: npipe}]}}",
        "services: {web: {image: a, develop: {watch: [{path: \"\", action: rebuild}]}}}",
    ] {
        assert!(loaded(text).diagnostics.has_errors(), "{text}");
    }
}
