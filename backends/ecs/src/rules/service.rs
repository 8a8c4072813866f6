//! Services and single runs.

use super::form::Form;
use super::task_definition::{self, Task, is_dashed};
use super::{Findings, table};

/// Checks a service whose tasks run a definition.
pub(super) fn check(findings: &mut Findings, service: Form<'_>, definition: Form<'_>) {
    let task = Task::new(definition);
    let name = service.get("ServiceName");
    let is_wrong = name.text().is_some_and(|name| !is_dashed(name));
    findings.when(is_wrong, &table::SERVICE_NAME, name);
    network(findings, service.get("NetworkConfiguration"), task);
    launch(findings, service, task);
    schedule(findings, service);
    deployment(findings, service);
    balancers(findings, service.get("LoadBalancers"), task);
    let registries = service.get("ServiceRegistries");
    findings.when(registries.len() > 1, &table::SERVICE_REGISTRY, registries);
    placement(findings, service);
    task_definition::tags(findings, service.get("Tags"));
}

/// Checks a request to run a definition once.
pub(super) fn check_run(findings: &mut Findings, run: Form<'_>, definition: Form<'_>) {
    let task = Task::new(definition);
    network(findings, run.get("NetworkConfiguration"), task);
    launch(findings, run, task);
    let count = run.get("Count");
    findings.when(count.is_outside(1, 10), &table::RUN_COUNT, count);
}

fn network(findings: &mut Findings, network: Form<'_>, task: Task<'_>) {
    let has_interface = task.network_mode() == "awsvpc";
    let is_wrong = has_interface != network.is_set();
    findings.when(is_wrong, &table::SERVICE_NETWORK, network);
    let place = network.get("AwsvpcConfiguration");
    let subnets = place.get("Subnets");
    let groups = place.get("SecurityGroups");
    let is_listed = has_interface && network.is_set() && !subnets.is_late();
    let is_over = is_listed && !(1..=16).contains(&subnets.len());
    findings.when(is_over, &table::SERVICE_SUBNETS, subnets);
    findings.when(groups.len() > 5, &table::SERVICE_SUBNETS, groups);
}

fn launch(findings: &mut Findings, service: Form<'_>, task: Task<'_>) {
    let kind = service.get("LaunchType");
    let strategy = service.get("CapacityProviderStrategy");
    let is_both = kind.is_set() && strategy.is_set();
    let mut kinds = task.form.get("RequiresCompatibilities").items().peekable();
    let is_for = kinds.peek().is_none() || kinds.any(|other| other.text() == kind.text());
    let is_broken = is_both || (kind.is_set() && !is_for);
    findings.when(is_broken, &table::SERVICE_LAUNCH, kind);
}

fn schedule(findings: &mut Findings, service: Form<'_>) {
    let count = service.get("DesiredCount");
    if service.get("SchedulingStrategy").text() == Some("DAEMON") {
        let is_fargate = service.get("LaunchType").text() == Some("FARGATE");
        let has_strategy = service.get("PlacementStrategies").is_set();
        let is_broken = is_fargate || has_strategy || count.is_set();
        findings.when(
            is_broken,
            &table::SERVICE_DAEMON,
            service.get("SchedulingStrategy"),
        );
        return;
    }
    let is_broken = !count.is_late() && count.number().is_none_or(|count| count < 0);
    findings.when(is_broken, &table::SERVICE_COUNT, count);
}

fn deployment(findings: &mut Findings, service: Form<'_>) {
    let deployment = service.get("DeploymentConfiguration");
    let is_daemon = service.get("SchedulingStrategy").text() == Some("DAEMON");
    let (default_least, default_most) = if is_daemon { (0, 100) } else { (100, 200) };
    let least = deployment.get("MinimumHealthyPercent");
    let most = deployment.get("MaximumPercent");
    let is_stuck = least.number().unwrap_or(default_least) >= 100
        && most.number().unwrap_or(default_most) <= 100;
    let is_daemon_wrong = is_daemon && most.is_outside(100, 100);
    let is_broken =
        is_stuck || is_daemon_wrong || least.is_outside(0, 100) || most.is_outside(100, 100_000);
    findings.when(is_broken, &table::SERVICE_PERCENT, deployment);
    let breaker = deployment.get("DeploymentCircuitBreaker");
    let is_broken = breaker.get("Rollback").is_true() && !breaker.get("Enable").is_true();
    findings.when(is_broken, &table::SERVICE_ROLLBACK, breaker);
    let threshold = breaker.get("ThresholdConfiguration").get("Value");
    findings.when(
        threshold.is_outside(1, i64::MAX),
        &table::SERVICE_THRESHOLD,
        threshold,
    );
}

fn balancers(findings: &mut Findings, balancers: Form<'_>, task: Task<'_>) {
    findings.when(balancers.len() > 5, &table::SERVICE_BALANCER, balancers);
    for balancer in balancers.items() {
        let (name, port) = (balancer.get("ContainerName"), balancer.get("ContainerPort"));
        let leads_to = |container: Form<'_>| {
            let mut ports = container.get("PortMappings").items();
            container.get("Name").text() == name.text()
                && ports.any(|inside| inside.get("ContainerPort").number() == port.number())
        };
        let is_broken = !task.containers().any(leads_to);
        findings.when(is_broken, &table::SERVICE_BALANCER, balancer);
    }
}

fn placement(findings: &mut Findings, service: Form<'_>) {
    let rule = &table::SERVICE_PLACEMENT;
    let constraints = service.get("PlacementConstraints");
    let strategies = service.get("PlacementStrategies");
    let is_fargate = service.get("LaunchType").text() == Some("FARGATE");
    for (list, most) in [(constraints, 10), (strategies, 5)] {
        let is_broken = list.len() > most || (is_fargate && list.is_set());
        findings.when(is_broken, rule, list);
    }
    for constraint in constraints.items() {
        let expression = constraint.get("Expression");
        let is_long = expression.text().is_some_and(|text| text.len() > 2000);
        let needs = constraint.get("Type").text() == Some("memberOf");
        findings.when(is_long || (needs && !expression.is_set()), rule, expression);
    }
}
