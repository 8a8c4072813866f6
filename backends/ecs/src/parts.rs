//! Parts of the template and requests while they are written, in the form asked for.

use serde::Serialize;
use tranship_backend::{Object, RenderError, Section};
use tranship_model::ObjectId;

use crate::shape;

/// What the stack is made into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Plain data, to be compared and sent.
    Objects,
    /// The text of the template, without plain data between.
    Template,
}

/// Parts of one kind, in the order they were made.
#[derive(Debug)]
pub(crate) struct Parts {
    written: Written,
    count: usize,
}

/// What parts are made into.
#[derive(Debug)]
enum Written {
    Objects(Vec<Object>),
    Text {
        section: Result<Section, RenderError>,
        /// Where the last part begins.
        last: usize,
    },
}

impl Parts {
    /// No parts yet.
    pub(crate) fn new(form: Form) -> Self {
        let written = match form {
            Form::Objects => Written::Objects(Vec::new()),
            Form::Template => Written::Text {
                section: Ok(Section::default()),
                last: 0,
            },
        };
        Self { written, count: 0 }
    }

    /// Adds a part.
    pub(crate) fn push(&mut self, id: ObjectId, body: &impl Serialize) {
        self.count += 1;
        match &mut self.written {
            Written::Objects(objects) => objects.push(Object {
                id,
                body: shape::plain(body),
            }),
            Written::Text { section, last } => {
                if let Ok(known) = section {
                    *last = known.text().len();
                    if let Err(error) = known.push(&id.name, body) {
                        *section = Err(error);
                    }
                }
            }
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Whether the last part may hold what [`shape::has_dynamic_reference`] looks for.
    pub(crate) fn last_may_refer(&self) -> bool {
        match &self.written {
            Written::Objects(objects) => objects
                .last()
                .is_some_and(|object| shape::has_dynamic_reference(&object.body)),
            Written::Text { section, last } => section.as_ref().is_ok_and(|section| {
                let text = section.text().get(*last..).unwrap_or_default();
                shape::is_dynamic_reference(text)
            }),
        }
    }

    /// How many bytes they take as a section of the template.
    pub(crate) fn bytes(&self) -> usize {
        let bytes = |section: &Section| section.text().len();
        // What cannot be written is reported when the files are.
        match &self.written {
            Written::Objects(objects) => section(objects).as_ref().map_or(0, bytes),
            Written::Text { section, last: _ } => section.as_ref().map_or(0, bytes),
        }
    }

    /// The parts as plain data; none when they are text.
    pub(crate) fn into_objects(self) -> Vec<Object> {
        match self.written {
            Written::Objects(objects) => objects,
            Written::Text {
                section: _,
                last: _,
            } => Vec::new(),
        }
    }

    /// The parts as text.
    ///
    /// # Errors
    ///
    /// [`RenderError`] when one cannot be written, which is a bug.
    pub(crate) fn into_section(self) -> Result<Section, RenderError> {
        match self.written {
            Written::Objects(objects) => section(&objects),
            Written::Text { section, last: _ } => section,
        }
    }
}

/// Parts that are plain data already, as text.
///
/// # Errors
///
/// [`RenderError`] when one cannot be written, which is a bug.
pub(crate) fn section<'object>(
    objects: impl IntoIterator<Item = &'object Object>,
) -> Result<Section, RenderError> {
    let mut section = Section::default();
    for object in objects {
        section.push(&object.id.name, &object.body)?;
    }
    Ok(section)
}
