//! What is said about variables, and about several files at once.

use super::{assert_places, codes, loaded, merged};

#[test]
fn unset_variable_is_named_once_with_its_places() {
    let result = merged(&[
        "services:\n  a:\n    image: x$TAG\n    volumes:\n      - ${DATA}:/data\n  b:\n    image: y${TAG}\n",
    ]);
    assert_eq!(
        codes(&result),
        ["compose-unset-variable", "compose-unset-variable"]
    );
    assert_places(&result, "compose-unset-variable", &["0.yaml:3", "0.yaml:7"]);
    let columns: Vec<u32> = result
        .diagnostics
        .iter()
        .flat_map(|found| &found.labels)
        .filter_map(|label| Some(result.sources.location(label.span)?.column))
        .collect();
    assert_eq!(columns, [13, 13, 9]);
}

#[test]
fn every_failing_value_of_every_file_is_reported() {
    let result = merged(&[
        "services:\n  a:\n    image: ${A:?give it}\n    command: ${}\n",
        "services:\n  a:\n    hostname: ${B?}\n    scale: many\n",
    ]);
    let expected = [
        "compose-required-variable",
        "compose-template",
        "compose-required-variable",
        "compose-cast",
    ];
    assert_eq!(codes(&result), expected);
    let messages: Vec<&str> = result
        .diagnostics
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    assert!(
        messages.contains(&"required variable `A` has no value: give it in `services.a.image`")
    );
    assert!(messages.contains(&"`services.a.scale` must be a whole number, but is `many`"));
}

#[test]
fn statement_of_a_variable_file_is_shown() {
    let result = loaded(&[
        ("compose.yaml", "services: {a: {image: x}}"),
        (".env", "A=1\nMY KEY=2\n"),
    ]);
    assert_eq!(codes(&result), ["compose-env-file-syntax"]);
    assert_places(&result, "compose-env-file-syntax", &[".env:2"]);
}

#[test]
fn file_that_is_no_mapping_is_refused() {
    assert_eq!(codes(&merged(&["- a\n"])), ["compose-not-a-mapping"]);
    assert_eq!(
        codes(&merged(&["version: 3\nservices: {a: {image: x}}\n"])),
        ["compose-version-type", "compose-version"]
    );
}

#[test]
fn variables_can_stay_as_written() {
    let options = crate::options::LoadOptions {
        keep_variables: true,
        ..super::options()
    };
    let text = "services: {a: {image: 'x:${TAG}', scale: '${N}'}}";
    let result = crate::load::load_tree(&super::files(&[("compose.yaml", text)]), &options);
    super::assert_tree(&result, text);
    assert!(codes(&result).is_empty());
}

#[test]
fn copies_without_end_are_refused() {
    let base: Vec<String> = (0..400).map(|n| format!("      V{n}: x\n")).collect();
    let many: Vec<String> = (0..2_000)
        .map(|n| format!("  s{n}: {{extends: base}}\n"))
        .collect();
    let text = format!(
        "services:\n  base:\n    image: x\n    environment:\n{}{}",
        base.concat(),
        many.concat()
    );
    let result = merged(&[&text]);
    assert_eq!(codes(&result), ["compose-too-much"]);
}

#[test]
fn documents_without_end_are_refused() {
    let many: Vec<String> = (0..300).map(|n| format!("x-{n}: 1\n---\n")).collect();
    assert_eq!(codes(&merged(&[&many.concat()])), ["compose-too-much"]);
}
