//! Nodes as plain data.

use serde_json::{Number, Value};
use tranship_yaml::{Kind, Node, Scalar, ScalarKind};

/// The node without its places.
pub(crate) fn plain(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar(scalar) => plain_scalar(scalar),
        Kind::Sequence(items) => items.iter().map(plain).collect(),
        Kind::Mapping(mapping) => mapping
            .iter()
            .map(|(key, value)| (key.text.to_string(), plain(value)))
            .collect(),
    }
}

fn plain_scalar(scalar: &Scalar) -> Value {
    let text = || Value::String(scalar.text.to_string());
    match scalar.kind {
        ScalarKind::Null => Value::Null,
        ScalarKind::Bool => scalar.as_bool().map_or_else(text, Value::Bool),
        ScalarKind::Integer | ScalarKind::Float => number(scalar).map_or_else(text, Value::Number),
        ScalarKind::Timestamp | ScalarKind::String => text(),
    }
}

fn number(scalar: &Scalar) -> Option<Number> {
    let whole = scalar.as_i64().map(Number::from);
    let whole = whole.or_else(|| scalar.as_u64().map(Number::from));
    whole.or_else(|| Number::from_f64(scalar.as_f64()?))
}
