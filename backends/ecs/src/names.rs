//! Names that are legal on AWS, stable, and never one for two.
//!
//! A name that can stay stays. One that has to be changed or cut gets eight digits of a hash of
//! what it was, so that `a.b` and `a-b` stay two.

use std::sync::Arc;

/// The longest part of a logical id that comes from a name; ids may have 255 characters, but
/// people read them.
const LONGEST_STEM: usize = 60;

/// A logical id of the template, such as `WebService` for `web`: letters and digits only.
///
/// Words of lower-case letters and digits joined by `-` become words with a capital, which can be
/// read back; every other name gets a hash.
pub(crate) fn logical_id(name: &str, suffix: &str) -> Arc<str> {
    let mut id = pascal(name);
    if !reads_back(name) || name.len() > LONGEST_STEM {
        id.truncate(LONGEST_STEM);
        id.push_str(&hash(name));
    }
    id.push_str(suffix);
    Arc::from(id)
}

/// A name of letters, digits, `-` and `_`, at most `longest` bytes.
///
/// Source: `family`, `serviceName`, container and volume names, `[A-Za-z0-9_-]{1,255}`.
pub(crate) fn dashed(name: &str, longest: usize) -> String {
    if !name.is_empty() && name.len() <= longest && name.bytes().all(is_dashed) {
        return name.to_owned();
    }
    let hash = hash(name);
    let clean = name.bytes().map(|byte| {
        if is_dashed(byte) {
            char::from(byte)
        } else {
            '-'
        }
    });
    let mut cut: String = clean.take(longest.saturating_sub(hash.len() + 1)).collect();
    if !cut.is_empty() {
        cut.push('-');
    }
    cut.push_str(&hash);
    cut
}

/// A name of a port mapping: lower case, at most 64, not beginning with `-`.
pub(crate) fn port_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if lower == name && !name.starts_with('-') {
        return dashed(name, 64);
    }
    let hash = hash(name);
    let cut = dashed(lower.trim_start_matches('-'), 64 - hash.len() - 1);
    format!("{cut}-{hash}")
}

/// Whether tasks can look up this name as a single label of a domain.
///
/// Source: Cloud Map, name of a service: 1 to 63 of letters, digits, `-`, `_`, not beginning or
/// ending with `-`.
pub(crate) fn is_label(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.bytes().all(is_dashed)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

fn is_dashed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn reads_back(name: &str) -> bool {
    name.split('-').all(|word| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

fn pascal(name: &str) -> String {
    let mut id = String::with_capacity(name.len() + 16);
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    for word in words {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id.push_str(letters.as_str());
    }
    id
}

/// Eight hexadecimal digits of FNV-1a over the name.
fn hash(name: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    format!("{:08x}", (hash ^ (hash >> 32)) & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ordinary_names_stay_readable() {
        assert_eq!(&*logical_id("web-app2", "Service"), "WebApp2Service");
        assert_eq!(dashed("my_db", 255), "my_db");
        assert_eq!(port_name("http"), "http");
    }

    #[test]
    fn names_that_differ_in_what_is_not_allowed_stay_apart() {
        let names = [
            "a-b", "a_b", "a.b", "A-b", "a-B", "ab", "aB", "", "-", "_", "é", "è",
        ];
        let ids: HashSet<_> = names.iter().map(|name| logical_id(name, "X")).collect();
        assert_eq!(ids.len(), names.len());
        let dashed: HashSet<_> = names.iter().map(|name| dashed(name, 255)).collect();
        assert_eq!(dashed.len(), names.len());
        let ports: HashSet<_> = names.iter().map(|name| port_name(name)).collect();
        assert_eq!(ports.len(), names.len());
    }

    #[test]
    fn long_names_are_cut_to_what_is_allowed() {
        let long = "x".repeat(300);
        assert_eq!(dashed(&long, 255).len(), 255);
        assert!(logical_id(&long, "Service").len() <= 255);
        assert!(port_name(&long.to_uppercase()).len() <= 64);
    }
}
