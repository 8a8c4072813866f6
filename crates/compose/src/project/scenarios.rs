//! What is said about projects, from text to diagnostics.

use tranship_yaml::Severity;

use crate::field::SecretText;
use crate::{LoadOptions, Loaded, MemoryFiles, load};

fn options() -> LoadOptions {
    LoadOptions {
        current_directory: "/shop".to_owned(),
        ..LoadOptions::default()
    }
}

fn loaded(text: &str) -> Loaded {
    let files = MemoryFiles::new().with("/shop/compose.yaml", text);
    load(&files, &options())
}

/// The severity, the code and the text at the place of every problem.
fn problems(loaded: &Loaded) -> Vec<String> {
    let problem = |diagnostic: &tranship_yaml::Diagnostic| {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let span = diagnostic.labels.first()?.span;
        let text = &loaded.sources.get(span.file)?.text;
        let excerpt = text.get(span.start as usize..span.end as usize)?;
        Some(format!("{severity} {} at {excerpt}", diagnostic.code.0))
    };
    loaded.diagnostics.iter().filter_map(problem).collect()
}

/// A value of the canonical form.
fn value(loaded: &Loaded, pointer: &str) -> Option<serde_json::Value> {
    serde_json::json!(loaded.project).pointer(pointer).cloned()
}

#[test]
fn all_problems_of_a_file_are_found_in_one_run() {
    let loaded = loaded(
        "\
services:
  web:
    imagee: nginx
    ports: 80
    mem_limit: 5x
    networks: [front]
    deploy: {replica: 2}
  api:
    image: 5
    depends_on: [webb]
    pull_policy: often
networks:
  fronts:
",
    );
    assert_eq!(
        problems(&loaded),
        [
            "error compose-unknown-key at imagee",
            "error compose-wrong-type at 80",
            "error compose-invalid-value at 5x",
            "error compose-unknown-key at replica",
            "error compose-wrong-type at 5",
            "error compose-invalid-value at often",
            "error compose-no-image at web",
            "error compose-undefined at front",
            "error compose-undefined at webb",
        ]
    );
}

#[test]
fn a_near_name_is_suggested() {
    let loaded =
        loaded("services:\n  web: {image: nginx, networks: [front]}\nnetworks: {fornt: {}}\n");
    let help = loaded
        .diagnostics
        .iter()
        .find_map(|diagnostic| diagnostic.help.clone());
    assert_eq!(help.as_deref(), Some("did you mean `fornt`?"));
}

#[test]
fn implied_dependencies_are_reported_where_they_come_from() {
    for (attribute, place) in [
        ("links: ['db:data']", "'db:data'"),
        ("network_mode: service:db", "service:db"),
        ("ipc: service:db", "service:db"),
        ("volumes_from: ['db:ro']", "'db:ro'"),
    ] {
        let loaded = loaded(&format!(
            "services:\n  web:\n    image: nginx\n    {attribute}\n"
        ));
        assert_eq!(
            problems(&loaded),
            [format!("error compose-undefined at {place}")]
        );
    }
}

#[test]
fn each_cycle_is_shown_once_with_its_way() {
    let loaded = loaded(
        "\
services:
  a: {image: x, depends_on: [b]}
  b: {image: x, depends_on: [c]}
  c: {image: x, depends_on: [b, d]}
  d: {image: x, depends_on: [d]}
",
    );
    let messages: Vec<_> = loaded
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    assert_eq!(
        messages,
        ["dependency cycle: b -> c -> b", "dependency cycle: d -> d"]
    );
}

#[test]
fn layered_dependencies_are_judged_quickly() {
    // The reference needs twice the time for each layer of two; this would take it years.
    let layers = (0..200).map(|layer: u32| match layer.checked_sub(1) {
        Some(above) => {
            let rest = format!("{{image: x, depends_on: [a{above}, b{above}]}}");
            format!("  a{layer}: {rest}\n  b{layer}: {rest}\n")
        }
        None => "  a0: {image: x}\n  b0: {image: x}\n".to_owned(),
    });
    let text = format!("services:\n{}", layers.collect::<String>());
    assert_eq!(problems(&loaded(&text)), [""; 0]);
}

#[test]
fn a_dependency_may_be_switched_off_only_if_it_is_optional() {
    let text = |required: bool| {
        format!(
            "\
services:
  web:
    image: nginx
    depends_on:
      db: {{condition: service_started, required: {required}}}
  db: {{image: postgres, profiles: [full]}}
"
        )
    };
    assert_eq!(
        problems(&loaded(&text(true))),
        ["error compose-disabled at db"]
    );
    assert_eq!(problems(&loaded(&text(false))), [""; 0]);
}

#[test]
fn lenient_reading_warns_of_unknown_keys_and_declares_what_is_missing() {
    let text = "services:\n  web: {image: nginx, restarts: always, volumes: ['data:/data'], \
                networks: [front], secrets: [token], configs: [settings]}\n";
    let files = MemoryFiles::new().with("/shop/compose.yaml", text);
    let lenient = load(
        &files,
        &LoadOptions {
            lenient: true,
            ..options()
        },
    );
    assert_eq!(
        problems(&lenient),
        [
            "warning compose-unknown-key at restarts",
            "warning compose-undefined at front",
            "warning compose-undefined at 'data:/data'",
            "warning compose-undefined at token",
            "warning compose-undefined at settings"
        ]
    );
    let project = lenient.project.unwrap_or_default();
    let volume = project.volumes.get("data");
    let name = volume.and_then(|volume| volume.name.as_deref());
    assert_eq!(name, Some("shop_data"));
    assert!(
        project
            .secrets
            .get("token")
            .is_some_and(|secret| secret.external)
    );
    assert!(
        problems(&loaded(text))
            .iter()
            .all(|problem| problem.starts_with("error"))
    );
}

#[test]
fn files_of_variables_stand_below_what_is_written() {
    let files = MemoryFiles::new()
        .with("/shop/one.env", "A=file\nB=${A}-b\nC='$A'\n")
        .with("/shop/two.env", "B=\"${B}!\"\n")
        .with("/shop/raw.env", "D=\"$A\"\n")
        .with(
            "/shop/compose.yaml",
            "\
services:
  web:
    image: nginx
    environment: {A: own}
    env_file:
      - one.env
      - two.env
      - {path: raw.env, format: raw}
      - {path: none.env, required: false}
",
        );
    let loaded = load(&files, &options());
    assert_eq!(problems(&loaded), [""; 0]);
    let environment = value(&loaded, "/services/web/environment");
    assert_eq!(
        environment,
        Some(serde_json::json!({"A": "own", "B": "own-b!", "C": "$A", "D": "\"$A\""}))
    );
    assert_eq!(value(&loaded, "/services/web/env_file"), None);
}

#[test]
fn a_broken_file_of_variables_is_shown_in_that_file() {
    let files = MemoryFiles::new()
        .with("/shop/shop.env", "GOOD=1\nA='never closed\n")
        .with(
            "/shop/compose.yaml",
            "services:\n  web: {image: nginx, env_file: shop.env}\n",
        );
    let loaded = load(&files, &options());
    assert_eq!(
        problems(&loaded),
        ["error compose-env-file-syntax at 'never closed"]
    );
}

#[test]
fn values_of_secrets_are_kept_and_never_printed() {
    let files = MemoryFiles::new().with(
        "/shop/compose.yaml",
        "services: {}\nsecrets: {pw: {environment: PASSWORD}}\nconfigs: {c: {environment: PASSWORD}}\n",
    );
    let variables = [("PASSWORD", "hunter2")].into_iter().collect();
    let loaded = load(
        &files,
        &LoadOptions {
            variables,
            ..options()
        },
    );
    let project = loaded.project.unwrap_or_default();
    let secret = project
        .secrets
        .get("pw")
        .and_then(|secret| secret.value.as_ref());
    let config = project
        .configs
        .get("c")
        .and_then(|config| config.value.as_ref());
    assert_eq!(secret.map(SecretText::reveal), Some("hunter2"));
    assert_eq!(config.map(SecretText::reveal), Some("hunter2"));
    let printed = format!("{project:?} {}", serde_json::json!(project));
    assert!(!printed.contains("hunter2"));
}

#[test]
fn a_hook_takes_over_what_it_does_not_say_itself() {
    let loaded = loaded(
        "\
services:
  web:
    image: nginx
    privileged: true
    read_only: true
    command: [serve]
    environment: {A: '1', B: '1'}
    cap_add: [NET_ADMIN]
    logging: {driver: syslog, options: {tag: web}}
    volumes: ['./data:/data']
    pre_start:
      - command: [migrate]
        privileged: false
        environment: {B: '2'}
        cap_add: [SYS_TIME, NET_ADMIN]
        logging: {driver: json-file}
",
    );
    assert_eq!(problems(&loaded), [""; 0]);
    assert_eq!(
        value(&loaded, "/services/web/pre_start/0"),
        Some(serde_json::json!({
            "cap_add": ["NET_ADMIN", "SYS_TIME"],
            "command": ["migrate"],
            "environment": {"A": "1", "B": "2"},
            "image": "nginx",
            "logging": {"driver": "json-file"},
            "networks": {"default": null},
            "read_only": true,
        }))
    );
}

#[test]
fn a_text_of_a_thousand_unset_variables_is_refused_and_not_listed() {
    let names = "${X}".repeat(1_001);
    let loaded = loaded(&format!("services: {{web: {{image: '{names}'}}}}"));
    let codes = loaded.diagnostics.iter().map(|problem| problem.code.0);
    assert_eq!(codes.collect::<Vec<_>>(), ["compose-template-budget"]);
}
