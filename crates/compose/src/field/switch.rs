//! Switches that are on unless told otherwise.

use serde::{Serialize, Serializer};

/// A switch that is on unless told otherwise; printed only when it is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OptOut(pub bool);

/// Whether something must be there; it must unless told otherwise. Always printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Required(pub bool);

impl Default for OptOut {
    fn default() -> Self {
        Self(true)
    }
}

impl Default for Required {
    fn default() -> Self {
        Self(true)
    }
}

impl Serialize for OptOut {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(self.0)
    }
}

impl Serialize for Required {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(self.0)
    }
}
