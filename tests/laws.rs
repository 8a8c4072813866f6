//! What holds for every stack on every backend, shown on generated stacks.
//!
//! A stack is put together from fragments of compose text, each of which is one attribute in two
//! values: so every law runs through the whole pipeline, and a new attribute joins by one line.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::Value;
use tranship_backend::{Translate, Translation};
use tranship_compare::{Account, Document};
use tranship_compose::{Contents, LoadOptions, Lowered, MemoryFiles, load, lower};
use tranship_ecs::{Ecs, LaunchType};
use tranship_kubernetes::Kubernetes;
use tranship_model::{Entry, Outcome};
use tranship_swarm::Swarm;

/// One attribute of a service in two values.
const ATTRIBUTES: &[[&str; 2]] = &[
    ["command: [serve, a]", "command: [serve, b]"],
    ["entrypoint: [/a]", "entrypoint: []"],
    ["working_dir: /a", "working_dir: /b"],
    ["user: \"1\"", "user: \"2:3\""],
    ["group_add: [\"1\"]", "group_add: [\"2\"]"],
    ["hostname: a", "hostname: b"],
    ["domainname: a.example", "domainname: b.example"],
    ["container_name: aa", "container_name: bb"],
    ["environment: { A: \"1\", B: $$x }", "environment: [A=2, B]"],
    ["labels: { a: \"1\" }", "labels: { a: \"2\", b/c: x y }"],
    ["annotations: { a: \"1\" }", "annotations: { a: \"2\" }"],
    ["tty: true", "tty: false"],
    ["stdin_open: true", "stdin_open: false"],
    ["init: true", "init: false"],
    [
        "logging: { driver: json-file }",
        "logging: { driver: syslog, options: { tag: a } }",
    ],
    [
        "ports: [\"80:8080\"]",
        "ports: [\"127.0.0.1:81:8080/udp\", \"9000-9002:9000-9002\"]",
    ],
    ["expose: [\"90\"]", "expose: [\"91/udp\"]"],
    ["dns: [10.0.0.1]", "dns: [10.0.0.2]"],
    ["dns_search: [a]", "dns_search: [b]"],
    ["dns_opt: [\"ndots:1\"]", "dns_opt: [\"ndots:2\"]"],
    [
        "extra_hosts: [a=10.0.0.1]",
        "extra_hosts: [b=10.0.0.1, c=host-gateway]",
    ],
    ["external_links: [\"a:b\"]", "external_links: [c]"],
    [
        "mac_address: 02:42:ac:11:65:43",
        "mac_address: 02:42:ac:11:65:44",
    ],
    [
        "volumes: [\"data:/a\"]",
        "volumes: [\"data:/a:ro\", /anonymous, \"./b:/b\"]",
    ],
    ["tmpfs: [/t]", "tmpfs: [\"/t:size=1m\"]"],
    ["shm_size: 1m", "shm_size: 2m"],
    ["storage_opt: { size: 1G }", "storage_opt: { size: 2G }"],
    [
        "configs: [settings]",
        "configs: [{ source: settings, target: /s, mode: 0o400 }]",
    ],
    [
        "secrets: [token]",
        "secrets: [{ source: token, target: t, uid: \"5\" }]",
    ],
    [
        "healthcheck: { test: a }",
        "healthcheck: { test: [CMD, b], interval: 1500ms, retries: 2 }",
    ],
    [
        "healthcheck: { test: a, timeout: 1s }",
        "healthcheck: { disable: true }",
    ],
    ["restart: always", "restart: \"no\""],
    ["restart: unless-stopped", "restart: on-failure:2"],
    ["stop_signal: SIGINT", "stop_signal: SIGQUIT"],
    ["stop_grace_period: 1s", "stop_grace_period: 200s"],
    [
        "post_start: [{ command: [a] }]",
        "post_start: [{ command: [b], user: root }]",
    ],
    [
        "pre_stop: [{ command: [a] }]",
        "pre_stop: [{ command: [b] }]",
    ],
    ["cpus: 0.5", "cpus: 2"],
    ["cpu_shares: 512", "cpu_shares: 256"],
    ["cpu_quota: 50000", "cpu_quota: 60000"],
    ["cpuset: 0-1", "cpuset: \"2\""],
    ["mem_limit: 64m", "mem_limit: 128m"],
    ["mem_reservation: 16m", "mem_reservation: 32m"],
    ["memswap_limit: 1g", "memswap_limit: -1"],
    ["mem_swappiness: 1", "mem_swappiness: 2"],
    ["pids_limit: 10", "pids_limit: 20"],
    ["oom_kill_disable: true", "oom_kill_disable: false"],
    ["oom_score_adj: 1", "oom_score_adj: 2"],
    [
        "blkio_config: { weight: 100 }",
        "blkio_config: { weight: 200 }",
    ],
    ["devices: [/dev/a]", "devices: [/dev/b]"],
    [
        "device_cgroup_rules: [\"c 1:3 mr\"]",
        "device_cgroup_rules: [\"c 1:4 mr\"]",
    ],
    ["gpus: all", "gpus: [{ count: 2 }]"],
    ["privileged: true", "privileged: false"],
    ["read_only: true", "read_only: false"],
    ["cap_add: [NET_ADMIN]", "cap_add: [SYS_PTRACE]"],
    ["cap_drop: [ALL]", "cap_drop: [CHOWN]"],
    [
        "security_opt: [\"no-new-privileges:true\"]",
        "security_opt: [seccomp=unconfined]",
    ],
    ["ipc: host", "ipc: private"],
    ["pid: host", "pid: \"container:a\""],
    ["uts: host", "uts: private"],
    ["cgroup: host", "cgroup: private"],
    ["userns_mode: host", "userns_mode: private"],
    ["cgroup_parent: /a", "cgroup_parent: /b"],
    ["runtime: a", "runtime: b"],
    ["isolation: default", "isolation: process"],
    [
        "sysctls: { net.core.somaxconn: 1 }",
        "sysctls: { net.core.somaxconn: 2 }",
    ],
    [
        "ulimits: { nofile: 5 }",
        "ulimits: { nproc: { soft: 1, hard: 2 } }",
    ],
    ["platform: linux/amd64", "platform: linux/arm64"],
    ["pull_policy: always", "pull_policy: never"],
    ["scale: 2", "scale: 3"],
    [
        "deploy: { mode: global }",
        "deploy: { mode: replicated, replicas: 0 }",
    ],
    [
        "deploy: { mode: replicated-job }",
        "deploy: { mode: global-job }",
    ],
    [
        "deploy: { endpoint_mode: vip }",
        "deploy: { endpoint_mode: dnsrr }",
    ],
    [
        "deploy: { labels: { a: \"1\" } }",
        "deploy: { labels: { a: \"2\" } }",
    ],
    [
        "deploy: { update_config: { order: start-first } }",
        "deploy: { update_config: { parallelism: 0, delay: 3s } }",
    ],
    [
        "deploy: { rollback_config: { delay: 1s } }",
        "deploy: { rollback_config: { delay: 2s } }",
    ],
    [
        "deploy: { placement: { constraints: [node.role == manager] } }",
        "deploy: { placement: { max_replicas_per_node: 1 } }",
    ],
    [
        "deploy: { restart_policy: { delay: 1s } }",
        "deploy: { restart_policy: { condition: none } }",
    ],
    [
        "deploy: { resources: { limits: { cpus: \"1\" } } }",
        "deploy: { resources: { reservations: { memory: 9m } } }",
    ],
];

/// Names that are hard on some target.
const NAMES: &[&str] = &[
    "web", "Web", "a_b", "a.b", "a-b", "on", "010", "x", "_hidden", "1st",
];

fn service(name: &str, attributes: &BTreeMap<usize, usize>) -> String {
    let mut text = format!("  \"{name}\":\n    image: registry.example.com/app:1\n");
    for line in lines(attributes) {
        text.push_str("    ");
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// One line an attribute; the first of those with the same key stays.
fn lines(attributes: &BTreeMap<usize, usize>) -> impl Iterator<Item = &'static str> {
    let mut seen = BTreeSet::new();
    attributes.iter().filter_map(move |(attribute, value)| {
        let line = *ATTRIBUTES.get(*attribute)?.get(*value)?;
        let key = line.split(':').next()?;
        seen.insert(key).then_some(line)
    })
}

fn compose(services: &BTreeMap<&'static str, BTreeMap<usize, usize>>) -> String {
    let services: String = services
        .iter()
        .map(|(name, attributes)| service(name, attributes))
        .collect();
    format!(
        "name: laws\nservices:\n{services}volumes: {{ data: {{}} }}\n\
         configs: {{ settings: {{ content: a }} }}\nsecrets: {{ token: {{ file: ./token }} }}\n"
    )
}

/// What the front end makes of a text it accepts.
fn loaded(text: &str) -> Option<(Value, Lowered)> {
    let files = MemoryFiles::new().with("/laws/compose.yaml", text);
    let options = LoadOptions {
        current_directory: "/laws".to_owned(),
        ..LoadOptions::default()
    };
    let loaded = load(&files, &options);
    let project = loaded
        .project
        .as_ref()
        .filter(|_| !loaded.diagnostics.has_errors())?;
    let config = serde_json::to_value(project).expect("a project is plain data");
    Some((config, lower(project, &Contents::read(project, &files))))
}

fn backends() -> Vec<Box<dyn Translate>> {
    vec![
        Box::new(Kubernetes::default()),
        Box::new(Swarm::default()),
        Box::new(Ecs {
            launch_type: LaunchType::Fargate,
        }),
        Box::new(Ecs {
            launch_type: LaunchType::Ec2,
        }),
    ]
}

fn translations(text: &str) -> Vec<Translation> {
    let (_, lowered) = loaded(text).unwrap_or_else(|| panic!("refused:\n{text}"));
    backends()
        .iter()
        .map(|backend| backend.translate(&lowered.stack))
        .collect()
}

/// Some services, each with some attributes in one of their two values.
fn stacks() -> impl Strategy<Value = BTreeMap<&'static str, BTreeMap<usize, usize>>> {
    let attributes = prop::collection::btree_map(0..ATTRIBUTES.len(), 0..2_usize, 0..10);
    let name = prop::sample::select(NAMES);
    prop::collection::btree_map(name, attributes, 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_stack_gives_the_same_bytes(stack in stacks()) {
        let Some((_, lowered)) = loaded(&compose(&stack)) else { return Ok(()) };
        for backend in backends() {
            let render = || {
                let translation = backend.translate(&lowered.stack);
                let files = backend.render(&lowered.stack, &translation);
                let beside = backend.companions(&lowered.stack, &translation);
                (files.expect("objects can be written"), beside)
            };
            prop_assert_eq!(render(), render());
        }
    }

    #[test]
    fn converting_writes_and_counts_what_translating_and_rendering_do(stack in stacks()) {
        let Some((_, lowered)) = loaded(&compose(&stack)) else { return Ok(()) };
        let namespaced = Kubernetes { namespace: Some("shop".to_owned()), ..Kubernetes::default() };
        for backend in backends().into_iter().chain([Box::new(namespaced) as Box<dyn Translate>]) {
            let translation = backend.translate(&lowered.stack);
            let files = backend.render(&lowered.stack, &translation);
            let converted = backend.convert(&lowered.stack).expect("objects can be written");
            prop_assert_eq!(converted.files, files.expect("objects can be written"));
            prop_assert!(converted.ledger.tally().eq(translation.ledger.tally()));
            prop_assert_eq!(converted.conflicts, translation.conflicts);
        }
    }

    #[test]
    fn every_leaf_is_accounted_for(stack in stacks()) {
        let text = compose(&stack);
        let Some((config, lowered)) = loaded(&text) else { return Ok(()) };
        let document = Document::new(&config);
        for backend in backends() {
            let translation = backend.translate(&lowered.stack);
            let mut account = Account::builder(&document);
            account.add(&lowered.ledger, &|path| vec![path.clone()]);
            account.add(&translation.ledger, &|path| lowered.origins.resolve(path));
            let account = account.build();
            prop_assert!(account.missing().is_empty(), "{} {:?}\n{text}", backend.target().name, account.missing());
        }
    }

    #[test]
    fn every_note_but_exact_has_a_code_with_a_page(stack in stacks()) {
        let Some((_, lowered)) = loaded(&compose(&stack)) else { return Ok(()) };
        for backend in backends() {
            for entry in backend.translate(&lowered.stack).ledger.entries() {
                let known = entry.code.is_none_or(|code| backend.codes().contains(&code));
                prop_assert!(known, "{entry:?}");
                prop_assert_eq!(entry.code.is_none(), entry.outcome == Outcome::Exact);
            }
        }
    }

    #[test]
    fn no_two_objects_share_a_name_and_no_conflict_arises(stack in stacks()) {
        let Some((_, lowered)) = loaded(&compose(&stack)) else { return Ok(()) };
        for backend in backends() {
            let translation = backend.translate(&lowered.stack);
            prop_assert!(translation.conflicts.is_empty(), "{:?}", translation.conflicts);
            let mut names = BTreeSet::new();
            for object in &translation.objects {
                prop_assert!(names.insert(&object.id), "{} twice", object.id);
            }
        }
    }

    #[test]
    fn every_object_the_ledger_names_exists(stack in stacks()) {
        let Some((_, lowered)) = loaded(&compose(&stack)) else { return Ok(()) };
        for backend in backends() {
            let translation = backend.translate(&lowered.stack);
            let objects: BTreeSet<_> = translation.objects.iter().map(|object| &object.id).collect();
            for entry in translation.ledger.entries() {
                for object in entry.objects.iter() {
                    prop_assert!(objects.contains(object), "{}: {} is not there", entry.path, object);
                }
            }
        }
    }
}

/// Whether a translation says of something that it is not carried.
fn leaves_out(translation: &Translation) -> bool {
    let is_lost = |entry: &Entry| matches!(entry.outcome, Outcome::Dropped | Outcome::Refused);
    translation.ledger.entries().iter().any(is_lost)
}

#[test]
fn setting_or_changing_any_attribute_changes_objects_or_notes_on_every_backend() {
    let mut silent = Vec::new();
    let none = translations(&compose(&BTreeMap::from([("web", BTreeMap::new())])));
    for (index, values) in ATTRIBUTES.iter().enumerate() {
        let text = |value| compose(&BTreeMap::from([("web", BTreeMap::from([(index, value)]))]));
        let (first, second) = (translations(&text(0)), translations(&text(1)));
        for (column, backend) in backends().iter().enumerate() {
            let (none, first, second) = (&none[column], &first[column], &second[column]);
            // A note that a value is not carried may do without the value: the account shows it.
            let is_silent = none == first || (first == second && !leaves_out(first));
            if is_silent {
                silent.push(format!("{}: {values:?}", backend.target().name));
            }
        }
    }
    assert!(silent.is_empty(), "silent attributes: {silent:#?}");
}

#[test]
fn removing_a_service_removes_no_object_of_another() {
    // Each publishes a port of its own: two on one port is the case where one is left out.
    let web = ("web", BTreeMap::from([(0, 0), (15, 0), (23, 0)]));
    let other = ("a-b", BTreeMap::from([(0, 0), (15, 1), (23, 0)]));
    let both = translations(&compose(&BTreeMap::from([web.clone(), other])));
    let one = translations(&compose(&BTreeMap::from([web])));
    for (both, one) in both.iter().zip(one) {
        let both: BTreeSet<_> = both.objects.iter().map(|object| &object.id).collect();
        for object in &one.objects {
            assert!(
                both.contains(&object.id),
                "{} is new in the smaller stack",
                object.id
            );
        }
    }
}

#[test]
fn every_attribute_here_is_accepted() {
    for (index, values) in ATTRIBUTES.iter().enumerate() {
        for (value, line) in values.iter().enumerate() {
            let stack = BTreeMap::from([("web", BTreeMap::from([(index, value)]))]);
            assert!(loaded(&compose(&stack)).is_some(), "refused: {line}");
        }
    }
}
