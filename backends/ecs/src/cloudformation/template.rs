//! What surrounds the properties of a resource.

use std::sync::Arc;

use serde::Serialize;

use crate::late::Late;

/// A resource of the template.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Resource<'properties, T> {
    #[serde(rename = "Type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_policy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_replace_policy: Option<&'static str>,
    properties: &'properties T,
}

impl<'properties, T> Resource<'properties, T> {
    /// A resource of a type such as `AWS::ECS::Service`, created behind those of `depends_on`
    /// beside those its properties name; a retained one stays when the stack goes or no longer
    /// names it.
    pub(crate) fn new(
        kind: &'static str,
        depends_on: Vec<Arc<str>>,
        retained: bool,
        properties: &'properties T,
    ) -> Self {
        let policy = retained.then_some("Retain");
        Self {
            kind,
            depends_on,
            deletion_policy: policy,
            update_replace_policy: policy,
            properties,
        }
    }
}

/// What people read after the template was deployed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    pub(crate) description: &'static str,
    pub(crate) value: Late,
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
