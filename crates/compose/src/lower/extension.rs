//! What people say in `x-tranship`, because compose has no words for it.

use serde_json::Value;
use tranship_model::ByteSize;

use super::codes;
use super::record::Record;
use crate::field;
use crate::project::Extensions;

/// The key that is read.
const KEY: &str = "x-tranship";

/// The mapping under `x-tranship`, taken out key by key; every other `x-` key is noted.
pub(super) struct Extension<'project> {
    entries: Vec<(&'project str, &'project Value)>,
}

impl<'project> Extension<'project> {
    /// Takes the extension of a service or volume.
    pub(super) fn of(extensions: &'project Extensions, record: &mut Record<'_>) -> Self {
        let mut entries = Vec::new();
        for (key, value) in extensions {
            if key != KEY {
                record.extension(&"", key);
            } else if let Value::Object(object) = value {
                entries = object
                    .iter()
                    .map(|(key, value)| (key.as_str(), value))
                    .collect();
                if object.is_empty() {
                    record
                        .note(KEY)
                        .equivalent(&codes::NO_EFFECT, "it is empty");
                }
            } else {
                unread(KEY, "it is not a mapping", record);
            }
        }
        Self { entries }
    }

    /// Takes the value of a key out.
    pub(super) fn take(&mut self, key: &str) -> Option<&'project Value> {
        let at = self.entries.iter().position(|(known, _)| *known == key)?;
        Some(self.entries.swap_remove(at).1)
    }

    /// Notes what was not taken.
    pub(super) fn finish(self, record: &mut Record<'_>) {
        for (key, _) in self.entries {
            unread(&format!("{KEY}.{key}"), "it is not known here", record);
        }
    }
}

/// Notes that a part of `x-tranship` or of a label is not understood.
pub(super) fn unread(at: &str, why: &'static str, record: &mut Record<'_>) {
    record.note(at).dropped(&codes::EXTENSION_UNREAD, why);
}

/// An amount such as `10Gi` (binary, as Kubernetes writes it), `10g` (binary too, as compose reads
/// it) or a number of bytes.
pub(super) fn size(text: &str) -> Option<ByteSize> {
    let compose = match text.strip_suffix('i') {
        Some(amount) if amount.ends_with(['K', 'M', 'G', 'T', 'P']) => amount,
        Some(_) | None => text,
    };
    let size: field::ByteSize = compose.parse().ok()?;
    u64::try_from(size.0).ok().map(ByteSize)
}
