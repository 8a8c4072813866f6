//! Whether what is claimed of an attribute is what is seen of it.

use serde_json::Value;

use super::claims::{Claim, Claims, Outcome};
use super::evidence::Evidence;
use super::table::{Expected, Look, Probe, Table};
use crate::lab::Part;

/// What is seen of a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// What Docker gives.
    Same,
    /// Something else, and what.
    Other(String),
    /// Nothing can be seen here, and why.
    Hidden(String),
}

/// One value: what is claimed and what is seen.
pub(crate) struct Finding<'table> {
    /// What was looked at.
    pub(crate) probe: &'table Probe,
    /// What is claimed of it.
    pub(crate) claim: Option<Claim>,
    /// What is seen of it.
    pub(crate) seen: Seen,
}

impl Finding<'_> {
    /// Whether claim and observation cannot both be true.
    pub(crate) fn is_contradiction(&self) -> bool {
        match (&self.seen, self.claim.as_ref().map(|claim| claim.outcome)) {
            (Seen::Hidden(_), _) | (_, Some(Outcome::Approximate)) => false,
            (_, None) => true,
            (Seen::Same, Some(outcome)) => outcome >= Outcome::Dropped,
            (Seen::Other(_), Some(outcome)) => outcome <= Outcome::Equivalent,
        }
    }
}

/// Compares each probe.
pub(crate) fn findings<'table>(
    table: &'table Table,
    part: Part,
    claims: &Claims,
    evidence: &Evidence,
) -> Vec<Finding<'table>> {
    let finding = |probe: &'table Probe| Finding {
        probe,
        claim: claims.of(&probe.path).cloned(),
        seen: see(probe, part, evidence),
    };
    table.probes.iter().map(finding).collect()
}

fn see(probe: &Probe, part: Part, evidence: &Evidence) -> Seen {
    if let Some(reason) = probe.hidden_by(part) {
        return Seen::Hidden(reason.to_owned());
    }
    let differences: Vec<String> = probe
        .looks
        .iter()
        .filter_map(|look| difference(look, probe.service(), evidence))
        .collect();
    if differences.is_empty() {
        return Seen::Same;
    }
    Seen::Other(differences.join(", "))
}

/// What is there instead, if it is not what Docker leaves there.
fn difference(look: &Look, service: &str, evidence: &Evidence) -> Option<String> {
    let service = look.of.as_deref().unwrap_or(service);
    let Some(value) = evidence.at(service, &look.at) else {
        return Some(format!("`{service}` reports no {}", look.at));
    };
    let other = |service: &str| evidence.at(service, &look.at);
    let (holds, told) = match &look.expected {
        Expected::Is(wanted) => (value == *wanted, value.to_string()),
        Expected::IsNot(other) => (value != *other, value.to_string()),
        Expected::Has(members) => (
            members.iter().all(|member| has(&value, member)),
            missing(&value, members),
        ),
        Expected::Lacks(members) => (
            !members.iter().any(|member| has(&value, member)),
            format!("it has one of {}", Value::Array(members.clone())),
        ),
        Expected::Between([low, high]) => {
            let number = value.as_i64();
            let holds = number.is_some_and(|number| (*low..=*high).contains(&number));
            (holds, format!("not {low} to {high}"))
        }
        Expected::After(later) => {
            let since = other(&later.service).and_then(|other| other.as_i64());
            let difference = value.as_i64().zip(since).map(|(one, other)| one - other);
            let holds = difference.is_some_and(|difference| difference >= later.by);
            (
                holds,
                format!("not {} ms after `{}`", later.by, later.service),
            )
        }
        Expected::SameAs(service) => (
            other(service).as_ref() == Some(&value),
            format!("not that of `{service}`"),
        ),
    };
    let place = look.at.rsplit_once('/').map_or("", |(_, place)| place);
    let told = if look.varies { "another" } else { &told };
    (!holds).then(|| format!("{place}: {told}"))
}

fn has(value: &Value, member: &Value) -> bool {
    match value {
        Value::Array(members) => members.contains(member),
        Value::String(text) => member.as_str().is_some_and(|part| text.contains(part)),
        Value::Object(members) => member.as_str().is_some_and(|key| members.contains_key(key)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn missing(value: &Value, members: &[Value]) -> String {
    let missing = members.iter().filter(|member| !has(value, member));
    format!(
        "without {}",
        missing.map(Value::to_string).collect::<Vec<_>>().join(", ")
    )
}
