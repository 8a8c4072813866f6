//! From the stack to the template and the requests, one topic a module.

mod balancer;
mod container;
mod definition;
mod dependency;
mod deployment;
mod discovery;
mod dropped;
mod edge;
mod file;
mod foundation;
mod kernel;
mod lifecycle;
mod limits;
mod logging;
mod mount;
mod network;
mod networking;
mod placement;
mod probe;
mod process;
mod resources;
mod running;
mod secret;
mod security;
mod service;
mod shell;
pub(crate) mod size;
mod storage;
mod task;
mod volume;
mod workload;
mod world;

use indexmap::IndexMap;
use tranship_backend::{Conversion, RenderError, Translation};
use tranship_model::{FieldPath, Ledger, Stack};

use crate::draft::Draft;
use crate::parts::Form;
use crate::{LaunchType, survey};
use balancer::Balancers;
use workload::Translator;
use world::World;

/// Translates every field of `stack` for a launch type.
pub(crate) fn translate(launch: LaunchType, stack: &Stack) -> Translation {
    let mut ledger = Ledger::default();
    let draft = draft(launch, stack, Form::Objects, &mut ledger);
    draft.into_translation(ledger)
}

/// Translates a stack right into its template.
///
/// # Errors
///
/// [`RenderError`] when the template cannot be written, which is a bug.
pub(crate) fn convert(launch: LaunchType, stack: &Stack) -> Result<Conversion, RenderError> {
    let mut ledger = Ledger::counting();
    let draft = draft(launch, stack, Form::Template, &mut ledger);
    draft.into_conversion(&stack.name, ledger)
}

fn draft(launch: LaunchType, stack: &Stack, form: Form, ledger: &mut Ledger) -> Draft {
    // No `..`: a field added to the model does not compile here until it has a place.
    let Stack {
        name: _,
        services,
        jobs: _,
        networks,
        volumes,
        configs,
        secrets,
        models,
    } = stack;
    let units = survey::units(stack);
    let mut draft = Draft::new(launch, form);
    foundation::translate(&mut draft, ledger, stack);
    let world = World {
        stack,
        places: world::places(&units),
        domain: discovery::domain(&mut draft, stack, &units),
        networks: network::translate(&mut draft, ledger, networks),
        volumes: volume::translate(&mut draft, ledger, volumes),
        secrets: secret::translate(&mut draft, ledger, secrets),
    };
    file::translate_configs(ledger, configs);
    service::refuse_models(ledger, models);
    service::refuse_providers(ledger, services);
    let mut balancers = Balancers::default();
    let order = dependency::order(&units, &world);
    let mut translator = Translator {
        draft: &mut draft,
        ledger: &mut *ledger,
        world: &world,
        order: &order,
        balancers: &mut balancers,
    };
    let aliases = aliases(units.iter().flat_map(|unit| translator.unit(unit)));
    discovery::aliases(&mut draft, &world, &aliases);
    volume::mount_targets(&mut draft);
    balancers.finish(&mut draft);
    limits::template(
        &draft,
        &mut ledger.topic(FieldPath::root("name"), Vec::new()),
    );
    draft
}

/// The names that lead to others, each with those it leads to.
fn aliases(named: impl Iterator<Item = (String, String)>) -> IndexMap<String, Vec<String>> {
    let mut aliases: IndexMap<String, Vec<String>> = IndexMap::new();
    for (alias, target) in named {
        let targets = aliases.entry(alias).or_default();
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    aliases
}
