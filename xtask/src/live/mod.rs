//! Tests against real orchestrators, with the real binary, through a proxy that breaks things.

mod http;
pub(crate) mod jenkins;
pub(crate) mod kubernetes;
pub(crate) mod proxy;
pub(crate) mod stack_file;
pub(crate) mod swarm;
pub(crate) mod sweep;
pub(crate) mod upstream;
