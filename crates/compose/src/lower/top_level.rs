//! The stack, and what its services share.

use indexmap::IndexMap;
use tranship_model::{
    AddressPool, Config, ConfigSource, FieldPath, Ipam, Ledger, Model, Network, Secret,
    SecretSource, Stack,
};

use super::record::Record;
use super::volumes::{self, SizeLabels};
use super::{Contents, Origins, codes, convert, entry, service};
use crate::field::{Map, Options};
use crate::project::{self, Project};

/// The whole stack.
pub(super) fn stack(
    project: &Project,
    contents: &Contents,
    ledger: &mut Ledger,
    origins: &mut Origins,
) -> Stack {
    let Project {
        working_directory: _,
        disabled_services: _,
        disabled_jobs: _,
        name,
        services,
        jobs,
        networks,
        volumes,
        secrets,
        configs,
        models,
        extensions,
    } = project;
    let stack = name.as_deref().unwrap_or("");
    note_extensions(extensions, ledger);
    let mut section = Section { ledger, origins };
    let sizes = SizeLabels::of(services);
    Stack {
        name: stack.to_owned(),
        services: section.lower("services", services, |name, service, record| {
            service::service(stack, name, service, record)
        }),
        jobs: section.lower("jobs", jobs, |name, job, record| {
            service::job(stack, name, job, record)
        }),
        networks: section.lower("networks", networks, |key, network, record| {
            self::network(stack, key, network, record)
        }),
        volumes: section.lower("volumes", volumes, |key, volume, record| {
            volumes::volume(stack, key, volume, &sizes, record)
        }),
        configs: section.lower("configs", configs, |key, config, record| {
            self::config(stack, key, config, contents, record)
        }),
        secrets: section.lower("secrets", secrets, |key, secret, record| {
            self::secret(stack, key, secret, record)
        }),
        models: section.lower("models", models, |_, model, record| {
            self::model(model, record)
        }),
    }
}

/// The project itself has no entry a record could be about.
fn note_extensions(extensions: &project::Extensions, ledger: &mut Ledger) {
    for key in extensions.keys() {
        ledger
            .topic(FieldPath::root(key), Vec::new())
            .equivalent(&codes::EXTENSION, "compose itself gives it no meaning");
    }
}

/// What is written down while the sections are lowered.
struct Section<'lowering> {
    ledger: &'lowering mut Ledger,
    origins: &'lowering mut Origins,
}

impl Section<'_> {
    fn lower<From, To>(
        &mut self,
        section: &'static str,
        entries: &Map<From>,
        mut lower: impl FnMut(&str, &From, &mut Record<'_>) -> To,
    ) -> IndexMap<String, To> {
        let lowered = entries.iter().map(|(key, value)| {
            entry(section, key, self.ledger, self.origins, |record| {
                lower(key, value, record)
            })
        });
        lowered.collect()
    }
}

/// The name outside the stack; loading has filled it in.
pub(super) fn outside_name(
    stack: &str,
    key: &str,
    name: Option<&String>,
    external: bool,
) -> String {
    match name {
        Some(name) => name.clone(),
        None if external => key.to_owned(),
        None => format!("{stack}_{key}"),
    }
}

fn network(stack: &str, key: &str, network: &project::Network, record: &mut Record<'_>) -> Network {
    let project::Network {
        name,
        driver,
        driver_opts,
        ipam,
        external,
        internal,
        attachable,
        labels,
        enable_ipv4,
        enable_ipv6,
        extensions,
    } = network;
    record.extensions("", extensions);
    Network {
        name: outside_name(stack, key, name.as_ref(), *external),
        path: record.path(),
        external: *external,
        driver: driver.clone(),
        driver_options: convert::texts(driver_opts),
        internal: convert::switch(*internal),
        attachable: convert::switch(*attachable),
        ipv4: *enable_ipv4,
        ipv6: *enable_ipv6,
        ipam: ipam.as_ref().map(|ipam| self::ipam(ipam, record)),
        labels: convert::texts(labels),
    }
}

fn ipam(ipam: &project::Ipam, record: &mut Record<'_>) -> Ipam {
    let project::Ipam {
        driver,
        config,
        options,
        extensions,
    } = ipam;
    record.extensions("ipam", extensions);
    let pools = config.iter().enumerate();
    Ipam {
        driver: driver.clone(),
        options: convert::texts(options),
        pools: pools
            .map(|(index, pool)| address_pool(index, pool, record))
            .collect(),
    }
}

fn address_pool(index: usize, pool: &project::IpamPool, record: &mut Record<'_>) -> AddressPool {
    let project::IpamPool {
        subnet,
        gateway,
        ip_range,
        aux_addresses,
        extensions,
    } = pool;
    record.extensions(format_args!("ipam.config[{index}]"), extensions);
    AddressPool {
        subnet: subnet.clone(),
        range: ip_range.clone(),
        gateway: gateway.clone(),
        reserved: convert::texts(aux_addresses),
    }
}

fn config(
    stack: &str,
    key: &str,
    config: &project::Config,
    contents: &Contents,
    record: &mut Record<'_>,
) -> Config {
    let project::Config {
        name,
        file: _,
        environment: _,
        content: _,
        external,
        labels,
        template_driver,
        extensions,
        value: _,
    } = config;
    record.extensions("", extensions);
    Config {
        name: outside_name(stack, key, name.as_ref(), *external),
        path: record.path(),
        source: config_source(config, contents, record),
        labels: convert::texts(labels),
        template_driver: template_driver.clone(),
    }
}

/// Loading allows one source; should there be several, the one that counts first is taken.
fn config_source(
    config: &project::Config,
    contents: &Contents,
    record: &mut Record<'_>,
) -> ConfigSource {
    let sources = [
        ("external", config.external),
        ("file", config.file.is_some()),
        ("environment", config.environment.is_some()),
        ("content", config.content.is_some()),
    ];
    record_sources(&sources, record);
    if let (Some(path), false) = (&config.file, config.external) {
        return ConfigSource::File {
            path: path.clone(),
            content: contents.get(path).map(<[u8]>::to_vec),
        };
    }
    match (&config.environment, &config.content) {
        _ if config.external => ConfigSource::External,
        (Some(variable), _) => ConfigSource::Environment {
            variable: variable.clone(),
            content: config.value.as_ref().map(|value| value.reveal().to_owned()),
        },
        (None, Some(content)) => ConfigSource::Inline(content.clone()),
        (None, None) => {
            note_no_source(record);
            ConfigSource::External
        }
    }
}

/// What nothing here makes can only be there already.
fn note_no_source(record: &mut Record<'_>) {
    let detail = "nothing says where its content comes from; it has to be there already";
    record.note_entry().approximate(&codes::UNREADABLE, detail);
}

/// The first source given is the one; others are overruled.
fn record_sources(sources: &[(&'static str, bool)], record: &mut Record<'_>) {
    let mut given = sources.iter().filter(|(_, is_set)| *is_set);
    if let Some((first, _)) = given.next() {
        record.whole("source", *first);
        for (overruled, _) in given {
            let detail = format!("`{first}` counts");
            record.note(overruled).equivalent(&codes::OVERRULED, detail);
        }
    }
}

fn secret(stack: &str, key: &str, secret: &project::Secret, record: &mut Record<'_>) -> Secret {
    let project::Secret {
        name,
        file: _,
        environment: _,
        external,
        labels,
        driver: _,
        driver_opts: _,
        template_driver,
        extensions,
        // A secret is carried by reference only.
        value: _,
    } = secret;
    record.extensions("", extensions);
    Secret {
        name: outside_name(stack, key, name.as_ref(), *external),
        path: record.path(),
        source: secret_source(secret, record),
        labels: convert::texts(labels),
        template_driver: template_driver.clone(),
    }
}

fn secret_source(secret: &project::Secret, record: &mut Record<'_>) -> SecretSource {
    let sources = [
        ("external", secret.external),
        ("file", secret.file.is_some()),
        ("environment", secret.environment.is_some()),
        ("driver", secret.driver.is_some()),
    ];
    record_sources(&sources, record);
    let is_given = sources
        .iter()
        .find(|(_, is_set)| *is_set)
        .map(|(key, _)| *key);
    if is_given != Some("driver") && !secret.driver_opts.is_empty() {
        record
            .note("driver_opts")
            .equivalent(&codes::NO_EFFECT, "no driver brings the secret");
    }
    match (&secret.file, &secret.environment, &secret.driver) {
        _ if secret.external => SecretSource::External,
        (Some(file), _, _) => SecretSource::File(file.clone()),
        (None, Some(variable), _) => SecretSource::Environment(variable.clone()),
        (None, None, Some(driver)) => secret_driver(driver, &secret.driver_opts, record),
        (None, None, None) => {
            note_no_source(record);
            SecretSource::External
        }
    }
}

fn secret_driver(driver: &str, options: &Options, record: &mut Record<'_>) -> SecretSource {
    if !options.is_empty() {
        record.whole("source", "driver_opts");
    }
    SecretSource::Driver {
        driver: driver.to_owned(),
        options: convert::texts(options),
    }
}

fn model(model: &project::Model, record: &mut Record<'_>) -> Model {
    let project::Model {
        name,
        model,
        context_size,
        runtime_flags,
        extensions,
    } = model;
    record.extensions("", extensions);
    Model {
        path: record.path(),
        name: name.clone(),
        reference: model.clone().unwrap_or_default(),
        context_size: *context_size,
        runtime_flags: runtime_flags.clone(),
    }
}
