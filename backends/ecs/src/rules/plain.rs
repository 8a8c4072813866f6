//! Objects as plain data that is only looked through.
//!
//! Every task definition is, and a hash table for each of its maps took longer than the rules.

use std::borrow::Cow;

use serde::de::value::Error;
use serde::ser::{
    Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple,
    SerializeTupleStruct, Serializer,
};

/// An object or a member of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Plain {
    /// `null`.
    #[default]
    Nothing,
    /// `true` or `false`.
    Truth(bool),
    /// A whole number.
    Whole(i64),
    /// Any other number.
    Fraction,
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Plain>),
    /// A map, in the order it was written.
    Map(Vec<(Cow<'static, str>, Plain)>),
}

impl Plain {
    /// Any object of ours, or JSON; what has no form in JSON is nothing.
    #[must_use]
    pub fn of(object: &(impl Serialize + ?Sized)) -> Self {
        object.serialize(Reading).unwrap_or_default()
    }

    /// A member of a map.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let members = self.members()?;
        let (_, value) = members.iter().find(|(known, _)| known == key)?;
        Some(value)
    }

    /// The members of a map.
    pub(super) fn members(&self) -> Option<&[(Cow<'static, str>, Self)]> {
        match self {
            Self::Map(members) => Some(members),
            Self::Nothing
            | Self::Truth(_)
            | Self::Whole(_)
            | Self::Fraction
            | Self::Text(_)
            | Self::List(_) => None,
        }
    }

    /// The items of a list, and none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Nothing
            | Self::Truth(_)
            | Self::Whole(_)
            | Self::Fraction
            | Self::Text(_)
            | Self::Map(_) => &[],
        }
    }

    /// A text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Nothing
            | Self::Truth(_)
            | Self::Whole(_)
            | Self::Fraction
            | Self::List(_)
            | Self::Map(_) => None,
        }
    }

    /// How many bytes it takes as JSON without any spaces, but for what is escaped.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Map(members) => {
                let member = |(key, value): &(Cow<'_, str>, Self)| key.len() + 4 + value.bytes();
                members.iter().map(member).sum::<usize>() + 2
            }
            Self::List(items) => items.iter().map(|item| item.bytes() + 1).sum::<usize>() + 2,
            Self::Text(text) => text.len() + 2,
            Self::Nothing | Self::Truth(_) | Self::Whole(_) | Self::Fraction => 5,
        }
    }
}

/// Takes down one value.
struct Reading;

/// Takes down a list.
struct Items(Vec<Plain>);

/// Takes down a map.
struct Members {
    known: Vec<(Cow<'static, str>, Plain)>,
    key: Cow<'static, str>,
}

impl Members {
    fn new(length: usize) -> Self {
        Self {
            known: Vec::with_capacity(length),
            key: Cow::Borrowed(""),
        }
    }
}

macro_rules! whole_numbers {
    ($($method:ident $kind:ty)+) => { $(
        fn $method(self, value: $kind) -> Result<Plain, Error> {
            Ok(i64::try_from(value).map_or(Plain::Fraction, Plain::Whole))
        }
    )+ };
}

impl Serializer for Reading {
    type Ok = Plain;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Impossible<Plain, Error>;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Impossible<Plain, Error>;

    whole_numbers! {
        serialize_i8 i8
        serialize_i16 i16
        serialize_i32 i32
        serialize_i64 i64
        serialize_u8 u8
        serialize_u16 u16
        serialize_u32 u32
        serialize_u64 u64
    }

    fn serialize_bool(self, value: bool) -> Result<Plain, Error> {
        Ok(Plain::Truth(value))
    }

    fn serialize_f32(self, _value: f32) -> Result<Plain, Error> {
        Ok(Plain::Fraction)
    }

    fn serialize_f64(self, _value: f64) -> Result<Plain, Error> {
        Ok(Plain::Fraction)
    }

    fn serialize_char(self, value: char) -> Result<Plain, Error> {
        Ok(Plain::Text(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<Plain, Error> {
        Ok(Plain::Text(value.to_owned()))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Plain, Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<Plain, Error> {
        Ok(Plain::Nothing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Plain, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Plain, Error> {
        Ok(Plain::Nothing)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Plain, Error> {
        Ok(Plain::Nothing)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Plain, Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Plain, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Plain, Error> {
        let value = value.serialize(self)?;
        Ok(Plain::Map(vec![(Cow::Borrowed(variant), value)]))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, Error> {
        Ok(Items(Vec::with_capacity(length.unwrap_or_default())))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<Items, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(Error::custom(name))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Members, Error> {
        Ok(Members::new(length.unwrap_or_default()))
    }

    fn serialize_struct(self, _name: &'static str, length: usize) -> Result<Members, Error> {
        Ok(Members::new(length))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(Error::custom(name))
    }
}

/// All kinds of sequences are lists.
macro_rules! lists {
    ($($kind:ident $method:ident)+) => { $(
        impl $kind for Items {
            type Ok = Plain;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.0.push(value.serialize(Reading)?);
                Ok(())
            }

            fn end(self) -> Result<Plain, Error> {
                Ok(Plain::List(self.0))
            }
        }
    )+ };
}

lists! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
}

impl SerializeMap for Members {
    type Ok = Plain;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let Plain::Text(key) = key.serialize(Reading)? else {
            return Err(Error::custom("a key is no text"));
        };
        self.key = Cow::Owned(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = std::mem::take(&mut self.key);
        self.known.push((key, value.serialize(Reading)?));
        Ok(())
    }

    fn end(self) -> Result<Plain, Error> {
        Ok(Plain::Map(self.known))
    }
}

impl SerializeStruct for Members {
    type Ok = Plain;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let value = value.serialize(Reading)?;
        self.known.push((Cow::Borrowed(key), value));
        Ok(())
    }

    fn end(self) -> Result<Plain, Error> {
        Ok(Plain::Map(self.known))
    }
}
