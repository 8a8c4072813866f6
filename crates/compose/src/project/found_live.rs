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
        "services: {web: {image: a, cpu_percent: 0.5}}",
        "services: {web: {image: a}}\nsecrets: {token: {external: false}}",
        "services: {web: {image: a}}\nversion:",
        "services: {web: {image: a}}\nversion: ${NOPE:?}",
        "jobs: {nightly: {image: a, triggers: {}, secrets: [{mode: 444}]}}",
        "jobs: {nightly: {image: a, triggers: {manual: true}, networks: {\"\": {}}}}",
        "services: {web: {image: a, gpus: some}}\n---\nservices: {api: {image: a}}",
        "services: {web: {image: a, networks: [\"\"]}}",
        "services: {web: {image: a, pre_start: [{volumes: [{type: bind, target: /a}]}]}}",
        "jobs: {nightly: {image: a, triggers: {manual: true}, volumes: [{type: bind, target: /a}]}}",
    ] {
        assert!(loaded(text).diagnostics.has_errors(), "{text}");
    }
}

#[test]
fn a_date_as_version_is_a_text() {
    let text = "version: 2024-01-02\nservices: {web: {image: a}}";
    assert_eq!(value(text, "/services/web/image"), Some("a".into()));
}

#[test]
fn an_option_given_no_times_is_left_out() {
    let text = "services: {web: {provider: {type: cloud, options: {size: [], zone: b}}}}";
    let options = value(text, "/services/web/provider/options");
    assert_eq!(options, Some(serde_json::json!({"zone": ["b"]})));
}

#[test]
fn an_empty_word_keeps_the_default_away_and_is_not_printed() {
    let text = "services: {web: {image: a, ports: [{target: 80, mode: \"\", protocol: \"\"}], deploy: {endpoint_mode: \"\", replicas: 2}}}";
    let port = value(text, "/services/web/ports/0");
    assert_eq!(port, Some(serde_json::json!({"target": 80})));
    let deploy = value(text, "/services/web/deploy");
    assert_eq!(deploy, Some(serde_json::json!({"replicas": 2})));
}

#[test]
fn an_empty_text_of_a_hook_is_not_replaced_by_that_of_its_service() {
    let text =
        "services: {web: {image: a, hostname: h, pre_start: [{image: \"\"}, {hostname: \"\"}]}}";
    assert_eq!(value(text, "/services/web/pre_start/0/image"), None);
    assert_eq!(value(text, "/services/web/pre_start/1/hostname"), None);
    let taken_over = value(text, "/services/web/pre_start/1/image");
    assert_eq!(taken_over, Some("a".into()));
}

#[test]
fn a_hook_makes_the_missing_source_of_a_short_mount_only() {
    for more in ["", "\n---\nservices: {api: {image: a}}"] {
        let text = format!(
            "services: {{web: {{image: a, pre_start: [{{volumes: [{{type: bind, source: ./a, target: /a, bind: {{}}}}, './b:/b']}}]}}}}{more}"
        );
        let mounts = "/services/web/pre_start/0/volumes";
        let long = value(&text, &format!("{mounts}/0/bind/create_host_path"));
        assert_eq!(long, Some(false.into()), "{text}");
        assert_eq!(
            value(&text, &format!("{mounts}/1/bind/create_host_path")),
            None
        );
    }
}

#[test]
fn ports_of_one_form_meet_before_those_of_the_other() {
    let text = "services: {web: {image: a, ports: [{target: '80'}, 80, {target: '80', app_protocol: https}]}}";
    assert_eq!(value(text, "/services/web/ports/0/app_protocol"), None);
    assert_eq!(value(text, "/services/web/ports/1"), None);
}

#[test]
fn a_former_external_name_outlives_the_key_it_stood_in() {
    let text = "services: {web: {image: a}}\nvolumes: {data: {external: {name: mine}}}\n---\nvolumes: {data: {external: !reset null}}";
    assert_eq!(value(text, "/volumes/data/name"), Some("mine".into()));
    assert_eq!(value(text, "/volumes/data/external"), None);
}

#[test]
fn a_device_an_unset_variable_leaves_is_one_without_a_name() {
    for more in ["", "\n---\nservices: {api: {image: a}}"] {
        let text = format!("services: {{web: {{image: a, devices: [\"${{NOPE}}\"]}}}}{more}");
        let device = value(&text, "/services/web/devices/0");
        assert_eq!(
            device,
            Some(serde_json::json!({"permissions": "rwm"})),
            "{text}"
        );
    }
}

#[test]
fn null_keeps_the_option_of_the_logging_a_hook_takes_over() {
    let text = "services: {web: {image: a, logging: {options: {a: x, b: y}}, pre_start: [{logging: {options: {a: null}}}]}}";
    let options = value(text, "/services/web/pre_start/0/logging/options");
    assert_eq!(options, Some(serde_json::json!({"a": "x", "b": "y"})));
}

#[test]
fn the_empty_path_of_a_key_is_the_directory_of_the_project() {
    let text = "services: {web: {build: {context: ., ssh: {default: \"\"}}}}";
    let keys = value(text, "/services/web/build/ssh");
    assert_eq!(keys, Some(serde_json::json!(["default: /shop"])));
}
