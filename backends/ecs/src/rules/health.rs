//! Health checks.

use super::form::Form;
use super::{Findings, table};

/// Checks a container's health check.
pub(super) fn check(findings: &mut Findings, check: Form<'_>) {
    if !check.is_set() {
        return;
    }
    let command = check.get("Command");
    findings.when(!is_command(command), &table::HEALTH_COMMAND, command);
    let ranges = [
        ("Interval", 5, 300, &table::HEALTH_INTERVAL),
        ("Timeout", 2, 60, &table::HEALTH_TIMEOUT),
        ("Retries", 1, 10, &table::HEALTH_RETRIES),
        ("StartPeriod", 0, 300, &table::HEALTH_START),
    ];
    for (key, least, most, rule) in ranges {
        let number = check.get(key);
        findings.when(number.is_outside(least, most), rule, number);
    }
}

fn is_command(command: Form<'_>) -> bool {
    let first = command.items().next().and_then(Form::text);
    first.is_some_and(|word| matches!(word, "CMD" | "CMD-SHELL")) && command.len() > 1
}
