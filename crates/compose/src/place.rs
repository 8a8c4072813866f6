//! Where in the tree a walk stands.

use std::fmt;

/// The path from the top of the tree to a node, kept on the stack of the walk: it costs nothing
/// until a message needs it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    /// The top of the tree.
    Top,
    /// A value of a mapping.
    Key(&'a Place<'a>, &'a str),
    /// An item of a list, counted from 0.
    Item(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    /// The place of the value behind `key`.
    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Place::Key(self, key)
    }

    /// The place of an item.
    pub(crate) fn item(&'a self, index: usize) -> Self {
        Place::Item(self, index)
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Top => Ok(()),
            Place::Key(Place::Top, key) => formatter.write_str(key),
            Place::Key(parent, key) => write!(formatter, "{parent}.{key}"),
            Place::Item(parent, index) => write!(formatter, "{parent}[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn place_reads_as_a_path() {
        let services = Place::Top.key("services");
        let web = services.key("web");
        let ports = web.key("ports");
        assert_eq!(ports.item(2).to_string(), "services.web.ports[2]");
    }
}
