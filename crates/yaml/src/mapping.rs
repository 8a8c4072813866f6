//! Mappings: entries in the order of the file, found by their keys.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::{Key, Node};

/// How many entries are looked through one by one. Comparing so many lengths costs less than
/// hashing a key, and nearly all mappings of compose files are smaller: a table for each of them
/// was a quarter of all memory.
const SMALL: usize = 16;

/// A mapping in the order of the file; no key twice.
#[derive(Debug, Default)]
pub struct Mapping {
    entries: Vec<(Key, Node)>,
    /// Where each key of a large mapping stands; made by the first look-up, and let go by whatever
    /// moves entries.
    places: OnceLock<Places>,
}

type Places = Box<HashMap<Arc<str>, usize, foldhash::fast::RandomState>>;

/// The place of a key in a mapping: taken, or still free.
#[derive(Debug)]
pub enum Entry<'mapping> {
    /// The mapping has the key.
    Occupied(OccupiedEntry<'mapping>),
    /// The mapping lacks the key.
    Vacant(VacantEntry<'mapping>),
}

/// An entry the mapping has.
#[derive(Debug)]
pub struct OccupiedEntry<'mapping> {
    key: &'mapping Key,
    value: &'mapping mut Node,
}

/// An entry the mapping lacks.
#[derive(Debug)]
pub struct VacantEntry<'mapping> {
    mapping: &'mapping mut Mapping,
    key: Key,
}

impl Mapping {
    /// An empty mapping with room for `capacity` entries.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            entries: Vec::with_capacity(capacity),
            places: OnceLock::new(),
        }
    }

    /// How many entries there are room for.
    pub(crate) fn capacity(&self) -> usize {
        self.entries.capacity()
    }

    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where an entry stands.
    fn place(&self, key: &str) -> Option<usize> {
        if self.entries.len() <= SMALL {
            return self
                .entries
                .iter()
                .position(|(known, _)| *known.text == *key);
        }
        let places = self.places.get_or_init(|| {
            let entries = self.entries.iter().enumerate();
            let places = entries.map(|(place, (key, _))| (Arc::clone(&key.text), place));
            Box::new(places.collect())
        });
        places.get(key).copied()
    }

    /// Whether it has the key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.place(key).is_some()
    }

    /// The value behind a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// A key as it stands in the mapping, and its value.
    #[must_use]
    pub fn get_key_value(&self, key: &str) -> Option<(&Key, &Node)> {
        let (key, value) = self.entries.get(self.place(key)?)?;
        Some((key, value))
    }

    /// The value behind a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let place = self.place(key)?;
        self.entries.get_mut(place).map(|(_, value)| value)
    }

    /// Puts a value behind a key, and returns the one it replaces; a new key goes to the end, a
    /// known one stays as and where it is.
    pub fn insert(&mut self, key: Key, value: Node) -> Option<Node> {
        match self.entry(key) {
            Entry::Occupied(mut occupied) => Some(occupied.insert(value)),
            Entry::Vacant(vacant) => {
                vacant.insert(value);
                None
            }
        }
    }

    /// The place of a key.
    pub fn entry(&mut self, key: Key) -> Entry<'_> {
        let Some(place) = self.place(&key.text) else {
            return Entry::Vacant(VacantEntry { mapping: self, key });
        };
        #[expect(clippy::indexing_slicing, reason = "it was found there")]
        let (key, value) = &mut self.entries[place];
        Entry::Occupied(OccupiedEntry { key, value })
    }

    /// Takes a value out; what is behind it moves up.
    pub fn shift_remove(&mut self, key: &str) -> Option<Node> {
        self.shift_remove_entry(key).map(|(_, value)| value)
    }

    /// Takes an entry out; what is behind it moves up.
    pub fn shift_remove_entry(&mut self, key: &str) -> Option<(Key, Node)> {
        let place = self.place(key)?;
        self.places.take();
        Some(self.entries.remove(place))
    }

    /// Keeps the entries that `keep` says yes to.
    pub fn retain(&mut self, mut keep: impl FnMut(&Key, &mut Node) -> bool) {
        let before = self.entries.len();
        self.entries.retain_mut(|(key, value)| keep(key, value));
        if self.entries.len() < before {
            self.places.take();
        }
    }

    /// The entries in their order.
    pub fn iter(&self) -> Iter<'_> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// The entries in their order, their values to be changed.
    pub fn iter_mut(&mut self) -> IterMut<'_> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Key> + ExactSizeIterator {
        self.entries.iter().map(|(key, _)| key)
    }

    /// The values in their order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Node> + ExactSizeIterator {
        self.entries.iter().map(|(_, value)| value)
    }

    /// The values in their order, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Node> + ExactSizeIterator {
        self.entries.iter_mut().map(|(_, value)| value)
    }
}

/// The entries of a mapping.
pub type Iter<'mapping> = std::iter::Map<
    std::slice::Iter<'mapping, (Key, Node)>,
    fn(&'mapping (Key, Node)) -> (&'mapping Key, &'mapping Node),
>;

/// The entries of a mapping, their values to be changed.
pub type IterMut<'mapping> = std::iter::Map<
    std::slice::IterMut<'mapping, (Key, Node)>,
    fn(&'mapping mut (Key, Node)) -> (&'mapping Key, &'mapping mut Node),
>;

impl<'mapping> Entry<'mapping> {
    /// The value of the entry, made by `make` where the mapping lacks it.
    pub fn or_insert_with(self, make: impl FnOnce() -> Node) -> &'mapping mut Node {
        match self {
            Self::Occupied(occupied) => occupied.value,
            Self::Vacant(vacant) => vacant.insert(make()),
        }
    }

    /// The value of the entry, `value` where the mapping lacks it.
    pub fn or_insert(self, value: Node) -> &'mapping mut Node {
        self.or_insert_with(|| value)
    }
}

impl OccupiedEntry<'_> {
    /// The key as the mapping has it.
    #[must_use]
    pub fn key(&self) -> &Key {
        self.key
    }

    /// The value.
    #[must_use]
    pub fn get(&self) -> &Node {
        self.value
    }

    /// The value, to be changed.
    pub fn get_mut(&mut self) -> &mut Node {
        self.value
    }

    /// Replaces the value, and returns the former one.
    pub fn insert(&mut self, value: Node) -> Node {
        std::mem::replace(self.value, value)
    }
}

impl<'mapping> VacantEntry<'mapping> {
    /// The key that was asked for.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Puts a value there.
    pub fn insert(self, value: Node) -> &'mapping mut Node {
        let Self { mapping, key } = self;
        if let Some(places) = mapping.places.get_mut() {
            places.insert(Arc::clone(&key.text), mapping.entries.len());
        }
        let (_, value) = mapping.entries.push_mut((key, value));
        value
    }
}

impl Clone for Mapping {
    /// A copy without the table, which most copies never need.
    fn clone(&self) -> Self {
        Self {
            entries: self.entries.clone(),
            places: OnceLock::new(),
        }
    }
}

impl IntoIterator for Mapping {
    type Item = (Key, Node);
    type IntoIter = std::vec::IntoIter<(Key, Node)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'mapping> IntoIterator for &'mapping Mapping {
    type Item = (&'mapping Key, &'mapping Node);
    type IntoIter = Iter<'mapping>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'mapping> IntoIterator for &'mapping mut Mapping {
    type Item = (&'mapping Key, &'mapping mut Node);
    type IntoIter = IterMut<'mapping>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl FromIterator<(Key, Node)> for Mapping {
    fn from_iter<I: IntoIterator<Item = (Key, Node)>>(entries: I) -> Self {
        let mut mapping = Self::default();
        mapping.extend(entries);
        mapping
    }
}

impl Extend<(Key, Node)> for Mapping {
    fn extend<I: IntoIterator<Item = (Key, Node)>>(&mut self, entries: I) {
        let entries = entries.into_iter();
        self.entries.reserve(entries.size_hint().0);
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Scalar, ScalarKind, Span};

    fn key(text: &str) -> Key {
        Key {
            text: text.into(),
            span: Span::default(),
        }
    }

    fn node(text: &str) -> Node {
        Node {
            span: Span::default(),
            tag: None,
            kind: Kind::Scalar(Scalar {
                text: text.into(),
                kind: ScalarKind::String,
                template: None,
            }),
        }
    }

    fn numbered(count: usize) -> Mapping {
        let entries =
            (0..count).map(|number| (key(&format!("k{number}")), node(&format!("v{number}"))));
        entries.collect()
    }

    fn text(mapping: &Mapping, key: &str) -> Option<String> {
        let scalar = mapping.get(key)?.as_scalar()?;
        Some(scalar.text.to_string())
    }

    #[test]
    fn small_and_large_mappings_find_what_was_put_in_whatever_was_taken_out() {
        for count in [SMALL, 5 * SMALL] {
            let mut mapping = numbered(count);
            for number in 0..count {
                let found = text(&mapping, &format!("k{number}"));
                assert_eq!(found, Some(format!("v{number}")));
            }
            assert!(mapping.shift_remove("k3").is_some());
            assert!(mapping.shift_remove("k3").is_none());
            mapping.retain(|key, _| &*key.text != "k5");
            assert_eq!(mapping.len(), count - 2);
            assert_eq!(text(&mapping, "k3"), None);
            assert_eq!(text(&mapping, "k5"), None);
            assert_eq!(text(&mapping, "k7").as_deref(), Some("v7"));
            mapping.insert(key("k3"), node("again"));
            assert_eq!(text(&mapping, "k3").as_deref(), Some("again"));
            let last = mapping.keys().next_back().map(|key| &*key.text);
            assert_eq!(last, Some("k3"));
        }
    }

    #[test]
    fn a_known_key_keeps_its_place() {
        for count in [3, 5 * SMALL] {
            let mut mapping = numbered(count);
            let former = mapping.insert(key("k1"), node("new"));
            assert!(former.is_some());
            assert_eq!(mapping.len(), count);
            let second = mapping.keys().nth(1).map(|key| &*key.text);
            assert_eq!(second, Some("k1"));
            assert_eq!(text(&mapping, "k1").as_deref(), Some("new"));
        }
    }
}
