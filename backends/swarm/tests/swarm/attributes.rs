//! Attributes of a service, each in two values.

/// Lines of a service: one attribute in two values that mean different things.
pub(crate) const OF_SERVICES: &[[&str; 2]] = &[
    ["build: .", "build: ."],
    ["pull_policy: always", "pull_policy: never"],
    ["platform: linux/amd64", "platform: linux/arm64"],
    ["platform: linux/arm/v6", "platform: linux/arm/v7"],
    ["command: [a]", "command: [b]"],
    ["entrypoint: [a]", "entrypoint: []"],
    ["working_dir: /a", "working_dir: /b"],
    ["user: \"1\"", "user: \"2\""],
    ["group_add: [a]", "group_add: [b]"],
    ["environment: { A: \"1\" }", "environment: { A: \"\" }"],
    ["labels: { a: \"1\" }", "labels: { a: \"2\" }"],
    ["annotations: { a: \"1\" }", "annotations: { a: \"2\" }"],
    ["tty: true", "tty: false"],
    ["stdin_open: true", "stdin_open: false"],
    ["init: true", "init: false"],
    [
        "logging: { driver: a }",
        "logging: { driver: a, options: { b: c } }",
    ],
    ["container_name: one", "container_name: two"],
    ["hostname: a", "hostname: \"{{.Node.Hostname}}\""],
    ["domainname: a", "domainname: b"],
    [
        "mac_address: 02:42:ac:11:65:43",
        "mac_address: 02:42:ac:11:65:44",
    ],
    ["dns: [10.0.0.1]", "dns: [10.0.0.2]"],
    ["dns_search: [a]", "dns_search: [b]"],
    ["dns_opt: [a]", "dns_opt: [b]"],
    ["extra_hosts: [a=10.0.0.1]", "extra_hosts: [a=10.0.0.2]"],
    ["links: [\"database:a\"]", "links: [\"database:b\"]"],
    ["external_links: [a]", "external_links: [b]"],
    ["expose: [\"1\"]", "ports: [\"1\"]"],
    ["ports: [\"80:1\"]", "ports: [\"81:1\"]"],
    ["ports: [\"127.0.0.1:80:1\"]", "ports: [\"10.0.0.1:80:1\"]"],
    ["ports: [\"80-82:1\"]", "ports: [\"80-82:1-3/udp\"]"],
    [
        "ports: [{ target: 1, name: a }]",
        "ports: [{ target: 1, name: b }]",
    ],
    [
        "ports: [{ target: 1, mode: host }]",
        "ports: [{ target: 1, mode: ingress }]",
    ],
    [
        "ports: [{ target: 1, app_protocol: a }]",
        "ports: [{ target: 1, app_protocol: b }]",
    ],
    ["network_mode: host", "network_mode: none"],
    [
        "network_mode: service:database",
        "network_mode: container:a",
    ],
    ["network_mode: bridge", "network_mode: a"],
    ["networks: [front]", "networks: [default, front]"],
    [
        "networks: { front: { aliases: [a] } }",
        "networks: { front: { aliases: [b] } }",
    ],
    [
        "networks: { front: { use_service_name_alias: true } }",
        "networks: { front: { use_service_name_alias: false } }",
    ],
    [
        "networks: { front: { ipv4_address: 10.0.0.1 } }",
        "networks: { front: { ipv4_address: 10.0.0.2 } }",
    ],
    [
        "networks: { front: { ipv6_address: fd00::1 } }",
        "networks: { front: { ipv6_address: fd00::2 } }",
    ],
    [
        "networks: { front: { link_local_ips: [169.254.0.1] } }",
        "networks: { front: { link_local_ips: [169.254.0.2] } }",
    ],
    [
        "networks: { front: { interface_name: a } }",
        "networks: { front: { interface_name: b } }",
    ],
    [
        "networks: { front: { priority: 1 } }",
        "networks: { front: { priority: 2 } }",
    ],
    [
        "networks: { front: { gw_priority: 1 } }",
        "networks: { front: { gw_priority: 2 } }",
    ],
    [
        "networks: { front: { driver_opts: { a: \"1\" } } }",
        "networks: { front: { driver_opts: { a: \"2\" } } }",
    ],
    ["volumes: [\"data:/a\"]", "volumes: [\"data:/a:ro\"]"],
    ["volumes: [/a]", "volumes: [/b]"],
    ["volumes: [\"/a:/x\"]", "volumes: [\"/b:/x\"]"],
    ["volumes: [\"/a:/x:z\"]", "volumes: [\"/a:/x:Z\"]"],
    [
        "volumes: [{ type: bind, source: /a, target: /x, bind: { create_host_path: true } }]",
        "volumes: [{ type: bind, source: /a, target: /x, bind: { create_host_path: false } }]",
    ],
    [
        "volumes: [{ type: bind, source: /a, target: /x, bind: { recursive: disabled } }]",
        "volumes: [{ type: bind, source: /a, target: /x, bind: { recursive: readonly } }]",
    ],
    [
        "volumes: [{ type: bind, source: /a, target: /x, bind: { propagation: rslave } }]",
        "volumes: [{ type: bind, source: /a, target: /x, bind: { propagation: shared } }]",
    ],
    [
        "volumes: [{ type: volume, source: data, target: /x, volume: { subpath: a } }]",
        "volumes: [{ type: volume, source: data, target: /x, volume: { subpath: b } }]",
    ],
    [
        "volumes: [{ type: volume, source: data, target: /x, volume: { labels: { a: b } } }]",
        "volumes: [{ type: volume, source: data, target: /x, volume: { nocopy: true } }]",
    ],
    [
        "volumes: [{ type: image, source: a, target: /x }]",
        "volumes: [{ type: image, source: a, target: /x, image: { subpath: b } }]",
    ],
    ["tmpfs: [/a]", "tmpfs: [\"/a:size=1m,mode=700,uid=5\"]"],
    ["shm_size: 1m", "shm_size: 2m"],
    ["storage_opt: { size: 1G }", "storage_opt: { size: 2G }"],
    [
        "volumes_from: [database]",
        "volumes_from: [\"database:ro\"]",
    ],
    [
        "configs: [settings]",
        "configs: [{ source: settings, target: /a }]",
    ],
    [
        "configs: [{ source: settings, mode: 0o400 }]",
        "configs: [{ source: settings, uid: \"5\" }]",
    ],
    [
        "secrets: [token]",
        "secrets: [{ source: token, target: a, gid: staff }]",
    ],
    ["cpus: 1", "cpus: 0.0001"],
    ["mem_limit: 1m", "mem_limit: 1g"],
    ["pids_limit: 5", "pids_limit: -1"],
    ["mem_reservation: 10m", "mem_reservation: 11m"],
    [
        "deploy: { resources: { reservations: { cpus: \"1\" } } }",
        "deploy: { resources: { reservations: { cpus: \"2\" } } }",
    ],
    [
        "deploy: { resources: { reservations: { generic_resources: [{ discrete_resource_spec: { kind: a, value: 1 } }] } } }",
        "deploy: { resources: { reservations: { generic_resources: [{ discrete_resource_spec: { kind: a, value: 2 } }] } } }",
    ],
    ["gpus: all", "gpus: [{ count: 1 }]"],
    [
        "devices: [\"/dev/a:/dev/b\"]",
        "devices: [\"/dev/a:/dev/b:r\"]",
    ],
    [
        "device_cgroup_rules: [\"c 1:3 mr\"]",
        "device_cgroup_rules: [\"c 1:3 r\"]",
    ],
    ["memswap_limit: -1", "memswap_limit: 2g"],
    ["mem_swappiness: 1", "mem_swappiness: 2"],
    ["cpu_shares: 1", "cpu_shares: 2"],
    ["cpu_period: 1000", "cpu_period: 2000"],
    ["cpu_quota: 1000", "cpu_quota: 2000"],
    ["cpuset: \"0\"", "cpuset: \"1\""],
    ["cpu_count: 1", "cpu_percent: 1"],
    ["cpu_rt_period: 9000", "cpu_rt_runtime: 4000"],
    [
        "blkio_config: { weight: 10 }",
        "blkio_config: { weight: 11 }",
    ],
    [
        "blkio_config: { device_read_bps: [{ path: /a, rate: 1m }] }",
        "blkio_config: { device_read_bps: [{ path: /a, rate: 2m }] }",
    ],
    ["privileged: true", "privileged: false"],
    ["read_only: true", "read_only: false"],
    ["cap_add: [NET_ADMIN]", "cap_add: [ALL]"],
    ["cap_drop: [NET_ADMIN]", "cap_drop: [ALL]"],
    [
        "security_opt: [\"no-new-privileges:true\"]",
        "security_opt: [\"no-new-privileges:false\"]",
    ],
    [
        "security_opt: [\"seccomp=unconfined\"]",
        "security_opt: [\"seccomp=a\"]",
    ],
    [
        "security_opt: [\"apparmor=unconfined\"]",
        "security_opt: [\"apparmor=a\"]",
    ],
    [
        "security_opt: [\"label=type:a\"]",
        "security_opt: [\"label=disable\"]",
    ],
    ["pid: host", "ipc: host"],
    ["uts: host", "userns_mode: host"],
    ["cgroup: host", "cgroup: private"],
    [
        "credential_spec: { config: settings }",
        "credential_spec: { file: a }",
    ],
    ["use_api_socket: true", "use_api_socket: false"],
    ["sysctls: { a: \"1\" }", "sysctls: { a: \"2\" }"],
    [
        "ulimits: { nofile: 1 }",
        "ulimits: { nofile: { soft: 1, hard: 2 } }",
    ],
    ["oom_score_adj: 1", "oom_score_adj: 2"],
    ["oom_kill_disable: true", "oom_kill_disable: false"],
    ["cgroup_parent: a", "cgroup_parent: b"],
    ["runtime: a", "runtime: b"],
    ["isolation: default", "isolation: hyperv"],
    ["umask: \"022\"", "umask: \"027\""],
    [
        "healthcheck: { test: a }",
        "healthcheck: { test: [CMD, a] }",
    ],
    [
        "healthcheck: { disable: true }",
        "healthcheck: { interval: 1s }",
    ],
    [
        "healthcheck: { test: a, timeout: 100ns }",
        "healthcheck: { test: a, retries: 2 }",
    ],
    [
        "healthcheck: { test: a, start_period: 1s }",
        "healthcheck: { test: a, start_interval: 1s }",
    ],
    ["restart: always", "restart: unless-stopped"],
    ["restart: on-failure", "restart: \"on-failure:3\""],
    ["stop_signal: SIGINT", "stop_signal: SIGQUIT"],
    ["stop_grace_period: 1s", "stop_grace_period: 1500ms"],
    [
        "depends_on: [database]",
        "depends_on: { database: { condition: service_healthy } }",
    ],
    [
        "depends_on: { database: { condition: service_started, required: false } }",
        "depends_on: { database: { condition: service_completed_successfully, restart: true } }",
    ],
    [
        "post_start: [{ command: a }]",
        "post_start: [{ command: a, user: b }]",
    ],
    [
        "pre_stop: [{ command: a }]",
        "pre_stop: [{ command: a, privileged: true }]",
    ],
    ["models: [small]", "models: { small: { endpoint_var: A } }"],
    ["scale: 2", "scale: 3"],
    ["deploy: { mode: global }", "deploy: { mode: global-job }"],
    [
        "deploy: { mode: replicated-job }",
        "deploy: { mode: replicated-job, replicas: 3 }",
    ],
    [
        "deploy: { labels: { a: \"1\" } }",
        "deploy: { labels: { a: \"2\" } }",
    ],
    [
        "deploy: { endpoint_mode: vip }",
        "deploy: { endpoint_mode: dnsrr }",
    ],
    [
        "deploy: { placement: { constraints: [node.role == manager] } }",
        "deploy: { placement: { constraints: [node.role != manager] } }",
    ],
    [
        "deploy: { placement: { preferences: [{ spread: node.labels.a }] } }",
        "deploy: { placement: { max_replicas_per_node: 1 } }",
    ],
    [
        "deploy: { update_config: { parallelism: 0 } }",
        "deploy: { update_config: { parallelism: 2 } }",
    ],
    [
        "deploy: { update_config: { order: start-first } }",
        "deploy: { update_config: { delay: 1s } }",
    ],
    [
        "deploy: { update_config: { failure_action: rollback } }",
        "deploy: { update_config: { failure_action: continue, max_failure_ratio: 0.5 } }",
    ],
    [
        "deploy: { update_config: { monitor: 1s } }",
        "deploy: { update_config: { monitor: 2s } }",
    ],
    [
        "deploy: { rollback_config: { delay: 1s } }",
        "deploy: { rollback_config: { delay: 2s } }",
    ],
    [
        "deploy: { restart_policy: { condition: none } }",
        "deploy: { restart_policy: { condition: any, delay: 1s, window: 2s, max_attempts: 3 } }",
    ],
];

/// Top-level entries, each in two values; they replace the stack's own.
pub(crate) const OF_STACKS: &[[&str; 2]] = &[
    [
        "volumes: { data: { driver: a } }",
        "volumes: { data: { driver_opts: { type: nfs } } }",
    ],
    [
        "volumes: { data: { name: a } }",
        "volumes: { data: { external: true } }",
    ],
    [
        "volumes: { data: { labels: { a: b } } }",
        "volumes: { data: { labels: { a: c } } }",
    ],
    [
        "networks: { default: { driver: bridge } }",
        "networks: { default: { driver: macvlan } }",
    ],
    [
        "networks: { default: { internal: true } }",
        "networks: { default: { attachable: true } }",
    ],
    [
        "networks: { default: { enable_ipv6: true } }",
        "networks: { default: { enable_ipv4: false } }",
    ],
    [
        "networks: { default: { name: my.net } }",
        "networks: { default: { name: my_net } }",
    ],
    [
        "networks: { default: { external: true, name: a } }",
        "networks: { default: { external: true, name: b } }",
    ],
    [
        "networks: { default: { driver_opts: { com.docker.network.bridge.name: a } } }",
        "networks: { default: { driver_opts: { encrypted: \"\" } } }",
    ],
    [
        "networks: { default: { labels: { a: b } } }",
        "networks: { default: { labels: { a: c } } }",
    ],
    [
        "networks: { default: { ipam: { config: [{ subnet: 10.9.0.0/24 }] } } }",
        "networks: { default: { ipam: { config: [{ subnet: 10.9.0.0/24, gateway: 10.9.0.9 }] } } }",
    ],
    [
        "networks: { default: { ipam: { config: [{ subnet: 10.9.0.0/24, ip_range: 10.9.0.0/25 }] } } }",
        "networks: { default: { ipam: { config: [{ subnet: 10.9.0.0/24, aux_addresses: { a: 10.9.0.8 } }] } } }",
    ],
    [
        "networks: { default: { ipam: { driver: a } } }",
        "networks: { default: { ipam: { options: { a: b } } } }",
    ],
    [
        "configs: { settings: { content: b } }",
        "configs: { settings: { content: \"\" } }",
    ],
    [
        "configs: { settings: { environment: A } }",
        "configs: { settings: { external: true } }",
    ],
    [
        "configs: { settings: { content: a, name: own } }",
        "configs: { settings: { content: a, template_driver: golang } }",
    ],
    [
        "configs: { settings: { content: a, labels: { a: b } } }",
        "configs: { settings: { file: ./gone } }",
    ],
    [
        "secrets: { token: { environment: A } }",
        "secrets: { token: { environment: B } }",
    ],
    [
        "secrets: { token: { file: ./other } }",
        "secrets: { token: { external: true } }",
    ],
    [
        "secrets: { token: { file: ./token, labels: { a: b } } }",
        "secrets: { token: { file: ./token, template_driver: golang } }",
    ],
    [
        "models: { small: { model: ai/other } }",
        "models: { small: { model: ai/small, context_size: 9 } }",
    ],
    [
        "jobs: { tidy: { image: a, triggers: { manual: true } } }",
        "jobs: { tidy: { image: a, triggers: { schedule: [{ cron: \"5 * * * *\" }] } } }",
    ],
];
