//! Tests against real orchestrators, with the real binary, through a proxy that breaks things.

pub(crate) mod api_server;
pub(crate) mod causes;
pub(crate) mod ecs;
pub(crate) mod ended;
pub(crate) mod faults;
pub(crate) mod http;
pub(crate) mod jenkins;
mod kept;
pub(crate) mod kubernetes;
mod kubernetes_api;
pub(crate) mod proxy;
pub(crate) mod races;
pub(crate) mod rig;
pub(crate) mod scene;
pub(crate) mod signals;
pub(crate) mod stack_file;
pub(crate) mod stacks;
pub(crate) mod swarm;
pub(crate) mod swarm_api;
pub(crate) mod sweep;
pub(crate) mod upstream;
