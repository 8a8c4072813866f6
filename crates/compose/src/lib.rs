//! The compose front end: files to a project, and the project to the neutral model.

pub mod field;
mod file_path;
pub mod project;
