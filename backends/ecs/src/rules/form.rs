//! Reading properties that may hold anything.

use super::plain::Plain;
use crate::shape;

/// How many steps lead to the deepest member: `ContainerDefinitions/0/LinuxParameters/Tmpfs/0/Size`.
const DEPTH: usize = 6;

/// A member of a definition, there or not, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form<'a> {
    value: Option<&'a Plain>,
    steps: [Option<Step<'a>>; DEPTH],
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Form<'a> {
    /// The whole definition.
    pub(super) fn root(value: &'a Plain) -> Self {
        Self {
            value: Some(value),
            steps: [None; DEPTH],
        }
    }

    /// A member by its name.
    pub(super) fn get(self, key: &'a str) -> Self {
        self.step(self.value.and_then(|value| value.get(key)), Step::Key(key))
    }

    /// The entries of a list.
    pub(super) fn items(self) -> impl Iterator<Item = Self> {
        self.list()
            .iter()
            .enumerate()
            .map(move |(index, item)| self.step(Some(item), Step::Index(index)))
    }

    /// How many entries a list has.
    pub(super) fn len(self) -> usize {
        self.list().len()
    }

    /// The text, if it is one that is known.
    pub(super) fn text(self) -> Option<&'a str> {
        self.value.and_then(Plain::text)
    }

    /// The whole number, also one written as a text.
    pub(super) fn number(self) -> Option<i64> {
        match self.value? {
            Plain::Whole(number) => Some(*number),
            Plain::Text(text) => text.parse().ok(),
            Plain::Nothing | Plain::Truth(_) | Plain::Fraction | Plain::List(_) | Plain::Map(_) => {
                None
            }
        }
    }

    /// Whether it is the truth value `true`.
    pub(super) fn is_true(self) -> bool {
        self.value == Some(&Plain::Truth(true))
    }

    /// Whether anything is said here: an empty list or map says nothing.
    pub(super) fn is_set(self) -> bool {
        match self.value {
            None | Some(Plain::Nothing) => false,
            Some(Plain::List(items)) => !items.is_empty(),
            Some(Plain::Map(members)) => !members.is_empty(),
            Some(Plain::Truth(_) | Plain::Whole(_) | Plain::Fraction | Plain::Text(_)) => true,
        }
    }

    /// Whether its value is known only in the account.
    pub(super) fn is_late(self) -> bool {
        let members = self.value.and_then(Plain::members).unwrap_or_default();
        members.iter().any(|(key, _)| shape::is_function(key))
    }

    /// Whether it is a number outside of `range`.
    pub(super) fn is_outside(self, least: i64, most: i64) -> bool {
        self.number()
            .is_some_and(|number| !(least..=most).contains(&number))
    }

    /// Whether it is a text that is none of `words`.
    pub(super) fn is_none_of(self, words: &[&str]) -> bool {
        self.text().is_some_and(|text| !words.contains(&text))
    }

    /// How many bytes it takes as JSON.
    pub(super) fn bytes(self) -> usize {
        self.value.map_or(0, Plain::bytes)
    }

    /// Where it stands, such as `ContainerDefinitions/0/Cpu`.
    pub(super) fn place(self) -> String {
        let steps = self.steps.iter().flatten().map(|step| match step {
            Step::Key(key) => (*key).to_owned(),
            Step::Index(index) => index.to_string(),
        });
        steps.collect::<Vec<_>>().join("/")
    }

    fn list(self) -> &'a [Plain] {
        self.value.map_or(&[], Plain::items)
    }

    fn step(self, value: Option<&'a Plain>, step: Step<'a>) -> Self {
        let mut steps = self.steps;
        if let Some(free) = steps.iter_mut().find(|step| step.is_none()) {
            *free = Some(step);
        }
        Self { value, steps }
    }
}
