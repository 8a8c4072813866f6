//! What holds for every stack.

#![expect(
    clippy::indexing_slicing,
    reason = "a test that fails there is a test that fails"
)]

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::Value;
use tranship_backend::{Object, Translate, Translation};
use tranship_ecs::rules::{self, Plain};
use tranship_ecs::{Ecs, LaunchType};
use tranship_model::{FieldPath, Stack};

use crate::{changes, sample};

const LAUNCH_TYPES: [LaunchType; 2] = [LaunchType::Fargate, LaunchType::Ec2];

/// Names compose takes, near each other on purpose.
const NAMES: [&str; 12] = [
    "web",
    "Web",
    "web-app",
    "web_app",
    "web.app",
    "webApp",
    "a",
    "_",
    "1",
    "web-app-service",
    "x-very-long-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-until-it-is-too-long",
    "default",
];

fn translated(launch_type: LaunchType, stack: &Stack) -> Translation {
    Ecs { launch_type }.translate(stack)
}

/// Stacks of services with names of ours, each with some fields changed.
fn stacks() -> impl Strategy<Value = Stack> {
    let service_changes = changes::of_services().len();
    let stack_changes = changes::of_stacks().len();
    let changed = prop::collection::vec(0..service_changes, 0..8);
    let services = prop::collection::hash_map(0..NAMES.len(), changed, 0..6);
    (services, prop::collection::vec(0..stack_changes, 0..4)).prop_map(|(services, stack_wide)| {
        let mut stack = sample::shop();
        let api = stack.services["api"].clone();
        let mut services: Vec<_> = services.into_iter().collect();
        services.sort();
        for (name, changed) in services {
            let mut service = api.clone();
            service.path = FieldPath::root("services").key(NAMES[name]);
            for change in changed {
                (changes::of_services()[change].1)(&mut service);
            }
            stack.services.insert(NAMES[name].to_owned(), service);
        }
        for change in stack_wide {
            (changes::of_stacks()[change].1)(&mut stack);
        }
        stack
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_same_stack_gives_the_same_files(stack in stacks()) {
        for launch_type in LAUNCH_TYPES {
            let backend = Ecs { launch_type };
            let first = backend.translate(&stack);
            let second = backend.translate(&stack);
            prop_assert_eq!(&first, &second);
            let files = backend.render(&stack, &first);
            prop_assert_eq!(files.ok(), backend.render(&stack, &second).ok());
            let beside = backend.companions(&stack, &first);
            prop_assert_eq!(beside, backend.companions(&stack, &second));
        }
    }

    #[test]
    fn names_are_legal_and_unique(stack in stacks()) {
        for launch_type in LAUNCH_TYPES {
            let translation = translated(launch_type, &stack);
            let mut ids = HashSet::new();
            let requests = Ecs::requests(&stack, &translation);
            let is_run = |object: &&Object| object.id.kind.as_ref() == "RunTask";
            let others = requests.iter().filter(|object| !is_run(object));
            let objects: Vec<_> = translation.objects.iter().chain(others).collect();
            let is_unique = objects.iter().all(|object| ids.insert(object.id.clone()));
            prop_assert!(is_unique || !translation.conflicts.is_empty());
            for object in objects {
                prop_assert!(is_legal(&object.id.kind, &object.id.name), "{}", object.id);
                prop_assert!(object.body.get("family").is_none_or(is_dashed));
                prop_assert!(object.body.get("serviceName").is_none_or(is_dashed));
            }
        }
    }

    #[test]
    fn every_definition_and_service_of_the_template_is_a_request_too(stack in stacks()) {
        for launch_type in LAUNCH_TYPES {
            let translation = translated(launch_type, &stack);
            let requests = Ecs::requests(&stack, &translation);
            let count = |objects: &[Object], kind: &str| {
                objects.iter().filter(|object| object.id.kind.as_ref() == kind).count()
            };
            let pairs = [
                ("AWS::ECS::TaskDefinition", "RegisterTaskDefinition"),
                ("AWS::ECS::Service", "CreateService"),
                ("RunTask", "RunTask"),
            ];
            for (resource, request) in pairs {
                prop_assert_eq!(count(&translation.objects, resource), count(&requests, request));
            }
        }
    }

    #[test]
    fn every_reference_leads_to_something(stack in stacks()) {
        for launch_type in LAUNCH_TYPES {
            let translation = translated(launch_type, &stack);
            let in_template = |kind: &str| kind.starts_with("AWS::") || kind == "Parameter";
            let objects = || translation.objects.iter().filter(|object| in_template(&object.id.kind));
            let ids: HashSet<&str> = objects().map(|object| object.id.name.as_ref()).collect();
            for object in objects() {
                let mut missing = Vec::new();
                references(&object.body, &mut |id| {
                    if !ids.contains(id) && !id.starts_with("AWS::") {
                        missing.push(id.to_owned());
                    }
                });
                prop_assert!(missing.is_empty(), "{} refers to {missing:?}", object.id);
            }
        }
    }

    #[test]
    fn aws_refuses_nothing_or_it_is_said(stack in stacks()) {
        for launch_type in LAUNCH_TYPES {
            let translation = translated(launch_type, &stack);
            let said = translation.ledger.entries().iter().filter(|entry| {
                entry.code.is_some_and(|code| code.name == "ecs-rule")
            });
            prop_assert_eq!(said.count(), refusals(&translation), "{:?}", launch_type);
        }
    }

    #[test]
    fn creation_goes_round_in_no_ring(stack in stacks()) {
        for launch_type in LAUNCH_TYPES {
            let translation = translated(launch_type, &stack);
            let mut waiting: Vec<(&str, Vec<&str>)> = translation.objects.iter().map(|object| {
                let needs = object.body.get("DependsOn").and_then(Value::as_array);
                let needs = needs.into_iter().flatten().filter_map(Value::as_str).collect();
                (object.id.name.as_ref(), needs)
            }).collect();
            while !waiting.is_empty() {
                let left: HashSet<&str> = waiting.iter().map(|(id, _)| *id).collect();
                let before = waiting.len();
                waiting.retain(|(_, needs)| needs.iter().any(|need| left.contains(need)));
                prop_assert!(waiting.len() < before, "{waiting:?}");
            }
        }
    }
}

/// Calls `found` with the id of everything a body refers to.
fn references(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), member) {
                    // Labels of users may be called like a function.
                    ("DockerLabels", _) => {}
                    ("Ref", Value::String(id)) => found(id),
                    ("Fn::GetAtt", Value::Array(parts)) => parts
                        .first()
                        .and_then(Value::as_str)
                        .into_iter()
                        .for_each(&mut *found),
                    ("DependsOn", Value::Array(ids)) if members.contains_key("Type") => {
                        ids.iter().filter_map(Value::as_str).for_each(&mut *found);
                    }
                    (_, member) => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// How many rules the definitions, services and runs of a translation break.
fn refusals(translation: &Translation) -> usize {
    let of = |kind: &str| -> Vec<&Object> {
        let objects = translation.objects.iter();
        objects.filter(|object| &*object.id.kind == kind).collect()
    };
    let definitions = of("AWS::ECS::TaskDefinition");
    let named = |id: &Value| {
        let found = definitions.iter().find(|object| {
            let properties = &object.body["Properties"];
            id["Ref"] == *object.id.name || *id == properties["Family"]
        });
        found.map_or(Plain::Nothing, |object| {
            Plain::of(&object.body["Properties"])
        })
    };
    let whole = definitions
        .iter()
        .map(|object| rules::of_task_definition(&Plain::of(&object.body["Properties"])).len());
    let services = of("AWS::ECS::Service").into_iter().map(|object| {
        let service = &object.body["Properties"];
        rules::of_service(&Plain::of(service), &named(&service["TaskDefinition"])).len()
    });
    let runs = of("RunTask").into_iter().map(|object| {
        let run = &object.body;
        rules::of_run(&Plain::of(run), &named(&run["TaskDefinition"])).len()
    });
    whole.chain(services).chain(runs).sum()
}

#[test]
fn the_shop_breaks_no_rule() {
    for launch_type in LAUNCH_TYPES {
        assert_eq!(refusals(&translated(launch_type, &sample::shop())), 0);
    }
}

fn is_legal(kind: &str, name: &str) -> bool {
    let is_in_template = kind.starts_with("AWS::") || kind == "Parameter" || kind == "Output";
    let is_id = name.chars().all(|letter| letter.is_ascii_alphanumeric());
    let is_file = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
    (1..=255).contains(&name.len()) && if is_in_template { is_id } else { is_file }
}

fn is_dashed(name: &Value) -> bool {
    name.as_str().is_some_and(|name| is_legal("", name))
}

/// Whether an entry is about `path` or a value it lies in.
fn is_noted(translation: &Translation, path: &FieldPath) -> bool {
    translation
        .ledger
        .entries()
        .iter()
        .any(|entry| path.below(&entry.path).is_some())
}

#[test]
fn no_field_of_a_service_is_silent() {
    for launch_type in LAUNCH_TYPES {
        let base = sample::shop();
        let before = translated(launch_type, &base);
        for (field, change) in changes::of_services() {
            let mut stack = base.clone();
            change(&mut stack.services["api"]);
            assert_ne!(stack, base, "{field} was not changed");
            let after = translated(launch_type, &stack);
            assert_ne!(after, before, "{field}");
            let path = FieldPath::from(format!("services.api.{field}"));
            assert!(is_noted(&after, &path), "{path} on {launch_type:?}");
        }
    }
}

#[test]
fn no_field_of_a_stack_is_silent() {
    for launch_type in LAUNCH_TYPES {
        let base = sample::shop();
        let before = translated(launch_type, &base);
        for (field, change) in changes::of_stacks() {
            let mut stack = base.clone();
            change(&mut stack);
            let after = translated(launch_type, &stack);
            assert_ne!(after, before, "{field}");
            assert!(
                is_noted(&after, &FieldPath::from(field.to_owned())),
                "{field} on {launch_type:?}"
            );
        }
    }
}

#[test]
fn every_code_is_named_after_the_target_and_has_a_page() {
    let mut names = HashSet::new();
    for code in Ecs::default().codes() {
        assert!(
            code.name.starts_with("ecs-") && names.insert(code.name),
            "{}",
            code.name
        );
        assert!(
            code.page.len() > 60 && code.page.ends_with('.'),
            "{}",
            code.name
        );
    }
}
