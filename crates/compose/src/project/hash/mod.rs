//! The hash by which docker compose tells whether a container still fits its service.

mod layout;

use std::fmt::Write as _;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use self::layout::{Field, Layout, SERVICE};
use super::Service;

/// The hash of a service, as `docker compose config --hash` prints it: SHA-256 in hexadecimal.
///
/// `platform` is the one images are built for when the service names none
/// (`DOCKER_DEFAULT_PLATFORM`).
///
/// Source: docker compose 5.7.0, `internal/confighash/hash.go`.
///
/// # Errors
///
/// Returns why the service could not be written; that would be a bug of ours.
pub fn service_hash(
    service: &Service,
    platform: Option<&str>,
) -> Result<String, serde_json::Error> {
    let text = hashed_text(service, platform)?;
    let mut hash = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
    }
    Ok(hash)
}

/// What is hashed: the service as JSON, as Go would write it.
fn hashed_text(service: &Service, platform: Option<&str>) -> Result<String, serde_json::Error> {
    let mut value = serde_json::to_value(service)?;
    let platform = platform.filter(|platform| !platform.is_empty());
    if let (Some(platform), Some(_), Some(object)) =
        (platform, &service.workload.build, value.as_object_mut())
    {
        object.entry("platform").or_insert_with(|| platform.into());
    }
    let mut text = String::new();
    write_value(&value, Layout::Record(SERVICE), &mut text);
    Ok(text)
}

fn write_value(value: &Value, layout: Layout, text: &mut String) {
    match (value, layout) {
        (Value::Object(object), Layout::Record(fields)) => write_record(object, fields, text),
        (Value::Object(object), Layout::Map(fields)) => {
            write_sorted(object, Layout::Record(fields), text);
        }
        (Value::Object(object), Layout::Plain | Layout::List(_)) => {
            write_sorted(object, Layout::Plain, text);
        }
        (Value::Array(items), Layout::List(fields)) => {
            write_items(items, Layout::Record(fields), text);
        }
        (Value::Array(items), Layout::Plain | Layout::Record(_) | Layout::Map(_)) => {
            write_items(items, Layout::Plain, text);
        }
        (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_), _) => {
            write_scalar(value, text);
        }
    }
}

fn write_record(object: &Map<String, Value>, fields: &[Field], text: &mut String) {
    let start = text.len();
    for field in fields {
        let Field {
            key,
            written,
            layout,
            absent,
        } = *field;
        let value = object.get(key);
        if value.is_none() && absent.is_empty() {
            continue;
        }
        text.push(if text.len() == start { '{' } else { ',' });
        write_string(written, text);
        text.push(':');
        match value {
            Some(value) => write_value(value, layout, text),
            None => text.push_str(absent),
        }
    }
    text.push_str(if text.len() == start { "{}" } else { "}" });
}

fn write_sorted(object: &Map<String, Value>, layout: Layout, text: &mut String) {
    let mut entries: Vec<(&String, &Value)> = object.iter().collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    text.push('{');
    for (index, (key, value)) in entries.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_string(key, text);
        text.push(':');
        write_value(value, layout, text);
    }
    text.push('}');
}

fn write_items(items: &[Value], layout: Layout, text: &mut String) {
    text.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_value(item, layout, text);
    }
    text.push(']');
}

fn write_scalar(value: &Value, text: &mut String) {
    match value {
        Value::String(string) => write_string(string, text),
        // Numbers are whole here, or written without an exponent by both languages.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            text.push_str(&value.to_string());
        }
    }
}

/// Go escapes what would mean something in HTML, and the two line ends JavaScript has on top.
fn write_string(string: &str, text: &mut String) {
    for character in Value::from(string).to_string().chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(text, "\\u{:04x}", u32::from(character));
            }
            _ => text.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{hashed_text, service_hash};
    use crate::project::Service;
    use crate::{LoadOptions, MemoryFiles, load};

    fn web(text: &str) -> Option<Service> {
        let files = MemoryFiles::new().with("/shop/compose.yaml", text);
        let options = LoadOptions {
            current_directory: "/shop".to_owned(),
            ..LoadOptions::default()
        };
        load(&files, &options).project?.services.swap_remove("web")
    }

    /// The hashes are those docker compose 5.7.0 prints.
    #[test]
    fn hashes_are_those_of_docker_compose() {
        for (text, expected) in [
            (
                include_str!("tests/plain.yaml"),
                "daef7adc9ecc59d4881bd1ebc06f26a836d35656f8b5fb0adfdb95b2d856fbd3",
            ),
            (
                include_str!("tests/rich.yaml"),
                "48642defb4e16ada1fc2d87328f9fc68d170ab57a3213214ab723673a8e528f9",
            ),
        ] {
            let service = web(text).unwrap_or_default();
            let hash = service_hash(&service, None).unwrap_or_default();
            assert_eq!(hash, expected, "{:?}", hashed_text(&service, None));
        }
    }

    #[test]
    fn what_makes_no_other_container_makes_no_other_hash() {
        let hash = |text: &str| {
            let service = web(&format!("services: {{web: {{image: nginx{text}}}}}"));
            service.and_then(|service| service_hash(&service, Some("linux/arm64")).ok())
        };
        let plain = hash("");
        assert!(plain.is_some());
        assert_eq!(hash(", scale: 3, profiles: [], pull_policy: always"), plain);
        assert_ne!(hash(", user: nobody"), plain);
        assert_ne!(hash(", build: ."), plain, "it is built for the platform");
    }
}
