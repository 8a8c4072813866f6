//! Names of values.

use std::fmt;

use serde::Serialize;

/// The name of a value: the fields that lead to it, such as `services.web.ports[0].published`.
///
/// Keys are joined as they are; a service called `a.b` gives `services.a.b.image`. Paths are
/// looked up whole or by their beginnings, never taken apart, so the dot does no harm.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct FieldPath(String);

impl FieldPath {
    /// A path of one step.
    #[must_use]
    pub fn root(key: &str) -> Self {
        Self(key.to_owned())
    }

    /// The path of the field or entry `key` inside.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut path = String::with_capacity(self.0.len() + 1 + key.len());
        path.push_str(&self.0);
        path.push('.');
        path.push_str(key);
        Self(path)
    }

    /// The path of the item at `index` inside.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is left of this path behind `ancestor`, if that is a beginning of it at a step's end.
    #[must_use]
    pub fn below<'a>(&'a self, ancestor: &FieldPath) -> Option<&'a str> {
        let rest = self.0.strip_prefix(&ancestor.0)?;
        (rest.is_empty() || rest.starts_with(['.', '['])).then_some(rest)
    }

    /// The path with one step less, if it has more than one.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let cut = self.0.rfind(['.', '['])?;
        self.0.get(..cut).map(|parent| Self(parent.to_owned()))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<String> for FieldPath {
    fn from(path: String) -> Self {
        Self(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_lies_below_another_only_at_the_end_of_a_step() {
        let web = FieldPath::root("services").key("web");
        assert_eq!(web.key("ports").index(0).below(&web), Some(".ports[0]"));
        assert_eq!(FieldPath::root("services").key("web2").below(&web), None);
        assert_eq!(web.below(&web), Some(""));
    }

    #[test]
    fn a_parent_has_one_step_less() {
        let port = FieldPath::root("services").key("web").key("ports").index(1);
        assert_eq!(
            port.parent().as_ref().map(FieldPath::as_str),
            Some("services.web.ports")
        );
        assert_eq!(FieldPath::root("name").parent(), None);
    }
}
