//! Targets by the names people give them.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use tranship_backend::{Target, Translate};
use tranship_ecs::{Ecs, LaunchType};
use tranship_swarm::Swarm;

/// A target, as named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TargetName {
    /// `swarm`.
    Swarm,
    /// `ecs`, `ecs:fargate`, `ecs:ec2`.
    Ecs(LaunchType),
}

/// A name no target has.
#[derive(Debug, thiserror::Error)]
#[error("there is no such target; known are `swarm`, `ecs`, `ecs:fargate`, `ecs:ec2`")]
pub(crate) struct UnknownTarget;

impl TargetName {
    /// One of each, in the order they are shown.
    pub(crate) const ALL: [Self; 2] = [Self::Swarm, Self::Ecs(LaunchType::Fargate)];

    /// What translates for this target.
    pub(crate) fn backend(self) -> Box<dyn Translate> {
        match self {
            Self::Swarm => Box::new(Swarm::default()),
            Self::Ecs(launch_type) => Box::new(Ecs { launch_type }),
        }
    }
}

impl FromStr for TargetName {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
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
