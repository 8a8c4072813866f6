//! Services.

use super::attribute::attributes;
use super::values::{
    container_name, dependencies, health_test, nullable, ports, strings_or_numbers,
};
use super::{Build, ContainerSpec, Deploy, Develop};
use crate::field::closed_words;
use crate::field::{
    Duration, Environment, HealthTest, Map, MultiOptions, Port, Required, Restart, ShellCommand,
};

attributes! {
    /// A service.
    ///
    /// Source: [Compose specification, services](https://docs.docker.com/reference/compose-file/services/).
    open struct Service inline {
        /// What every container has.
        container: ContainerSpec,
        /// What services and jobs have.
        workload: WorkloadSpec,
    } {
        /// The profiles it takes part in; all of them without one.
        profiles: Vec<String>,
        /// How it is deployed.
        deploy: Option<Deploy> = nullable,
        /// What happens while people work on it.
        develop: Option<Develop> = nullable,
        /// When a stopped task is started again.
        restart: Option<Restart>,
        /// How many tasks.
        scale: Option<i64>,
        /// Whether its output is shown.
        attach: Option<bool>,
        /// The name of its only container.
        container_name: Option<String> = container_name,
        /// The program that runs it instead of an engine.
        provider: Option<Provider>,
        /// Containers outside the project, by name or `name:alias`.
        external_links: Vec<String>,
        /// Services by name or `name:alias`.
        links: Vec<String>,
        /// Containers that run before it starts.
        pre_start: Vec<PreStartHook>,
        /// Commands that run inside after it started.
        post_start: Vec<Hook>,
        /// Commands that run inside before it is stopped.
        pre_stop: Vec<Hook>,
    }
}

attributes! {
    /// What services and jobs have on top of a container.
    closed struct WorkloadSpec {
        /// How the image is built.
        build: Option<Build>,
        /// What must be there before it starts.
        depends_on: Map<Dependency> = dependencies,
        /// Ports for other services, `port[-port][/protocol]`.
        expose: Vec<String> = strings_or_numbers,
        /// How its health is checked.
        healthcheck: Option<HealthCheck>,
        /// Ports for the world.
        ports: Vec<Port> = ports,
        /// Whether its standard input stays open.
        stdin_open: bool,
        /// Whether it gets a terminal.
        tty: bool,
    }
}

closed_words! {
    /// How far another service must be.
    Condition {
        /// It was started.
        Started = "service_started",
        /// Its health check passed.
        Healthy = "service_healthy",
        /// It ran to completion without an error.
        Completed = "service_completed_successfully",
    }
}

attributes! {
    /// Something that must be there before a service starts.
    open struct Dependency requires ["condition"] {
        /// How far it must be.
        condition: Option<Condition>,
        /// Whether a restart of it by compose restarts this service.
        restart: bool,
        /// Whether the service cannot do without it.
        required: Required,
    }
}

attributes! {
    /// How the health of a task is checked.
    ///
    /// Source: [Compose specification, `healthcheck`](https://docs.docker.com/reference/compose-file/services/#healthcheck).
    open struct HealthCheck {
        /// What runs.
        test: Option<HealthTest> = health_test,
        /// How long it may take; 30 s without it.
        timeout: Option<Duration>,
        /// The pause between two; 30 s without it.
        interval: Option<Duration>,
        /// How many in a row must fail; 3 without it.
        retries: Option<u64>,
        /// How long failures do not count at the start.
        start_period: Option<Duration>,
        /// The pause between two during that time; 5 s without it.
        start_interval: Option<Duration>,
        /// Whether the image's own check is switched off.
        disable: bool,
    }
}

attributes! {
    /// The program that runs a service instead of an engine.
    open struct Provider requires ["type"] {
        /// The program.
        "type" kind: Option<String>,
        /// Its options.
        options: MultiOptions,
    }
}

attributes! {
    /// A command that runs inside a running container.
    open struct Hook requires ["command"] {
        /// The command.
        command: Option<ShellCommand> = nullable,
        /// Who runs it.
        user: Option<String>,
        /// Whether it may do nearly everything on the host.
        privileged: bool,
        /// The directory it starts in.
        working_dir: Option<String>,
        /// Its environment variables.
        environment: Environment,
    }
}

attributes! {
    /// A container that runs before a service starts.
    open struct PreStartHook inline {
        /// What every container has.
        container: ContainerSpec,
    } {
        /// Whether it runs once for each task, and not once for the service.
        per_replica: bool,
    }
}
