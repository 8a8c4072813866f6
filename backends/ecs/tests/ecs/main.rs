//! The ECS backend from the outside: whole stacks in, objects, files and notes out.

mod changes;
mod laws;
mod sample;
mod topics;
