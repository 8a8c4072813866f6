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
mod size;
mod storage;
mod task;
mod volume;
mod workload;
mod world;

use indexmap::IndexMap;
use tranship_backend::Translation;
use tranship_model::{FieldPath, Ledger, Stack};

use crate::draft::Draft;
use crate::{LaunchType, survey};
use balancer::Balancers;
use workload::Translator;
use world::World;

/// Translates every field of `stack` for a launch type.
pub(crate) fn translate(launch: LaunchType, stack: &Stack) -> Translation {
    // No `..`: a field added to the model does not compile here until it has a place.
    let Stack {
        name: _,
        services: _,
        jobs: _,
        networks,
        volumes,
        configs,
        secrets,
        models,
    } = stack;
    let units = survey::units(stack);
    let mut draft = Draft::new(launch);
    let mut ledger = Ledger::default();
    foundation::translate(&mut draft, &mut ledger, stack);
    let world = World {
        stack,
        places: world::places(&units),
        domain: discovery::domain(&mut draft, stack, &units),
        networks: network::translate(&mut draft, &mut ledger, networks),
        volumes: volume::translate(&mut draft, &mut ledger, volumes),
        secrets: secret::translate(&mut draft, &mut ledger, secrets),
    };
    file::translate_configs(&mut ledger, configs);
    service::refuse_models(&mut ledger, models);
    let mut balancers = Balancers::default();
    let order = dependency::order(&units, &world);
    let mut aliases: IndexMap<String, Vec<String>> = IndexMap::new();
    let mut translator = Translator {
        draft: &mut draft,
        ledger: &mut ledger,
        world: &world,
        order: &order,
        balancers: &mut balancers,
    };
    for (alias, target) in units.iter().flat_map(|unit| translator.unit(unit)) {
        let targets = aliases.entry(alias).or_default();
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    discovery::aliases(&mut draft, &world, &aliases);
    volume::mount_targets(&mut draft);
    balancers.finish(&mut draft);
    limits::template(
        &draft,
        &mut ledger.topic(FieldPath::root("name"), Vec::new()),
    );
    draft.finish(ledger)
}
