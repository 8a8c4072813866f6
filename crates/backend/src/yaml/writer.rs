//! A serializer that lays data out as YAML blocks.

use std::borrow::Cow;
use std::fmt::Display;

use serde::ser::{self, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use super::word::{lines, word};
use super::{Dollars, Layout, RenderError, spaces};

/// What the text ends with when a value is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// Nothing: the value is the whole document.
    Document,
    /// `key:`
    Key,
    /// `- `
    Dash,
}

/// Writes one value.
pub(super) struct Writer<'text> {
    text: &'text mut String,
    layout: &'text Layout,
    position: Position,
    /// Blanks before the key or dash the value belongs to.
    indent: usize,
}

/// Writes the entries of a mapping.
pub(super) struct Entries<'text> {
    text: &'text mut String,
    layout: &'text Layout,
    position: Position,
    /// Blanks before each entry.
    indent: usize,
    count: usize,
    /// Where the first entry begins.
    start: usize,
    /// Where the third entry begins.
    third: usize,
    /// Where the line of the last entry begins.
    line: usize,
    /// The key that waits for its value.
    key: String,
}

/// Writes the items of a list.
pub(super) struct Items<'text> {
    text: &'text mut String,
    layout: &'text Layout,
    position: Position,
    /// Blanks before each dash.
    indent: usize,
    count: usize,
}

impl<'text> Writer<'text> {
    pub(super) fn new(
        text: &'text mut String,
        layout: &'text Layout,
        position: Position,
        indent: usize,
    ) -> Self {
        Self {
            text,
            layout,
            position,
            indent,
        }
    }

    /// Writes a value of one line as it is.
    fn line(self, word: &str) {
        if self.position == Position::Key {
            self.text.push(' ');
        }
        self.text.push_str(word);
        self.text.push('\n');
    }

    fn number(self, number: impl Display) -> Result<(), RenderError> {
        self.line(&number.to_string());
        Ok(())
    }

    /// The blanks before what is inside a mapping at this place.
    fn inner(&self) -> usize {
        match self.position {
            Position::Document => self.indent,
            Position::Key | Position::Dash => self.indent + 2,
        }
    }

    fn entries(self) -> Entries<'text> {
        Entries {
            indent: self.inner(),
            text: self.text,
            layout: self.layout,
            position: self.position,
            count: 0,
            start: 0,
            third: 0,
            line: 0,
            key: String::new(),
        }
    }

    fn items(self) -> Items<'text> {
        // Dashes stand below the key they belong to.
        let indent = match self.position {
            Position::Document | Position::Key => self.indent,
            Position::Dash => self.indent + 2,
        };
        Items {
            text: self.text,
            layout: self.layout,
            position: self.position,
            indent,
            count: 0,
        }
    }

    /// A value inside a mapping of nothing but `variant`.
    fn variant(self, variant: &str) -> Result<Writer<'text>, RenderError> {
        let mut entries = self.entries();
        entries.begin(variant)?;
        let Entries {
            text,
            layout,
            indent,
            ..
        } = entries;
        Ok(Writer::new(text, layout, Position::Key, indent))
    }
}

impl Entries<'_> {
    /// Begins an entry, up to the colon.
    fn begin(&mut self, key: &str) -> Result<(), RenderError> {
        if self.count == 0 && self.position == Position::Key {
            self.text.push('\n');
        }
        self.line = self.text.len();
        match self.count {
            0 => self.start = self.line,
            2 => self.third = self.line,
            _ => {}
        }
        // The first entry of an item goes on behind its dash.
        if self.count > 0 || self.position != Position::Dash {
            spaces(self.text, self.indent);
        }
        self.count += 1;
        self.text.push_str(&word(key)?);
        self.text.push(':');
        Ok(())
    }

    fn entry<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), RenderError> {
        self.begin(key)?;
        value.serialize(Writer {
            text: self.text,
            layout: self.layout,
            position: Position::Key,
            indent: self.indent,
        })?;
        if self.layout.first == Some(key) && self.count > 1 {
            self.move_first();
        } else if self.layout.third == Some(key)
            && self.count > 3
            && self.position == Position::Document
        {
            let entry = self.text.split_off(self.line);
            self.text.insert_str(self.third, &entry);
        }
        Ok(())
    }

    /// Puts the last entry in front of the others.
    fn move_first(&mut self) {
        let mut entry = self.text.split_off(self.line);
        if self.position == Position::Dash {
            // It takes the place behind the dash, and the former first one a line of its own.
            let blanks = entry.drain(..self.indent).collect::<String>();
            entry.push_str(&blanks);
        }
        self.text.insert_str(self.start, &entry);
    }

    fn finish(self) {
        if self.count == 0 {
            let empty = if self.position == Position::Key {
                " {}\n"
            } else {
                "{}\n"
            };
            self.text.push_str(empty);
        }
    }
}

impl Items<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RenderError> {
        if self.count == 0 {
            match self.position {
                Position::Document => {}
                Position::Key => self.text.push('\n'),
                Position::Dash => {
                    self.text.pop();
                    self.text.push('\n');
                }
            }
        }
        self.count += 1;
        spaces(self.text, self.indent);
        self.text.push_str("- ");
        value.serialize(Writer {
            text: self.text,
            layout: self.layout,
            position: Position::Dash,
            indent: self.indent,
        })
    }

    fn finish(self) {
        if self.count == 0 {
            let empty = if self.position == Position::Key {
                " []\n"
            } else {
                "[]\n"
            };
            self.text.push_str(empty);
        }
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
        let value = match self.layout.dollars {
            Dollars::Doubled if value.contains('$') => Cow::Owned(value.replace('$', "$$")),
            Dollars::Doubled | Dollars::Single => Cow::Borrowed(value),
        };
        if value.contains('\n') {
            let indent = self.inner();
            if self.position == Position::Key {
                self.text.push(' ');
            }
            return lines(self.text, &value, indent);
        }
        let word = word(&value)?;
        self.line(&word);
        Ok(())
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
        Ok(self.items())
    }

    fn serialize_tuple(self, _length: usize) -> Result<Items<'text>, RenderError> {
        Ok(self.items())
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Items<'text>, RenderError> {
        Ok(self.items())
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Items<'text>, RenderError> {
        Ok(self.variant(variant)?.items())
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Entries<'text>, RenderError> {
        Ok(self.entries())
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Entries<'text>, RenderError> {
        Ok(self.entries())
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Entries<'text>, RenderError> {
        Ok(self.variant(variant)?.entries())
    }
}

impl SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RenderError> {
        self.item(value)
    }

    fn end(self) -> Result<(), RenderError> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RenderError> {
        self.item(value)
    }

    fn end(self) -> Result<(), RenderError> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Items<'_> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RenderError> {
        self.item(value)
    }

    fn end(self) -> Result<(), RenderError> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTupleVariant for Items<'_> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RenderError> {
        self.item(value)
    }

    fn end(self) -> Result<(), RenderError> {
        self.finish();
        Ok(())
    }
}

impl SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), RenderError> {
        self.key = key.serialize(KeyText)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RenderError> {
        let key = std::mem::take(&mut self.key);
        self.entry(&key, value)
    }

    fn end(self) -> Result<(), RenderError> {
        self.finish();
        Ok(())
    }
}

impl SerializeStruct for Entries<'_> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), RenderError> {
        self.entry(key, value)
    }

    fn end(self) -> Result<(), RenderError> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeStructVariant for Entries<'_> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), RenderError> {
        self.entry(key, value)
    }

    fn end(self) -> Result<(), RenderError> {
        self.finish();
        Ok(())
    }
}
