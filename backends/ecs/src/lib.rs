//! The ECS backend: a stack as one CloudFormation template and the requests of the ECS API.
//!
//! The template is complete: with a VPC and its subnets as parameters it creates everything the
//! stack needs. Beside it stand the bare requests, for `aws ecs … --cli-input-json` and tools that
//! read the same form; what they name in the account is a placeholder such as
//! `${ExecutionRoleArn}`.

mod api;
mod cloudformation;
mod codes;
#[cfg(feature = "deploy")]
pub mod deploy;
mod draft;
mod late;
mod manifest;
mod names;
mod parts;
mod request;
pub mod rules;
mod shape;
mod survey;
mod translate;

use tranship_backend::{
    Conversion, File, Object, RenderError, Setting, Target, Translate, Translation,
};
use tranship_model::{Code, Stack};

/// Amazon ECS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ecs {
    /// On what tasks run.
    pub launch_type: LaunchType,
}

/// On what tasks run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LaunchType {
    /// On machines of AWS, one for each task.
    #[default]
    Fargate,
    /// On instances of the cluster's own.
    Ec2,
}

impl LaunchType {
    /// The word people choose it by.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fargate => "fargate",
            Self::Ec2 => "ec2",
        }
    }

    /// The word of the API.
    const fn api(self) -> &'static str {
        match self {
            Self::Fargate => "FARGATE",
            Self::Ec2 => "EC2",
        }
    }
}

impl Ecs {
    /// The requests of the ECS API that say what a translation's template says: to register each
    /// task definition, and to create its service or to run it once.
    ///
    /// What only the account knows is a placeholder such as `${ExecutionRoleArn}`.
    #[must_use]
    pub fn requests(stack: &Stack, translation: &Translation) -> Vec<Object> {
        request::requests(stack, translation)
    }
}

impl Translate for Ecs {
    fn target(&self) -> Target {
        Target {
            name: "ecs",
            version: "2014-11-13",
            settings: vec![Setting {
                name: "launch-type",
                value: self.launch_type.as_str().to_owned(),
            }],
        }
    }

    fn codes(&self) -> &'static [&'static Code] {
        codes::ALL
    }

    fn translate(&self, stack: &Stack) -> Translation {
        translate::translate(self.launch_type, stack)
    }

    fn render(&self, stack: &Stack, translation: &Translation) -> Result<Vec<File>, RenderError> {
        manifest::files(&stack.name, translation)
    }

    fn convert(&self, stack: &Stack) -> Result<Conversion, RenderError> {
        translate::convert(self.launch_type, stack)
    }

    fn companions(&self, stack: &Stack, translation: &Translation) -> Vec<File> {
        manifest::companions(stack, translation)
    }
}
