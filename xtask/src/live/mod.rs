//! Tests against real orchestrators, with the real binary, through a proxy that breaks things.

pub(crate) mod api_server;
mod http;
pub(crate) mod jenkins;
pub(crate) mod kubernetes;
mod kubernetes_api;
pub(crate) mod proxy;
pub(crate) mod stack_file;
pub(crate) mod swarm;
pub(crate) mod sweep;
pub(crate) mod upstream;
