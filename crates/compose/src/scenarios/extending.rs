//! `extends`.

use super::{assert_places, assert_tree, codes, loaded};

#[test]
fn service_extends_a_chain_in_its_file() {
    let result = loaded(&[(
        "compose.yaml",
        "services:
           a: {image: x, environment: {A: 1, B: 1}, depends_on: [d]}
           b: {extends: a, environment: {B: 2}}
           c: {extends: {service: b}, tty: true}
           d: {image: y}",
    )]);
    assert_tree(
        &result,
        "services:
           a: {image: x, environment: {A: 1, B: 1}, depends_on: [d]}
           b: {image: x, environment: ['A=1', 'B=2'], depends_on: [d]}
           c: {image: x, environment: ['A=1', 'B=2'], depends_on: [d], tty: true}
           d: {image: y}",
    );
}

#[test]
fn relative_paths_of_another_file_start_from_its_directory() {
    let result = loaded(&[
        (
            "compose.yaml",
            "services: {a: {extends: {file: base/b.yaml, service: b}, env_file: [own.env]}}",
        ),
        (
            "base/b.yaml",
            "services: {b: {build: ., env_file: x.env, volumes: ['./d:/d', 'vol:/v'], extends: {file: ../c/c.yaml, service: c}}}",
        ),
        ("c/c.yaml", "services: {c: {label_file: l, tty: true}}"),
    ]);
    assert_tree(
        &result,
        "services:
           a:
             build: {context: base}
             env_file: [{path: base/x.env, required: true}, own.env]
             volumes:
             - {type: bind, source: base/d, target: /d, bind: {create_host_path: true}}
             - {type: volume, source: vol, target: /v, volume: {}}
             label_file: [c/l]
             tty: true",
    );
}

#[test]
fn tags_act_on_the_extended_service() {
    let result = loaded(&[(
        "compose.yaml",
        "services:
           a: {image: x, ports: ['80'], cap_add: [A]}
           b: {extends: a, ports: !reset null, cap_add: !override [B]}",
    )]);
    assert_tree(
        &result,
        "services: {a: {image: x, ports: ['80'], cap_add: [A]}, b: {image: x, cap_add: [B]}}",
    );
}

#[test]
fn service_may_extend_one_of_its_name_in_another_file() {
    let result = loaded(&[
        (
            "compose.yaml",
            "services: {a: {extends: {file: base.yaml, service: a}, tty: true}}",
        ),
        ("base.yaml", "services: {a: {image: x}}"),
    ]);
    assert_tree(&result, "services: {a: {image: x, tty: true}}");
}

#[test]
fn circle_is_refused_with_every_place() {
    let result = loaded(&[
        (
            "compose.yaml",
            "services:\n  a:\n    extends: {file: b.yaml, service: b}\n",
        ),
        (
            "b.yaml",
            "services:\n  b:\n    extends: c\n  c:\n    extends: b\n",
        ),
    ]);
    assert_eq!(codes(&result), ["compose-extends-cycle"]);
    assert_places(&result, "compose-extends-cycle", &["b.yaml:3", "b.yaml:5"]);
}

#[test]
fn what_is_not_there_is_named() {
    for (text, code) in [
        ("services: {a: {extends: b}}", "compose-extends-missing"),
        (
            "services: {a: {extends: {file: none.yaml, service: b}}}",
            "compose-file-unreadable",
        ),
        (
            "services: {a: {extends: {file: here.yaml, service: b}}}",
            "compose-extends-missing",
        ),
        (
            "services: {a: {extends: {file: x}}}",
            "compose-extends-form",
        ),
        (
            "services: {a: {extends: {file: 'https://x/y.yaml', service: b}}}",
            "compose-remote-file",
        ),
    ] {
        let result = loaded(&[
            ("compose.yaml", text),
            ("here.yaml", "services: {c: {image: x}}"),
        ]);
        assert!(
            codes(&result).contains(&code),
            "{text}: {:?}",
            codes(&result)
        );
        assert_places(&result, code, &["compose.yaml:1"]);
    }
}

#[test]
fn depth_has_a_limit() {
    let chain: Vec<String> = (0..40)
        .map(|n| format!("  s{n}: {{extends: s{}}}\n", n + 1))
        .collect();
    let text = format!("services:\n{}  s40: {{image: x}}\n", chain.concat());
    let result = loaded(&[("compose.yaml", &text)]);
    assert!(
        codes(&result).contains(&"compose-extends-depth"),
        "{:?}",
        codes(&result)
    );
}
