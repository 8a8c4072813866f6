//! The values of secrets, read where the stack says, at the moment they are needed.

use std::fs;

use tranship_backend::deploy::{Fault, SecretValue, Secrets};
use tranship_engine::RunError;
use tranship_model::{Secret, SecretSource, Stack};

use crate::console;
use crate::exit::Failure;

/// Reads the value of every secret that has one here.
///
/// # Errors
///
/// The first whose file or variable is not there.
pub(crate) fn read(stack: &Stack) -> Result<Secrets, Failure> {
    let mut secrets = Secrets::new();
    for (key, secret) in &stack.secrets {
        let value = value(secret).map_err(|reason| {
            let secret = key.clone();
            Failure::Run(RunError::Fault(Fault::SecretMissing { secret, reason }))
        })?;
        if let Some(value) = value {
            secrets.insert(key.clone(), SecretValue::new(value));
        }
    }
    Ok(secrets)
}

fn value(secret: &Secret) -> Result<Option<Vec<u8>>, String> {
    match &secret.source {
        SecretSource::File(path) => match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) => Err(format!("cannot read {path}: {}", console::reason(&error))),
        },
        SecretSource::Environment(name) => match std::env::var(name) {
            Ok(value) => Ok(Some(value.into_bytes())),
            Err(_) => Err(format!("the variable `{name}` is not set")),
        },
        SecretSource::Driver { .. } | SecretSource::External => Ok(None),
    }
}
