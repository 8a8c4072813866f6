//! What holds for every stack.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::Value;
use tranship_backend::Translate;
use tranship_swarm::Swarm;

use crate::attributes::{OF_SERVICES, OF_STACKS};
use crate::sample::{stack, translated, web};

/// Names compose takes, near each other on purpose.
const NAMES: &[&str] = &[
    "web",
    "Web",
    "web-app",
    "web_app",
    "web.app",
    "a",
    "_",
    "a-",
    ".a",
    "1",
    "default",
    "x-very-long-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-until-it-is-too-long",
];

/// Services, each with some attributes in one of their two values.
fn services() -> impl Strategy<Value = BTreeMap<&'static str, BTreeMap<usize, usize>>> {
    let attributes = prop::collection::btree_map(0..OF_SERVICES.len(), 0..2_usize, 0..8);
    prop::collection::btree_map(prop::sample::select(NAMES), attributes, 1..5)
}

/// A stack of services; where two attributes have one key, the first of them stays.
fn compose(services: &BTreeMap<&str, BTreeMap<usize, usize>>) -> String {
    let mut text = web("");
    let others = services.iter().filter(|(name, _)| **name != "web");
    let added: String = others
        .map(|(name, attributes)| service(name, attributes))
        .collect();
    let end = text.find("volumes: {").expect("the sample has volumes");
    text.insert_str(end, &added);
    text
}

fn service(name: &str, attributes: &BTreeMap<usize, usize>) -> String {
    let mut lines = vec![format!("  \"{name}\":"), "    image: a".to_owned()];
    let mut seen = BTreeSet::new();
    for (attribute, value) in attributes {
        let line = OF_SERVICES[*attribute][*value];
        if seen.insert(line.split(':').next()) {
            lines.push(format!("    {line}"));
        }
    }
    lines.join("\n") + "\n"
}

fn is_legal(kind: &str, name: &str) -> bool {
    let edge = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let (longest, others) = match kind {
        "service" | "network" => (63, "-_"),
        "secret" | "config" => (64, "-_."),
        _ => return false,
    };
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || others.contains(letter);
    name.len() <= longest
        && edge(name.chars().next())
        && edge(name.chars().last())
        && name.chars().all(is_letter)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn names_are_legal_and_unique_and_the_same_stack_gives_the_same_bytes(services in services()) {
        let Some(stack) = stack(&compose(&services)) else { return Ok(()) };
        let backend = Swarm::default();
        let translation = backend.translate(&stack);
        prop_assert!(translation.conflicts.is_empty(), "{:?}", translation.conflicts);
        let mut names = BTreeSet::new();
        for object in &translation.objects {
            prop_assert!(is_legal(&object.id.kind, &object.id.name), "{}", object.id);
            let name = object.id.name.to_ascii_lowercase();
            prop_assert!(names.insert((&object.id.kind, name)), "{} twice", object.id);
            prop_assert_eq!(object.body.get("Name").and_then(Value::as_str), Some(&*object.id.name));
        }
        let again = backend.translate(&stack);
        prop_assert_eq!(&translation, &again);
        let files = |translation| backend.render(&stack, translation).expect("objects can be written");
        prop_assert_eq!(files(&translation), files(&again));
    }
}

#[test]
fn every_attribute_here_is_accepted() {
    let lines = OF_SERVICES.iter().flatten();
    let refused: Vec<_> = lines.filter(|line| stack(&web(line)).is_none()).collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn changing_any_attribute_of_a_service_changes_objects_or_notes() {
    let none = web("");
    let is_silent = |left: &str, right: &str| {
        // Some values, such as `false`, are the same as none to the front end.
        stack(left) != stack(right) && translated(left) == translated(right)
    };
    let mut silent = Vec::new();
    for values in OF_SERVICES {
        let [first, second] = values.map(web);
        if is_silent(&first, &none) || is_silent(&second, &none) || is_silent(&first, &second) {
            silent.push(values);
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn changing_any_attribute_of_the_stack_changes_objects_or_notes() {
    let stack = |line: &str| {
        let key = line.split(':').next().expect("a key");
        let base = web("volumes: [\"data:/a\"]\nconfigs: [settings]");
        let kept = base
            .lines()
            .filter(|other| other.split(':').next() != Some(key));
        translated(&format!(
            "{}\n{line}\n",
            kept.collect::<Vec<_>>().join("\n").replace("front: {}", "")
        ))
    };
    let none = stack("x-nothing: {}");
    for values in OF_STACKS {
        let [first, second] = values.map(stack);
        assert_ne!(first, none, "{}", values[0]);
        assert_ne!(second, none, "{}", values[1]);
        assert_ne!(first, second, "{values:?}");
    }
}

#[test]
fn every_code_is_named_after_the_target_and_has_a_page() {
    let mut names = BTreeSet::new();
    for code in Swarm::default().codes() {
        assert!(
            code.name.starts_with("swarm-") && names.insert(code.name),
            "{}",
            code.name
        );
        assert!(code.page.len() > 40, "{}", code.name);
    }
}
