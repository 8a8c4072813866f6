//! What every container has: services, jobs and hooks before the start share it.

use super::attribute::attributes;
use super::values::{
    count, filled_string_or_list, given, gpus, names_or_map, nonzero, nullable, one_or_list,
    oom_score, percent, string_or_list, strings_or_numbers, umask,
};
use crate::field::{
    ByteSize, CgroupMode, Decimal, DeviceMapping, DeviceRequest, Duration, Environment, ExtraHosts,
    FileMode, ImageReference, Labels, Map, Mount, Namespace, OptOut, Options, PullPolicy,
    ShellCommand, Ulimit,
};

attributes! {
    /// The description of a container.
    ///
    /// Source: [Compose specification, services](https://docs.docker.com/reference/compose-file/services/).
    closed struct ContainerSpec {
        /// Annotations for the runtime.
        annotations: Labels,
        /// Weights and limits for block devices.
        blkio_config: Option<BlkioConfig>,
        /// Capabilities on top of the default ones.
        cap_add: Vec<String>,
        /// Capabilities taken away.
        cap_drop: Vec<String>,
        /// The cgroup namespace.
        cgroup: Option<CgroupMode>,
        /// The cgroup above the container's.
        cgroup_parent: Option<String>,
        /// What runs; without it, what the image says.
        command: Option<ShellCommand> = nullable,
        /// Configs as files.
        configs: Vec<FileReference>,
        /// Usable processors (Windows).
        cpu_count: Option<i64> = count,
        /// Usable share of the processors in percent (Windows).
        cpu_percent: Option<Decimal> = percent,
        /// The scheduler's period in microseconds.
        cpu_period: Option<i64> = nonzero,
        /// Processor time per period in microseconds.
        cpu_quota: Option<i64> = nonzero,
        /// The real-time scheduler's period in microseconds.
        cpu_rt_period: Option<i64> = nonzero,
        /// Real-time processor time per period in microseconds.
        cpu_rt_runtime: Option<i64> = nonzero,
        /// The weight when processors are short; 1024 is usual.
        cpu_shares: Option<i64> = nonzero,
        /// How many processors at most.
        cpus: Option<Decimal>,
        /// Which processors, such as `0-3`.
        cpuset: Option<String>,
        /// Credentials of a managed service account (Windows).
        credential_spec: Option<CredentialSpec>,
        /// Rules of the device cgroup.
        device_cgroup_rules: Vec<String>,
        /// Devices of the host.
        devices: Vec<DeviceMapping>,
        /// Name servers.
        dns: Vec<String> = filled_string_or_list,
        /// Options of the resolver.
        dns_opt: Vec<String>,
        /// Domains to search.
        dns_search: Vec<String> = string_or_list,
        /// The domain of the container's own name.
        domainname: Option<String>,
        /// What runs the command; without it, what the image says.
        entrypoint: Option<ShellCommand> = nullable,
        /// Files with environment variables; read into `environment`.
        env_file: Vec<EnvFile> = one_or_list,
        /// Environment variables.
        environment: Environment,
        /// Host names with their addresses.
        extra_hosts: ExtraHosts,
        /// Groups on top of the user's.
        group_add: Vec<String> = strings_or_numbers,
        /// Accelerators.
        gpus: Vec<DeviceRequest> = gpus,
        /// The container's own name.
        hostname: Option<String>,
        /// The image.
        image: Option<ImageReference>,
        /// Whether a small init process runs first.
        init: Option<bool>,
        /// The namespace for shared memory.
        ipc: Option<Namespace>,
        /// How the container is kept apart (Windows).
        isolation: Option<String>,
        /// Files with labels; read into `labels`.
        label_file: Vec<String> = string_or_list,
        /// Labels of the container.
        labels: Labels,
        /// Where the output goes.
        logging: Option<Logging>,
        /// The address on the network card.
        mac_address: Option<String>,
        /// How much memory at most.
        mem_limit: Option<ByteSize>,
        /// How much memory is set aside.
        mem_reservation: Option<ByteSize>,
        /// How eagerly memory is swapped out, from 0 to 100.
        mem_swappiness: Option<ByteSize>,
        /// How much memory and swap at most; -1 for no limit.
        memswap_limit: Option<ByteSize>,
        /// The models it talks to, by key.
        models: Map<Option<ServiceModel>> = names_or_map,
        /// The network namespace; excludes `networks`.
        network_mode: Option<Namespace> = given,
        /// The networks it is in, by key.
        networks: Map<Option<ServiceNetwork>> = names_or_map,
        /// Whether it is spared when memory runs out.
        oom_kill_disable: bool,
        /// How soon it is stopped when memory runs out, from -1000 (last) to 1000.
        oom_score_adj: Option<i64> = oom_score,
        /// The process namespace.
        pid: Option<Namespace> = nullable,
        /// How many processes at most; -1 for no limit.
        pids_limit: Option<i64> = nonzero,
        /// The platform of the image, such as `linux/arm64`.
        platform: Option<String>,
        /// Whether it may do nearly everything on the host.
        privileged: bool,
        /// When the image is fetched again.
        pull_policy: Option<PullPolicy>,
        /// The age at which `pull_policy: refresh` fetches again.
        pull_refresh_after: Option<String>,
        /// Whether the root file system is read-only.
        read_only: bool,
        /// The runtime, such as `runc`.
        runtime: Option<String>,
        /// Secrets as files.
        secrets: Vec<FileReference>,
        /// Options of the security modules.
        security_opt: Vec<String>,
        /// The size of `/dev/shm`.
        shm_size: Option<ByteSize>,
        /// How long it may take to stop; 10 s without it.
        stop_grace_period: Option<Duration>,
        /// The signal that asks it to stop; SIGTERM without it.
        stop_signal: Option<String>,
        /// Options of the storage driver.
        storage_opt: Options,
        /// Kernel settings.
        sysctls: Labels,
        /// Memory mounted as directories: `path[:options]`.
        tmpfs: Vec<String> = string_or_list,
        /// Limits of its processes.
        ulimits: Map<Ulimit>,
        /// The permission bits new files do not get.
        umask: Option<u32> = umask,
        /// Whether it gets the engine's socket.
        use_api_socket: bool,
        /// The user, `name` or `id`, with `:group` if need be.
        user: Option<String>,
        /// The user namespace.
        userns_mode: Option<Namespace>,
        /// The namespace for host and domain name.
        uts: Option<Namespace>,
        /// What is mounted.
        volumes: Vec<Mount>,
        /// Services or containers whose mounts it takes over.
        volumes_from: Vec<String>,
        /// The directory it starts in.
        working_dir: Option<String>,
    }
}

attributes! {
    /// Weights and limits for block devices.
    closed struct BlkioConfig {
        /// The weight when devices are short, from 10 to 1000.
        weight: Option<u16> = nonzero,
        /// Weights for single devices.
        weight_device: Vec<WeightDevice>,
        /// Bytes read per second at most.
        device_read_bps: Vec<ThrottleDevice>,
        /// Reads per second at most.
        device_read_iops: Vec<ThrottleDevice>,
        /// Bytes written per second at most.
        device_write_bps: Vec<ThrottleDevice>,
        /// Writes per second at most.
        device_write_iops: Vec<ThrottleDevice>,
    }
}

attributes! {
    /// The weight of one block device.
    closed struct WeightDevice {
        /// The device.
        path: Option<String>,
        /// Its weight, from 10 to 1000.
        weight: Option<u16> = nonzero,
    }
}

attributes! {
    /// The limit of one block device.
    closed struct ThrottleDevice {
        /// The device.
        path: Option<String>,
        /// Bytes or operations per second.
        rate: Option<ByteSize>,
    }
}

attributes! {
    /// A config or secret as a file.
    ///
    /// Source: [Compose specification, `secrets`](https://docs.docker.com/reference/compose-file/services/#secrets).
    open struct FileReference short FileReference::decode_short, requires ["source"] {
        /// The key of the config or secret.
        source: Option<String>,
        /// The file inside the task.
        target: Option<String>,
        /// The owner.
        uid: Option<String>,
        /// The group.
        gid: Option<String>,
        /// The permission bits.
        mode: Option<FileMode>,
    }
}

attributes! {
    /// Credentials of a managed service account (Windows); exactly one is given.
    open struct CredentialSpec {
        /// The key of a config.
        config: Option<String>,
        /// A file of the host.
        file: Option<String>,
        /// A name in the registry of the host.
        registry: Option<String>,
    }
}

attributes! {
    /// A file with environment variables.
    closed struct EnvFile short EnvFile::decode_short, requires ["path"] {
        /// Where it is.
        path: Option<String>,
        /// Whether it must be there.
        required: OptOut,
        /// How it is read; without it, as a `.env` file with interpolation.
        format: Option<String>,
    }
}

attributes! {
    /// Where the output of a container goes.
    open struct Logging {
        /// The driver.
        driver: Option<String>,
        /// Its options.
        options: Options,
    }
}

attributes! {
    /// How a service learns where a model is.
    open struct ServiceModel {
        /// The variable that gets the address.
        endpoint_var: Option<String>,
        /// The variable that gets the model's name.
        model_var: Option<String>,
    }
}

attributes! {
    /// How a service is in a network.
    ///
    /// Source: [Compose specification, `networks`](https://docs.docker.com/reference/compose-file/services/#networks).
    open struct ServiceNetwork {
        /// More names for it there.
        aliases: Vec<String>,
        /// Options for the network's driver.
        driver_opts: Options,
        /// The network with the highest number is the default gateway.
        gw_priority: Option<i64> = nonzero,
        /// The name of the network card inside.
        interface_name: Option<String>,
        /// A fixed IPv4 address.
        ipv4_address: Option<String>,
        /// A fixed IPv6 address.
        ipv6_address: Option<String>,
        /// Link-local addresses.
        link_local_ips: Vec<String>,
        /// The address on the network card.
        mac_address: Option<String>,
        /// The network with the highest number is joined first.
        priority: Option<i64> = nonzero,
        /// Whether the service's own name is known there; it is without a word.
        use_service_name_alias: Option<bool>,
    }
}
