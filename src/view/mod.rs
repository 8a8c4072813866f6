//! Results as text, one form each.

pub(crate) mod check;
pub(crate) mod comparison;
pub(crate) mod diagnostics;
mod excerpt;
pub(crate) mod groups;
pub(crate) mod html;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod junit;
mod lines;
pub(crate) mod markdown;
pub(crate) mod places;
pub(crate) mod sarif;
pub(crate) mod status;
pub(crate) mod steps;
pub(crate) mod tree;
