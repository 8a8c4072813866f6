//! A rendering for Kubernetes.

use serde_json::Value;

use super::source::Use;
use super::{Account, Rendering, Test, items, text, words};

/// Every object.
pub(super) struct Objects<'a>(pub(super) &'a [Value]);

impl<'a> Objects<'a> {
    fn of_kind(&self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        let is_it = move |object: &&Value| text(object, "/kind") == Some(kind);
        self.0.iter().filter(is_it)
    }

    fn has(&self, kind: &'a str, name: &str) -> bool {
        let mut objects = self.of_kind(kind);
        objects.any(|object| text(object, "/metadata/name") == Some(name))
    }

    /// The templates of all pods.
    fn pods(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.0.iter().filter_map(|object| {
            let pod = object.pointer("/spec/template")?;
            Some((text(object, "/metadata/name")?, pod))
        })
    }

    /// The pods a service ended in.
    fn pods_of(&self, service: &str, account: &Account<'_>) -> Vec<&'a Value> {
        let names = account.workloads(service);
        let pods = self.pods().filter(|(name, _)| names.contains(name));
        pods.map(|(_, pod)| pod).collect()
    }

    /// Whether something is rendered, or the account tells people to make it.
    fn is_there(&self, kind: &'a str, name: &str, account: &Account<'_>) -> bool {
        self.has(kind, name) || account.names(name)
    }
}

impl Rendering for Objects<'_> {
    fn resolves(&self, used: &Use<'_>, account: &Account<'_>) -> bool {
        let name = used.name.to_lowercase();
        let pods = self.pods_of(used.of, account);
        let mut services = self.of_kind("Service");
        services.any(|service| {
            text(service, "/metadata/name") == Some(&name)
                && pods
                    .iter()
                    .any(|pod| selects(service.pointer("/spec/selector"), pod))
        })
    }

    fn references(&self, account: &Account<'_>) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        for (name, pod) in self.pods() {
            for volume in items(pod, "/spec/volumes") {
                for (kind, pointer) in VOLUMES {
                    if let Some(wanted) = text(volume, pointer) {
                        let reference = format!("{name}: {kind} {wanted}");
                        found.push((reference, self.is_there(kind, wanted, account)));
                    }
                }
            }
            found.extend(mounts(name, pod));
        }
        for kind in ["Service", "NetworkPolicy"] {
            for object in self.of_kind(kind) {
                let selector = ["/spec/selector", "/spec/podSelector/matchLabels"];
                let selector = selector.iter().find_map(|pointer| object.pointer(pointer));
                let selects = self.pods().any(|(_, pod)| selects(selector, pod));
                let name = text(object, "/metadata/name").unwrap_or_default();
                found.push((format!("the selector of {kind} {name}"), selects));
            }
        }
        for object in self.of_kind("Ingress") {
            for rule in items(object, "/spec/rules") {
                for path in items(rule, "/http/paths") {
                    found.push(self.backend(path.pointer("/backend/service")));
                }
            }
        }
        found
    }

    fn probes(&self, service: &str, test: &Test, account: &Account<'_>) -> bool {
        let wanted = match test {
            Test::Exec(words) => words.clone(),
            Test::Shell(line) => ["/bin/sh", "-c", line].map(str::to_owned).to_vec(),
        };
        let pods = self.pods_of(service, account);
        let mut containers = pods.iter().flat_map(|pod| containers(pod));
        containers.any(|container| words(container, "/readinessProbe/exec/command") == wanted)
    }

    fn writes(&self, service: &str, path: &str, account: &Account<'_>) -> bool {
        let pods = self.pods_of(service, account);
        pods.iter().any(|pod| {
            let is_file = |name: &str| {
                let volumes = items(pod, "/spec/volumes").iter();
                let mut named = volumes.filter(|volume| text(volume, "/name") == Some(name));
                named.any(|volume| volume.get("configMap").or(volume.get("secret")).is_some())
            };
            let mounts = containers(pod).flat_map(|container| items(container, "/volumeMounts"));
            let mut mounts = mounts.filter(|mount| text(mount, "/mountPath") == Some(path));
            mounts.any(|mount| {
                let is_read_only = mount.get("readOnly") == Some(&Value::Bool(true));
                !is_read_only && !text(mount, "/name").is_some_and(is_file)
            })
        })
    }

    fn reaches(&self, from: &str, to: &str, account: &Account<'_>) -> Option<bool> {
        let (from, to) = (self.pods_of(from, account), self.pods_of(to, account));
        let (from, to) = (from.first()?, to.first()?);
        Some(self.allows("Egress", from, to) && self.allows("Ingress", to, from))
    }
}

impl Objects<'_> {
    /// Whether the policies of a pod let it talk to another one, in one direction, at any port.
    fn allows(&self, direction: &str, pod: &Value, other: &Value) -> bool {
        let (rules, peers) = match direction {
            "Egress" => ("/spec/egress", "/to"),
            _ => ("/spec/ingress", "/from"),
        };
        let speaks = |policy: &&Value| {
            words(policy, "/spec/policyTypes").contains(&direction.to_owned())
                && selects(policy.pointer("/spec/podSelector/matchLabels"), pod)
        };
        let policies: Vec<&Value> = self.of_kind("NetworkPolicy").filter(speaks).collect();
        let lets = |rule: &Value| {
            let mut peers = items(rule, peers).iter();
            let is_meant = |peer: &Value| {
                let labels = peer.pointer("/podSelector/matchLabels");
                labels.is_some() && selects(labels, other)
            };
            rule.get("ports").is_none() && (peers.len() == 0 || peers.any(is_meant))
        };
        let mut rules = policies.iter().flat_map(|policy| items(policy, rules));
        policies.is_empty() || rules.any(lets)
    }

    /// An edge's way to a port of a cluster service.
    fn backend(&self, backend: Option<&Value>) -> (String, bool) {
        let backend = backend.unwrap_or(&Value::Null);
        let name = text(backend, "/name").unwrap_or_default();
        let port = backend.pointer("/port/number");
        let mut services = self.of_kind("Service");
        let leads = services.any(|service| {
            let mut ports = items(service, "/spec/ports").iter();
            text(service, "/metadata/name") == Some(name)
                && ports.any(|have| have.get("port") == port)
        });
        (format!("a route to {name}"), leads)
    }
}

/// What a volume may refer to.
const VOLUMES: [(&str, &str); 3] = [
    ("ConfigMap", "/configMap/name"),
    ("Secret", "/secret/secretName"),
    ("PersistentVolumeClaim", "/persistentVolumeClaim/claimName"),
];

fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    let first = items(pod, "/spec/initContainers").iter();
    first.chain(items(pod, "/spec/containers"))
}

/// Each mount of a pod with whether its volume is declared.
fn mounts(name: &str, pod: &Value) -> Vec<(String, bool)> {
    let declared = items(pod, "/spec/volumes").iter();
    let declared: Vec<_> = declared
        .filter_map(|volume| text(volume, "/name"))
        .collect();
    let mounts = containers(pod).flat_map(|container| items(container, "/volumeMounts"));
    let wanted = mounts.filter_map(|mount| text(mount, "/name"));
    wanted
        .map(|volume| {
            (
                format!("{name}: volume {volume}"),
                declared.contains(&volume),
            )
        })
        .collect()
}

/// Whether a pod has all the labels asked for; no labels ask for every pod.
fn selects(selector: Option<&Value>, pod: &Value) -> bool {
    let selector = selector.and_then(Value::as_object);
    let mut wanted = selector.into_iter().flatten();
    let labels = pod.pointer("/metadata/labels");
    wanted.all(|(key, value)| labels.and_then(|labels| labels.get(key)) == Some(value))
}
