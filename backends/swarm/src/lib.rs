//! Docker Swarm: the engine's specifications, and a stack file.
//!
//! Both come from one translation. The objects are what the engine's API takes; the file
//! `stack.yaml` is what `docker stack deploy` takes, made from the same specifications, and the
//! ledger says where it can say less.

mod codes;
#[cfg(feature = "deploy")]
pub mod deploy;
mod engine;
mod manifest;
mod names;
mod stack_file;
mod translate;

use tranship_backend::{Conversion, File, RenderError, Target, Translate, Translation};
use tranship_model::{Code, Ledger, Stack};

use translate::Context;

/// A swarm of Docker engines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swarm {}

impl Translate for Swarm {
    fn target(&self) -> Target {
        Target {
            name: "swarm",
            version: "1.41",
            settings: Vec::new(),
        }
    }

    fn codes(&self) -> &'static [&'static Code] {
        codes::ALL
    }

    fn translate(&self, stack: &Stack) -> Translation {
        let rendering = translate::translate(&Context::new(stack));
        Translation {
            objects: manifest::objects(&rendering),
            ledger: rendering.ledger,
            conflicts: rendering.names.into_conflicts(),
        }
    }

    /// The specifications are made again from the stack, because the file is written from their
    /// typed form, which the objects no longer have.
    fn render(&self, stack: &Stack, _translation: &Translation) -> Result<Vec<File>, RenderError> {
        let context = Context::new(stack);
        let rendering = translate::translate_into(&context, Ledger::counting());
        manifest::files(&context, &rendering)
    }

    fn convert(&self, stack: &Stack) -> Result<Conversion, RenderError> {
        let context = Context::new(stack);
        let rendering = translate::translate_into(&context, Ledger::counting());
        Ok(Conversion {
            files: manifest::files(&context, &rendering)?,
            ledger: rendering.ledger,
            conflicts: rendering.names.into_conflicts(),
        })
    }

    fn companions(&self, stack: &Stack, translation: &Translation) -> Vec<File> {
        let context = Context::new(stack);
        let rendering = translate::translate_into(&context, Ledger::counting());
        manifest::companions(&context, &rendering, &translation.objects)
    }
}
