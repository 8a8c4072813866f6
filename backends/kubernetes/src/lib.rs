//! The Kubernetes backend: a stack as objects of Kubernetes 1.34.
//!
//! What a service becomes follows from what it is: a `Deployment`, or a `StatefulSet` where each task
//! has storage of its own, a `DaemonSet` where nodes decide the number, a `Job` where tasks are there
//! to end. Every service has a cluster service of its name, whether it declares ports or not.

mod codes;
#[cfg(feature = "deploy")]
pub mod deploy;
mod form;
mod hash;
mod labels;
mod manifest;
mod names;
mod quantity;
#[cfg(test)]
mod tests;
mod translate;

use tranship_backend::{Conversion, File, RenderError, Setting, Target, Translate, Translation};
use tranship_model::{Code, Stack};

pub use form::Form;

/// Renders stacks for Kubernetes 1.34.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kubernetes {
    /// The namespace of every object; `None` leaves it to whoever applies them.
    pub namespace: Option<String>,
    /// What becomes of mounted files and directories of the node.
    pub host_paths: HostPaths,
    /// The form of the files.
    pub form: Form,
}

/// What becomes of mounted files and directories of the node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HostPaths {
    /// They are mounted from the node a task runs on, except sockets and writable system
    /// directories.
    #[default]
    Mount,
    /// None is mounted: tasks see what their image has.
    Omit,
}

impl Translate for Kubernetes {
    fn target(&self) -> Target {
        let mut settings = Vec::new();
        if let Some(namespace) = &self.namespace {
            settings.push(Setting {
                name: "namespace",
                value: namespace.clone(),
            });
        }
        settings.push(Setting {
            name: "host-paths",
            value: match self.host_paths {
                HostPaths::Mount => "mount",
                HostPaths::Omit => "omit",
            }
            .to_owned(),
        });
        Target {
            name: "kubernetes",
            version: "1.34",
            settings,
        }
    }

    fn codes(&self) -> &'static [&'static Code] {
        codes::ALL
    }

    fn translate(&self, stack: &Stack) -> Translation {
        translate::translate(self, stack)
    }

    fn render(&self, stack: &Stack, translation: &Translation) -> Result<Vec<File>, RenderError> {
        form::files(self.form, &stack.name, &translation.objects)
    }

    fn convert(&self, stack: &Stack) -> Result<Conversion, RenderError> {
        match self.form {
            Form::Plain => translate::convert(self, stack),
            Form::Kustomize | Form::Helm => {
                let translation = self.translate(stack);
                let files = self.render(stack, &translation)?;
                Ok(Conversion::of(translation, files))
            }
        }
    }
}
