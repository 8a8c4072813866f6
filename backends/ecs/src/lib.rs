//! The ecs backend.
