//! What became of every value: the ledger both front ends and backends write.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;

use crate::{FieldPath, ObjectId};

/// What became of a value on a target, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is carried as it stands.
    Exact,
    /// It is carried by other means, and tasks see no difference.
    Equivalent,
    /// It is carried, and tasks see a difference.
    Approximate,
    /// It is not carried; the stack runs without it.
    Dropped,
    /// It is not carried, and without it the stack cannot do what it says.
    Refused,
}

/// A kind of note: its stable name and the page people read about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The stable name, such as `kubernetes-probe-rounded`.
    pub name: &'static str,
    /// One line: what happens.
    pub title: &'static str,
    /// Why, what it means for the running stack, and what to do. Markdown.
    pub page: &'static str,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The value.
    pub path: FieldPath,
    /// What became of it.
    pub outcome: Outcome,
    /// Which kind of note; every outcome but exact has one.
    pub code: Option<&'static Code>,
    /// The consequence in behaviour, such as `restarts after 10 s, not 5 s`; empty for exact.
    pub detail: Cow<'static, str>,
    /// Where it went; shared, because most entries of a service name the same objects.
    pub objects: Arc<[ObjectId]>,
    /// Whether the file does not say it, and the target's default differs from what the file's
    /// own engine does.
    pub implicit: bool,
}

/// What became of every value of a stack on one target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    entries: Vec<Entry>,
    keeping: Keeping,
    tally: Tally,
}

/// Whether a ledger keeps its entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Keeping {
    #[default]
    Entries,
    Numbers,
}

/// How many entries had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    said: [usize; Outcome::ALL.len()],
    implicit: [usize; Outcome::ALL.len()],
}

impl Ledger {
    /// A ledger that forgets its entries and keeps their numbers, for whoever shows nothing else:
    /// those of a thousand services take as much room as their stack.
    #[must_use]
    pub fn counting() -> Self {
        Self {
            keeping: Keeping::Numbers,
            ..Self::default()
        }
    }

    /// Keeps an entry.
    pub fn push(&mut self, entry: Entry) {
        self.tally.add(entry.outcome, entry.implicit, 1);
        if self.keeping == Keeping::Entries {
            self.entries.push(entry);
        }
    }

    /// How many entries had each outcome, first those the files say, then the implicit ones.
    pub fn tally(&self) -> impl Iterator<Item = (Outcome, bool, usize)> {
        let of = |implicit: bool, counts: [usize; Outcome::ALL.len()]| {
            let counts = Outcome::ALL.into_iter().zip(counts);
            counts.map(move |(outcome, count)| (outcome, implicit, count))
        };
        of(false, self.tally.said).chain(of(true, self.tally.implicit))
    }

    /// Every entry, in the order they were made; none of a ledger that only counts.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Takes over the entries of another ledger.
    pub fn append(&mut self, other: Ledger) {
        other
            .tally()
            .for_each(|(outcome, implicit, count)| self.tally.add(outcome, implicit, count));
        if self.keeping == Keeping::Entries {
            self.entries.extend(other.entries);
        }
    }

    /// Opens the page for the values below `path` that go into `objects`.
    pub fn topic(&mut self, path: FieldPath, objects: Vec<ObjectId>) -> Topic<'_> {
        Topic {
            ledger: self,
            path,
            objects: objects.into(),
        }
    }
}

impl Tally {
    fn add(&mut self, outcome: Outcome, implicit: bool, count: usize) {
        let counts = if implicit {
            &mut self.implicit
        } else {
            &mut self.said
        };
        let mut all = Outcome::ALL.into_iter().zip(counts);
        if let Some((_, known)) = all.find(|(known, _)| *known == outcome) {
            *known += count;
        }
    }
}

/// The ledger opened at one value: what is noted here is about the fields inside it.
#[derive(Debug)]
pub struct Topic<'ledger> {
    ledger: &'ledger mut Ledger,
    path: FieldPath,
    objects: Arc<[ObjectId]>,
}

impl Topic<'_> {
    /// The value this is about.
    #[must_use]
    pub fn path(&self) -> &FieldPath {
        &self.path
    }

    /// Where its values go unless another object is named.
    #[must_use]
    pub fn objects(&self) -> &[ObjectId] {
        &self.objects
    }

    /// The page for the field or entry `key` inside.
    pub fn key(&mut self, key: &str) -> Topic<'_> {
        let path = self.path.key(key);
        self.at(path)
    }

    /// The page for the item at `index` inside.
    pub fn index(&mut self, index: usize) -> Topic<'_> {
        let path = self.path.index(index);
        self.at(path)
    }

    /// The same page for values that go into `objects`.
    pub fn into_objects(&mut self, objects: Vec<ObjectId>) -> Topic<'_> {
        Topic {
            ledger: self.ledger,
            path: self.path.clone(),
            objects: objects.into(),
        }
    }

    fn at(&mut self, path: FieldPath) -> Topic<'_> {
        Topic {
            objects: Arc::clone(&self.objects),
            ledger: self.ledger,
            path,
        }
    }

    /// Notes that this value is carried as it stands.
    pub fn exact(&mut self) {
        self.push(Outcome::Exact, None, Cow::Borrowed(""), false);
    }

    /// Notes that this value is carried by other means, without a difference.
    pub fn equivalent(&mut self, code: &'static Code, detail: impl Into<Cow<'static, str>>) {
        self.push(Outcome::Equivalent, Some(code), detail.into(), false);
    }

    /// Notes that this value is carried with a difference: what it is, in behaviour.
    pub fn approximate(&mut self, code: &'static Code, detail: impl Into<Cow<'static, str>>) {
        self.push(Outcome::Approximate, Some(code), detail.into(), false);
    }

    /// Notes that this value is not carried: what the stack does without it.
    pub fn dropped(&mut self, code: &'static Code, detail: impl Into<Cow<'static, str>>) {
        self.push(Outcome::Dropped, Some(code), detail.into(), false);
    }

    /// Notes that this value is not carried and the stack cannot do without it.
    pub fn refused(&mut self, code: &'static Code, detail: impl Into<Cow<'static, str>>) {
        self.push(Outcome::Refused, Some(code), detail.into(), false);
    }

    /// Notes that the file leaves this value open and the target fills it in differently than the
    /// file's own engine.
    pub fn implicit(&mut self, code: &'static Code, detail: impl Into<Cow<'static, str>>) {
        self.push(Outcome::Approximate, Some(code), detail.into(), true);
    }

    /// Notes the field `key` as carried if it is set, and hands it on.
    pub fn carry<T: Present>(&mut self, key: &str, value: T) -> T {
        if value.is_present() {
            self.key(key).exact();
        }
        value
    }

    /// Notes the field `key` as dropped if it is set.
    pub fn drop_field<T: Present>(
        &mut self,
        key: &str,
        value: &T,
        code: &'static Code,
        detail: &'static str,
    ) {
        if value.is_present() {
            self.key(key).dropped(code, detail);
        }
    }

    /// Notes the field `key` as refused if it is set.
    pub fn refuse_field<T: Present>(
        &mut self,
        key: &str,
        value: &T,
        code: &'static Code,
        detail: &'static str,
    ) {
        if value.is_present() {
            self.key(key).refused(code, detail);
        }
    }

    /// Where a value with this outcome went: what is not carried went nowhere.
    fn objects_of(&self, outcome: Outcome) -> Arc<[ObjectId]> {
        match outcome {
            Outcome::Exact | Outcome::Equivalent | Outcome::Approximate => {
                Arc::clone(&self.objects)
            }
            Outcome::Dropped | Outcome::Refused => Arc::default(),
        }
    }

    fn push(
        &mut self,
        outcome: Outcome,
        code: Option<&'static Code>,
        detail: Cow<'static, str>,
        implicit: bool,
    ) {
        if self.ledger.keeping == Keeping::Numbers {
            self.ledger.tally.add(outcome, implicit, 1);
            return;
        }
        self.ledger.push(Entry {
            path: self.path.clone(),
            outcome,
            code,
            detail,
            objects: self.objects_of(outcome),
            implicit,
        });
    }
}

/// Whether a field says something.
pub trait Present {
    /// Whether it does.
    fn is_present(&self) -> bool;
}

impl<T> Present for Option<T> {
    fn is_present(&self) -> bool {
        self.is_some()
    }
}

impl<T> Present for Vec<T> {
    fn is_present(&self) -> bool {
        !self.is_empty()
    }
}

impl<K, V> Present for IndexMap<K, V> {
    fn is_present(&self) -> bool {
        !self.is_empty()
    }
}

impl<T: Present> Present for &T {
    fn is_present(&self) -> bool {
        (**self).is_present()
    }
}

impl Present for bool {
    fn is_present(&self) -> bool {
        *self
    }
}

impl Outcome {
    /// Every outcome, best first.
    pub const ALL: [Self; 5] = [
        Self::Exact,
        Self::Equivalent,
        Self::Approximate,
        Self::Dropped,
        Self::Refused,
    ];

    /// The word people read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Equivalent => "equivalent",
            Self::Approximate => "approximate",
            Self::Dropped => "dropped",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Defines the note codes of a room, and the list of all of them for `explain`.
///
/// One place defines a code, so none can lack a page or be missing from the list.
#[macro_export]
macro_rules! codes {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $title:literal, $page:literal;)+) => {
        $(
            $(#[$doc])*
            pub(crate) static $constant: $crate::Code = $crate::Code {
                name: $name,
                title: $title,
                page: $page,
            };
        )+

        /// Every note code of this room.
        pub(crate) static ALL: &[&$crate::Code] = &[$(&$constant),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    static TEST_CODE: Code = Code {
        name: "test-code",
        title: "a title",
        page: "a page",
    };

    fn ledger(write: impl FnOnce(&mut Topic<'_>)) -> Vec<(String, Outcome, usize)> {
        let mut ledger = Ledger::default();
        let object = ObjectId::new("Deployment", "web");
        write(&mut ledger.topic(FieldPath::root("services").key("web"), vec![object]));
        let line = |entry: &Entry| (entry.path.to_string(), entry.outcome, entry.objects.len());
        ledger.entries().iter().map(line).collect()
    }

    #[test]
    fn what_is_not_set_is_not_noted() {
        let entries = ledger(|topic| {
            topic.carry("hostname", None::<String>);
            topic.carry("hostname", Some("a"));
        });
        let path = "services.web.hostname".to_owned();
        assert_eq!(entries, [(path, Outcome::Exact, 1)]);
    }

    #[test]
    fn a_ledger_that_counts_has_the_numbers_of_one_that_keeps() {
        let (mut keeping, mut counting) = (Ledger::default(), Ledger::counting());
        for ledger in [&mut keeping, &mut counting] {
            let mut topic = ledger.topic(FieldPath::root("services"), Vec::new());
            topic.exact();
            topic.refused(&TEST_CODE, "no init");
            topic.implicit(&TEST_CODE, "slower");
            ledger.push(Entry {
                path: FieldPath::root("name"),
                outcome: Outcome::Exact,
                code: None,
                detail: "".into(),
                objects: Arc::default(),
                implicit: false,
            });
        }
        let numbers: Vec<_> = keeping.tally().filter(|(.., count)| *count > 0).collect();
        let exact = (Outcome::Exact, false, 2);
        let refused = (Outcome::Refused, false, 1);
        assert_eq!(numbers, [exact, refused, (Outcome::Approximate, true, 1)]);
        assert!(keeping.tally().eq(counting.tally()));
        assert_eq!((keeping.entries().len(), counting.entries().len()), (4, 0));
    }

    #[test]
    fn what_is_not_carried_names_no_object() {
        let entries = ledger(|topic| {
            topic.drop_field("tty", &Some(true), &TEST_CODE, "no terminal");
            topic.key("init").refused(&TEST_CODE, "no init");
        });
        assert!(entries.iter().all(|(_, _, objects)| *objects == 0));
    }
}
