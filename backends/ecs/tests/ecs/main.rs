//! The ECS backend from the outside: whole stacks in, objects, files and notes out.

mod changes;
mod invalid;
mod laws;
mod sample;
mod topics;
