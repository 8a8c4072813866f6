//! Where output goes.

use std::sync::Arc;

use indexmap::IndexMap;
use tranship_model::{Logging, Topic};

use super::task::TaskDraft;
use crate::api::{ContainerDefinition, LogConfiguration};
use crate::codes;
use crate::late::Late;
use crate::rules::words::INSTANCE_DRIVERS;
use crate::shape::is_function;

/// Translates the log's driver and its options.
pub(crate) fn translate(
    task: &TaskDraft,
    topic: &mut Topic<'_>,
    logging: Option<&Logging>,
    name: &str,
    container: &mut ContainerDefinition,
) {
    let mut topic = topic.key("logging");
    let Some(Logging { driver, options }) = logging else {
        topic.implicit(
            &codes::LOGS,
            "output goes to CloudWatch Logs and is kept for 30 days",
        );
        container.log_configuration = Some(to_cloudwatch(name, &IndexMap::new()));
        return;
    };
    let driver = driver.as_deref().unwrap_or("json-file");
    let is_known = driver == "splunk" || (!task.is_fargate() && INSTANCE_DRIVERS.contains(&driver));
    container.log_configuration = match driver {
        "none" => {
            topic.exact();
            None
        }
        "awslogs" => {
            topic.exact();
            Some(to_cloudwatch(name, options))
        }
        _known if is_known => {
            topic.exact();
            Some(as_written(driver, options))
        }
        "json-file" | "local" => {
            topic.approximate(&codes::LOGS, "output goes to CloudWatch Logs and is kept for 30 days, whatever the file's options say");
            Some(to_cloudwatch(name, &IndexMap::new()))
        }
        other => {
            topic.dropped(
                &codes::LOGS,
                format!("output goes to CloudWatch Logs, not where the driver `{other}` sends it"),
            );
            Some(to_cloudwatch(name, &IndexMap::new()))
        }
    };
}

fn as_written(driver: &str, options: &IndexMap<String, String>) -> LogConfiguration {
    LogConfiguration {
        log_driver: driver.to_owned(),
        options: options
            .iter()
            .filter(|(key, _)| !is_function(key))
            .map(|(key, value)| (key.clone(), Late::text(value)))
            .collect(),
    }
}

/// Sends output to the stack's log group, unless the options name another.
pub(crate) fn to_cloudwatch(name: &str, options: &IndexMap<String, String>) -> LogConfiguration {
    let group = Late::Reference(Arc::from("LogGroup"));
    let region = Late::Reference(Arc::from("AWS::Region"));
    let mut log = as_written("awslogs", options);
    let defaults = [
        ("awslogs-group", group),
        ("awslogs-region", region),
        ("awslogs-stream-prefix", Late::text(name)),
    ];
    for (key, value) in defaults {
        log.options.entry(key.to_owned()).or_insert(value);
    }
    log
}
