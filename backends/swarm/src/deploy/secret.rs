//! Values of secrets: sent once, and known afterwards by a digest alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tranship_backend::deploy::{Fault, SecretValue, Secrets};

use super::digest;
use super::labels::{self, DIGEST, SALT};

/// The engine stores fewer bytes of a secret than this.
const LIMIT: usize = 512_000;

/// Whether a stored secret holds a value.
pub(super) fn is(spec: &Value, value: &SecretValue) -> bool {
    let salt = labels::label(spec, SALT).unwrap_or_default();
    labels::label(spec, DIGEST) == Some(&digest::of_secret(salt, value))
}

/// Adds a secret's value to what is sent, and its digest.
///
/// # Errors
///
/// [`Fault::SecretMissing`] without a value, unless a driver knows it.
pub(super) fn fill(key: &str, body: &mut Value, secrets: &Secrets) -> Result<(), Fault> {
    if body.get("Driver").is_some() {
        return Ok(());
    }
    let missing = |reason: String| Fault::SecretMissing {
        secret: key.to_owned(),
        reason,
    };
    let value = secrets.get(key);
    let value = value.ok_or_else(|| missing("this run was given none".to_owned()))?;
    let length = value.expose().len();
    if length == 0 || length >= LIMIT {
        return Err(missing(format!("Swarm does not store {length} bytes")));
    }
    let salt = digest::salt()?;
    labels::set(body, DIGEST, &digest::of_secret(&salt, value));
    labels::set(body, SALT, &salt);
    if let Some(body) = body.as_object_mut() {
        let text = STANDARD.encode(value.expose());
        body.insert("Data".to_owned(), Value::from(text));
    }
    Ok(())
}
