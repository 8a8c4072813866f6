//! What every unit may refer to.

use std::sync::Arc;

use indexmap::IndexMap;
use tranship_model::{Service, Stack};

use crate::late::Late;
use crate::names;
use crate::survey::Unit;
use crate::translate::volume::VolumeHome;

/// What every unit may refer to.
#[derive(Debug)]
pub(crate) struct World<'a> {
    /// The stack.
    pub(crate) stack: &'a Stack,
    /// Where each service went.
    pub(crate) places: IndexMap<&'a str, Place<'a>>,
    /// The domain services find each other in, if they do.
    pub(crate) domain: Option<String>,
    /// The security group of each network.
    pub(crate) networks: IndexMap<&'a str, Late>,
    /// Where each volume is kept.
    pub(crate) volumes: IndexMap<&'a str, VolumeHome>,
    /// The ARN of each secret.
    pub(crate) secrets: IndexMap<&'a str, Late>,
}

/// Where a service went.
#[derive(Clone, Debug)]
pub(crate) struct Place<'a> {
    /// The service itself.
    pub(crate) service: &'a Service,
    /// The main member of the unit it is in.
    pub(crate) main: &'a str,
    /// The ECS service it runs in; none for jobs.
    pub(crate) ecs_service: Option<Arc<str>>,
    /// The name of its container.
    pub(crate) container: String,
}

/// Where each service goes.
pub(crate) fn places<'a>(units: &[Unit<'a>]) -> IndexMap<&'a str, Place<'a>> {
    let mut places = IndexMap::new();
    for unit in units {
        let Some(main) = unit.main() else { continue };
        for member in &unit.members {
            let crate::survey::Run::Service(service) = member.run else {
                continue;
            };
            let id = || names::logical_id(main.name, "Service");
            let place = Place {
                service,
                main: main.name,
                ecs_service: (!unit.is_job()).then(id),
                container: names::dashed(member.name, 255),
            };
            places.insert(member.name, place);
        }
    }
    places
}
