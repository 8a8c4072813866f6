//! Nodes as plain data, for `x-` keys.

use serde_json::{Map, Number, Value};
use tranship_yaml::{Kind, Node, Scalar, ScalarKind};

/// The node as plain data.
pub(crate) fn json(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar(scalar) => scalar_json(scalar),
        Kind::Sequence(items) => Value::Array(items.iter().map(json).collect()),
        Kind::Mapping(mapping) => {
            let entries = mapping
                .iter()
                .map(|(key, value)| (key.text.to_string(), json(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

fn scalar_json(scalar: &Scalar) -> Value {
    let number = match scalar.kind {
        ScalarKind::Null => return Value::Null,
        ScalarKind::Bool => return scalar.as_bool().map_or(Value::Null, Value::Bool),
        ScalarKind::Integer | ScalarKind::Float => number(scalar),
        ScalarKind::Timestamp => return Value::String(instant(&scalar.go_text())),
        ScalarKind::String => None,
    };
    number.map_or_else(|| Value::String(scalar.text.to_string()), Value::Number)
}

/// A moment as JSON has it, from Go's `2024-01-02 15:04:05 +0000 UTC`.
fn instant(go_text: &str) -> String {
    let parts: Vec<&str> = go_text.split(' ').collect();
    let [date, time, offset, ..] = parts.as_slice() else {
        return go_text.to_owned();
    };
    match offset.split_at_checked(3) {
        Some((hours, minutes)) if *offset != "+0000" => format!("{date}T{time}{hours}:{minutes}"),
        Some(_) | None => format!("{date}T{time}Z"),
    }
}

fn number(scalar: &Scalar) -> Option<Number> {
    if let Some(value) = scalar.as_i64() {
        return Some(value.into());
    }
    if let Some(value) = scalar.as_u64() {
        return Some(value.into());
    }
    let value = scalar.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "only whole numbers that fit are taken"
    )]
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return Some((value as i64).into());
    }
    Number::from_f64(value)
}
