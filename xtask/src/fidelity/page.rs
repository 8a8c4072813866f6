//! `docs/fidelity/<backend>.md`: attribute by attribute, claimed and observed.

use std::fmt::Write as _;

use super::attributes::Census;
use super::table::{Reason, Table};
use super::verdict::{Finding, Seen};
use crate::lab::Part;

/// The whole page.
pub(crate) fn page(part: Part, table: &Table, census: &Census, findings: &[Finding<'_>]) -> String {
    let mut text = format!("# Observed fidelity: {}\n\n", title(part));
    text.push_str(
        "Written by `cargo xtask fidelity`. The stack of `lab/fidelity` is deployed by `tranship deploy` to the\n\
         laboratory; its tasks report the world they see. *Claimed* is the outcome `tranship check` gives the value,\n\
         *observed* what its task reports beside what Docker gives. A value claimed exact or equivalent that differs,\n\
         and one claimed dropped or refused that works, is a contradiction and fails `cargo xtask test`.\n\n",
    );
    text.push_str(&figures(census, findings));
    text.push_str(
        "What Docker gives is what the Compose specification and the reference of `docker run` say; no engine was asked.\n",
    );
    text.push_str(scope(part));
    text.push_str("\n| attribute | Docker gives | claimed | observed |\n|---|---|---|---|\n");
    for finding in findings {
        text.push_str(&row(finding));
    }
    reasons(
        &mut text,
        "Not probed",
        "They show in a running task; no probe looks at them.",
        &table.unprobed,
    );
    reasons(
        &mut text,
        "Not in a task",
        "Nothing of them shows in a running task.",
        &table.outside,
    );
    text
}

fn title(part: Part) -> &'static str {
    match part {
        Part::Kubernetes => "Kubernetes",
        Part::Swarm => "Docker Swarm",
        Part::Ecs => "Amazon ECS",
    }
}

/// What of a target is not looked at, as a line.
fn scope(part: Part) -> &'static str {
    match part {
        Part::Kubernetes | Part::Swarm => "",
        Part::Ecs => {
            "All of it is about Fargate (`--to ecs`): of tasks on one's own machines (`--to ecs:ec2`) nothing is observed.\n"
        }
    }
}

/// One line of figures.
pub(crate) fn figures(census: &Census, findings: &[Finding<'_>]) -> String {
    let count = |wanted: fn(&Seen) -> bool| findings.iter().filter(|one| wanted(&one.seen)).count();
    let contradictions = findings.iter().filter(|one| one.is_contradiction()).count();
    format!(
        "{} of {} attributes that show in a running task are probed, with {} values: {} as with Docker, {} otherwise, \
         {} not observable here; {contradictions} contradictions.\n",
        census.probed.len(),
        census.running(),
        findings.len(),
        count(|seen| matches!(seen, Seen::Same)),
        count(|seen| matches!(seen, Seen::Other(_))),
        count(|seen| matches!(seen, Seen::Hidden(_))),
    )
}

/// One value as a line of the table.
pub(crate) fn row(finding: &Finding<'_>) -> String {
    let Finding { probe, claim, seen } = finding;
    let claimed = claim.as_ref().map_or_else(
        || "nothing".to_owned(),
        |claim| match &claim.code {
            Some(code) => format!("{} (`{code}`)", claim.outcome.name()),
            None => claim.outcome.name().to_owned(),
        },
    );
    let seen = match seen {
        Seen::Same => "the same".to_owned(),
        Seen::Other(what) => format!("differs: {what}"),
        Seen::Hidden(reason) => format!("not observable: {reason}"),
    };
    let mark = if finding.is_contradiction() {
        "**contradiction** "
    } else {
        ""
    };
    let attribute = probe.attribute.replace("services.*.", "");
    format!(
        "| `{attribute}` | {} | {claimed} | {mark}{} |\n",
        probe.docker,
        seen.replace('|', "\\|")
    )
}

fn reasons(text: &mut String, title: &str, what: &str, reasons: &[Reason]) {
    let _ = write!(text, "\n## {title}\n\n{what}\n\n");
    for Reason { attributes, why } in reasons {
        let names: Vec<String> = attributes
            .iter()
            .map(|name| format!("`{}`", name.replace("services.*.", "")))
            .collect();
        let _ = writeln!(text, "- {}: {why}", names.join(", "));
    }
}
