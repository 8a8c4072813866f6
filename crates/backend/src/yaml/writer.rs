//! A serializer that lays data out as YAML blocks.

use std::borrow::Cow;
use std::fmt::Display;

use serde::ser::{Error as _, Serialize, Serializer};

use super::collections::{Entries, Items};
use super::word::{lines, word};
use super::{Dollars, Layout, RenderError};

/// Where a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// It is the whole document.
    Document,
    /// Behind `key:`.
    Key,
    /// Behind `- `.
    Dash,
    /// It is a key itself.
    Name,
}

/// Writes one value.
#[derive(Debug)]
pub(super) struct Writer<'text> {
    pub(super) text: &'text mut String,
    pub(super) layout: &'text Layout,
    pub(super) position: Position,
    /// Blanks before the key or dash the value belongs to.
    pub(super) indent: usize,
}

impl<'text> Writer<'text> {
    /// Writes a value of one line as it is.
    fn line(self, word: &str) {
        if self.position == Position::Key {
            self.text.push(' ');
        }
        self.text.push_str(word);
        if self.position != Position::Name {
            self.text.push('\n');
        }
    }

    fn number(self, number: impl Display) -> Result<(), RenderError> {
        let number = number.to_string();
        if self.position == Position::Name {
            return self.serialize_str(&number);
        }
        self.line(&number);
        Ok(())
    }

    /// The blanks before what is inside a mapping, or before the lines of a text.
    fn inner(&self) -> usize {
        match self.position {
            Position::Document | Position::Name => self.indent,
            Position::Key | Position::Dash => self.indent + 2,
        }
    }

    fn entries(self) -> Result<Entries<'text>, RenderError> {
        if self.position == Position::Name {
            return Err(RenderError::custom("a key is a mapping"));
        }
        Ok(Entries::new(self.inner(), self))
    }

    fn items(self) -> Result<Items<'text>, RenderError> {
        // Dashes stand below the key they belong to.
        let indent = match self.position {
            Position::Name => return Err(RenderError::custom("a key is a list")),
            Position::Document | Position::Key => self.indent,
            Position::Dash => self.indent + 2,
        };
        Ok(Items::new(indent, self))
    }

    /// The place of a value inside a mapping of nothing but `variant`.
    fn variant(self, variant: &str) -> Result<Writer<'text>, RenderError> {
        self.entries()?.only(variant)
    }
}

impl<'text> Serializer for Writer<'text> {
    type Ok = ();
    type Error = RenderError;
    type SerializeSeq = Items<'text>;
    type SerializeTuple = Items<'text>;
    type SerializeTupleStruct = Items<'text>;
    type SerializeTupleVariant = Items<'text>;
    type SerializeMap = Entries<'text>;
    type SerializeStruct = Entries<'text>;
    type SerializeStructVariant = Entries<'text>;

    fn serialize_bool(self, value: bool) -> Result<(), RenderError> {
        self.line(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), RenderError> {
        self.number(value)
    }

    fn serialize_i16(self, value: i16) -> Result<(), RenderError> {
        self.number(value)
    }

    fn serialize_i32(self, value: i32) -> Result<(), RenderError> {
        self.number(value)
    }

    fn serialize_i64(self, value: i64) -> Result<(), RenderError> {
        self.number(value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), RenderError> {
        self.number(value)
    }

    fn serialize_u16(self, value: u16) -> Result<(), RenderError> {
        self.number(value)
    }

    fn serialize_u32(self, value: u32) -> Result<(), RenderError> {
        self.number(value)
    }

    fn serialize_u64(self, value: u64) -> Result<(), RenderError> {
        self.number(value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), RenderError> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), RenderError> {
        // As plain data, which has no words for the others.
        if !value.is_finite() {
            return self.serialize_unit();
        }
        let text = serde_saphyr::to_string(&value)?;
        self.line(text.trim_end());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), RenderError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), RenderError> {
        if self.position == Position::Name {
            self.line(&word(value)?);
            return Ok(());
        }
        let value = match self.layout.dollars {
            Dollars::Doubled if value.contains('$') => Cow::Owned(value.replace('$', "$$")),
            Dollars::Doubled | Dollars::Single => Cow::Borrowed(value),
        };
        if !value.contains('\n') {
            self.line(&word(&value)?);
            return Ok(());
        }
        let indent = self.inner();
        if self.position == Position::Key {
            self.text.push(' ');
        }
        lines(self.text, &value, indent)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), RenderError> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), RenderError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), RenderError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), RenderError> {
        self.line("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), RenderError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), RenderError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), RenderError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), RenderError> {
        value.serialize(self.variant(variant)?)
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Items<'text>, RenderError> {
        self.items()
    }

    fn serialize_tuple(self, _length: usize) -> Result<Items<'text>, RenderError> {
        self.items()
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Items<'text>, RenderError> {
        self.items()
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Items<'text>, RenderError> {
        self.variant(variant)?.items()
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Entries<'text>, RenderError> {
        self.entries()
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Entries<'text>, RenderError> {
        self.entries()
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Entries<'text>, RenderError> {
        self.variant(variant)?.entries()
    }
}
