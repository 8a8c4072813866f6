//! From the stack to what the engine takes, and what became of every value.
//!
//! Each file places the fields of one part of the model. The stack file is made from the same
//! specifications afterwards, so that both say the same.

mod config;
mod context;
mod lifecycle;
mod mounts;
mod network;
mod networking;
mod ports;
mod probe;
mod process;
mod resources;
mod rollout;
mod security;
mod storage;
mod template;
mod words;
mod workload;

pub(crate) use context::{Context, content};

use std::collections::HashMap;
use std::time::Duration;

use tranship_backend::NameTable;
use tranship_model::{Code, FieldPath, Ledger, Model, ObjectId, Present, Stack, Topic};

use words::Words;

use crate::codes;
use crate::engine::{ConfigSpec, NetworkSpec, SecretSpec, ServiceSpec};

/// What a stack becomes: the engine's specifications, in the order they would be created.
#[derive(Debug, Default)]
pub(crate) struct Rendering {
    pub(crate) networks: Vec<NetworkSpec>,
    pub(crate) secrets: Vec<SecretSpec>,
    pub(crate) configs: Vec<ConfigSpec>,
    pub(crate) services: Vec<ServiceSpec>,
    pub(crate) ledger: Ledger,
    pub(crate) names: NameTable,
    /// The services that mount each volume of the stack.
    mounted_by: HashMap<String, Vec<ObjectId>>,
}

impl Rendering {
    /// Gives a name to a value; Swarm compares names without regard to case.
    fn claim(&mut self, kind: &'static str, name: &str, owner: &FieldPath) {
        self.names.claim(kind, &name.to_ascii_lowercase(), owner);
    }
}

/// Translates every field of a stack.
pub(crate) fn translate(context: &Context<'_>) -> Rendering {
    translate_into(context, Ledger::default())
}

/// Translates every field of a stack, and writes what became of it into `ledger`.
pub(crate) fn translate_into(context: &Context<'_>, ledger: Ledger) -> Rendering {
    let Stack {
        name,
        services,
        jobs,
        networks,
        volumes,
        configs,
        secrets,
        models,
    } = context.stack;

    let mut out = Rendering {
        ledger,
        ..Rendering::default()
    };
    stack_name(name, context.prefix(), &mut out.ledger);
    for (key, network) in networks {
        network::network(context, key, network, &mut out);
    }
    for (key, secret) in secrets {
        config::secret(context, key, secret, &mut out);
    }
    for (key, config) in configs {
        config::config(context, key, config, &mut out);
    }
    for (key, service) in services {
        workload::service(context, key, service, &mut out);
    }
    for (key, job) in jobs {
        workload::job(context, key, job, &mut out);
    }
    for (key, volume) in volumes {
        let users = out.mounted_by.remove(key).unwrap_or_default();
        storage::volume(volume, users, &mut out.ledger);
    }
    for model in models.values() {
        refuse_model(model, &mut out.ledger);
    }
    out
}

fn stack_name(name: &str, prefix: &str, ledger: &mut Ledger) {
    let mut page = ledger.topic(FieldPath::root("name"), Vec::new());
    let command = format!("deploy it with `docker stack deploy -c stack.yaml {prefix}`");
    if name == prefix {
        page.equivalent(&codes::STACK_NAME, command);
    } else {
        page.approximate(
            &codes::NAME_CHANGED,
            format!("`{name}` is not legal; {command}"),
        );
    }
}

fn refuse_model(model: &Model, ledger: &mut Ledger) {
    let Model {
        path,
        name,
        reference,
        context_size,
        runtime_flags,
    } = model;
    let asked = words::listed(&[
        ("name", name.words()),
        ("context", context_size.words()),
        ("flags", runtime_flags.words()),
    ]);
    let detail = format!("nothing serves `{reference}`{asked}; services that use it find no model");
    ledger
        .topic(path.clone(), Vec::new())
        .refused(&codes::MODEL, detail);
}

/// Hands a field on that only the engine's API has, and notes what the stack file does without.
fn api_only<T: Present>(page: &mut Topic<'_>, key: &str, value: T, without: &'static str) -> T {
    if value.is_present() {
        page.key(key).approximate(&codes::API_ONLY, without);
    }
    value
}

/// A field that is not carried: its key, what it says if it is set, and what happens instead.
type LeftOut<'text> = (&'static str, Option<String>, &'text str);

/// Notes each field that is set and not carried.
fn leave_out(page: &mut Topic<'_>, code: &'static Code, fields: &[LeftOut<'_>]) {
    for (key, words, instead) in fields {
        if let Some(words) = words {
            page.key(key)
                .dropped(code, format!("{instead}; asked for {words}"));
        }
    }
}

/// Hands a field on that only newer engines have, and notes what older ones do.
fn newer<T: Present>(page: &mut Topic<'_>, key: &str, value: T, needs: &'static str) -> T {
    if value.is_present() {
        page.key(key).approximate(&codes::NEWER_ENGINE, needs);
    }
    value
}

/// Nanoseconds, as the engine counts time: signed, so at most 292 years.
fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos())
        .unwrap_or(u64::MAX)
        .min(i64::MAX.unsigned_abs())
}
