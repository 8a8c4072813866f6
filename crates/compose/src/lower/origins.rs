//! Where the values of a stack come from.

use std::borrow::Cow;

use tranship_model::FieldPath;

use super::dictionary;
use crate::field::Map;

/// Which values of the project each value of the stack came from.
///
/// Most values come from the one key the dictionary gives for them; what is kept here is where
/// that is not so, such as a memory limit that stands at `mem_limit` instead of
/// `deploy.resources.limits.memory`.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    entries: Map<Vec<Origin>>,
}

/// Where one value came from. Paths start behind the top-level entry.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// The value in the stack.
    pub(super) model: Cow<'static, str>,
    /// The value in the project.
    pub(super) source: Source,
    /// What is inside.
    pub(super) below: Below,
}

/// A value of the project.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// In the same top-level entry.
    Here(Cow<'static, str>),
    /// In another one.
    Elsewhere(FieldPath),
}

/// Where what is inside a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Below {
    /// From the same place inside the source.
    Alike,
    /// From the source as a whole.
    Whole,
    /// From elsewhere: the origin holds for the value itself only.
    Apart,
}

impl Origins {
    /// Keeps the origins of the values of one top-level entry.
    pub(super) fn add(&mut self, entry: &FieldPath, origins: Vec<Origin>) {
        self.entries.insert(entry.as_str().to_owned(), origins);
    }

    /// Where the value at `path` of the stack stands in the canonical form of the project.
    ///
    /// Several places stand for a value that was put together from them; a path nothing is known
    /// about is its own origin.
    #[must_use]
    pub fn resolve(&self, path: &FieldPath) -> Vec<FieldPath> {
        let Some((entry, origins, inner)) = self.entry_of(path.as_str()) else {
            return vec![path.clone()];
        };
        let recorded = recorded(entry, origins, inner);
        if recorded.is_empty() {
            vec![dictionary::spelled(entry, inner)]
        } else {
            recorded
        }
    }

    /// The entry a path lies in, and the rest of the path. Keys may hold dots, so the longest
    /// entry that fits is taken.
    fn entry_of<'p>(&self, path: &'p str) -> Option<(&'p str, &[Origin], &'p str)> {
        path.rmatch_indices('.').find_map(|(at, _)| {
            let (entry, inner) = path.split_at(at);
            let origins = self.entries.get(entry)?;
            Some((entry, origins.as_slice(), inner.strip_prefix('.')?))
        })
    }
}

/// What the origins of an entry say about the value at `inner`: those of the longest beginning.
fn recorded(entry: &str, origins: &[Origin], inner: &str) -> Vec<FieldPath> {
    let fitting = || {
        origins
            .iter()
            .filter_map(|origin| Some((origin, origin.rest(inner)?)))
    };
    let Some(longest) = fitting().map(|(origin, _)| origin.model.len()).max() else {
        return Vec::new();
    };
    fitting()
        .filter(|(origin, _)| origin.model.len() == longest)
        .map(|(origin, rest)| origin.place(entry, rest))
        .collect()
}

impl Origin {
    /// What is left of `inner` behind this value, if it lies at or inside it.
    fn rest<'p>(&self, inner: &'p str) -> Option<&'p str> {
        let rest = inner.strip_prefix(&*self.model)?;
        let is_inside = rest.starts_with(['.', '[']) && self.below != Below::Apart;
        (rest.is_empty() || is_inside).then_some(rest)
    }

    fn place(&self, entry: &str, rest: &str) -> FieldPath {
        let rest = match self.below {
            Below::Alike => rest,
            Below::Whole | Below::Apart => "",
        };
        match &self.source {
            Source::Here(config) => FieldPath::from(format!("{entry}.{config}{rest}")),
            Source::Elsewhere(path) => path.clone(),
        }
    }
}
