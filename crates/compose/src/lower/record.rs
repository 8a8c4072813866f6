//! What lowering writes down beside the stack.

use std::borrow::Cow;
use std::fmt::Display;

use tranship_model::{FieldPath, Ledger, Topic};

use super::codes;
use super::origins::{Below, Origin, Source};
use crate::project::Extensions;

/// The origins and notes of one service, job, network, volume, config, secret or model.
///
/// Every path given to it starts behind the entry: `ports[0]`, not `services.web.ports[0]`.
#[derive(Debug)]
pub(super) struct Record<'ledger> {
    path: FieldPath,
    ledger: &'ledger mut Ledger,
    origins: Vec<Origin>,
}

impl<'ledger> Record<'ledger> {
    /// An empty record for the entry at `path`.
    pub(super) fn new(path: FieldPath, ledger: &'ledger mut Ledger) -> Self {
        Self {
            path,
            ledger,
            origins: Vec::new(),
        }
    }

    /// Where the entry stands.
    pub(super) fn path(&self) -> FieldPath {
        self.path.clone()
    }

    /// Where the entry stands, and the origins written down.
    pub(super) fn finish(self) -> (FieldPath, Vec<Origin>) {
        (self.path, self.origins)
    }

    /// The model's `model` is compose's `config`, and what is inside is spelled alike.
    pub(super) fn spelled(
        &mut self,
        model: impl Into<Cow<'static, str>>,
        config: impl Into<Cow<'static, str>>,
    ) {
        self.origin(model, config, Below::Alike);
    }

    /// The model's `model` and all that is inside comes from the whole of compose's `config`.
    pub(super) fn whole(
        &mut self,
        model: impl Into<Cow<'static, str>>,
        config: impl Into<Cow<'static, str>>,
    ) {
        self.origin(model, config, Below::Whole);
    }

    /// The model's `model` as a whole stands for compose's `config` among others; what is inside
    /// has origins of its own.
    pub(super) fn gathered(&mut self, model: &'static str, config: &'static str) {
        self.origin(model, config, Below::Apart);
    }

    /// The model's `model` comes from a value of another entry.
    pub(super) fn elsewhere(&mut self, model: &'static str, config: FieldPath) {
        self.origins.push(Origin {
            model: model.into(),
            source: Source::Elsewhere(config),
            below: Below::Whole,
        });
    }

    fn origin(
        &mut self,
        model: impl Into<Cow<'static, str>>,
        config: impl Into<Cow<'static, str>>,
        below: Below,
    ) {
        self.origins.push(Origin {
            model: model.into(),
            source: Source::Here(config.into()),
            below,
        });
    }

    /// Opens the ledger at the key `at` of the entry.
    pub(super) fn note(&mut self, at: impl Display) -> Topic<'_> {
        let path = FieldPath::from(format!("{}.{at}", self.path));
        self.ledger.topic(path, Vec::new())
    }

    /// Opens the ledger at the entry itself.
    pub(super) fn note_entry(&mut self) -> Topic<'_> {
        self.ledger.topic(self.path.clone(), Vec::new())
    }

    /// Notes every `x-` key of the mapping at `at`; an empty `at` is the entry itself.
    pub(super) fn extensions(&mut self, at: impl Display, extensions: &Extensions) {
        for key in extensions.keys() {
            self.extension(&at, key);
        }
    }

    /// Notes one `x-` key of the mapping at `at`.
    pub(super) fn extension(&mut self, at: &impl Display, key: &str) {
        let at = at.to_string();
        let dot = if at.is_empty() { "" } else { "." };
        self.note(format_args!("{at}{dot}{key}"))
            .equivalent(&codes::EXTENSION, "compose itself gives it no meaning");
    }

    /// Notes a mapping that is there and holds nothing.
    pub(super) fn nothing_in<T: Default + PartialEq>(&mut self, at: &'static str, value: &T) {
        if *value == T::default() {
            self.note(at).equivalent(&codes::NO_EFFECT, "it is empty");
        }
    }
}
