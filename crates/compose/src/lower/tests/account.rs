//! Every leaf of the file is accounted for.

use std::collections::HashSet;
use std::error::Error;

use serde_json::Value;
use tranship_model::FieldPath;

use super::{EVERYTHING, Lowered, front, leaves, loaded, lowered, options, walk};

/// Everything odd: forms that stand beside the usual ones, empty mappings, words nobody knows.
const ODD: &str = r#"
name: odd
x-top: { a: 1 }
services:
  built:
    build: .
    deploy: {}
    x-tranship: {}
    x-other: [1, 2]
    labels:
      kompose.service.expose: "shop.example.com/basket,www.example.com"
      kompose.service.expose.tls-secret: certificate
      kompose.volume.size: 7Gi
    ports: [{ target: 80, host_ip: 0.0.0.0, x-port: 1 }, "127.0.0.1:9000:9000/udp"]
    volumes: ["sized:/sized", { type: bind, source: /a, target: /b, x-mount: 1 }]
    healthcheck: { test: [CMD-SHELL, one, two], disable: true, x-check: 1 }
    logging: {}
    extra_hosts: ["b=1.1.1.1", "a=2.2.2.2", "b=1.1.1.0"]
    gpus: all
    tmpfs: /scratch
    attach: true
    pull_refresh_after: 3h
    depends_on: { plain: { condition: service_started, required: true, x-why: 1 } }
    mem_limit: 64m
    pids_limit: 5
    cpus: 0.25
  plain:
    image: a
    restart: always
    labels: { a: "1" }
    command: []
    entrypoint: []
    deploy:
      mode: global
      replicas: 3
      labels: { a: "2", c: "3" }
      placement: { constraints: ["node.labels.a!=b", odd], preferences: [{ spread: node.labels.zone, x-p: 1 }] }
      resources: { limits: {}, reservations: {} }
      restart_policy: { x-policy: 1 }
      update_config: { parallelism: 0 }
      endpoint_mode: dnsrr
      x-deploy: 1
    networks:
      default:
      other: { x-net: 1, gw_priority: 4 }
    healthcheck: { test: [NONE] }
    models: { small: }
    x-tranship: { routes: [{ port: 80, tls: { certificate: c } }, { port: none }, nonsense], unknown: 1 }
  limited:
    image: c
    cpus: 1.5
    mem_limit: 64m
    mem_reservation: 32m
    pids_limit: 5
    scale: 2
    deploy:
      replicas: 2
      placement: {}
      resources:
        limits: { cpus: "1.5", memory: 64m, pids: 5 }
        reservations: { memory: 32m, generic_resources: [{}, { discrete_resource_spec: { kind: gpu, value: 2 } }] }
    network_mode: bridge
    ulimits: { core: 0, cpu: { soft: 1, hard: 2 } }
    pull_policy: refresh
    pull_refresh_after: 36h
    userns_mode: host
    credential_spec: { registry: windows }
  hooked:
    image: d
    entrypoint: [/entry]
    user: someone
    labels: { a: b }
    cap_add: [NET_ADMIN]
    pre_start:
      - { command: [migrate], labels: { c: d }, volumes: ["sized:/sized"], env_file: [full.env] }
      - { image: other, entrypoint: [/own], x-hook: 1 }
    post_start: [{ command: warm up, x-hook: 1 }]
jobs:
  manual:
    image: a
    profiles: [on]
    triggers: {manual: true}
    x-job: 1
networks:
  other: { ipam: { config: [{ subnet: 10.1.0.0/16, x-pool: 1 }], x-ipam: 1 }, x-network: 1 }
volumes:
  sized:
  own: { x-tranship: { scope: per-task, size: 10Gi, odd: 1 }, x-volume: 1 }
  shared: { x-tranship: { scope: shared } }
  labelled: { labels: { kompose.volume.size: 3Gi } }
  wrong: { x-tranship: { scope: everywhere, size: large }, labels: { kompose.volume.size: 1Gi } }
configs:
  text: { content: "a", x-config: 1 }
secrets:
  file: { file: /password.txt, x-secret: 1, driver_opts: { a: b } }
models:
  small: { model: ai/small, x-model: 1 }
"#;

/// Every path the stack or the ledger accounts for.
fn accounted(lowered: &Lowered) -> HashSet<FieldPath> {
    let paths = walk::paths(&lowered.stack);
    let values = paths.iter().flat_map(|path| lowered.origins.resolve(path));
    let entries = lowered.ledger.entries().iter();
    values
        .chain(entries.map(|entry| entry.path.clone()))
        .collect()
}

fn is_covered(leaf: &FieldPath, accounted: &HashSet<FieldPath>) -> bool {
    let mut path = Some(leaf.clone());
    while let Some(at) = path {
        if accounted.contains(&at) {
            return true;
        }
        path = at.parent();
    }
    false
}

#[test]
fn every_leaf_has_an_origin_or_an_entry() -> Result<(), Box<dyn Error>> {
    for text in [EVERYTHING, ODD] {
        let mut options = options();
        options.profiles = vec!["*".to_owned()];
        let project = loaded(text, &options)?;
        let lowered = lowered(&project);
        let accounted = accounted(&lowered);
        let leaves = leaves(&serde_json::to_value(&project)?);
        let lost: Vec<_> = leaves
            .iter()
            .filter(|leaf| !is_covered(leaf, &accounted))
            .collect();
        assert_eq!(lost, Vec::<&FieldPath>::new());
        assert!(
            leaves.len() > 100,
            "the sample is too small: {}",
            leaves.len()
        );
    }
    Ok(())
}

#[test]
fn every_path_of_the_account_is_in_the_file() -> Result<(), Box<dyn Error>> {
    for text in [EVERYTHING, ODD] {
        let mut options = options();
        options.profiles = vec!["*".to_owned()];
        let project = loaded(text, &options)?;
        let mut known: HashSet<FieldPath> = HashSet::new();
        for leaf in leaves(&serde_json::to_value(&project)?) {
            let mut path = Some(leaf);
            while let Some(at) = path {
                path = at.parent();
                known.insert(at);
            }
        }
        let lowered = lowered(&project);
        let invented: Vec<_> = accounted(&lowered)
            .into_iter()
            .filter(|path| !known.contains(path) && !is_never_unset(path))
            .collect();
        assert_eq!(invented, Vec::<FieldPath>::new());
    }
    Ok(())
}

/// Whether a path is the one of a value the model has even where the file says nothing.
fn is_never_unset(path: &FieldPath) -> bool {
    let endings = [
        ".capabilities[0]",
        ".deploy.mode",
        ".external",
        ".host_ip",
        ".restart",
        ".restart_policy.condition",
        ".routes[0].path",
        ".x-tranship.scope",
    ];
    endings.iter().any(|ending| path.as_str().ends_with(ending))
}

/// Other values for a leaf, of which some may be legal.
fn other_values(leaf: &FieldPath, value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(is) => vec![Value::Bool(!is)],
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or(0.0);
            vec![(number + 1.0).into(), (number / 2.0).into(), 7.into()]
        }
        Value::String(text) => words(leaf, text),
        Value::Array(_) => vec![serde_json::json!(["other"])],
        Value::Null | Value::Object(_) => Vec::new(),
    }
}

/// Values of which few are legal, by the end of their path.
const WORDS: [(&str, &[&str]); 14] = [
    (".condition", &["service_started", "service_healthy", "any"]),
    (".order", &["start-first", "stop-first"]),
    (".selinux", &["z", "Z"]),
    (".recursive", &["disabled", "writable"]),
    (".cgroup", &["host", "private"]),
    (".pull_policy", &["always", "never"]),
    (".concurrency", &["queue", "forbid"]),
    (".missed_fires", &["one", "skip"]),
    (".type", &["volume", "tmpfs"]),
    (".test[0]", &["CMD", "CMD-SHELL"]),
    (".source", &["own", "password", "settings", "token"]),
    (".published", &["7", "8"]),
    (".ipv6_address", &["2001:db8::11"]),
    (".gateway", &["172.28.5.253"]),
];

fn words(leaf: &FieldPath, text: &str) -> Vec<Value> {
    let fitting = WORDS
        .iter()
        .find(|(ending, _)| leaf.as_str().ends_with(ending));
    let known = fitting.map_or(&["7s", "1.2.3.4", "0444", "c 1:4 mr"][..], |(_, words)| {
        words
    });
    let changed = [format!("{text}7"), format!("7{text}")];
    let words = known.iter().map(|word| (*word).to_owned());
    let words = changed.into_iter().chain(words);
    words.filter(|word| word != text).map(Value::from).collect()
}

/// The value at a path.
fn at<'v>(value: &'v mut Value, path: &FieldPath) -> Option<&'v mut Value> {
    let path = path.as_str();
    if path.is_empty() {
        return Some(value);
    }
    match value {
        Value::Object(object) => {
            let key = object.keys().find(|key| {
                path.strip_prefix(key.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            })?;
            let key = key.clone();
            let rest = path.strip_prefix(&key)?.to_owned();
            let rest = rest.strip_prefix('.').unwrap_or(&rest).to_owned();
            at(object.get_mut(&key)?, &FieldPath::from(rest))
        }
        Value::Array(items) => {
            let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
            let rest = rest.strip_prefix('.').unwrap_or(rest).to_owned();
            at(
                items.get_mut(index.parse::<usize>().ok()?)?,
                &FieldPath::from(rest),
            )
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Whether some legal change of the leaf changes the stack; `None` when no change is legal.
fn shows(canonical: &Value, leaf: &FieldPath, before: &Lowered) -> Option<bool> {
    let mut options = options();
    options.keep_variables = true;
    options.profiles = vec!["*".to_owned()];
    let mut changed = canonical.clone();
    let original = at(&mut changed, leaf)?.clone();
    let mut verdict = None;
    for other in other_values(leaf, &original) {
        *at(&mut changed, leaf)? = other;
        if let Ok(project) = loaded(&changed.to_string(), &options) {
            let after = lowered(&project);
            if after.stack != before.stack || after.ledger != before.ledger {
                return Some(true);
            }
            verdict = Some(false);
        }
    }
    verdict
}

/// The leaves that change neither the stack nor the ledger, and how many change one of them.
fn silent_leaves(text: &str) -> Result<(Vec<FieldPath>, usize), Box<dyn Error>> {
    let mut options = options();
    options.profiles = vec!["*".to_owned()];
    let canonical = serde_json::to_value(loaded(text, &options)?)?;
    options.keep_variables = true;
    let before = lowered(&loaded(&canonical.to_string(), &options)?);
    let entries = before.ledger.entries().iter();
    let entries: HashSet<FieldPath> = entries.map(|entry| entry.path.clone()).collect();
    let (mut silent, mut shown) = (Vec::new(), 0);
    let leaves = leaves(&canonical).into_iter();
    for leaf in leaves.filter(|leaf| !is_covered(leaf, &entries)) {
        match shows(&canonical, &leaf, &before) {
            Some(true) => shown += 1,
            Some(false) => silent.push(leaf),
            None => {}
        }
    }
    Ok((silent, shown))
}

#[test]
fn no_leaf_is_silent() -> Result<(), Box<dyn Error>> {
    let (silent, shown) = silent_leaves(EVERYTHING)?;
    assert_eq!(silent, Vec::<FieldPath>::new());
    assert!(shown > 250, "only {shown} leaves could be changed");
    Ok(())
}

#[test]
fn no_odd_leaf_is_silent() -> Result<(), Box<dyn Error>> {
    let (silent, shown) = silent_leaves(ODD)?;
    assert_eq!(silent, Vec::<FieldPath>::new());
    assert!(shown > 80, "only {shown} leaves could be changed");
    Ok(())
}

#[test]
fn a_path_nothing_is_known_about_is_its_own_origin() -> Result<(), String> {
    let lowered = front(ODD)?;
    for path in ["nowhere", "services.nobody.image", "services.plain"] {
        let path = FieldPath::from(path.to_owned());
        assert_eq!(lowered.origins.resolve(&path), [path]);
    }
    Ok(())
}
