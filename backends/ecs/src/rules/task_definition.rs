//! What holds for a definition as a whole.

use std::collections::HashSet;

use super::form::Form;
use super::{Findings, container, order, port, size, table, volume};

/// A definition, and for what it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task<'a> {
    /// The whole definition.
    pub(super) form: Form<'a>,
    /// Whether it is to run on machines of AWS.
    pub(super) is_fargate: bool,
}

impl<'a> Task<'a> {
    /// Reads for what the definition is.
    pub(super) fn new(form: Form<'a>) -> Self {
        let mut kinds = form.get("RequiresCompatibilities").items();
        let is_fargate = kinds.any(|kind| kind.text() == Some("FARGATE"));
        Self { form, is_fargate }
    }

    /// The network mode, with what holds where none is said.
    pub(super) fn network_mode(self) -> &'a str {
        self.form.get("NetworkMode").text().unwrap_or("bridge")
    }

    /// Its containers.
    pub(super) fn containers(self) -> impl Iterator<Item = Form<'a>> {
        self.form.get("ContainerDefinitions").items()
    }
}

/// Checks a definition.
pub(super) fn check(findings: &mut Findings, form: Form<'_>) {
    let task = Task::new(form);
    whole(findings, task);
    fargate(findings, task);
    size::check(findings, task);
    for container in task.containers() {
        container::check(findings, task, container);
    }
    names(findings, task);
    order::check(findings, task);
    port::check(findings, task);
    volume::check(findings, task);
}

fn whole(findings: &mut Findings, task: Task<'_>) {
    let form = task.form;
    let containers = form.get("ContainerDefinitions");
    let count = containers.len();
    findings.when(!(1..=10).contains(&count), &table::CONTAINERS, containers);
    let lacks_essential = count > 0 && task.containers().all(is_optional);
    findings.when(lacks_essential, &table::ESSENTIAL, containers);
    let family = form.get("Family");
    let is_wrong = family.text().is_some_and(|name| !is_dashed(name));
    findings.when(is_wrong, &table::FAMILY, family);
    let modes = [
        (
            "NetworkMode",
            ["bridge", "host", "awsvpc", "none"].as_slice(),
            &table::NETWORK_MODE,
        ),
        ("PidMode", &["host", "task"], &table::PID_MODE),
        ("IpcMode", &["host", "task", "none"], &table::IPC_MODE),
    ];
    for (key, words, rule) in modes {
        let mode = form.get(key);
        findings.when(mode.is_none_of(words), rule, mode);
    }
    for kind in form.get("RequiresCompatibilities").items() {
        let kinds = ["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"];
        findings.when(kind.is_none_of(&kinds), &table::COMPATIBILITY, kind);
    }
    platform(findings, form.get("RuntimePlatform"));
    findings.when(form.bytes() > 64 * 1024, &table::DEFINITION_SIZE, form);
    let room = form.get("EphemeralStorage").get("SizeInGiB");
    findings.when(room.is_outside(21, 200), &table::EPHEMERAL_STORAGE, room);
    tags(findings, form.get("Tags"));
    constraints(findings, form.get("PlacementConstraints"));
}

fn platform(findings: &mut Findings, platform: Form<'_>) {
    let processor = platform.get("CpuArchitecture");
    let is_unknown = processor.is_none_of(&["X86_64", "ARM64"]);
    findings.when(is_unknown, &table::PLATFORM, processor);
    let system = platform.get("OperatingSystemFamily");
    let is_known = |name: &str| name == "LINUX" || name.starts_with("WINDOWS_SERVER_");
    let is_unknown = system.text().is_some_and(|name| !is_known(name));
    findings.when(is_unknown, &table::PLATFORM, system);
}

fn constraints(findings: &mut Findings, constraints: Form<'_>) {
    let rule = &table::TASK_CONSTRAINTS;
    findings.when(constraints.len() > 10, rule, constraints);
    for constraint in constraints.items() {
        let kind = constraint.get("Type");
        findings.when(kind.is_none_of(&["memberOf"]), rule, kind);
    }
}

/// Checks the tags of anything.
pub(super) fn tags(findings: &mut Findings, tags: Form<'_>) {
    findings.when(tags.len() > 50, &table::TAGS, tags);
    for tag in tags.items() {
        let fits = tag.get("Key").text().is_none_or(|key| {
            (1..=128).contains(&key.chars().count())
                && !key.to_ascii_lowercase().starts_with("aws:")
        });
        let value = tag.get("Value").text().unwrap_or_default();
        let is_broken = !fits || value.chars().count() > 256;
        findings.when(is_broken, &table::TAGS, tag);
    }
}

fn fargate(findings: &mut Findings, task: Task<'_>) {
    if !task.is_fargate {
        return;
    }
    let form = task.form;
    let is_other = task.network_mode() != "awsvpc";
    findings.when(is_other, &table::FARGATE_NETWORK, form.get("NetworkMode"));
    let processes = form.get("PidMode");
    let is_host = processes.text() == Some("host");
    findings.when(is_host, &table::FARGATE_NAMESPACE, processes);
    let memory = form.get("IpcMode");
    findings.when(memory.is_set(), &table::FARGATE_NAMESPACE, memory);
    let constraints = form.get("PlacementConstraints");
    let is_placed = constraints.is_set();
    findings.when(is_placed, &table::FARGATE_CONSTRAINTS, constraints);
    let needs_role = |container: Form<'_>| {
        let log = container.get("LogConfiguration").get("LogDriver");
        let credentials = container.get("RepositoryCredentials");
        container.get("Secrets").is_set() || credentials.is_set() || log.text() == Some("awslogs")
    };
    let role = form.get("ExecutionRoleArn");
    let is_missing = !role.is_set() && task.containers().any(needs_role);
    findings.when(is_missing, &table::FARGATE_EXECUTION_ROLE, role);
}

fn names(findings: &mut Findings, task: Task<'_>) {
    let mut taken = HashSet::new();
    for container in task.containers() {
        let name = container.get("Name");
        let fits = name
            .text()
            .is_some_and(|name| is_dashed(name) && taken.insert(name));
        findings.when(!fits, &table::CONTAINER_NAME, name);
    }
}

/// Whether the task goes on when the container ends.
pub(super) fn is_optional(container: Form<'_>) -> bool {
    let essential = container.get("Essential");
    essential.is_set() && !essential.is_true()
}

/// Whether a name has 1 to 255 letters, digits, `-` and `_`.
pub(super) fn is_dashed(name: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    (1..=255).contains(&name.len()) && name.chars().all(is_plain)
}
