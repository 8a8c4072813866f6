//! Values that compose and the model write differently.

use indexmap::IndexMap;
use tranship_model::{ByteSize, Cpus};

use crate::field::{self, Map};

/// A mapping of texts, in the same order.
pub(super) fn texts(map: &Map<String>) -> IndexMap<String, String> {
    map.iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Variables with their values, in the same order.
pub(super) fn variables(map: &Map<Option<String>>) -> IndexMap<String, Option<String>> {
    map.iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// A switch compose knows only as on or not said.
pub(super) fn switch(is_on: bool) -> Option<bool> {
    is_on.then_some(true)
}

/// An amount of bytes; amounts below zero, which Docker refuses, become zero.
pub(super) fn bytes(size: field::ByteSize) -> ByteSize {
    ByteSize(u64::try_from(size.0).unwrap_or(0))
}

/// An amount of processor time.
///
/// The way through the shortest text keeps 0.1 from becoming 0.10000000149.
pub(super) fn cpus(cores: field::Decimal) -> Option<Cpus> {
    Cpus::from_cores(decimal(cores)).ok()
}

/// A number with a fraction, as it was written.
pub(super) fn decimal(number: field::Decimal) -> f64 {
    number.0.to_string().parse().unwrap_or(f64::from(number.0))
}

/// A count, cut off at both ends.
pub(super) fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// A length of time.
pub(super) fn duration(length: Option<field::Duration>) -> Option<std::time::Duration> {
    length.map(field::Duration::to_std)
}
