//! Targets by the names people give them.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use clap::{Args, ValueEnum};
use tranship_backend::{Target, Translate};
use tranship_ecs::{Ecs, LaunchType};
use tranship_kubernetes::{Form, HostPaths, Kubernetes};
use tranship_swarm::Swarm;

use crate::exit::Failure;

/// A target, as named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TargetName {
    /// `kubernetes`, `k8s`.
    Kubernetes,
    /// `swarm`.
    Swarm,
    /// `ecs`, `ecs:fargate`, `ecs:ec2`.
    Ecs(LaunchType),
}

/// Choices that change what is rendered.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Kubernetes options")]
pub(crate) struct TargetArgs {
    /// Put every object into this namespace
    #[arg(long, value_name = "NAME", env = "TRANSHIP_NAMESPACE", hide_env = true)]
    #[arg(value_parser = namespace)]
    namespace: Option<String>,
    /// What becomes of mounted files and directories of the node: mount or omit
    #[arg(
        long,
        value_name = "WHAT",
        env = "TRANSHIP_HOST_PATHS",
        hide_env = true
    )]
    #[arg(hide_possible_values = true)]
    host_paths: Option<HostPathChoice>,
}

/// What becomes of mounted files and directories of the node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum HostPathChoice {
    /// They are mounted from the node a task runs on.
    #[default]
    Mount,
    /// None is mounted.
    Omit,
}

/// The form of the files, as named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormName {
    /// A file for each object.
    Plain,
    /// A base of kustomize.
    Kustomize,
    /// A chart of Helm.
    Helm,
}

/// A name no target has.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no such target; known are `kubernetes`, `swarm`, `ecs`, `ecs:fargate`, `ecs:ec2`"
)]
pub(crate) struct UnknownTarget;

impl TargetName {
    /// One of each, in the order they are shown.
    pub(crate) const ALL: [Self; 3] = [
        Self::Kubernetes,
        Self::Swarm,
        Self::Ecs(LaunchType::Fargate),
    ];

    /// What translates for this target.
    pub(crate) fn backend(self, args: &TargetArgs) -> Box<dyn Translate> {
        match self {
            Self::Kubernetes => Box::new(args.kubernetes()),
            Self::Swarm => Box::new(Swarm::default()),
            Self::Ecs(launch_type) => Box::new(Ecs { launch_type }),
        }
    }

    /// What translates for this target, with files in a form.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] when the target has no such form.
    pub(crate) fn backend_in(
        self,
        form: FormName,
        args: &TargetArgs,
    ) -> Result<Box<dyn Translate>, Failure> {
        let form = match form {
            FormName::Plain => return Ok(self.backend(args)),
            FormName::Kustomize => Form::Kustomize,
            FormName::Helm => Form::Helm,
        };
        match self {
            Self::Kubernetes => Ok(Box::new(Kubernetes {
                form,
                ..args.kubernetes()
            })),
            Self::Swarm | Self::Ecs(_) => Err(Failure::Usage(format!(
                "`--form` is for kubernetes; files for {self} have one form"
            ))),
        }
    }
}

impl TargetArgs {
    /// The same with a namespace where none was chosen.
    pub(crate) fn or_namespace(mut self, namespace: Option<String>) -> Self {
        self.namespace = self.namespace.or(namespace);
        self
    }

    /// The Kubernetes backend as chosen.
    pub(crate) fn kubernetes(&self) -> Kubernetes {
        let Self {
            namespace,
            host_paths,
        } = self;
        Kubernetes {
            namespace: namespace.clone(),
            host_paths: match host_paths.unwrap_or_default() {
                HostPathChoice::Mount => HostPaths::Mount,
                HostPathChoice::Omit => HostPaths::Omit,
            },
            form: Form::Plain,
        }
    }
}

/// A namespace's name: a DNS label.
fn namespace(text: &str) -> Result<String, &'static str> {
    let is_legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let has_edges = text.starts_with('-') || text.ends_with('-');
    if text.is_empty() || text.len() > 63 || has_edges || !text.bytes().all(is_legal) {
        return Err("a namespace has 1 to 63 lowercase letters, digits and `-`, not at the ends");
    }
    Ok(text.to_owned())
}

impl FromStr for TargetName {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "kubernetes" | "k8s" => Ok(Self::Kubernetes),
            "swarm" => Ok(Self::Swarm),
            "ecs" | "ecs:fargate" => Ok(Self::Ecs(LaunchType::Fargate)),
            "ecs:ec2" => Ok(Self::Ecs(LaunchType::Ec2)),
            _ => Err(UnknownTarget),
        }
    }
}

impl fmt::Display for TargetName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Kubernetes => "kubernetes",
            Self::Swarm => "swarm",
            Self::Ecs(LaunchType::Fargate) => "ecs",
            Self::Ecs(LaunchType::Ec2) => "ecs:ec2",
        })
    }
}

/// A target in words, such as `ecs 2014-11-13 (launch-type ec2)`.
pub(crate) fn title(target: &Target) -> String {
    let mut title = format!("{} {}", target.name, target.version);
    let settings: Vec<String> = target
        .settings
        .iter()
        .map(|setting| format!("{} {}", setting.name, setting.value))
        .collect();
    if !settings.is_empty() {
        let _ = write!(title, " ({})", settings.join(", "));
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_found_by_its_own_name() {
        for target in TargetName::ALL
            .into_iter()
            .chain([TargetName::Ecs(LaunchType::Ec2)])
        {
            assert_eq!(target.to_string().parse::<TargetName>().ok(), Some(target));
        }
    }
}
