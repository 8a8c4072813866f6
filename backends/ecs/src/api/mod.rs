//! The requests of the ECS API, in the API's own shape.
//!
//! Source: Amazon ECS API reference, version 2014-11-13: `RegisterTaskDefinition`,
//! `CreateService`, `RunTask`. Unset members are `None` or empty and are left out when written.

#![expect(clippy::struct_field_names, reason = "the names are those of the API")]

mod container;
mod service;
mod task_definition;

pub(crate) use container::{
    Capabilities, ContainerDefinition, ContainerDependency, Device, HealthCheck, HostEntry,
    LogConfiguration, MountPoint, Pair, PortMapping, ResourceRequirement, RestartPolicy,
    SecretReference, SystemControl, Tmpfs, Ulimit, VolumeFrom,
};
pub(crate) use service::{
    AwsvpcConfiguration, CircuitBreaker, DeploymentConfiguration, LoadBalancer,
    NetworkConfiguration, PlacementConstraint, PlacementStrategy, RunTask, Service,
    ServiceRegistry, Threshold,
};
pub(crate) use task_definition::{
    DockerVolume, EfsAuthorization, EfsVolume, HostVolume, RuntimePlatform, Tag, TaskDefinition,
    Volume,
};
