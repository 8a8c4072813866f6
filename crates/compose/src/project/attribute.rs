//! What every attribute value can do, and the macro that writes the mapping types.

use serde::Serialize;
use serde::ser::SerializeMap;
use tranship_yaml::Node;

use super::decoder::Decoder;

/// A value that is read from a node and printed in its canonical form.
pub(crate) trait Attribute: Serialize + Sized {
    /// Reads the value, or reports why it cannot be read.
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self>;

    /// Whether the canonical form leaves the attribute out.
    fn is_absent(&self) -> bool {
        false
    }

    /// Takes over from `base` what this value does not say itself.
    fn inherit(&mut self, base: &Self) {
        let _ = base;
    }

    /// Whether the value, once read, says no more than a missing one.
    fn is_void(&self) -> bool {
        false
    }
}

/// A mapping with known keys.
pub(crate) trait Attributes: Default {
    /// Adds every key the mapping knows.
    fn keys(into: &mut Vec<&'static str>);

    /// The keys that must be given.
    const REQUIRED: &'static [&'static str];

    /// Whether `x-` keys are kept.
    const EXTENSIBLE: bool;

    /// Reads `node` into the attribute called `key`; `false` when there is none.
    fn set<'t>(&mut self, key: &str, node: &'t Node, decoder: &mut Decoder<'t>) -> bool;

    /// Keeps an `x-` key.
    fn extend(&mut self, key: &str, value: serde_json::Value);

    /// Prints every attribute that is given.
    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// The key of a field: its name, or the literal written before it.
macro_rules! attribute_key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

/// Defines a mapping type: one line per attribute gives the field, its key, how it is read and
/// how it is printed.
///
/// - `field: Type = function,` reads it by that function instead of the type's own way.
/// - `short function,` reads what is not a mapping.
/// - `requires ["key"]` names the keys that must be given.
/// - `inline { part: Type }` takes over all attributes of another mapping type.
/// - `hidden { field: Type }` are fields the loader fills and nobody prints.
/// - `open` mappings keep `x-` keys in `extensions`; `closed` ones refuse them.
macro_rules! attributes {
    (@decode $short:path, $node:ident, $decoder:ident) => {
        if $node.as_mapping().is_some() { $decoder.mapping($node) } else { $short($node, $decoder) }
    };
    (@decode , $node:ident, $decoder:ident) => {
        $decoder.mapping($node)
    };
    (@read $read:path, $node:ident, $decoder:ident) => {
        $read($node, $decoder)
    };
    (@read , $node:ident, $decoder:ident) => {
        $crate::project::attribute::Attribute::decode($node, $decoder)
    };
    (@define open [$($struct_doc:tt)*] $name:ident { $($body:tt)* }) => {
        $($struct_doc)*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($body)*
            /// Every `x-` key, as written.
            pub extensions: $crate::project::Extensions,
        }
    };
    (@define closed [$($struct_doc:tt)*] $name:ident { $($body:tt)* }) => {
        $($struct_doc)*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($body)*
        }
    };
    (@extensible open) => { true };
    (@extensible closed) => { false };
    (@extend open $this:ident, $key:ident, $value:ident) => {
        $this.extensions.insert($key.to_owned(), $value);
    };
    (@extend closed $this:ident, $key:ident, $value:ident) => {
        drop(($key, $value));
    };
    (@extensions open $this:ident, $map:ident) => {
        for (key, value) in &$this.extensions {
            $map.serialize_entry(key, value)?;
        }
    };
    (@extensions closed $this:ident, $map:ident) => {};
    (
        $(#[$struct_doc:meta])*
        $openness:ident struct $name:ident
        $(short $short:path,)?
        $(requires [$($required:literal),*])?
        $(inline { $($(#[$part_doc:meta])* $part:ident: $part_type:ty,)* })?
        $(hidden { $($(#[$hidden_doc:meta])* $hidden:ident: $hidden_type:ty,)* })?
        {
            $($(#[$doc:meta])* $($key:literal)? $field:ident: $type:ty $(= $read:path)?,)*
        }
    ) => {
        $crate::project::attribute::attributes!(@define $openness [$(#[$struct_doc])*] $name {
            $($($(#[$part_doc])* pub $part: $part_type,)*)?
            $($(#[$doc])* pub $field: $type,)*
            $($($(#[$hidden_doc])* pub $hidden: $hidden_type,)*)?
        });

        impl $crate::project::attribute::Attributes for $name {
            fn keys(into: &mut Vec<&'static str>) {
                into.extend_from_slice(&[$($crate::project::attribute::attribute_key!($field $($key)?),)*]);
                $($(<$part_type>::keys(into);)*)?
            }

            const REQUIRED: &'static [&'static str] = &[$($($required),*)?];
            const EXTENSIBLE: bool = $crate::project::attribute::attributes!(@extensible $openness);

            fn set<'t>(
                &mut self,
                key: &str,
                node: &'t tranship_yaml::Node,
                decoder: &mut $crate::project::decoder::Decoder<'t>,
            ) -> bool {
                $(if key == $crate::project::attribute::attribute_key!($field $($key)?) {
                    if let Some(value) = $crate::project::attribute::attributes!(@read $($read)?, node, decoder) {
                        self.$field = value;
                    }
                    return true;
                })*
                $($(if self.$part.set(key, node, decoder) {
                    return true;
                })*)?
                false
            }

            fn extend(&mut self, key: &str, value: serde_json::Value) {
                $crate::project::attribute::attributes!(@extend $openness self, key, value);
            }

            fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $(if !$crate::project::attribute::Attribute::is_absent(&self.$field) {
                    map.serialize_entry(
                        $crate::project::attribute::attribute_key!($field $($key)?),
                        &self.$field,
                    )?;
                })*
                $($(self.$part.entries(map)?;)*)?
                $crate::project::attribute::attributes!(@extensions $openness self, map);
                Ok(())
            }
        }

        impl $crate::project::attribute::Attribute for $name {
            fn decode<'t>(
                node: &'t tranship_yaml::Node,
                decoder: &mut $crate::project::decoder::Decoder<'t>,
            ) -> Option<Self> {
                $crate::project::attribute::attributes!(@decode $($short)?, node, decoder)
            }

            fn inherit(&mut self, base: &Self) {
                $($crate::project::attribute::Attribute::inherit(&mut self.$field, &base.$field);)*
                $($($crate::project::attribute::Attribute::inherit(&mut self.$part, &base.$part);)*)?
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $crate::project::attribute::Attributes::entries(self, &mut map)?;
                map.end()
            }
        }
    };
}

pub(crate) use {attribute_key, attributes};
