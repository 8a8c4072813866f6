//! Names: a private domain in which each service is found.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;
use tranship_model::{FieldPath, Stack, Topic};

use super::task::{TaskDraft, Wiring};
use super::world::World;
use crate::api::{ContainerDefinition, ServiceRegistry};
use crate::cloudformation::{
    CanonicalName, DiscoveryInstance, DiscoveryService, DnsConfig, DnsRecord, FailureThreshold,
    Namespace,
};
use crate::codes;
use crate::draft::{Draft, Standing};
use crate::late::Late;
use crate::names;
use crate::survey::Unit;

/// The logical id of the domain.
const NAMESPACE: &str = "Namespace";

/// The kind of names in the domain.
const SERVICE: &str = "AWS::ServiceDiscovery::Service";
/// The kind of what names lead to.
const INSTANCE: &str = "AWS::ServiceDiscovery::Instance";

/// Seconds others remember a task's address.
const TIME_TO_LIVE: u32 = 10;

/// Creates the stack's domain, when there is somebody to look up somebody else.
pub(crate) fn domain(draft: &mut Draft, stack: &Stack, units: &[Unit<'_>]) -> Option<String> {
    let is_alone = units.len() < 2 && stack.services.len() < 2;
    if is_alone || units.iter().all(Unit::is_job) {
        return None;
    }
    let name = format!("{}.internal", stack.name);
    let namespace = Namespace {
        name: name.clone(),
        vpc: draft.vpc(),
    };
    let owner = FieldPath::root("name");
    draft.resource(
        "AWS::ServiceDiscovery::PrivateDnsNamespace",
        &Arc::from(NAMESPACE),
        &owner,
        &namespace,
    );
    Some(name)
}

/// Makes the service findable under its name.
pub(crate) fn register(
    draft: &mut Draft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    task: &TaskDraft,
    name: &str,
) -> Option<ServiceRegistry> {
    world.domain.as_ref()?;
    if task.wiring != Wiring::Own {
        topic.implicit(
            &codes::DISCOVERY,
            format!("no service finds it as `{name}`: its tasks have no addresses of their own"),
        );
        return None;
    }
    if !names::is_label(name) {
        topic.approximate(
            &codes::DISCOVERY,
            format!("no service finds it as `{name}`, which is no name in a domain"),
        );
        return None;
    }
    let id = names::logical_id(name, "Discovery");
    let service = DiscoveryService {
        name: name.to_owned(),
        namespace_id: namespace_id(),
        dns_config: records("A", "MULTIVALUE"),
        health_check_custom_config: Some(FailureThreshold {
            failure_threshold: 1,
        }),
    };
    draft.names.claim("name in the domain", name, topic.path());
    add(draft, SERVICE, &id, topic.path(), &service);
    Some(ServiceRegistry {
        registry_arn: Late::Attribute(id, "Arn"),
    })
}

fn namespace_id() -> Late {
    Late::Reference(Arc::from(NAMESPACE))
}

fn records(kind: &'static str, routing_policy: &'static str) -> DnsConfig {
    DnsConfig {
        routing_policy,
        dns_records: vec![DnsRecord {
            kind,
            time_to_live: TIME_TO_LIVE,
        }],
    }
}

/// Creates further names, each of which leads to the name of a service.
pub(crate) fn aliases(
    draft: &mut Draft,
    world: &World<'_>,
    aliases: &IndexMap<String, Vec<String>>,
) {
    let Some(domain) = &world.domain else { return };
    for (alias, targets) in aliases {
        let service_id = add_alias(draft, alias);
        for (index, target) in targets.iter().enumerate() {
            let instance = DiscoveryInstance {
                service_id: Late::Reference(Arc::clone(&service_id)),
                instance_id: names::dashed(target, 64),
                instance_attributes: CanonicalName {
                    name: format!("{target}.{domain}"),
                },
            };
            let id = names::logical_id(alias, &format!("AliasTarget{index}"));
            add(
                draft,
                INSTANCE,
                &id,
                &FieldPath::root("services"),
                &instance,
            );
        }
    }
}

/// Creates a further name, which leads nowhere yet.
fn add_alias(draft: &mut Draft, alias: &str) -> Arc<str> {
    let id = names::logical_id(alias, "Alias");
    let service = DiscoveryService {
        name: alias.to_owned(),
        namespace_id: namespace_id(),
        // The only routing of records that lead to another name.
        dns_config: records("CNAME", "WEIGHTED"),
        health_check_custom_config: None,
    };
    add(draft, SERVICE, &id, &FieldPath::root("services"), &service);
    id
}

fn add(
    draft: &mut Draft,
    kind: &'static str,
    id: &Arc<str>,
    owner: &FieldPath,
    properties: &impl Serialize,
) {
    draft.standing_resource(kind, id, owner, properties, Standing::workload());
}

/// The container that makes short names lead into the domain, where Fargate has no setting for it.
///
/// All containers of a task share `/etc/resolv.conf`, and the last `search` line in it counts.
pub(crate) fn search_container(world: &World<'_>, task: &TaskDraft) -> Option<ContainerDefinition> {
    let mut domains: Vec<&str> = world.domain.iter().map(String::as_str).collect();
    domains.extend(task.search.iter().map(String::as_str));
    let nothing = domains.is_empty() && task.resolver_options.is_empty();
    if task.wiring != Wiring::Own || nothing {
        return None;
    }
    let mut lines = String::new();
    let statements = [
        ("search", domains.join(" ")),
        ("options", task.resolver_options.join(" ")),
    ];
    for (word, rest) in statements.iter().filter(|(_, rest)| !rest.is_empty()) {
        lines.extend([word, " ", rest, "\n"]);
    }
    // The text is an argument of the script, not a part of it, so no sign in it is the shell's.
    let script = r#"printf '%s' "$1" >> /etc/resolv.conf"#;
    let words = ["sh", "-c", script, "sh"].map(str::to_owned);
    Some(super::file::helper(
        "_search",
        words.into_iter().chain([lines]).collect(),
    ))
}
