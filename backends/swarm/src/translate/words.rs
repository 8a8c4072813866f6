//! What was asked for, in the words of a note.

use std::fmt::Display;

use indexmap::IndexMap;

/// What a field says, for people.
pub(super) trait Words {
    /// What it says; `None` when it is not set.
    fn words(&self) -> Option<String>;
}

impl<T: Display> Words for Option<T> {
    fn words(&self) -> Option<String> {
        self.as_ref().map(|value| format!("`{value}`"))
    }
}

impl<T: Display> Words for Vec<T> {
    fn words(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let items: Vec<String> = self.iter().map(|item| format!("`{item}`")).collect();
        Some(items.join(", "))
    }
}

impl Words for IndexMap<String, String> {
    fn words(&self) -> Option<String> {
        let entries = self.iter().map(|(key, value)| format!("{key}={value}"));
        entries.collect::<Vec<_>>().words()
    }
}

/// ` (name words, name words)` of the fields that are set, or nothing.
pub(super) fn listed(fields: &[(&str, Option<String>)]) -> String {
    let set = fields.iter().filter_map(|(name, words)| {
        let words = words.as_ref()?;
        Some(format!("{name} {words}"))
    });
    let set: Vec<String> = set.collect();
    if set.is_empty() {
        return String::new();
    }
    format!(" ({})", set.join(", "))
}
