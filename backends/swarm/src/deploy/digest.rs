//! Digests: of what the engine keeps, and of secrets it will not show again.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tranship_backend::deploy::{Fault, SecretValue};

use crate::names::hexadecimal;

/// A digest of a value that does not depend on the order of its keys: sixteen digits.
pub(super) fn of_value(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    short(&hexadecimal(&Sha256::digest(text)), 16).to_owned()
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (key, value) in entries {
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&value.to_string());
        }
    }
}

/// The digest of a secret's value: HMAC-SHA256 under a key of chance, so that equal values of two
/// secrets do not look equal.
pub(super) fn of_secret(salt: &str, value: &SecretValue) -> String {
    // A key of any length will do, so this cannot fail.
    let Ok(mut digest) = Hmac::<Sha256>::new_from_slice(salt.as_bytes()) else {
        return String::new();
    };
    digest.update(value.expose());
    hexadecimal(&digest.finalize().into_bytes())
}

/// Thirty-two digits of chance.
pub(super) fn salt() -> Result<String, Fault> {
    let mut bytes = [0; 16];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|error| Fault::Other(format!("this machine gives no chance: {error}")))?;
    Ok(hexadecimal(&bytes))
}

/// The first digits.
pub(super) fn short(digest: &str, digits: usize) -> &str {
    digest.get(..digits).unwrap_or(digest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_keys_changes_no_digest_and_a_value_does() {
        let one = of_value(&json!({"a": 1, "b": {"c": [1, 2]}}));
        assert_eq!(one, of_value(&json!({"b": {"c": [1, 2]}, "a": 1})));
        assert_ne!(one, of_value(&json!({"b": {"c": [2, 1]}, "a": 1})));
    }

    #[test]
    fn a_secrets_digest_needs_its_salt() {
        // The first case of RFC 4231 has a key of bytes; this is its second one.
        let value = SecretValue::new(b"what do ya want for nothing?".to_vec());
        assert_eq!(
            of_secret("Jefe", &value),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_ne!(of_secret("a", &value), of_secret("b", &value));
    }
}
