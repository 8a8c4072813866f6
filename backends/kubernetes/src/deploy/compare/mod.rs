//! How a wanted object differs from the live one.
//!
//! Two questions, both only about fields that are ours: does each field we want have our value, and
//! is each field we once set (the API server keeps count, by manager) still wanted.

mod amounts;
mod fixed;
mod given;
mod lists;
mod owned;
#[cfg(test)]
mod tests;

use serde_json::Value;
use tranship_backend::deploy::{Change, Difference, Live, Wanted};

use super::kinds::Kind;

/// How a wanted object differs from the live one; pure.
pub(super) fn compare(wanted: &Wanted, live: &Live) -> Difference {
    let Some(kind) = Kind::of(&wanted.object.id) else {
        return Difference::Same;
    };
    let changes = changes(&wanted.object.body, &live.body);
    match fixed::reason(kind, &changes, &live.body) {
        Some((extra, reason)) => Difference::Recreate {
            changes: changes.into_iter().chain(extra).collect(),
            reason,
        },
        None if changes.is_empty() => Difference::Same,
        None => Difference::InPlace(changes),
    }
}

/// Every field of ours that differs.
fn changes(wanted: &Value, live: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    given::compare(wanted, live, &mut changes);
    owned::compare(wanted, live, &mut changes);
    changes
}

/// A place in an object, as people write it: `spec.template.spec.containers[web].image`.
#[derive(Clone, Debug, Default)]
struct Place(String);

impl Place {
    /// A field below this place.
    fn key(&self, key: &str) -> Self {
        let Self(place) = self;
        // A label's key has dots of its own.
        let is_plain = !key.contains(['.', '/', '[']);
        Self(match (place.is_empty(), is_plain) {
            (true, _) => key.to_owned(),
            (false, true) => format!("{place}.{key}"),
            (false, false) => format!("{place}[{key}]"),
        })
    }

    /// An item below this place.
    fn item(&self, name: &str) -> Self {
        Self(format!("{}[{name}]", self.0))
    }

    /// The last field of the place.
    fn last(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or_default()
    }

    fn change(&self, from: Option<&Value>, to: Option<&Value>) -> Change {
        Change {
            field: self.0.clone(),
            from: from.cloned(),
            to: to.cloned(),
        }
    }
}
