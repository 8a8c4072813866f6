//! The kinds of objects a deployment makes, and where the API server keeps them.

use tranship_backend::deploy::{Fault, Role};
use tranship_model::ObjectId;

/// A kind of object a translation holds, or a deployment adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    NetworkPolicy,
    PersistentVolumeClaim,
    ConfigMap,
    Secret,
    Service,
    Ingress,
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
}

impl Kind {
    /// Every kind, foundations first.
    pub(super) const ALL: [Self; 11] = [
        Self::NetworkPolicy,
        Self::PersistentVolumeClaim,
        Self::ConfigMap,
        Self::Secret,
        Self::Service,
        Self::Ingress,
        Self::Deployment,
        Self::StatefulSet,
        Self::DaemonSet,
        Self::Job,
        Self::CronJob,
    ];

    /// The API server's word for it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::NetworkPolicy => "NetworkPolicy",
            Self::PersistentVolumeClaim => "PersistentVolumeClaim",
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
            Self::Service => "Service",
            Self::Ingress => "Ingress",
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::Job => "Job",
            Self::CronJob => "CronJob",
        }
    }

    /// The word for many of it, which paths and permissions use.
    pub(super) const fn plural(self) -> &'static str {
        match self {
            Self::NetworkPolicy => "networkpolicies",
            Self::PersistentVolumeClaim => "persistentvolumeclaims",
            Self::ConfigMap => "configmaps",
            Self::Secret => "secrets",
            Self::Service => "services",
            Self::Ingress => "ingresses",
            Self::Deployment => "deployments",
            Self::StatefulSet => "statefulsets",
            Self::DaemonSet => "daemonsets",
            Self::Job => "jobs",
            Self::CronJob => "cronjobs",
        }
    }

    /// The group of the interface it belongs to; empty for the oldest.
    pub(super) const fn group(self) -> &'static str {
        match self {
            Self::NetworkPolicy | Self::Ingress => "networking.k8s.io",
            Self::PersistentVolumeClaim | Self::ConfigMap | Self::Secret | Self::Service => "",
            Self::Deployment | Self::StatefulSet | Self::DaemonSet => "apps",
            Self::Job | Self::CronJob => "batch",
        }
    }

    /// The version of the interface, as objects spell it.
    pub(super) fn api_version(self) -> String {
        match self.group() {
            "" => "v1".to_owned(),
            group => format!("{group}/v1"),
        }
    }

    /// The path of all objects of the kind in a namespace.
    pub(super) fn collection(self, namespace: &str) -> String {
        let root = match self.group() {
            "" => "/api/v1".to_owned(),
            group => format!("/apis/{group}/v1"),
        };
        format!("{root}/namespaces/{namespace}/{}", self.plural())
    }

    /// The path of one object.
    pub(super) fn path(self, namespace: &str, name: &str) -> String {
        format!("{}/{name}", self.collection(namespace))
    }

    /// The identity of an object of this kind.
    pub(super) fn id(self, name: &str) -> ObjectId {
        ObjectId::new(self.name(), name)
    }

    /// The kind of an identity.
    pub(super) fn of(id: &ObjectId) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == id.kind)
    }

    /// The kind of an identity that must have one.
    ///
    /// # Errors
    ///
    /// [`Fault::Other`] for an object of a kind no translation makes.
    pub(super) fn must_be(id: &ObjectId) -> Result<Self, Fault> {
        Self::of(id).ok_or_else(|| Fault::Other(format!("{id}: objects of this kind are not ours")))
    }

    /// What an object is for a run; workloads belong to `service`.
    pub(super) fn role(self, service: &str) -> Role {
        match self {
            Self::NetworkPolicy | Self::Service | Self::Ingress => Role::Foundation,
            Self::ConfigMap => Role::Content,
            Self::Secret => Role::Secret {
                key: service.to_owned(),
            },
            Self::PersistentVolumeClaim => Role::Storage,
            Self::Deployment | Self::StatefulSet | Self::DaemonSet | Self::Job | Self::CronJob => {
                Role::Workload {
                    service: service.to_owned(),
                }
            }
        }
    }

    /// Whether objects of the kind run tasks.
    pub(super) const fn is_workload(self) -> bool {
        match self {
            Self::Deployment | Self::StatefulSet | Self::DaemonSet | Self::Job | Self::CronJob => {
                true
            }
            Self::NetworkPolicy
            | Self::PersistentVolumeClaim
            | Self::ConfigMap
            | Self::Secret
            | Self::Service
            | Self::Ingress => false,
        }
    }

    /// Whether its tasks are replaced when what they mount changes; those of jobs come and go by
    /// themselves.
    pub(super) const fn rolls(self) -> bool {
        match self {
            Self::Deployment | Self::StatefulSet | Self::DaemonSet => true,
            Self::Job
            | Self::CronJob
            | Self::NetworkPolicy
            | Self::PersistentVolumeClaim
            | Self::ConfigMap
            | Self::Secret
            | Self::Service
            | Self::Ingress => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_interface() {
        let path = |kind: Kind| kind.path("shop", "web");
        assert_eq!(path(Kind::Service), "/api/v1/namespaces/shop/services/web");
        assert_eq!(
            path(Kind::Ingress),
            "/apis/networking.k8s.io/v1/namespaces/shop/ingresses/web"
        );
        assert_eq!(Kind::CronJob.api_version(), "batch/v1");
    }

    #[test]
    fn every_kind_is_found_by_its_identity() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(&kind.id("x")), Some(kind));
        }
        assert_eq!(Kind::of(&ObjectId::new("Pod", "x")), None);
    }
}
