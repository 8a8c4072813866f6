//! A pod while its parts are put together.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Affinity, Container, NodeAffinity, NodeSelector, NodeSelectorTerm, PersistentVolumeClaim,
    PodSecurityContext, PodSpec, PodTemplateSpec, ResourceRequirements, SecurityContext, Volume,
    VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::workload::Controller;
use crate::labels::Pairs;

/// What runs as one task.
#[derive(Clone, Debug)]
pub(super) struct Pod {
    pub(super) controller: Controller,
    /// The stack's selector for the tasks of this service.
    pub(super) selector: Pairs,
    pub(super) labels: Pairs,
    pub(super) annotations: Pairs,
    pub(super) spec: PodSpec,
    pub(super) container: Container,
    pub(super) security: SecurityContext,
    pub(super) shared_security: PodSecurityContext,
    pub(super) limits: BTreeMap<String, Quantity>,
    pub(super) requests: BTreeMap<String, Quantity>,
    pub(super) mounts: Mounts,
    /// What a node must be for the pod to run there; all must hold.
    pub(super) node: NodeSelectorTerm,
}

/// What a pod mounts; no two at one path.
#[derive(Clone, Debug, Default)]
pub(super) struct Mounts {
    volumes: Vec<Volume>,
    list: Vec<VolumeMount>,
    templates: Vec<PersistentVolumeClaim>,
    single_writer: bool,
}

impl Mounts {
    /// Whether something is mounted at `path` already.
    pub(super) fn has(&self, path: &str) -> bool {
        self.list.iter().any(|mount| mount.mount_path == path)
    }

    /// Adds a volume unless it is there already.
    pub(super) fn add_volume(&mut self, volume: Volume) {
        if !self.volumes.iter().any(|known| known.name == volume.name) {
            self.volumes.push(volume);
        }
    }

    /// Adds a claim every pod gets one of, unless it is there already.
    pub(super) fn add_template(&mut self, template: PersistentVolumeClaim) {
        let name = &template.metadata.name;
        if !self
            .templates
            .iter()
            .any(|known| &known.metadata.name == name)
        {
            self.templates.push(template);
        }
    }

    /// Adds a mount.
    pub(super) fn mount(&mut self, mount: VolumeMount) {
        self.list.push(mount);
    }

    /// Notes that one of the volumes can be mounted on one node at a time only.
    pub(super) const fn needs_single_node(&mut self) {
        self.single_writer = true;
    }

    /// Whether an old and a new pod on two nodes could not both mount everything.
    pub(super) const fn is_single_node(&self) -> bool {
        self.single_writer
    }

    /// The mounts, for containers beside the main one.
    pub(super) fn mounts(&self) -> &[VolumeMount] {
        &self.list
    }
}

impl Pod {
    /// An empty pod of `controller` whose one container is called `name`.
    pub(super) fn new(controller: Controller, name: &str, selector: Pairs, labels: Pairs) -> Self {
        Self {
            controller,
            selector,
            labels,
            annotations: Pairs::new(),
            spec: PodSpec {
                // Docker hands a task neither an identity in the cluster nor variables about
                // other services, and `DB_PORT=tcp://…` has broken many an image.
                automount_service_account_token: Some(false),
                enable_service_links: Some(false),
                ..PodSpec::default()
            },
            container: Container {
                name: name.to_owned(),
                ..Container::default()
            },
            security: SecurityContext::default(),
            shared_security: PodSecurityContext::default(),
            limits: BTreeMap::new(),
            requests: BTreeMap::new(),
            mounts: Mounts::default(),
            node: NodeSelectorTerm::default(),
        }
    }

    /// The finished template, and the claims every pod gets one of.
    pub(super) fn finish(self) -> (PodTemplateSpec, Vec<PersistentVolumeClaim>) {
        let Self {
            controller: _,
            selector: _,
            labels,
            annotations,
            mut spec,
            mut container,
            security,
            shared_security,
            limits,
            requests,
            mounts,
            node,
        } = self;
        container.security_context = unless_default(security);
        container.resources = unless_default(ResourceRequirements {
            claims: None,
            limits: unless_default(limits),
            requests: unless_default(requests),
        });
        container.volume_mounts = unless_default(mounts.list);
        spec.security_context = unless_default(shared_security);
        spec.volumes = unless_default(mounts.volumes);
        if node != NodeSelectorTerm::default() {
            require_node(&mut spec, node);
        }
        spec.containers = vec![container];
        let metadata = ObjectMeta {
            labels: unless_default(labels),
            annotations: unless_default(annotations),
            ..ObjectMeta::default()
        };
        let template = PodTemplateSpec {
            metadata: Some(metadata),
            spec: Some(spec),
        };
        (template, mounts.templates)
    }
}

fn require_node(spec: &mut PodSpec, term: NodeSelectorTerm) {
    let affinity = spec.affinity.get_or_insert_with(Affinity::default);
    affinity.node_affinity = Some(NodeAffinity {
        required_during_scheduling_ignored_during_execution: Some(NodeSelector {
            node_selector_terms: vec![term],
        }),
        preferred_during_scheduling_ignored_during_execution: None,
    });
}

/// A part, unless it says nothing.
pub(super) fn unless_default<T: Default + PartialEq>(part: T) -> Option<T> {
    (part != T::default()).then_some(part)
}
