//! Values that come from the variables of an included project, which the including one lacks.
//!
//! Source: compose-go 2.16.2, `loader/environment.go`.

use tranship_yaml::{Kind, Node};

use crate::nodes;
use crate::variables::Variables;

/// The key under which a secret carries the value of its variable.
pub(crate) const SECRET_VALUE: &str = "x-#value";

/// Gives names without a value in lists of `environment` the value they have here, and secrets and
/// configs from `environment` theirs.
pub(crate) fn resolve(model: &mut Node, variables: &Variables) {
    for section in ["services", "jobs"] {
        for service in values(model, section) {
            if let Some(environment) = nodes::get_mut(service, "environment") {
                fill_names(environment, variables);
            }
        }
    }
    for secret in values(model, "secrets") {
        take_value(secret, SECRET_VALUE, variables);
    }
    for config in values(model, "configs") {
        take_value(config, "content", variables);
    }
}

fn values<'n>(model: &'n mut Node, section: &str) -> impl Iterator<Item = &'n mut Node> {
    let entries = nodes::get_mut(model, section).and_then(nodes::entries_mut);
    entries.into_iter().flatten().map(|(_, value)| value)
}

fn fill_names(environment: &mut Node, variables: &Variables) {
    let Kind::Sequence(items) = &mut environment.kind else {
        return;
    };
    for item in items {
        let found = nodes::text(item).and_then(|name| Some((name, variables.get(name)?)));
        if let Some((name, value)) = found {
            *item = nodes::string(format!("{name}={value}"), item.span);
        }
    }
}

fn take_value(node: &mut Node, key: &str, variables: &Variables) {
    let span = node.span;
    let name = nodes::text_of(node, "environment");
    let Some(value) = name.and_then(|name| variables.get(name)) else {
        return;
    };
    let value = nodes::string(value, span);
    if let Some(entries) = nodes::entries_mut(node) {
        entries.insert(nodes::key(key, span), value);
    }
}
