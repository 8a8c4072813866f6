//! From a stack to a target's objects.

use tranship_model::{Code, Ledger, Stack};

use crate::{File, NameConflict, Object, RenderError};

/// A target as people name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The backend's name: `kubernetes`, `swarm`, `ecs`.
    pub name: &'static str,
    /// The version of the target's interface the objects are for, such as `1.34`.
    pub version: &'static str,
    /// Choices that change what is rendered, such as the launch type.
    pub settings: Vec<Setting>,
}

/// A choice that changes what is rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The choice, such as `launch-type`.
    pub name: &'static str,
    /// What was chosen.
    pub value: String,
}

/// What a stack becomes on one target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Translation {
    /// Every object, in the order they would be created.
    pub objects: Vec<Object>,
    /// What became of every value.
    pub ledger: Ledger,
    /// Values that would meet in one name; a translation with any must not be used.
    pub conflicts: Vec<NameConflict>,
}

/// The rendering of a stack without the objects it was made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversion {
    /// The rendering, as [`Translate::render`] gives it.
    pub files: Vec<File>,
    /// How much became of the values; it may count entries without keeping them.
    pub ledger: Ledger,
    /// Values that would meet in one name; a rendering with any must not be used.
    pub conflicts: Vec<NameConflict>,
}

impl Conversion {
    /// What is left of a translation behind its files.
    #[must_use]
    pub fn of(translation: Translation, files: Vec<File>) -> Self {
        let Translation {
            objects: _,
            ledger,
            conflicts,
        } = translation;
        Self {
            files,
            ledger,
            conflicts,
        }
    }
}

/// Turns a stack into one orchestrator's objects, without I/O.
pub trait Translate: Send + Sync {
    /// The target the objects are for.
    fn target(&self) -> Target;

    /// Every note code this backend can give.
    fn codes(&self) -> &'static [&'static Code];

    /// Translates every field of `stack`.
    ///
    /// Never fails: what the target cannot carry is an entry in the ledger, so that one run shows
    /// all of it. Same stack, same translation.
    fn translate(&self, stack: &Stack) -> Translation;

    /// The rendering: files people would commit, in the order they are printed as documents of one
    /// stream.
    ///
    /// # Errors
    ///
    /// [`RenderError`] when an object cannot be written, which is a bug.
    fn render(&self, stack: &Stack, translation: &Translation) -> Result<Vec<File>, RenderError>;

    /// The same rendering as [`Translate::translate`] and [`Translate::render`] give, and the same
    /// numbers of entries.
    ///
    /// A backend that can write its files from typed objects does so here: plain data between, with
    /// a hash table for each mapping, costs more than the translation itself.
    ///
    /// # Errors
    ///
    /// [`RenderError`] when an object cannot be written, which is a bug.
    fn convert(&self, stack: &Stack) -> Result<Conversion, RenderError> {
        let translation = self.translate(stack);
        let files = self.render(stack, &translation)?;
        Ok(Conversion::of(translation, files))
    }

    /// The files that go beside the rendering in a directory: another form of it, or what it
    /// refers to.
    fn companions(&self, _stack: &Stack, _translation: &Translation) -> Vec<File> {
        Vec::new()
    }
}
