//! What a task shares with the host or with another task.

use std::fmt;

use serde::{Serialize, Serializer};

use super::closed_words;

closed_words! {
    /// The cgroup namespace of a container.
    CgroupMode {
        /// The host's.
        Host = "host",
        /// One of its own.
        Private = "private",
    }
}

/// The value of `network_mode`, `ipc`, `pid`, `uts` and `userns_mode`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// The host's own.
    Host,
    /// One of its own.
    Private,
    /// One of its own that others may join (`ipc`).
    Shareable,
    /// None at all (`network_mode`, `ipc`).
    Absent,
    /// The engine's default bridge (`network_mode`).
    Bridge,
    /// That of a service of the same project.
    Service(String),
    /// That of a container by name or id.
    Container(String),
    /// Any other text, such as the name of a network.
    Named(String),
}

impl From<&str> for Namespace {
    fn from(text: &str) -> Self {
        match text {
            "host" => Self::Host,
            "private" => Self::Private,
            "shareable" => Self::Shareable,
            "none" => Self::Absent,
            "bridge" => Self::Bridge,
            other => match other.split_once(':') {
                Some(("service", name)) => Self::Service(name.to_owned()),
                Some(("container", name)) => Self::Container(name.to_owned()),
                Some(_) | None => Self::Named(other.to_owned()),
            },
        }
    }
}

impl Namespace {
    /// The service it is shared with.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::Service(name) => Some(name),
            Self::Host
            | Self::Private
            | Self::Shareable
            | Self::Absent
            | Self::Bridge
            | Self::Container(_)
            | Self::Named(_) => None,
        }
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Host => "host",
            Self::Private => "private",
            Self::Shareable => "shareable",
            Self::Absent => "none",
            Self::Bridge => "bridge",
            Self::Service(name) => return write!(formatter, "service:{name}"),
            Self::Container(name) => return write!(formatter, "container:{name}"),
            Self::Named(text) => text,
        })
    }
}

impl Serialize for Namespace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_printed_as_written() {
        for text in ["host", "none", "service:db", "container:", "mynet", "x:y"] {
            assert_eq!(Namespace::from(text).to_string(), text);
        }
        assert_eq!(Namespace::from("service:db").service(), Some("db"));
    }
}
