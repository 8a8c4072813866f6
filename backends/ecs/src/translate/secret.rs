//! Secrets: a parameter each, which names where the account keeps the value.

use indexmap::IndexMap;
use tranship_model::{Ledger, Secret, SecretSource};

use crate::cloudformation::Parameter;
use crate::codes;
use crate::draft::Draft;
use crate::late::Late;
use crate::names;

/// Asks for the secrets, and gives the ARN of each by its key. No value is ever seen.
pub(crate) fn translate<'a>(
    draft: &mut Draft,
    ledger: &mut Ledger,
    secrets: &'a IndexMap<String, Secret>,
) -> IndexMap<&'a str, Late> {
    secrets
        .iter()
        .map(|(key, secret)| (key.as_str(), one(draft, ledger, key, secret)))
        .collect()
}

fn one(draft: &mut Draft, ledger: &mut Ledger, key: &str, secret: &Secret) -> Late {
    let Secret {
        name,
        path,
        source,
        labels,
        template_driver,
    } = secret;
    let id = names::logical_id(key, "SecretArn");
    let parameter = Parameter {
        kind: "String",
        description: format!(
            "The ARN of the Secrets Manager secret or SSM parameter that holds {name}.",
        ),
        default: None,
        allowed_values: Vec::new(),
    };
    let arn = draft.parameter(&id, path, parameter);
    let mut topic = ledger.topic(path.clone(), Vec::new());
    match source {
        SecretSource::External => topic.equivalent(
            &codes::SECRET,
            format!("the parameter `{id}` names the secret in the account"),
        ),
        SecretSource::File(_) | SecretSource::Environment(_) => topic.approximate(
            &codes::SECRET,
            format!("the value is not taken along: create a secret with it, and name it in the parameter `{id}`"),
        ),
        SecretSource::Driver { driver, options: _ } => topic.dropped(
            &codes::SECRET,
            format!("the driver `{driver}` is not asked: the parameter `{id}` names a secret in the account"),
        ),
    }
    topic.drop_field(
        "labels",
        labels,
        &codes::LABELS,
        "the secret in the account keeps its own tags",
    );
    topic.drop_field(
        "template_driver",
        template_driver,
        &codes::TEMPLATE,
        "tasks read the value with its placeholders unfilled",
    );
    arn
}
