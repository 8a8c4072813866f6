//! What runs, from which image, and where its output goes.

use std::time::Duration;

use tranship_model::{Image, Logging, Platform, Process, PullPolicy};

use super::record::Record;
use super::{codes, convert};
use crate::field;
use crate::project::{self, ContainerSpec, WorkloadSpec};

const DAY: Duration = Duration::from_hours(24);

/// The process of a task.
pub(super) fn process(
    image: Image,
    container: &ContainerSpec,
    workload: &WorkloadSpec,
    record: &mut Record<'_>,
) -> Process {
    let words =
        |command: &Option<field::ShellCommand>| command.as_ref().map(|words| words.0.clone());
    Process {
        image,
        pull_policy: pull_policy(container, record),
        platform: container.platform.as_deref().map(platform),
        entrypoint: words(&container.entrypoint),
        arguments: words(&container.command),
        working_directory: container.working_dir.clone(),
        user: container.user.clone(),
        supplementary_groups: container.group_add.clone(),
        environment: convert::variables(&container.environment),
        labels: convert::texts(&container.labels),
        annotations: convert::texts(&container.annotations),
        tty: convert::switch(workload.tty),
        stdin_open: convert::switch(workload.stdin_open),
        init: container.init,
        logging: container
            .logging
            .as_ref()
            .map(|logging| self::logging(logging, record)),
        container_name: None,
    }
}

fn pull_policy(container: &ContainerSpec, record: &mut Record<'_>) -> Option<PullPolicy> {
    let after = container.pull_refresh_after.as_deref();
    let is_refresh = container.pull_policy == Some(field::PullPolicy::Refresh);
    if after.is_some() && is_refresh {
        record.whole("pull_policy", "pull_policy");
        record.whole("pull_policy", "pull_refresh_after");
    } else if after.is_some() {
        record.note("pull_refresh_after").equivalent(
            &codes::NO_EFFECT,
            "it counts with `pull_policy: refresh` only",
        );
    }
    Some(match container.pull_policy.as_ref()? {
        field::PullPolicy::Always => PullPolicy::Always,
        field::PullPolicy::Never => PullPolicy::Never,
        field::PullPolicy::Build => PullPolicy::Build,
        field::PullPolicy::Missing => PullPolicy::Missing,
        field::PullPolicy::Daily => PullPolicy::OlderThan(DAY),
        field::PullPolicy::Weekly => PullPolicy::OlderThan(7 * DAY),
        field::PullPolicy::Every { age, text: _ } => PullPolicy::OlderThan(age.to_std()),
        field::PullPolicy::Refresh => refresh(after),
    })
}

/// Without a readable age every pull is too old.
fn refresh(after: Option<&str>) -> PullPolicy {
    let age = after.and_then(|after| after.parse::<field::Duration>().ok());
    age.map_or(PullPolicy::Always, |age| {
        PullPolicy::OlderThan(age.to_std())
    })
}

/// `os[/architecture[/variant]]`, or an architecture alone, which means Linux.
fn platform(text: &str) -> Platform {
    let mut parts = text.splitn(3, '/');
    let first = parts.next().unwrap_or("");
    let architecture = parts.next().map(str::to_owned);
    let is_os = matches!(first, "linux" | "windows" | "darwin" | "freebsd");
    if architecture.is_none() && !is_os {
        return Platform {
            os: "linux".to_owned(),
            architecture: Some(first.to_owned()),
            variant: None,
        };
    }
    Platform {
        os: first.to_owned(),
        architecture,
        variant: parts.next().map(str::to_owned),
    }
}

fn logging(logging: &project::Logging, record: &mut Record<'_>) -> Logging {
    let project::Logging {
        driver,
        options,
        extensions,
    } = logging;
    record.extensions("logging", extensions);
    Logging {
        driver: driver.clone(),
        options: convert::texts(options),
    }
}
