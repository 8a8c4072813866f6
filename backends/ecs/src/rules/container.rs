//! What holds for a container by itself.

use std::collections::HashSet;

use super::form::Form;
use super::task_definition::Task;
use super::words::{CAPABILITIES, INSTANCE_DRIVERS, LIMITS, SHARED_MEMORY};
use super::{Findings, health, table, volume};

/// The log drivers of Fargate. Source: ECS API reference, `LogConfiguration`, `logDriver`.
const FARGATE_DRIVERS: [&str; 3] = ["awsfirelens", "awslogs", "splunk"];

/// What Fargate takes of no container. Source: developer guide, Fargate task definition
/// differences.
const NOT_ON_FARGATE: [&str; 6] = [
    "DisableNetworking",
    "DnsSearchDomains",
    "DnsServers",
    "DockerSecurityOptions",
    "ExtraHosts",
    "Links",
];

/// Checks a container by itself.
pub(super) fn check(findings: &mut Findings, task: Task<'_>, container: Form<'_>) {
    let image = container.get("Image");
    let fits = |name: &str| (1..=255).contains(&name.len()) && !name.contains(char::is_whitespace);
    let is_broken = !image.is_late() && !image.text().is_some_and(fits);
    findings.when(is_broken, &table::IMAGE, image);
    variables(findings, container);
    names(findings, task, container);
    times(findings, task, container);
    health::check(findings, container.get("HealthCheck"));
    logging(findings, task, container.get("LogConfiguration"));
    ulimits(findings, container.get("Ulimits"));
    controls(findings, task, container.get("SystemControls"));
    linux(findings, container.get("LinuxParameters"));
    for resource in container.get("ResourceRequirements").items() {
        let is_gpu = resource.get("Type").text() == Some("GPU");
        let amount = resource.get("Value");
        let is_number = amount.number().is_some_and(|number| number >= 1);
        findings.when(is_gpu && !is_number, &table::GPU, amount);
    }
    if task.is_fargate {
        fargate(findings, container);
    }
}

fn variables(findings: &mut Findings, container: Form<'_>) {
    let mut names = HashSet::new();
    let secrets = container.get("Secrets");
    for variable in container.get("Environment").items() {
        let name = variable.get("Name");
        let text = name.text().unwrap_or_default();
        if secrets.is_set() {
            names.insert(text);
        }
        findings.when(text.is_empty(), &table::ENVIRONMENT, name);
    }
    for secret in secrets.items() {
        let name = secret.get("Name");
        let is_new = name.text().is_some_and(|name| names.insert(name));
        findings.when(!is_new, &table::SECRET_NAME, name);
    }
}

fn names(findings: &mut Findings, task: Task<'_>, container: Form<'_>) {
    let has_interface = task.network_mode() == "awsvpc" && !task.is_fargate;
    let keys = ["Hostname", "ExtraHosts", "Links"];
    for name in keys.map(|key| container.get(key)) {
        findings.when(has_interface && name.is_set(), &table::HOSTNAME, name);
    }
    let links = container.get("Links");
    let has_bridge = matches!(task.network_mode(), "bridge" | "awsvpc");
    findings.when(links.is_set() && !has_bridge, &table::LINK, links);
}

fn times(findings: &mut Findings, task: Task<'_>, container: Form<'_>) {
    let (start, stop) = (container.get("StartTimeout"), container.get("StopTimeout"));
    let most = if task.is_fargate { 120 } else { i64::MAX };
    findings.when(start.is_outside(2, most), &table::START_TIMEOUT, start);
    findings.when(stop.is_outside(2, i64::MAX), &table::STOP_TIMEOUT, stop);
    let is_over = stop.is_outside(i64::MIN, most);
    findings.when(is_over, &table::FARGATE_STOP_TIMEOUT, stop);
    let policy = container.get("RestartPolicy");
    let period = policy.get("RestartAttemptPeriod");
    findings.when(period.is_outside(60, 1800), &table::RESTART_POLICY, period);
    let codes = policy.get("IgnoredExitCodes");
    findings.when(codes.len() > 50, &table::RESTART_POLICY, codes);
}

fn logging(findings: &mut Findings, task: Task<'_>, log: Form<'_>) {
    if !log.is_set() {
        return;
    }
    let driver = log.get("LogDriver");
    let of_fargate = driver
        .text()
        .is_some_and(|name| FARGATE_DRIVERS.contains(&name));
    let of_instances = driver
        .text()
        .is_some_and(|name| INSTANCE_DRIVERS.contains(&name));
    let is_known = of_fargate || of_instances;
    findings.when(!is_known, &table::LOG_DRIVER, driver);
    let is_refused = is_known && task.is_fargate && !of_fargate;
    findings.when(is_refused, &table::FARGATE_LOG_DRIVER, driver);
    if driver.text() == Some("awslogs") {
        let options = log.get("Options");
        let has = |key| options.get(key).is_set();
        let has_prefix = !task.is_fargate || has("awslogs-stream-prefix");
        let is_whole = has("awslogs-group") && has("awslogs-region") && has_prefix;
        findings.when(!is_whole, &table::LOG_OPTIONS, options);
    }
}

fn ulimits(findings: &mut Findings, limits: Form<'_>) {
    let mut names = HashSet::new();
    for limit in limits.items() {
        let name = limit.get("Name").text();
        let is_known = name.is_some_and(|name| LIMITS.contains(&name) && names.insert(name));
        let of = |key| limit.get(key).number();
        let fits = match (of("SoftLimit"), of("HardLimit")) {
            (Some(soft), Some(hard)) => hard == -1 || (soft != -1 && soft <= hard),
            (None, _) | (_, None) => false,
        };
        findings.when(!is_known || !fits, &table::ULIMIT, limit);
    }
}

fn controls(findings: &mut Findings, task: Task<'_>, controls: Form<'_>) {
    for name in controls.items().map(|control| control.get("Namespace")) {
        let is_memory =
            |name: &str| SHARED_MEMORY.contains(&name) || name.starts_with("fs.mqueue.");
        let is_network = |name: &str| name.starts_with("net.") && task.network_mode() != "host";
        let is_known = name
            .text()
            .is_some_and(|name| is_memory(name) || is_network(name));
        findings.when(!is_known, &table::SYSTEM_CONTROL, name);
    }
}

fn linux(findings: &mut Findings, linux: Form<'_>) {
    let capabilities = linux.get("Capabilities");
    for list in ["Add", "Drop"].map(|key| capabilities.get(key)) {
        for name in list.items() {
            findings.when(name.is_none_of(&CAPABILITIES), &table::CAPABILITY, name);
        }
    }
    for device in linux.get("Devices").items() {
        let mut permissions = device.get("Permissions").items();
        let is_unknown = permissions.any(|word| word.is_none_of(&["read", "write", "mknod"]));
        let has_path = device
            .get("HostPath")
            .text()
            .is_some_and(|path| !path.is_empty());
        findings.when(is_unknown || !has_path, &table::DEVICE, device);
    }
    for system in linux.get("Tmpfs").items() {
        let has_path = system
            .get("ContainerPath")
            .text()
            .is_some_and(volume::is_absolute);
        let has_size = system.get("Size").number().is_some_and(|size| size >= 1);
        findings.when(!has_path || !has_size, &table::TMPFS, system);
    }
    let (most, readiness) = (linux.get("MaxSwap"), linux.get("Swappiness"));
    findings.when(most.is_outside(0, i64::MAX), &table::SWAP, most);
    findings.when(readiness.is_outside(0, 100), &table::SWAP, readiness);
}

fn fargate(findings: &mut Findings, container: Form<'_>) {
    let linux = container.get("LinuxParameters");
    let of_linux = ["Devices", "MaxSwap", "SharedMemorySize", "Swappiness"];
    let of_container = NOT_ON_FARGATE.iter().map(|key| container.get(key));
    let members = of_container.chain(of_linux.map(|key| linux.get(key)));
    for member in members {
        findings.when(member.is_set(), &table::FARGATE_PARAMETER, member);
    }
    let rights = container.get("Privileged");
    findings.when(rights.is_true(), &table::FARGATE_PARAMETER, rights);
    for resource in container.get("ResourceRequirements").items() {
        let is_gpu = resource.get("Type").text() == Some("GPU");
        findings.when(is_gpu, &table::FARGATE_PARAMETER, resource);
    }
    for name in linux.get("Capabilities").get("Add").items() {
        let is_other = name.is_none_of(&["SYS_PTRACE"]);
        findings.when(is_other, &table::FARGATE_CAPABILITY, name);
    }
}
