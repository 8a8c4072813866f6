//! Names on a target: legal, stable, and never two values in one.

use std::collections::HashMap;

use tranship_model::FieldPath;

/// Two values that would have one name on the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameConflict {
    /// The target's word for the kind of object.
    pub kind: &'static str,
    /// The name both would have.
    pub name: String,
    /// The value that had it first.
    pub first: FieldPath,
    /// The value that would have it too.
    pub second: FieldPath,
}

/// Who has which name.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    taken: HashMap<(&'static str, String), FieldPath, foldhash::fast::RandomState>,
    conflicts: Vec<NameConflict>,
}

impl NameTable {
    /// Gives `name` to `owner`, and remembers a conflict when another value has it already.
    pub fn claim(&mut self, kind: &'static str, name: &str, owner: &FieldPath) {
        let key = (kind, name.to_owned());
        match self.taken.get(&key) {
            None => {
                self.taken.insert(key, owner.clone());
            }
            Some(first) if first == owner => {}
            Some(first) => self.conflicts.push(NameConflict {
                kind,
                name: name.to_owned(),
                first: first.clone(),
                second: owner.clone(),
            }),
        }
    }

    /// Every conflict, in the order they came up.
    #[must_use]
    pub fn into_conflicts(self) -> Vec<NameConflict> {
        self.conflicts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_owners_of_one_name_conflict_and_one_owner_twice_does_not() {
        let path = |name: &str| FieldPath::root("services").key(name);
        let mut names = NameTable::default();
        names.claim("Service", "a-b", &path("a_b"));
        names.claim("Service", "a-b", &path("a_b"));
        names.claim("Deployment", "a-b", &path("a.b"));
        assert_eq!(names.clone().into_conflicts(), []);
        names.claim("Service", "a-b", &path("a.b"));
        let conflicts = names.into_conflicts();
        assert_eq!(conflicts.len(), 1);
        assert_eq!(conflicts[0].second, path("a.b"));
    }
}
