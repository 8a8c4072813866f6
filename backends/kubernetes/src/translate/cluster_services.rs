//! Cluster services: the names services find each other by, and their doors to the outside.

use k8s_openapi::api::core::v1::{Service as ClusterService, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use tranship_model::{Balancing, Topic};

use super::pod::unless_default;
use super::ports::Ports;
use super::uses::Uses;
use crate::codes;
use crate::labels::{self, Pairs};

/// The prefix of labels that tell which tasks a shared further name leads to.
const ALIAS_PREFIX: &str = "alias.tranship/";

/// The label of tasks that share a further name.
pub(super) fn alias_label(alias: &str) -> String {
    format!("{ALIAS_PREFIX}{alias}")
}

/// How the name of a service is answered.
///
/// One address for all tasks passes on declared ports only, and files seldom declare those that only
/// other services use. So without known ports, where others call it without naming a port, and where
/// the file asks for it, the name gives the tasks' own addresses: then every port is reached, as with
/// Docker.
pub(super) fn is_headless(
    balancing: Option<Balancing>,
    ports: &Ports,
    uses: &Uses,
    topic: &mut Topic<'_>,
) -> bool {
    let mut field = topic.key("balancing");
    match balancing {
        Some(Balancing::RoundRobinNames) => {
            field.exact();
            true
        }
        Some(Balancing::VirtualAddress) if ports.cluster.is_empty() => {
            let detail = "the name gives the tasks' own addresses: no port is known to balance";
            field.approximate(&codes::NO_VIRTUAL_ADDRESS, detail);
            true
        }
        Some(Balancing::VirtualAddress) => {
            field.exact();
            false
        }
        None => ports.cluster.is_empty() || uses.at_any_port,
    }
}

/// What a cluster service leads to.
pub(super) struct Door<'door> {
    /// The stack's name.
    pub(super) stack: &'door str,
    /// The name of the service whose door it is; `None` when several share it.
    pub(super) owner: Option<&'door str>,
    /// The labels of its tasks.
    pub(super) selector: Pairs,
    /// The ports.
    pub(super) ports: Vec<ServicePort>,
}

impl Door<'_> {
    /// A name inside the cluster.
    ///
    /// It is answered from the task's first moment, healthy or not, as Docker does: a task may
    /// have to find itself before it can be healthy.
    pub(super) fn inside(self, name: &str, headless: bool) -> ClusterService {
        let spec = ServiceSpec {
            cluster_ip: headless.then(|| "None".to_owned()),
            publish_not_ready_addresses: Some(true),
            ..ServiceSpec::default()
        };
        self.service(name, spec)
    }

    /// A door to the outside.
    pub(super) fn outside(self, name: &str) -> ClusterService {
        let spec = ServiceSpec {
            type_: Some("LoadBalancer".to_owned()),
            ..ServiceSpec::default()
        };
        self.service(name, spec)
    }

    fn service(self, name: &str, spec: ServiceSpec) -> ClusterService {
        let labels = match self.owner {
            Some(owner) => labels::of_service(self.stack, owner),
            None => labels::common(self.stack),
        };
        ClusterService {
            metadata: ObjectMeta {
                name: Some(name.to_owned()),
                labels: Some(labels),
                ..ObjectMeta::default()
            },
            spec: Some(ServiceSpec {
                ports: unless_default(self.ports),
                selector: Some(self.selector),
                ..spec
            }),
            status: None,
        }
    }
}
