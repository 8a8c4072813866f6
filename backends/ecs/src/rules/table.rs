//! Every rule, by what AWS demands and where it says so.

/// Something AWS demands.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, such as `port-twice`.
    pub name: &'static str,
    /// What AWS demands.
    pub demand: &'static str,
    /// The data type or action of the ECS API reference, and its member.
    pub source: &'static str,
}

/// Declares the rules, and the list of all of them.
macro_rules! rules {
    ($($constant:ident = $name:literal, $demand:literal, $source:literal;)*) => {
        $(
            #[doc = $demand]
            pub(super) const $constant: Rule = Rule {
                name: $name,
                demand: $demand,
                source: $source,
            };
        )*

        /// Every rule.
        pub static ALL: &[&Rule] = &[$(&$constant),*];
    };
}

rules! {
    CONTAINERS = "containers",
        "a task has 1 to 10 containers",
        "RegisterTaskDefinition, containerDefinitions; service quotas";
    ESSENTIAL = "essential",
        "at least one container is essential",
        "ContainerDefinition, essential";
    FAMILY = "family",
        "a family has 1 to 255 letters, digits, `-` and `_`",
        "RegisterTaskDefinition, family";
    NETWORK_MODE = "network-mode",
        "the network mode is `bridge`, `host`, `awsvpc` or `none`",
        "RegisterTaskDefinition, networkMode";
    COMPATIBILITY = "compatibility",
        "a task is for `EC2`, `FARGATE`, `EXTERNAL` or `MANAGED_INSTANCES`",
        "RegisterTaskDefinition, requiresCompatibilities";
    PLATFORM = "platform",
        "the processor is `X86_64` or `ARM64`, the system Linux or a named Windows Server",
        "RuntimePlatform";
    DEFINITION_SIZE = "definition-size",
        "a definition has at most 64 KiB",
        "Service quotas: task definition size";
    TAGS = "tags",
        "50 tags, keys of 1 to 128 and values of up to 256 signs, no key that begins with `aws:`",
        "Tag";
    TASK_CONSTRAINTS = "task-constraints",
        "a definition has at most 10 constraints, of the kind `memberOf`",
        "TaskDefinitionPlacementConstraint";
    EPHEMERAL_STORAGE = "ephemeral-storage",
        "room for files is 21 to 200 GiB",
        "EphemeralStorage, sizeInGiB";
    PID_MODE = "pid-mode",
        "processes are shared with the `host` or the `task`",
        "RegisterTaskDefinition, pidMode";
    IPC_MODE = "ipc-mode",
        "memory is shared with the `host`, the `task` or `none`",
        "RegisterTaskDefinition, ipcMode";
    FARGATE_NETWORK = "fargate-network",
        "on Fargate the network mode is `awsvpc`",
        "Developer guide: Fargate task definition differences";
    FARGATE_SIZE = "fargate-size",
        "on Fargate processor and memory of the task are one of the pairs",
        "RegisterTaskDefinition, cpu and memory";
    FARGATE_NAMESPACE = "fargate-namespace",
        "on Fargate processes are shared with the `task` only, and memory not at all",
        "Developer guide: Fargate task definition differences";
    FARGATE_CONSTRAINTS = "fargate-constraints",
        "on Fargate tasks are not placed by constraints",
        "Developer guide: Fargate task definition differences";
    FARGATE_PARAMETER = "fargate-parameter",
        "on Fargate a container has no rights, devices, hosts and links of its own",
        "Developer guide: Fargate task definition differences";
    FARGATE_CAPABILITY = "fargate-capability",
        "on Fargate `SYS_PTRACE` is the only capability to add",
        "KernelCapabilities, add";
    FARGATE_VOLUME = "fargate-volume",
        "on Fargate a volume is neither a path of the machine nor one of its engine",
        "Developer guide: Fargate task definition differences";
    FARGATE_LOG_DRIVER = "fargate-log-driver",
        "on Fargate the log driver is `awslogs`, `splunk` or `awsfirelens`",
        "LogConfiguration, logDriver";
    FARGATE_STOP_TIMEOUT = "fargate-stop-timeout",
        "on Fargate a container has at most 120 s to stop",
        "ContainerDefinition, stopTimeout";
    FARGATE_EXECUTION_ROLE = "fargate-execution-role",
        "secrets and logs on Fargate need an execution role",
        "RegisterTaskDefinition, executionRoleArn";
    TASK_CPU = "task-cpu",
        "a task on instances has 128 to 196608 units of processor time",
        "RegisterTaskDefinition, cpu";
    CPU_SUM = "cpu-sum",
        "containers have no more processor time together than their task",
        "ContainerDefinition, cpu";
    MEMORY_SUM = "memory-sum",
        "containers have no more memory together than their task, and none has more",
        "ContainerDefinition, memory";
    MEMORY_MISSING = "memory-missing",
        "the task, or else every container, says how much memory it has",
        "ContainerDefinition, memory";
    MEMORY_FLOOR = "memory-floor",
        "a container has at least 6 MiB of memory",
        "ContainerDefinition, memory";
    MEMORY_RESERVATION = "memory-reservation",
        "the limit of memory is above what is reserved",
        "ContainerDefinition, memory";
    CONTAINER_NAME = "container-name",
        "a container's name has 1 to 255 letters, digits, `-` and `_`, and is its own",
        "ContainerDefinition, name";
    IMAGE = "image",
        "a container has an image, named with at most 255 signs",
        "ContainerDefinition, image";
    ENVIRONMENT = "environment",
        "a variable has a name",
        "ContainerDefinition, environment";
    SECRET_NAME = "secret-name",
        "a name is a variable's or a secret's, and only once",
        "Secret, name";
    HOSTNAME = "hostname",
        "a task with an interface of its own takes no host name, further hosts or links",
        "ContainerDefinition, hostname, extraHosts, links";
    LINK = "link",
        "links need the network mode `bridge`",
        "ContainerDefinition, links";
    ULIMIT = "ulimit",
        "a limit is one of the 15 of Docker, once, and the soft one is not above the hard one",
        "Ulimit";
    STOP_TIMEOUT = "stop-timeout",
        "a container has at least 2 s to stop",
        "ContainerDefinition, stopTimeout";
    START_TIMEOUT = "start-timeout",
        "a container has at least 2 s to start, and at most 120 s on Fargate",
        "ContainerDefinition, startTimeout";
    RESTART_POLICY = "restart-policy",
        "a container runs 60 to 1800 s before it is started again; 50 exit codes are let pass",
        "ContainerRestartPolicy";
    LOG_DRIVER = "log-driver",
        "the log driver is one that ECS knows",
        "LogConfiguration, logDriver";
    LOG_OPTIONS = "log-options",
        "`awslogs` needs a group, a region and, on Fargate, a prefix of streams",
        "LogConfiguration, options";
    CAPABILITY = "capability",
        "a capability is one of those that the API names",
        "KernelCapabilities";
    DEVICE = "device",
        "a device has a path on the machine, and is read, written or made",
        "Device";
    TMPFS = "tmpfs",
        "a file system in memory has an absolute path and a size",
        "Tmpfs";
    SWAP = "swap",
        "swap is not negative, and readiness to swap is 0 to 100",
        "LinuxParameters, maxSwap and swappiness";
    SYSTEM_CONTROL = "system-control",
        "kernel parameters are those of shared memory and of the network, the latter not with `host`",
        "SystemControl";
    GPU = "gpu",
        "graphics processors are a number of at least 1",
        "ResourceRequirement";
    HEALTH_COMMAND = "health-command",
        "the command of a check begins with `CMD` or `CMD-SHELL`, and more follows",
        "HealthCheck, command";
    HEALTH_INTERVAL = "health-interval",
        "checks run every 5 to 300 s",
        "HealthCheck, interval";
    HEALTH_TIMEOUT = "health-timeout",
        "a check may take 2 to 60 s",
        "HealthCheck, timeout";
    HEALTH_RETRIES = "health-retries",
        "1 to 10 checks fail before the container counts as unhealthy",
        "HealthCheck, retries";
    HEALTH_START = "health-start",
        "failures are let pass for 0 to 300 s",
        "HealthCheck, startPeriod";
    DEPENDENCY_TARGET = "dependency-target",
        "containers wait for other containers of their task",
        "ContainerDependency, containerName";
    DEPENDENCY_CONDITION = "dependency-condition",
        "others wait for `START`, `COMPLETE`, `SUCCESS` or `HEALTHY`",
        "ContainerDependency, condition";
    DEPENDENCY_RING = "dependency-ring",
        "containers do not wait for each other",
        "ContainerDefinition, dependsOn";
    DEPENDENCY_HEALTH = "dependency-health",
        "who is waited for to be healthy has a health check",
        "ContainerDependency, condition";
    DEPENDENCY_END = "dependency-end",
        "who is waited for to end is not essential",
        "ContainerDependency, condition";
    PORT_RANGE = "port-range",
        "ports are 1 to 65535, and 0 only for a random one of the machine",
        "PortMapping";
    PORT_PROTOCOL = "port-protocol",
        "a port is of `tcp` or `udp`",
        "PortMapping, protocol";
    PORT_APPLICATION = "port-application",
        "the application protocol is `http`, `http2` or `grpc`, and over `tcp`",
        "PortMapping, appProtocol";
    PORT_HOST = "port-host",
        "with an interface of its own or the machine's, the port outside is the port inside",
        "PortMapping, hostPort";
    PORT_TWICE = "port-twice",
        "a task has a port once",
        "PortMapping, containerPort";
    PORT_NAME = "port-name",
        "a port's name has 1 to 64 small letters, digits, `-` and `_`, and is its own in the task",
        "PortMapping, name";
    PORT_NONE = "port-none",
        "a task without a network has no ports",
        "RegisterTaskDefinition, networkMode";
    VOLUME_NAME = "volume-name",
        "a volume's name has 1 to 255 letters, digits, `-` and `_`, and is its own",
        "Volume, name";
    VOLUME_KIND = "volume-kind",
        "a volume is of one kind",
        "Volume";
    VOLUME_FILE_SYSTEM = "volume-file-system",
        "an access point comes with the root folder and encryption, and a role with encryption",
        "EFSVolumeConfiguration; EFSAuthorizationConfig";
    VOLUME_DOCKER = "volume-docker",
        "a volume of the engine is of the scope `task` or `shared`, and made by itself only when shared",
        "DockerVolumeConfiguration";
    VOLUME_LAUNCH = "volume-launch",
        "one volume at most is chosen when a task starts",
        "Volume, configuredAtLaunch";
    MOUNT_SOURCE = "mount-source",
        "a mount is of a volume of the definition",
        "MountPoint, sourceVolume";
    MOUNT_PATH = "mount-path",
        "a mount has an absolute path of its own",
        "MountPoint, containerPath";
    VOLUMES_FROM = "volumes-from",
        "mounts are shared with another container of the task",
        "VolumeFrom, sourceContainer";
    SERVICE_NAME = "service-name",
        "a service's name has 1 to 255 letters, digits, `-` and `_`",
        "CreateService, serviceName";
    SERVICE_NETWORK = "service-network",
        "a task with an interface of its own says where, and no other does",
        "CreateService, networkConfiguration";
    SERVICE_SUBNETS = "service-subnets",
        "an interface is in 1 to 16 subnets and at most 5 security groups",
        "AwsVpcConfiguration";
    SERVICE_LAUNCH = "service-launch",
        "a service has a launch type or a strategy of capacity, and the definition is for it",
        "CreateService, launchType";
    SERVICE_DAEMON = "service-daemon",
        "one task on every instance needs instances, and neither a number nor a strategy of placement",
        "CreateService, schedulingStrategy";
    SERVICE_COUNT = "service-count",
        "a service says how many tasks it has, 0 or more",
        "CreateService, desiredCount";
    SERVICE_PERCENT = "service-percent",
        "an update can take a task away or add one",
        "DeploymentConfiguration";
    SERVICE_ROLLBACK = "service-rollback",
        "only an update that is watched is taken back",
        "DeploymentCircuitBreaker";
    SERVICE_THRESHOLD = "service-threshold",
        "an update fails after a number or percentage of 1 or more",
        "ThresholdConfiguration";
    SERVICE_BALANCER = "service-balancer",
        "at most 5 target groups lead to ports that a container of the task has",
        "LoadBalancer";
    SERVICE_REGISTRY = "service-registry",
        "a service is registered once",
        "CreateService, serviceRegistries";
    SERVICE_PLACEMENT = "service-placement",
        "10 constraints and 5 strategies on instances, expressions of up to 2000 signs",
        "PlacementConstraint; PlacementStrategy";
    RUN_COUNT = "run-count",
        "a request starts 1 to 10 tasks",
        "RunTask, count";
}
