//! Mappings and lists while they are written.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::word::word;
use super::writer::{Position, Writer};
use super::{Layout, RenderError, spaces};

/// Writes the entries of a mapping.
#[derive(Debug)]
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
    /// Where the last entry begins.
    last: usize,
    goes: Goes,
}

/// Where an entry goes once it is written.
#[derive(Clone, Copy, Debug)]
enum Goes {
    Nowhere,
    First,
    Third,
}

/// Writes the items of a list.
#[derive(Debug)]
pub(super) struct Items<'text> {
    text: &'text mut String,
    layout: &'text Layout,
    position: Position,
    /// Blanks before each dash.
    indent: usize,
    count: usize,
}

impl<'text> Entries<'text> {
    /// A mapping whose entries stand behind `indent` blanks.
    pub(super) fn new(indent: usize, writer: Writer<'text>) -> Self {
        let Writer {
            text,
            layout,
            position,
            indent: _,
        } = writer;
        Self {
            text,
            layout,
            position,
            indent,
            count: 0,
            start: 0,
            third: 0,
            last: 0,
            goes: Goes::Nowhere,
        }
    }

    /// The place of the value of the only entry.
    pub(super) fn only(mut self, key: &str) -> Result<Writer<'text>, RenderError> {
        self.begin();
        self.text.push_str(&word(key)?);
        self.text.push(':');
        Ok(Writer {
            text: self.text,
            layout: self.layout,
            position: Position::Key,
            indent: self.indent,
        })
    }

    /// Begins a line for an entry.
    fn begin(&mut self) {
        if self.count == 0 && self.position == Position::Key {
            self.text.push('\n');
        }
        self.last = self.text.len();
        match self.count {
            0 => self.start = self.last,
            2 => self.third = self.last,
            _ => {}
        }
        // The first entry of an item goes on behind its dash.
        if self.count > 0 || self.position != Position::Dash {
            spaces(self.text, self.indent);
        }
        self.count += 1;
    }

    /// Where the entry `key`, just begun, has to go.
    fn goal(&self, key: &str) -> Goes {
        if self.count > 1 && self.layout.first == Some(key) {
            Goes::First
        } else if self.count > 3
            && self.position == Position::Document
            && self.layout.third == Some(key)
        {
            Goes::Third
        } else {
            Goes::Nowhere
        }
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RenderError> {
        self.text.push(':');
        value.serialize(Writer {
            text: self.text,
            layout: self.layout,
            position: Position::Key,
            indent: self.indent,
        })?;
        match self.goes {
            Goes::Nowhere => {}
            Goes::First => self.move_first(),
            Goes::Third => {
                let entry = self.text.split_off(self.last);
                self.text.insert_str(self.third, &entry);
            }
        }
        Ok(())
    }

    /// Puts the last entry in front of the others.
    fn move_first(&mut self) {
        let mut entry = self.text.split_off(self.last);
        if self.position == Position::Dash {
            // It takes the place behind the dash, and the former first one a line of its own.
            let rest = entry.split_off(self.indent);
            entry.insert_str(0, &rest);
        }
        self.text.insert_str(self.start, &entry);
    }

    fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), RenderError> {
        self.begin();
        self.goes = self.goal(key);
        self.text.push_str(&word(key)?);
        self.value(value)
    }

    fn finish(self) {
        if self.count == 0 {
            empty(self.text, self.position, "{}\n");
        }
    }
}

impl<'text> Items<'text> {
    /// A list whose dashes stand behind `indent` blanks.
    pub(super) fn new(indent: usize, writer: Writer<'text>) -> Self {
        let Writer {
            text,
            layout,
            position,
            indent: _,
        } = writer;
        Self {
            text,
            layout,
            position,
            indent,
            count: 0,
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RenderError> {
        if self.count == 0 && self.position == Position::Dash {
            // A list in a list begins on a line of its own.
            self.text.pop();
        }
        if self.count == 0 && self.position != Position::Document {
            self.text.push('\n');
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
            empty(self.text, self.position, "[]\n");
        }
    }
}

fn empty(text: &mut String, position: Position, brackets: &str) {
    if position == Position::Key {
        text.push(' ');
    }
    text.push_str(brackets);
}

impl SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), RenderError> {
        self.begin();
        let start = self.text.len();
        key.serialize(Writer {
            text: self.text,
            layout: self.layout,
            position: Position::Name,
            indent: self.indent,
        })?;
        self.goes = self.goal(self.text.get(start..).unwrap_or_default());
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RenderError> {
        self.value(value)
    }

    fn end(self) -> Result<(), RenderError> {
        self.finish();
        Ok(())
    }
}

/// All kinds of structs are mappings.
macro_rules! fields {
    ($($kind:ident)+) => { $(
        impl $kind for Entries<'_> {
            type Ok = ();
            type Error = RenderError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), RenderError> {
                self.field(key, value)
            }

            fn end(self) -> Result<(), RenderError> {
                self.finish();
                Ok(())
            }
        }
    )+ };
}

/// All kinds of sequences are lists.
macro_rules! items {
    ($($kind:ident $method:ident)+) => { $(
        impl $kind for Items<'_> {
            type Ok = ();
            type Error = RenderError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RenderError> {
                self.item(value)
            }

            fn end(self) -> Result<(), RenderError> {
                self.finish();
                Ok(())
            }
        }
    )+ };
}

fields! { SerializeStruct SerializeStructVariant }
items! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}
