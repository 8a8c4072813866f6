//! Amounts, which have many spellings.
//!
//! Source: `k8s.io/apimachinery/pkg/api/resource.Quantity`.

use serde_json::Value;

/// Whether the field at a place holds an amount.
pub(super) fn is_amount(place: &str) -> bool {
    let parent =
        |name: &str| place.contains(&format!(".{name}.")) || place.contains(&format!(".{name}["));
    parent("limits") || parent("requests") || parent("capacity") || place.ends_with(".sizeLimit")
}

/// Whether two spellings are of one amount.
pub(super) fn are_equal(one: &Value, other: &Value) -> bool {
    match (nanos(one), nanos(other)) {
        (Some(one), Some(other)) => one == other,
        (_, _) => false,
    }
}

/// Whether the first amount is the smaller one.
pub(super) fn is_less(one: &Value, other: &Value) -> bool {
    matches!((nanos(one), nanos(other)), (Some(one), Some(other)) if one < other)
}

/// An amount in thousandths of a millionth.
fn nanos(value: &Value) -> Option<i128> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-')))
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at_checked(end)?;
    decimal(digits)?
        .checked_mul(factor(unit)?)?
        .checked_div(SCALE)
}

/// What a decimal is multiplied with so that its places are kept.
const SCALE: i128 = 1_000_000_000;

/// The nanos in a unit.
fn factor(unit: &str) -> Option<i128> {
    let power = |base: i128, exponent: u32| base.checked_pow(exponent)?.checked_mul(SCALE);
    match unit {
        "n" => Some(1),
        "u" => Some(1_000),
        "m" => Some(1_000_000),
        "" => Some(SCALE),
        "k" => power(1000, 1),
        "M" => power(1000, 2),
        "G" => power(1000, 3),
        "T" => power(1000, 4),
        "P" => power(1000, 5),
        "E" => power(1000, 6),
        "Ki" => power(1024, 1),
        "Mi" => power(1024, 2),
        "Gi" => power(1024, 3),
        "Ti" => power(1024, 4),
        "Pi" => power(1024, 5),
        "Ei" => power(1024, 6),
        exponent => {
            let digits = exponent.strip_prefix(['e', 'E'])?;
            power(10, digits.parse().ok()?)
        }
    }
}

/// A decimal, scaled.
fn decimal(digits: &str) -> Option<i128> {
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let rest: String = format!("{rest:0<9}").chars().take(9).collect();
    let is_negative = whole.starts_with('-');
    let whole: i128 = match whole {
        "" | "-" | "+" => 0,
        whole => whole.parse().ok()?,
    };
    let rest: i128 = rest.parse().ok()?;
    let rest = if is_negative { -rest } else { rest };
    whole.checked_mul(SCALE)?.checked_add(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(one: &str, other: &str) -> bool {
        are_equal(&one.into(), &other.into())
    }

    #[test]
    fn spellings_of_one_amount_are_equal() {
        assert!(equal("0.5", "500m"));
        assert!(equal("1Gi", "1024Mi") && equal("1Gi", "1073741824"));
        assert!(equal("1e3", "1k") && equal("0", "0Mi") && equal("1.5Gi", "1536Mi"));
        assert!(are_equal(&2.into(), &"2".into()));
    }

    #[test]
    fn other_amounts_differ() {
        assert!(!equal("500m", "501m") && !equal("1G", "1Gi") && !equal("x", "x"));
        assert!(is_less(&"1Gi".into(), &"2G".into()) && !is_less(&"1Gi".into(), &"1G".into()));
    }

    #[test]
    fn only_amounts_are_read_as_amounts() {
        assert!(is_amount(
            "spec.template.spec.containers[web].resources.limits.cpu"
        ));
        assert!(is_amount("spec.resources.requests.storage"));
        assert!(!is_amount("spec.replicas"));
    }
}
