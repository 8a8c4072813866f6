//! How each kind of value is read.

mod fields;
mod mappings;
mod readers;
mod sections;
mod short_forms;

use tranship_yaml::Node;

use self::mappings::map_of;
use super::attribute::Attribute;
use super::decoder::Decoder;
use crate::field::{Duration, Map, OptOut, PullPolicy, Required};

pub(crate) use mappings::key_value_pairs;
pub(crate) use readers::{
    amount, byte_text, container_name, count, filled_string_or_list, given, limits, nonzero,
    nullable, one_or_list, oom_score, percent, published, reservations, string_or_list,
    strings_or_numbers, text_or_boolean, umask,
};
pub(crate) use sections::{dependencies, external, named, named_or_null, names_or_map};
pub(crate) use short_forms::{gpus, health_test, ports, reserved_devices, ssh_keys};

/// A value; nothing when it could not be read, which was reported.
type Decoded<T> = Option<T>;

impl<T: Attribute + Clone> Attribute for Option<T> {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        T::decode(node, decoder).map(filled)
    }

    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(T::is_void)
    }

    fn inherit(&mut self, base: &Self) {
        match (self, base) {
            (own @ None, Some(base)) => *own = Some(base.clone()),
            (Some(own), Some(base)) => own.inherit(base),
            (Some(_) | None, None) => {}
        }
    }
}

impl<T: Attribute + Clone + PartialEq> Attribute for Vec<T> {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.list(node, T::decode)
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn inherit(&mut self, base: &Self) {
        let own = std::mem::replace(self, base.clone());
        let own = own.into_iter().filter(|item| !base.contains(item));
        self.extend(own);
    }
}

impl<T: Attribute + Clone> Attribute for Map<T> {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        map_of(node, decoder, T::decode)
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn inherit(&mut self, base: &Self) {
        let own = std::mem::replace(self, base.clone());
        for (key, mut value) in own {
            if let Some(base) = self.get(&key) {
                value.inherit(base);
            }
            self.insert(key, value);
        }
    }
}

impl Attribute for bool {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.boolean(node)
    }

    fn is_absent(&self) -> bool {
        !self
    }

    fn inherit(&mut self, base: &Self) {
        *self |= *base;
    }
}

impl Attribute for OptOut {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.boolean(node).map(Self)
    }

    fn is_absent(&self) -> bool {
        self.0
    }
}

impl Attribute for Required {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.boolean(node).map(Self)
    }
}

impl Attribute for String {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.string(node).map(str::to_owned)
    }

    fn is_void(&self) -> bool {
        self.is_empty()
    }
}

/// Whole numbers of one type each.
macro_rules! integers {
    ($($type:ty),*) => {
        $(impl Attribute for $type {
            fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
                let value = decoder.integer(node)?;
                let refused = format_args!("{value} is not between {} and {}", Self::MIN, Self::MAX);
                Self::try_from(value).ok().or_else(|| decoder.invalid(node, &refused, ""))
            }
        })*
    };
}

integers!(i64, u64, u32, u16);

/// Types that are read from a string by their own `FromStr`.
macro_rules! parsed {
    ($($type:ty: $help:literal),* $(,)?) => {
        $(impl Attribute for $type {
            fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
                let text = decoder.string_like(node, $help)?;
                decoder.parse(node, text, $help)
            }
        })*
    };
}

parsed! {
    Duration: "write a number and a unit, such as 30s, 1m30s or 1h",
    PullPolicy: "use always, never, build, missing, refresh, daily, weekly or every_ with a duration such as every_12h",
}

/// A value, unless it says no more than a missing one.
fn filled<T: Attribute>(value: T) -> Option<T> {
    (!value.is_void()).then_some(value)
}
