//! Several files and documents, tags, extensions and old layouts.

use tranship_yaml::ScalarKind::{Bool, Float, Integer, String};

use super::{assert_places, assert_tree, codes, merged};

#[test]
fn documents_of_a_file_merge_like_files() {
    let one = merged(&[
        "services: {a: {image: x, cap_add: [A]}}\n---\nservices: {a: {image: y, cap_add: [B]}}\n",
    ]);
    let two = merged(&[
        "services: {a: {image: x, cap_add: [A]}}",
        "services: {a: {image: y, cap_add: [B]}}",
    ]);
    let expected = "services: {a: {image: y, cap_add: [A, B]}}";
    assert_tree(&one, expected);
    assert_tree(&two, expected);
}

#[test]
fn tags_take_out_what_earlier_files_said() {
    let result = merged(&[
        "services: {a: {image: x, ports: ['80'], environment: {A: 1}, cap_add: [A]}}",
        "services: {a: {ports: !override ['81'], environment: !reset null, cap_add: [B]}}",
    ]);
    assert_tree(
        &result,
        "services: {a: {image: x, ports: ['81'], cap_add: [A, B]}}",
    );
}

#[test]
fn ports_are_one_when_they_mean_the_same() {
    let result = merged(&[
        "services: {a: {ports: ['8080:80', '81', '3000-3001:3000-3001']}}",
        "services: {a: {ports: ['8080:80', {target: 80, published: '8080'}, '9090:80', '81', {target: 3001, published: '3001'}]}}",
    ]);
    let count = result.tree.as_ref().and_then(|tree| {
        Some(
            tree.get("services")?
                .get("a")?
                .get("ports")?
                .as_sequence()?
                .len(),
        )
    });
    assert_eq!(
        count,
        Some(5),
        "{:#?}",
        result.tree.as_ref().map(super::plain)
    );
}

#[test]
fn mounts_and_files_are_one_when_they_meet() {
    let result = merged(&[
        "services: {a: {volumes: ['./x:/data', 'vol:/v'], env_file: a.env, secrets: [s], devices: ['/dev/a:/dev/b']}}",
        "services: {a: {volumes: ['win:/data:ro'], env_file: [b.env, a.env], secrets: [{source: t, target: /run/secrets/s}], devices: ['/dev/c:/dev/b']}}",
    ]);
    assert_tree(
        &result,
        "services:
           a:
             volumes: ['win:/data:ro', {type: volume, source: vol, target: /v, volume: {}}]
             env_file: [a.env, b.env]
             secrets: [{source: t, target: /run/secrets/s}]
             devices: ['/dev/c:/dev/b']",
    );
}

#[test]
fn forms_that_do_not_merge_are_shown_at_both_ends() {
    let result = merged(&[
        "services:\n  a:\n    ports:\n      - '80'\n",
        "services:\n  a:\n    ports: {x: 1}\n",
    ]);
    assert_eq!(codes(&result), ["compose-merge-clash"]);
    assert_places(&result, "compose-merge-clash", &["1.yaml:3", "0.yaml:4"]);
}

#[test]
fn address_pools_merge_by_subnet() {
    let result = merged(&[
        "networks: {n: {ipam: {config: [{subnet: a, gateway: g}]}}}",
        "networks: {n: {ipam: {config: [{subnet: a, ip_range: r}, {subnet: b}]}}}",
    ]);
    assert_tree(
        &result,
        "networks: {n: {ipam: {config: [{subnet: a, gateway: g, ip_range: r}, {subnet: b}]}}}",
    );
}

#[test]
fn first_layout_is_read_with_one_warning() {
    let result = merged(&["web:\n  image: x\n", "web:\n  tty: true\n"]);
    assert_tree(&result, "services: {web: {image: x, tty: true}}");
    let messages: Vec<&str> = result
        .diagnostics
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    assert_eq!(messages.len(), 1);
    assert!(
        messages
            .iter()
            .all(|message| message.contains("compose v1"))
    );
}

#[test]
fn version_is_warned_of_once_and_dropped() {
    let result = merged(&[
        "version: '3'\nservices: {a: {image: x}}",
        "version: '3.8'\n",
    ]);
    assert_tree(&result, "services: {a: {image: x}}");
    assert_eq!(codes(&result), ["compose-version"]);
    assert_places(&result, "compose-version", &["0.yaml:1", "1.yaml:1"]);
}

#[test]
fn texts_get_the_type_of_their_place() {
    let result = merged(&[
        "services: {a: {scale: '${N:-2}', tty: 'yes', cpus: '0.50', image: '1'}, b: {umask: '077', init: ''}}",
    ]);
    assert_eq!(codes(&result), ["compose-boolean-spelling", "compose-cast"]);
    let value = |service: &str, key: &str| {
        let tree = result.tree.as_ref()?;
        let scalar = tree.get("services")?.get(service)?.get(key)?.as_scalar()?;
        Some((scalar.text.to_string(), scalar.kind))
    };
    assert_eq!(value("a", "scale"), Some(("2".to_owned(), Integer)));
    assert_eq!(value("a", "tty"), Some(("true".to_owned(), Bool)));
    assert_eq!(value("a", "cpus"), Some(("0.50".to_owned(), Float)));
    assert_eq!(value("a", "image"), Some(("1".to_owned(), String)));
    assert_eq!(value("b", "umask"), Some(("63".to_owned(), Integer)));
}
