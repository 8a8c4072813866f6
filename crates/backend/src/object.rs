//! What a target creates, as plain data.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tranship_model::ObjectId;

/// One object of a target, in the target's own shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// What the target calls it.
    pub id: ObjectId,
    /// Its content, keys in the order people expect to read them.
    pub body: Value,
}

/// A file of a rendering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below the output directory, with `/`; never absolute, never with `..`.
    pub path: String,
    /// Its content.
    pub content: String,
}
