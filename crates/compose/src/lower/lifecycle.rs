//! How tasks start, stop, restart and wait for each other.

use tranship_model::{
    Condition, Dependency, HealthCheck, HealthTest, Hooks, Lifecycle, RestartCondition,
    RestartPolicy,
};

use super::record::Record;
use super::{codes, convert};
use crate::field::{self, Map, Restart};
use crate::project::{self, ContainerSpec, Deploy, WorkloadSpec};

/// How a task lives, but for what only services have: see [`restart`] and [`super::hooks`].
pub(super) fn lifecycle(
    container: &ContainerSpec,
    workload: &WorkloadSpec,
    record: &mut Record<'_>,
) -> Lifecycle {
    let check = workload.healthcheck.as_ref();
    Lifecycle {
        health_check: check.map(|check| health_check(check, record)),
        restart: None,
        stop_signal: container.stop_signal.clone(),
        stop_grace_period: convert::duration(container.stop_grace_period),
        dependencies: dependencies(&workload.depends_on, record),
        hooks: Hooks::default(),
    }
}

fn health_check(check: &project::HealthCheck, record: &mut Record<'_>) -> HealthCheck {
    let project::HealthCheck {
        test,
        timeout,
        interval,
        retries,
        start_period,
        start_interval,
        disable,
        extensions,
    } = check;
    record.extensions("healthcheck", extensions);
    if *disable {
        record_disable(test.is_some(), record);
    }
    let test = if *disable {
        Some(HealthTest::Disabled)
    } else {
        test.as_ref().map(|test| health_test(test, record))
    };
    HealthCheck {
        test,
        interval: convert::duration(*interval),
        timeout: convert::duration(*timeout),
        retries: retries.map(|retries| u32::try_from(retries).unwrap_or(u32::MAX)),
        start_period: convert::duration(*start_period),
        start_interval: convert::duration(*start_interval),
    }
}

fn record_disable(has_test: bool, record: &mut Record<'_>) {
    record.whole("health_check.test", "healthcheck.disable");
    if has_test {
        record
            .note("healthcheck.test")
            .equivalent(&codes::OVERRULED, "`disable` switches every check off");
    }
}

fn health_test(test: &field::HealthTest, record: &mut Record<'_>) -> HealthTest {
    match test {
        field::HealthTest::Disabled => HealthTest::Disabled,
        field::HealthTest::Exec(command) => HealthTest::Exec(command.clone()),
        field::HealthTest::Shell(lines) => {
            for index in 1..lines.len() {
                record
                    .note(format_args!("healthcheck.test[{}]", index + 1))
                    .equivalent(&codes::NO_EFFECT, "the shell gets the first line only");
            }
            HealthTest::Shell(lines.first().cloned().unwrap_or_default())
        }
    }
}

fn dependencies(
    dependencies: &Map<project::Dependency>,
    record: &mut Record<'_>,
) -> Vec<Dependency> {
    let dependency = |(index, (service, dependency)): (usize, (&String, &project::Dependency))| {
        let project::Dependency {
            condition,
            restart,
            required,
            extensions,
        } = dependency;
        let config = format!("depends_on.{service}");
        record.extensions(&config, extensions);
        record.whole(format!("dependencies[{index}].service"), config.clone());
        record.spelled(format!("dependencies[{index}]"), config);
        Dependency {
            service: service.clone(),
            condition: condition.map_or(Condition::Started, self::condition),
            required: required.0,
            restart: *restart,
        }
    };
    dependencies.iter().enumerate().map(dependency).collect()
}

fn condition(condition: project::Condition) -> Condition {
    match condition {
        project::Condition::Started => Condition::Started,
        project::Condition::Healthy => Condition::Healthy,
        project::Condition::Completed => Condition::Completed,
    }
}

/// What happens when a task of a service ends: `deploy.restart_policy`, else `restart`.
pub(super) fn restart(
    restart: Option<&Restart>,
    deploy: Option<&Deploy>,
    record: &mut Record<'_>,
) -> Option<RestartPolicy> {
    let Some(policy) = deploy.and_then(|deploy| deploy.restart_policy.as_ref()) else {
        return restart.and_then(|restart| short_policy(restart, record));
    };
    if restart.is_some() {
        record
            .note("restart")
            .equivalent(&codes::OVERRULED, "`deploy.restart_policy` counts");
    }
    Some(long_policy(policy, record))
}

fn short_policy(restart: &Restart, record: &mut Record<'_>) -> Option<RestartPolicy> {
    let policy = |condition, maximum_attempts: Option<u32>| {
        Some(RestartPolicy {
            condition,
            delay: None,
            maximum_attempts: maximum_attempts.map(u64::from),
            window: None,
        })
    };
    match restart {
        Restart::No => policy(RestartCondition::Never, None),
        Restart::Always => policy(RestartCondition::Always, None),
        Restart::OnFailure { max_retries } => policy(RestartCondition::OnFailure, *max_retries),
        Restart::UnlessStopped => policy(RestartCondition::UnlessStopped, None),
        Restart::Other(word) => {
            let detail = format!("`{word}` is no restart policy; a task that ends stays ended");
            record.note("restart").dropped(&codes::UNREADABLE, detail);
            None
        }
    }
}

const POLICY: &str = "deploy.restart_policy";

fn long_policy(policy: &project::RestartPolicy, record: &mut Record<'_>) -> RestartPolicy {
    let project::RestartPolicy {
        condition,
        delay,
        max_attempts,
        window,
        extensions,
    } = policy;
    record.spelled("restart", POLICY);
    record.spelled(
        "restart.maximum_attempts",
        "deploy.restart_policy.max_attempts",
    );
    record.extensions(POLICY, extensions);
    RestartPolicy {
        condition: condition.as_ref().map_or(RestartCondition::Always, |word| {
            restart_condition(word, record)
        }),
        delay: convert::duration(*delay),
        maximum_attempts: *max_attempts,
        window: convert::duration(*window),
    }
}

fn restart_condition(
    condition: &project::RestartCondition,
    record: &mut Record<'_>,
) -> RestartCondition {
    match condition {
        project::RestartCondition::Never => RestartCondition::Never,
        project::RestartCondition::OnFailure => RestartCondition::OnFailure,
        project::RestartCondition::Any => RestartCondition::Always,
        project::RestartCondition::Other(word) => {
            let detail = format!("`{word}` is no condition; every task that ends starts again");
            record
                .note("deploy.restart_policy.condition")
                .dropped(&codes::UNREADABLE, detail);
            RestartCondition::Always
        }
    }
}
