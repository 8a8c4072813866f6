//! Configs and secrets of the stack.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use tranship_model::{Config, ConfigSource, ObjectId, Secret, SecretSource, Topic};

use super::context::{StoredConfig, content};
use super::workload::with_namespace;
use super::{Context, Rendering};
use crate::codes;
use crate::engine::{ConfigSpec, Driver, Labels, SecretSpec};

/// The label with a config's key in the stack, by which its older forms are found.
const KEY: &str = "tranship.config.key";
/// The label with the digest a config's name ends in.
const DIGEST: &str = "tranship.config.digest";
/// The engine stores fewer bytes of a config than this.
const CONFIG_LIMIT: usize = 1_024_000;

/// Translates a config.
pub(super) fn config(context: &Context<'_>, key: &str, config: &Config, out: &mut Rendering) {
    let Config {
        name,
        path,
        source,
        labels,
        template_driver,
    } = config;

    let stored = context.config(key);
    let id = ObjectId::new("config", stored.name.as_str());
    if *source == ConfigSource::External {
        let detail = format!("a config `{name}` must exist in the swarm before");
        let page = &mut out.ledger.topic(path.clone(), Vec::new());
        return page.approximate(&codes::EXTERNAL, detail);
    }
    out.claim("config", &stored.name, path);
    let page = &mut out.ledger.topic(path.clone(), vec![id]);
    page.exact();
    config_name(name, &stored, page);
    check_content(config, page);
    out.configs.push(ConfigSpec {
        labels: config_labels(context, key, &stored, labels),
        data: content(config).map(|content| STANDARD.encode(content)),
        templating: template_driver.as_deref().map(driver),
        name: stored.name,
    });
}

fn config_name(wanted: &str, stored: &StoredConfig, page: &mut Topic<'_>) {
    let page = &mut page.key("name");
    if stored.digest.is_some() {
        let detail = format!(
            "stored as `{}`, a new config for each new content",
            stored.name
        );
        page.equivalent(&codes::CONTENT_NAMED, detail);
    } else if wanted != stored.name {
        page.equivalent(&codes::NAME_CHANGED, format!("is called `{}`", stored.name));
    }
}

fn config_labels(
    context: &Context<'_>,
    key: &str,
    stored: &StoredConfig,
    labels: &IndexMap<String, String>,
) -> Labels {
    let mut labels = with_namespace(context, labels);
    if let Some(digest) = &stored.digest {
        labels.insert(KEY.to_owned(), key.to_owned());
        labels.insert(DIGEST.to_owned(), digest.clone());
    }
    labels
}

fn check_content(config: &Config, page: &mut Topic<'_>) {
    let page = &mut page.key("source");
    match content(config) {
        None => match &config.source {
            ConfigSource::Environment {
                variable,
                content: _,
            } => {
                let detail =
                    format!("variable `{variable}` is not set, so there is nothing to store");
                page.refused(&codes::CONFIG_CONTENT, detail);
            }
            ConfigSource::File { path, content: _ } => {
                let detail =
                    format!("`{path}` could not be read; it is read when the stack is deployed");
                page.approximate(&codes::CONFIG_CONTENT, detail);
            }
            ConfigSource::Inline(_) | ConfigSource::External => {}
        },
        Some(content) if content.is_empty() || content.len() >= CONFIG_LIMIT => {
            let detail = format!("the engine refuses {} bytes", content.len());
            page.refused(&codes::CONFIG_CONTENT, detail);
        }
        Some(_) => {}
    }
}

fn driver(name: &str) -> Driver {
    Driver {
        name: name.to_owned(),
        options: Labels::new(),
    }
}

/// Translates a secret: everything but its value.
pub(super) fn secret(context: &Context<'_>, key: &str, secret: &Secret, out: &mut Rendering) {
    let Secret {
        name: wanted,
        path,
        source,
        labels,
        template_driver,
    } = secret;

    let name = context.secret_name(key);
    if *source == SecretSource::External {
        let detail = format!("a secret `{wanted}` must exist in the swarm before");
        let page = &mut out.ledger.topic(path.clone(), Vec::new());
        return page.approximate(&codes::EXTERNAL, detail);
    }
    out.claim("secret", &name, path);
    let id = ObjectId::new("secret", name.as_str());
    let page = &mut out.ledger.topic(path.clone(), vec![id]);
    page.exact();
    if *wanted != name {
        page.key("name")
            .equivalent(&codes::NAME_CHANGED, format!("is called `{name}`"));
    }
    let driver = secret_source(source, &name, &mut page.key("source"));
    out.secrets.push(SecretSpec {
        name,
        labels: with_namespace(context, labels),
        driver,
        templating: template_driver.as_deref().map(self::driver),
    });
}

fn secret_source(source: &SecretSource, name: &str, page: &mut Topic<'_>) -> Option<Driver> {
    match source {
        SecretSource::File(path) => {
            let detail = format!("read from `{path}` when the stack is deployed");
            page.equivalent(&codes::SECRET_VALUE, detail);
            None
        }
        SecretSource::Environment(variable) => {
            let detail = format!(
                "stack.yaml takes it as stored already: \
                 `printf %s \"${variable}\" | docker secret create {name} -`"
            );
            page.approximate(&codes::SECRET_VALUE, detail);
            None
        }
        SecretSource::Driver { driver, options } => Some(Driver {
            name: driver.clone(),
            options: options.clone(),
        }),
        SecretSource::External => None,
    }
}
