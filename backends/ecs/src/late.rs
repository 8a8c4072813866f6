//! Values that are known only in the account the stack is deployed to.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A text that is either known now or only in the account.
///
/// It is written as one of CloudFormation's functions, always in the long form. A text of the
/// user's is never put into `Fn::Sub`, so a `${` in it stays what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Late {
    /// Known now.
    Text(String),
    /// What `Ref` gives for a resource or parameter.
    Reference(Arc<str>),
    /// What `Fn::GetAtt` gives for a resource.
    Attribute(Arc<str>, &'static str),
    /// A text of ours with pseudo parameters, for `Fn::Sub`.
    Pattern(&'static str),
    /// The subnet at this place of the parameter `SubnetIds`.
    Subnet(u8),
}

/// A list that is either written out or all of a list parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LateList {
    /// Written out.
    Items(Vec<Late>),
    /// All of the parameter `SubnetIds`.
    AllSubnets,
    /// All of the parameter `PublicSubnetIds`.
    PublicSubnets,
}

impl Late {
    /// A text known now.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

impl Serialize for Late {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Reference(id) => function(serializer, "Ref", id.as_ref()),
            Self::Attribute(id, attribute) => {
                function(serializer, "Fn::GetAtt", &(id.as_ref(), attribute))
            }
            Self::Pattern(pattern) => function(serializer, "Fn::Sub", pattern),
            Self::Subnet(index) => {
                function(serializer, "Fn::Select", &(index, LateList::AllSubnets))
            }
        }
    }
}

fn function<S: Serializer>(
    serializer: S,
    name: &str,
    argument: &(impl Serialize + ?Sized),
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(name, argument)?;
    map.end()
}

impl Serialize for LateList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Items(items) => items.serialize(serializer),
            Self::AllSubnets => function(serializer, "Ref", "SubnetIds"),
            Self::PublicSubnets => function(serializer, "Ref", "PublicSubnetIds"),
        }
    }
}

impl Default for LateList {
    fn default() -> Self {
        Self::Items(Vec::new())
    }
}
