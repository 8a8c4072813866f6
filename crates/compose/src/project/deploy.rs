//! How a service is deployed.

use super::attribute::attributes;
use super::values::{byte_text, limits, nonzero, reservations, reserved_devices};
use crate::field::{ByteSize, Decimal, DeviceRequest, Duration, Labels};
use crate::field::{closed_words, open_words};

open_words! {
    /// How many tasks run, and how long.
    DeployMode {
        /// A fixed number of long-running tasks.
        Replicated = "replicated",
        /// One long-running task on every node.
        Global = "global",
        /// A fixed number of tasks that run to completion.
        ReplicatedJob = "replicated-job",
        /// One task on every node that runs to completion.
        GlobalJob = "global-job",
    }
}

open_words! {
    /// How clients find the tasks.
    EndpointMode {
        /// One address for all of them.
        VirtualIp = "vip",
        /// The address of each of them in turn.
        DnsRoundRobin = "dnsrr",
    }
}

open_words! {
    /// What happens when an update fails.
    FailureAction {
        /// It goes on.
        Continue = "continue",
        /// It goes back.
        Rollback = "rollback",
        /// It stops where it is.
        Pause = "pause",
    }
}

closed_words! {
    /// Which task comes first in an update.
    UpdateOrder {
        /// The new one starts before the old one stops.
        StartFirst = "start-first",
        /// The old one stops before the new one starts.
        StopFirst = "stop-first",
    }
}

open_words! {
    /// When a stopped task is replaced.
    RestartCondition {
        /// Never.
        Never = "none",
        /// When it stopped with an error.
        OnFailure = "on-failure",
        /// Always.
        Any = "any",
    }
}

attributes! {
    /// How a service is deployed.
    ///
    /// Source: [Compose deploy specification](https://docs.docker.com/reference/compose-file/deploy/).
    open struct Deploy {
        /// How many tasks run, and how long.
        mode: Option<DeployMode>,
        /// How many tasks; 1 without it.
        replicas: Option<i64>,
        /// Labels of the service.
        labels: Labels,
        /// How tasks are replaced by new ones.
        update_config: Option<UpdateConfig>,
        /// How tasks are replaced by the former ones.
        rollback_config: Option<UpdateConfig>,
        /// What a task may use, and what is set aside for it.
        resources: Option<Resources> = nonzero,
        /// When stopped tasks are replaced.
        restart_policy: Option<RestartPolicy>,
        /// Which nodes tasks may run on.
        placement: Option<Placement> = nonzero,
        /// How clients find the tasks.
        endpoint_mode: Option<EndpointMode>,
    }
}

attributes! {
    /// How tasks are replaced.
    open struct UpdateConfig {
        /// How many at a time; 0 for all.
        parallelism: Option<u64>,
        /// The pause between groups.
        delay: Option<Duration> = nonzero,
        /// What happens when an update fails.
        failure_action: Option<FailureAction>,
        /// How long a new task is watched for failure.
        monitor: Option<Duration> = nonzero,
        /// The share of tasks that may fail.
        max_failure_ratio: Option<Decimal>,
        /// Which task comes first.
        order: Option<UpdateOrder>,
    }
}

attributes! {
    /// What a task may use, and what is set aside for it.
    open struct Resources {
        /// What it may use at most.
        limits: Option<Resource> = limits,
        /// What is set aside for it.
        reservations: Option<Resource> = reservations,
    }
}

attributes! {
    /// Amounts of what a node has.
    open struct Resource {
        /// Processors.
        cpus: Option<Decimal>,
        /// Memory.
        memory: Option<ByteSize> = byte_text,
        /// Processes.
        pids: Option<i64> = nonzero,
        /// Accelerators (reservations only).
        devices: Vec<DeviceRequest> = reserved_devices,
        /// Resources nodes were given by their owner (reservations only).
        generic_resources: Vec<GenericResource>,
    }
}

attributes! {
    /// A resource nodes were given by their owner.
    open struct GenericResource {
        /// A countable one.
        discrete_resource_spec: Option<DiscreteResource>,
    }
}

attributes! {
    /// A countable resource.
    open struct DiscreteResource {
        /// What it is called.
        kind: Option<String>,
        /// How many.
        value: Option<i64>,
    }
}

attributes! {
    /// When stopped tasks are replaced.
    open struct RestartPolicy {
        /// In which cases.
        condition: Option<RestartCondition>,
        /// The pause before it.
        delay: Option<Duration>,
        /// How often at most; without end without it.
        max_attempts: Option<u64>,
        /// How long a task must run before a restart counts as a success.
        window: Option<Duration>,
    }
}

attributes! {
    /// Which nodes tasks may run on.
    open struct Placement {
        /// What a node must have, such as `node.role == manager`.
        constraints: Vec<String>,
        /// What tasks are spread over.
        preferences: Vec<PlacementPreference>,
        /// How many tasks per node at most; 0 for no limit.
        max_replicas_per_node: Option<u64> = nonzero,
    }
}

attributes! {
    /// Something tasks are spread over.
    open struct PlacementPreference {
        /// The label whose values get equal shares.
        spread: Option<String>,
    }
}
