//! What surrounds the properties of a resource.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

/// A resource of the template.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    /// Its type, such as `AWS::ECS::Service`.
    pub(crate) kind: &'static str,
    /// Resources that have to be there first, beside those its properties name.
    pub(crate) depends_on: Vec<Arc<str>>,
    /// Whether it stays when the stack goes or no longer names it.
    pub(crate) retained: bool,
    /// Its properties, written already.
    pub(crate) properties: Value,
}

impl Resource {
    /// The resource as it stands in the template; its properties are not copied.
    pub(crate) fn into_body(self) -> Value {
        let Self {
            kind,
            depends_on,
            retained,
            properties,
        } = self;
        let needs = depends_on.iter().map(|id| Value::from(id.as_ref()));
        let needs = (!depends_on.is_empty()).then(|| needs.collect());
        let policy = || retained.then(|| Value::from("Retain"));
        let members = [
            ("Type", Some(Value::from(kind))),
            ("DependsOn", needs),
            ("DeletionPolicy", policy()),
            ("UpdateReplacePolicy", policy()),
            ("Properties", Some(properties)),
        ];
        // Most resources have two or three of them.
        let mut body = Map::with_capacity(3);
        for (key, value) in members {
            body.extend(value.map(|value| (key.to_owned(), value)));
        }
        Value::Object(body)
    }
}

/// A parameter of the template.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Parameter {
    #[serde(rename = "Type")]
    pub(crate) kind: &'static str,
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) allowed_values: Vec<&'static str>,
}
