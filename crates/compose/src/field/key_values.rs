//! Free mappings from names to texts.

use std::ops::{Deref, DerefMut};

use serde::Serialize;

use super::Map;

/// Defines a mapping type that can be used like the map inside it.
macro_rules! key_values {
    ($($(#[$doc:meta])* $name:ident($value:ty);)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
            #[serde(transparent)]
            pub struct $name(pub Map<$value>);

            impl Deref for $name {
                type Target = Map<$value>;

                fn deref(&self) -> &Self::Target {
                    &self.0
                }
            }

            impl DerefMut for $name {
                fn deref_mut(&mut self) -> &mut Self::Target {
                    &mut self.0
                }
            }
        )*
    };
}

key_values! {
    /// Names with texts, written as a mapping or as a list of `KEY=VALUE`: labels, annotations,
    /// kernel settings, build contexts.
    Labels(String);
    /// Environment variables; without a value, the variable is taken from where compose runs.
    Environment(Option<String>);
    /// Options for a driver, written as a mapping.
    Options(String);
    /// Options that may be given several times.
    MultiOptions(Vec<String>);
}
