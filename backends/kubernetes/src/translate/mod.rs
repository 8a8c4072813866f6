//! From a stack to objects: each file one topic, in the words of the model.

mod claims;
mod cluster_services;
mod cpu_scheduler;
mod devices;
#[cfg(feature = "deploy")]
pub(crate) mod facts;
mod files;
mod grants;
mod hooks;
mod host_paths;
mod isolation;
mod jobs;
mod kernel;
mod lifecycle;
mod network;
mod notes;
mod output;
mod placement;
mod pod;
mod ports;
mod probes;
mod process;
mod resources;
mod restart;
mod rollout;
mod routes;
mod scratch;
mod security;
mod service;
mod storage;
mod task;
mod uses;
mod workload;
mod world;

use std::collections::HashMap;

use tranship_backend::{Conversion, RenderError, Translation};
use tranship_model::{FieldPath, Ledger, Model, Stack};

use crate::{Kubernetes, codes, labels};
use cluster_services::{Door, alias_label};
use output::{Form, Made, Output};
use service::Known;
use world::World;

/// Translates a stack; objects come in the order they would be made.
pub(crate) fn translate(target: &Kubernetes, stack: &Stack) -> Translation {
    let (made, ledger) = make(target, stack, Form::Objects(Vec::new()), Ledger::default());
    let objects = match made.form {
        Form::Objects(objects) => objects,
        Form::Files(_) => Vec::new(),
    };
    Translation {
        objects,
        ledger,
        conflicts: made.conflicts,
    }
}

/// Translates a stack right into files.
///
/// # Errors
///
/// [`RenderError`] when an object cannot be written, which is a bug.
pub(crate) fn convert(target: &Kubernetes, stack: &Stack) -> Result<Conversion, RenderError> {
    let (made, ledger) = make(
        target,
        stack,
        Form::Files(Ok(Vec::new())),
        Ledger::counting(),
    );
    let files = match made.form {
        Form::Objects(_) => Vec::new(),
        Form::Files(files) => files?,
    };
    Ok(Conversion {
        files,
        ledger,
        conflicts: made.conflicts,
    })
}

fn make(target: &Kubernetes, stack: &Stack, form: Form, mut ledger: Ledger) -> (Made, Ledger) {
    let Stack {
        name: _,
        services,
        jobs: _,     // In `jobs`.
        networks: _, // In `isolation`.
        volumes: _,  // In `claims`.
        configs: _,  // In `files`.
        secrets: _,  // In `files`.
        models,
    } = stack;
    let mut output = Output::new(target.namespace.as_deref(), form);
    let world = World::survey(target, stack);
    note_stack(&mut ledger);
    isolation::networks(&world, &mut ledger, &mut output);
    claims::claims(&world, &mut ledger, &mut output);
    files::files(&world, &mut ledger, &mut output);
    let mut known = HashMap::new();
    for (key, service) in services {
        if let Some(member) = world.member(key) {
            let made = service::service(key, service, member, &world, &mut ledger, &mut output);
            known.extend(made.map(|made| (key.as_str(), made)));
        }
    }
    aliases(&world, &known, &mut output);
    jobs::jobs(&world, &mut ledger, &mut output);
    models
        .values()
        .for_each(|model| note_model(model, &mut ledger));
    (output.finish(), ledger)
}

fn note_stack(ledger: &mut Ledger) {
    let mut topic = ledger.topic(FieldPath::root("name"), Vec::new());
    let detail = "it is a label of every object; give the stack a namespace of its own";
    topic.equivalent(&codes::STACK_NAME, detail);
}

/// Makes a cluster service for each further name of a service or of several.
fn aliases(world: &World<'_>, known: &HashMap<&str, Known>, output: &mut Output) {
    let stack = world.stack.name.as_str();
    for (alias, services) in world.aliases() {
        let mut made = services.iter().filter(|key| known.contains_key(**key));
        let (Some(first), others) = (made.next(), made.count()) else {
            continue;
        };
        let (Some(service), Some(member)) = (world.stack.services.get(*first), world.member(first))
        else {
            continue;
        };
        let shared = services.len() > 1 && others > 0;
        let to = known.get(first).filter(|_| !shared);
        let door = Door {
            stack,
            owner: (!shared).then_some(member.name.as_str()),
            selector: if services.len() > 1 {
                [(alias_label(alias), "true".to_owned()), part_of(stack)].into()
            } else {
                labels::selector(stack, &member.name)
            },
            ports: to.map(|to| to.ports.clone()).unwrap_or_default(),
        };
        let headless = to.is_none_or(|to| to.headless);
        output.emit(&service.path, &door.inside(alias, headless));
    }
}

fn part_of(stack: &str) -> (String, String) {
    let key = labels::PART_OF.to_owned();
    let value = labels::common(stack).remove(&key).unwrap_or_default();
    (key, value)
}

fn note_model(model: &Model, ledger: &mut Ledger) {
    let Model {
        path,
        name: _,
        reference,
        context_size: _,
        runtime_flags: _,
    } = model;
    let detail =
        format!("nothing serves `{reference}`; run a model server and name it to the services");
    ledger
        .topic(path.clone(), Vec::new())
        .refused(&codes::MODEL, detail);
}
