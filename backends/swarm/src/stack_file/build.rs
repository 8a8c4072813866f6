//! The whole file, from what the engine takes and where contents come from.

use std::collections::HashMap;

use indexmap::IndexMap;
use tranship_backend::File;
use tranship_model::{
    Config as ModelConfig, ConfigSource, Secret as ModelSecret, SecretSource, Volume as ModelVolume,
};

use super::from_engine::{self, Keys, own_labels};
use super::{Config, Ipam, IpamPool, Network, Secret, StackFile, Volume};
use crate::engine::{self, Labels, MountType, ServiceSpec};
use crate::translate::{Context, Rendering, content};

/// The folder beside the file with the contents of configs.
const CONFIG_FOLDER: &str = "configs";

/// The stack file and the files it refers to.
pub(crate) fn build(context: &Context<'_>, rendering: &Rendering) -> (StackFile, Vec<File>) {
    let keys = keys(context);
    let service = |spec: &ServiceSpec| {
        let key = context.key_of_service(&spec.name);
        (key.to_owned(), from_engine::service(spec, key, &keys))
    };
    let (configs, contents) = configs(context, rendering, &keys);
    let file = StackFile {
        version: "3.13",
        services: rendering.services.iter().map(service).collect(),
        networks: networks(context, rendering, &keys),
        volumes: volumes(context, rendering, &keys),
        configs,
        secrets: secrets(context, rendering, &keys),
    };
    (file, contents)
}

fn keys<'stack>(context: &Context<'stack>) -> Keys<'stack> {
    let stack = context.stack;
    let networks = stack.networks.keys();
    let volumes = stack.volumes.keys();
    let configs = stack.configs.keys();
    let secrets = stack.secrets.keys();
    Keys {
        networks: networks
            .map(|key| (context.network_name(key), key.as_str()))
            .collect(),
        volumes: volumes
            .map(|key| (context.volume_name(key), key.as_str()))
            .collect(),
        configs: configs
            .map(|key| (context.config(key).name, key.as_str()))
            .collect(),
        secrets: secrets
            .map(|key| (context.secret_name(key), key.as_str()))
            .collect(),
    }
}

/// What is used under a name nobody declares; it must exist, or be made by a mount.
fn undeclared<'used>(
    used: impl Iterator<Item = &'used str>,
    keys: &IndexMap<String, &str>,
) -> Vec<String> {
    let unknown = used.filter(|name| !keys.contains_key(*name));
    unknown.map(str::to_owned).collect()
}

fn networks(
    context: &Context<'_>,
    rendering: &Rendering,
    keys: &Keys<'_>,
) -> IndexMap<String, Network> {
    let external = |name: String| Network {
        name,
        external: true,
        ..Network::default()
    };
    let made = rendering
        .networks
        .iter()
        .map(|spec| (keys.network(&spec.name), network(spec)));
    let mut all: IndexMap<String, Network> = made.collect();
    for (key, network) in context
        .stack
        .networks
        .iter()
        .filter(|(_, network)| network.external)
    {
        all.insert(key.clone(), external(network.name.clone()));
    }
    let tasks = rendering
        .services
        .iter()
        .flat_map(|spec| &spec.task_template.networks);
    for name in undeclared(tasks.map(|network| network.target.as_str()), &keys.networks) {
        all.entry(keys.network(&name))
            .or_insert_with(|| external(name));
    }
    all
}

fn network(spec: &engine::NetworkSpec) -> Network {
    Network {
        name: spec.name.clone(),
        external: false,
        driver: Some(spec.driver.clone()),
        driver_opts: spec.options.clone(),
        internal: spec.internal,
        attachable: spec.attachable,
        ipam: spec.ipam.as_ref().map(ipam),
        labels: own_labels(&spec.labels),
    }
}

fn ipam(ipam: &engine::Ipam) -> Ipam {
    let pool =
        |config: &engine::IpamConfig| config.subnet.clone().map(|subnet| IpamPool { subnet });
    Ipam {
        driver: Some(ipam.driver.clone()),
        config: ipam.config.iter().filter_map(pool).collect(),
    }
}

fn volumes(
    context: &Context<'_>,
    rendering: &Rendering,
    keys: &Keys<'_>,
) -> IndexMap<String, Volume> {
    let declared = context.stack.volumes.iter();
    let declared = declared.map(|(key, volume)| (key.clone(), self::volume(context, key, volume)));
    let mut all: IndexMap<String, Volume> = declared.collect();
    let mounts = containers(rendering).flat_map(|container| &container.mounts);
    let named = mounts.filter(|mount| mount.kind == MountType::Volume);
    for name in undeclared(
        named.filter_map(|mount| mount.source.as_deref()),
        &keys.volumes,
    ) {
        let volume = Volume {
            name: name.clone(),
            ..Volume::default()
        };
        all.entry(name).or_insert(volume);
    }
    all
}

/// A volume; of one that is not ours only the name may be said.
fn volume(context: &Context<'_>, key: &str, volume: &ModelVolume) -> Volume {
    let name = context.volume_name(key);
    if volume.external {
        return Volume {
            name,
            external: true,
            ..Volume::default()
        };
    }
    Volume {
        name,
        external: false,
        driver: volume.driver.clone(),
        driver_opts: volume.driver_options.clone(),
        labels: volume.labels.clone(),
    }
}

fn configs(
    context: &Context<'_>,
    rendering: &Rendering,
    keys: &Keys<'_>,
) -> (IndexMap<String, Config>, Vec<File>) {
    let mut all = IndexMap::new();
    let mut contents = Vec::new();
    let labels = rendering.configs.iter();
    let labels: HashMap<&str, &Labels> = labels
        .map(|spec| (spec.name.as_str(), &spec.labels))
        .collect();
    for (key, config) in &context.stack.configs {
        let mut config = self::config(context, key, config, &mut contents);
        if let Some(labels) = labels.get(config.name.as_str()) {
            config.labels = own_labels(labels);
        }
        all.insert(key.clone(), config);
    }
    let references = containers(rendering).flat_map(|container| &container.configs);
    let names = references.map(|reference| reference.config_name.as_str());
    for name in undeclared(names, &keys.configs) {
        all.entry(name.clone())
            .or_insert_with(|| external_config(name));
    }
    (all, contents)
}

fn containers(rendering: &Rendering) -> impl Iterator<Item = &engine::ContainerSpec> {
    let services = rendering.services.iter();
    services.map(|spec| &spec.task_template.container_spec)
}

fn external_config(name: String) -> Config {
    Config {
        name,
        external: true,
        ..Config::default()
    }
}

fn config(
    context: &Context<'_>,
    key: &str,
    config: &ModelConfig,
    contents: &mut Vec<File>,
) -> Config {
    let name = context.config(key).name;
    let text = content(config).and_then(|content| std::str::from_utf8(content).ok());
    let file = match (text, &config.source) {
        (Some(text), _) => {
            let path = format!("{CONFIG_FOLDER}/{name}");
            let file = format!("./{path}");
            contents.push(File {
                path,
                content: text.to_owned(),
            });
            file
        }
        (None, ConfigSource::File { path, content: _ }) => path.clone(),
        (
            None,
            ConfigSource::Inline(_) | ConfigSource::Environment { .. } | ConfigSource::External,
        ) => {
            return external_config(name);
        }
    };
    Config {
        name,
        external: false,
        file: Some(file),
        template_driver: config.template_driver.clone(),
        labels: IndexMap::new(),
    }
}

fn secrets(
    context: &Context<'_>,
    rendering: &Rendering,
    keys: &Keys<'_>,
) -> IndexMap<String, Secret> {
    let mut all = IndexMap::new();
    for (key, secret) in &context.stack.secrets {
        all.insert(key.clone(), self::secret(context.secret_name(key), secret));
    }
    let references = rendering
        .services
        .iter()
        .flat_map(|spec| &spec.task_template.container_spec.secrets);
    for name in undeclared(
        references.map(|reference| reference.secret_name.as_str()),
        &keys.secrets,
    ) {
        all.entry(name.clone())
            .or_insert_with(|| external_secret(name));
    }
    all
}

fn external_secret(name: String) -> Secret {
    Secret {
        name,
        external: true,
        ..Secret::default()
    }
}

fn secret(name: String, secret: &ModelSecret) -> Secret {
    let mut ours = Secret {
        name,
        template_driver: secret.template_driver.clone(),
        labels: secret.labels.clone(),
        ..Secret::default()
    };
    match &secret.source {
        SecretSource::File(path) => ours.file = Some(path.clone()),
        SecretSource::Driver { driver, options } => {
            ours.driver = Some(driver.clone());
            ours.driver_opts.clone_from(options);
        }
        SecretSource::Environment(_) | SecretSource::External => return external_secret(ours.name),
    }
    ours
}
