//! `include`.

use super::{assert_places, assert_tree, codes, loaded};

#[test]
fn included_project_keeps_its_directory_and_variables() {
    let result = loaded(&[
        (
            "compose.yaml",
            "include: [sub/compose.yaml]\nservices: {a: {image: '${TAG:-none}'}}",
        ),
        (
            "sub/compose.yaml",
            "services: {b: {image: '$TAG', build: {}, volumes: ['./d:/d'], environment: [TAG, NONE]}}",
        ),
        ("sub/.env", "TAG=sub"),
    ]);
    assert_tree(
        &result,
        "services:
           a: {image: none}
           b:
             image: sub
             build: {context: sub}
             volumes: [{type: bind, source: sub/d, target: /d, bind: {create_host_path: true}}]
             environment: ['TAG=sub', NONE]",
    );
}

#[test]
fn including_file_goes_over_the_included_one() {
    let result = loaded(&[
        (
            "compose.yaml",
            "include: [{path: lib.yaml}]\nservices: {lib: {environment: {A: 2}, ports: !reset null}, web: {extends: lib}}",
        ),
        (
            "lib.yaml",
            "services: {lib: {image: x, environment: {A: 1, B: 1}, ports: ['80']}}",
        ),
    ]);
    assert_tree(
        &result,
        "services:
           lib: {image: x, environment: ['A=2', 'B=1']}
           web: {image: x, environment: ['A=2', 'B=1']}",
    );
}

#[test]
fn diamond_is_taken_once() {
    let result = loaded(&[
        ("compose.yaml", "include: [a.yaml, b.yaml]"),
        ("a.yaml", "include: [c.yaml]"),
        ("b.yaml", "include: [c.yaml]"),
        (
            "c.yaml",
            "services: {c: {image: x, ports: [{target: 80}], group_add: [a]}}",
        ),
    ]);
    assert_tree(
        &result,
        "services: {c: {image: x, ports: [{target: 80}], group_add: [a]}}",
    );
    assert_eq!(
        result
            .sources
            .get(tranship_yaml::FileId(4))
            .map(|source| &*source.name),
        None
    );
}

#[test]
fn several_paths_are_files_over_each_other() {
    let result = loaded(&[
        (
            "compose.yaml",
            "include: [{path: [a/a.yaml, b.yaml], project_directory: p, env_file: [e.env, /dev/null]}]",
        ),
        ("a/a.yaml", "services: {a: {image: '$X', build: .}}"),
        ("b.yaml", "services: {a: {tty: true}}"),
        ("e.env", "X=e"),
    ]);
    assert_tree(
        &result,
        "services: {a: {image: e, build: {context: p}, tty: true}}",
    );
}

#[test]
fn paths_of_nested_projects_start_from_the_outermost() {
    let result = loaded(&[
        (
            "compose.yaml",
            "include: [a/a.yaml]\nservices: {b: {label_file: a/b/l}}",
        ),
        ("a/a.yaml", "include: [b/b.yaml]"),
        (
            "a/b/b.yaml",
            "services: {b: {build: ../c, label_file: ./l}}",
        ),
    ]);
    assert_tree(
        &result,
        "services: {b: {build: {context: a/c}, label_file: [a/b/l]}}",
    );
}

#[test]
fn circle_is_refused_with_its_chain() {
    let result = loaded(&[
        ("compose.yaml", "include:\n  - a.yaml\n"),
        ("a.yaml", "include:\n\n  - compose.yaml\n"),
    ]);
    assert_eq!(codes(&result), ["compose-include-cycle"]);
    assert_places(
        &result,
        "compose-include-cycle",
        &["a.yaml:3", "compose.yaml:2"],
    );
    let message = result
        .diagnostics
        .iter()
        .map(|found| found.message.as_str())
        .next();
    assert_eq!(
        message,
        Some("files include each other in a circle: `compose.yaml` -> `a.yaml` -> `compose.yaml`")
    );
}

#[test]
fn what_cannot_be_included_is_shown_where_it_was_asked_for() {
    for (include, code) in [
        ("include: [none.yaml]", "compose-file-unreadable"),
        (
            "include: [{path: here.yaml, env_file: none.env}]",
            "compose-env-file",
        ),
        ("include: ['oci://x/y']", "compose-remote-file"),
        ("include: here.yaml", "compose-include-form"),
        ("include: [{project_directory: x}]", "compose-include-form"),
    ] {
        let result = loaded(&[
            ("compose.yaml", include),
            ("here.yaml", "services: {a: {image: x}}"),
        ]);
        assert!(
            codes(&result).contains(&code),
            "{include}: {:?}",
            codes(&result)
        );
        assert_places(&result, code, &["compose.yaml:1"]);
    }
}

#[test]
fn depth_has_a_limit() {
    let texts: Vec<(String, String)> = (0..40)
        .map(|n| (format!("{n}.yaml"), format!("include: [{}.yaml]", n + 1)))
        .chain([("compose.yaml".to_owned(), "include: [0.yaml]".to_owned())])
        .collect();
    let content: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    assert!(codes(&loaded(&content)).contains(&"compose-include-depth"));
}

#[test]
fn requests_for_devices_are_told_apart_by_their_defaults() {
    let result = loaded(&[
        (
            "compose.yaml",
            "include: [i.yaml]\nservices: {a: {gpus: [{driver: d}]}}",
        ),
        ("i.yaml", "services: {a: {gpus: [{driver: d}]}}"),
    ]);
    assert_tree(
        &result,
        "services: {a: {gpus: [{driver: d, count: all}, {driver: d}]}}",
    );
}
