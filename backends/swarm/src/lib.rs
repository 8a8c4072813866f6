//! The swarm backend.
