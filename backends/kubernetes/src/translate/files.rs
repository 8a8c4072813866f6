//! Configs and secrets: the objects that hold them.

use std::collections::{HashMap, HashSet};

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use tranship_model::{
    Config, ConfigSource, FileGrant, Ledger, ObjectId, Secret, SecretSource, Stack, Storage, Topic,
};

use super::claims::{note_name, short_name, sort_labels};
use super::output::Output;
use super::world::{World, tasks};
use crate::{codes, labels, names};

/// The most bytes a config map may hold.
const CONFIG_LIMIT: usize = 1 << 20;

/// The most bytes `kubectl apply` can keep a copy of in an annotation.
const APPLY_LIMIT: usize = 256 << 10;

/// A config or secret as those who mount it see it.
#[derive(Debug)]
pub(super) struct MountedFile {
    /// The name of the config map or secret.
    pub(super) object: String,
    /// The key of the one file in it.
    pub(super) key: String,
    /// Whether a service or job mounts it.
    pub(super) granted: bool,
    /// Whether it can exist.
    pub(super) possible: bool,
}

/// Every config of a stack.
pub(super) fn configs(stack: &Stack) -> HashMap<&str, MountedFile> {
    let granted = granted(stack, |storage| &storage.configs);
    let file = |(key, config): (&'_ String, &Config)| {
        let content = content(&config.source);
        MountedFile {
            object: config_name(stack, key, config, content),
            key: names::data_key(key),
            granted: granted.contains(key.as_str()),
            possible: content.is_none_or(|content| content.len() <= CONFIG_LIMIT),
        }
    };
    stack
        .configs
        .iter()
        .map(|entry| (entry.0.as_str(), file(entry)))
        .collect()
}

/// Every secret of a stack.
pub(super) fn secrets(stack: &Stack) -> HashMap<&str, MountedFile> {
    let granted = granted(stack, |storage| &storage.secrets);
    let file = |(key, secret): (&String, &Secret)| MountedFile {
        object: match &secret.source {
            SecretSource::External => names::existing(&secret.name),
            SecretSource::File(_)
            | SecretSource::Environment(_)
            | SecretSource::Driver {
                driver: _,
                options: _,
            } => names::label(
                short_name(&stack.name, key, &secret.name),
                names::BASE_LIMIT,
            ),
        },
        key: names::data_key(key),
        granted: granted.contains(key.as_str()),
        possible: true,
    };
    stack
        .secrets
        .iter()
        .map(|entry| (entry.0.as_str(), file(entry)))
        .collect()
}

fn granted<'stack>(
    stack: &'stack Stack,
    grants: impl Fn(&'stack Storage) -> &'stack Vec<FileGrant>,
) -> HashSet<&'stack str> {
    let grants = tasks(stack).flat_map(|task| grants(&task.storage));
    grants.map(|grant| grant.source.as_str()).collect()
}

/// What a config holds, as far as it is known.
fn content(source: &ConfigSource) -> Option<&[u8]> {
    match source {
        ConfigSource::File { path: _, content } => content.as_deref(),
        ConfigSource::Inline(text) => Some(text.as_bytes()),
        ConfigSource::Environment {
            variable: _,
            content,
        } => content.as_deref().map(str::as_bytes),
        ConfigSource::External => None,
    }
}

/// The name says the content, so that new content is a new config map and its tasks are replaced.
fn config_name(stack: &Stack, key: &str, config: &Config, content: Option<&[u8]>) -> String {
    let base = short_name(&stack.name, key, &config.name);
    match content {
        Some(content) => {
            let base = names::label(base, names::BASE_LIMIT);
            names::with_digest(
                &base,
                names::LABEL_LIMIT,
                &[base.as_bytes(), key.as_bytes(), content],
            )
        }
        None if config.source == ConfigSource::External => names::existing(&config.name),
        None => names::label(base, names::BASE_LIMIT),
    }
}

/// Makes the config maps of a stack, and says how its secrets are made.
pub(super) fn files(world: &World<'_>, ledger: &mut Ledger, output: &mut Output) {
    for (key, config) in &world.stack.configs {
        if let Some(file) = world.config(key) {
            self::config(world, config, file, ledger, output);
        }
    }
    for (key, secret) in &world.stack.secrets {
        if let Some(file) = world.secret(key) {
            self::secret(
                secret,
                file,
                &mut ledger.topic(secret.path.clone(), Vec::new()),
            );
        }
    }
}

fn config(
    world: &World<'_>,
    config: &Config,
    file: &MountedFile,
    ledger: &mut Ledger,
    output: &mut Output,
) {
    let Config {
        name,
        path,
        source,
        labels,
        template_driver,
    } = config;
    let content = content(source).filter(|_| file.granted && file.possible);
    let object = content.map(|_| ObjectId::new("ConfigMap", file.object.as_str()));
    let mut topic = ledger.topic(path.clone(), object.into_iter().collect());
    if !file.granted {
        topic.equivalent(
            &codes::UNUSED,
            "no service mounts it, so no config map is made",
        );
        return;
    }
    note_name(
        name,
        &file.object,
        *source == ConfigSource::External,
        &mut topic,
    );
    note_source(source, file, &mut topic);
    topic.drop_field(
        "template_driver",
        template_driver,
        &codes::CONFIG_TEMPLATE,
        "the file holds the template itself, with nothing filled in",
    );
    let mut metadata = ObjectMeta {
        name: Some(file.object.clone()),
        labels: Some(labels::common(&world.stack.name)),
        ..ObjectMeta::default()
    };
    sort_labels(labels, &mut metadata, &mut topic);
    if let Some(content) = content {
        output.emit(path, &config_map(metadata, &file.key, content));
    }
}

fn note_source(source: &ConfigSource, file: &MountedFile, topic: &mut Topic<'_>) {
    let object = &file.object;
    let length = content(source).map(<[u8]>::len);
    match (source, length) {
        (ConfigSource::External, _) => topic.key("source").exact(),
        (_, Some(length)) if length > CONFIG_LIMIT => {
            let detail = format!("a config map holds 1 MiB at most, and this has {length} bytes");
            topic.key("source").refused(&codes::CONFIG_SIZE, detail);
        }
        (_, Some(length)) if length > APPLY_LIMIT => topic.key("source").equivalent(
            &codes::CONFIG_SIZE,
            "it is too big for a plain `kubectl apply`; use `kubectl apply --server-side`",
        ),
        (_, Some(_)) => topic.key("source").exact(),
        (ConfigSource::File { path, content: _ }, None) => {
            let (key, path) = (&file.key, quoted(path));
            let detail = format!(
                "the file was not read; make it with `kubectl create configmap {object} \
                 --from-file={key}={path}`"
            );
            topic
                .key("source")
                .approximate(&codes::CONFIG_MISSING, detail);
        }
        (ConfigSource::Inline(_) | ConfigSource::Environment { .. }, None) => {
            let key = &file.key;
            let detail = format!(
                "the variable is not set; make it with `kubectl create configmap {object} \
                 --from-file={key}=FILE`"
            );
            topic
                .key("source")
                .approximate(&codes::CONFIG_MISSING, detail);
        }
    }
}

fn config_map(metadata: ObjectMeta, key: &str, content: &[u8]) -> ConfigMap {
    let (data, binary_data) = match std::str::from_utf8(content) {
        Ok(text) => (Some([(key.to_owned(), text.to_owned())].into()), None),
        Err(_) => (
            None,
            Some([(key.to_owned(), ByteString(content.to_vec()))].into()),
        ),
    };
    ConfigMap {
        metadata,
        data,
        binary_data,
        immutable: Some(true),
    }
}

fn secret(secret: &Secret, file: &MountedFile, topic: &mut Topic<'_>) {
    let Secret {
        name,
        path: _,
        source,
        labels,
        template_driver,
    } = secret;
    if !file.granted {
        topic.equivalent(&codes::UNUSED, "no service mounts it, so it need not exist");
        return;
    }
    note_name(name, &file.object, *source == SecretSource::External, topic);
    note_secret_source(source, file, topic);
    let detail = "whoever makes the secret labels it";
    topic.drop_field("labels", labels, &codes::SECRET_REFERENCED, detail);
    let detail = "the file holds the template itself, with nothing filled in";
    topic.drop_field(
        "template_driver",
        template_driver,
        &codes::CONFIG_TEMPLATE,
        detail,
    );
}

fn note_secret_source(source: &SecretSource, file: &MountedFile, topic: &mut Topic<'_>) {
    let MountedFile {
        object,
        key,
        granted: _,
        possible: _,
    } = file;
    let detail = match source {
        SecretSource::External => {
            format!("the secret `{object}` must have the key `{key}`")
        }
        SecretSource::File(path) => {
            let path = quoted(path);
            format!(
                "make it first: `kubectl create secret generic {object} --from-file={key}={path}`"
            )
        }
        // The value goes through a pipe: arguments can be read by every user of the machine.
        SecretSource::Environment(variable) => format!(
            "make it first: `printf %s \"${variable}\" | kubectl create secret generic {object} \
             --from-file={key}=/dev/stdin`"
        ),
        SecretSource::Driver { driver, options: _ } => {
            let detail = format!(
                "the cluster has no secret driver `{driver}`; make the secret `{object}` with the \
                 key `{key}`"
            );
            topic
                .key("source")
                .approximate(&codes::SECRET_DRIVER, detail);
            return;
        }
    };
    topic
        .key("source")
        .equivalent(&codes::SECRET_REFERENCED, detail);
}

/// A word of a shell's command line.
pub(super) fn quoted(word: &str) -> String {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '=' | ':');
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
