//! Plain data as YAML text.

use serde::Serialize;
use thiserror::Error;

/// An object that could not be written as text. No input leads here; it is a bug of ours.
#[derive(Debug, Error)]
#[error("an object cannot be written as YAML")]
pub struct RenderError(#[from] serde_saphyr::ser::Error);

/// Writes `value` as a YAML document that every reader takes for the same value.
///
/// Strings that some reader would take for something else (`no`, `22:22`, `1_000`) are quoted;
/// that is why this is not `serde_yaml`, which quotes fewer.
///
/// # Errors
///
/// [`RenderError`] when the writer refuses the value.
pub fn to_yaml(value: &impl Serialize) -> Result<String, RenderError> {
    Ok(serde_saphyr::to_string(value)?)
}
