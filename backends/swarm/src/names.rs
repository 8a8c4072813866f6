//! Names that are legal in Swarm, stable, and never one for two.
//!
//! A name that can stay stays. One that has to be changed or cut gets eight digits of a hash of
//! what it was. Swarm takes `Web` and `web` for one name, so a capital letter is a change too,
//! except in names people chose for the outside: those are compared without regard to case.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// Most characters of a service's or network's name.
pub(crate) const LONGEST_SERVICE: usize = 63;
/// Most characters of a secret's or config's name.
pub(crate) const LONGEST_STORED: usize = 64;
/// Most characters of a stack's name, so that the services behind it keep readable names.
const LONGEST_STACK: usize = 40;

/// The name in front of all others of a stack.
pub(crate) fn stack_prefix(name: &str) -> String {
    legal(name, LONGEST_STACK, is_service_letter, Case::Kept)
}

/// The name of a service: `<stack>_<service>`, where only the second part is changed, because
/// `docker stack deploy` puts the first one in front itself.
pub(crate) fn service_name(prefix: &str, service: &str) -> String {
    let longest = LONGEST_SERVICE.saturating_sub(prefix.len() + 1);
    let is_legal = ends_well(service) && fits(service, longest, is_service_letter);
    let tail = if is_legal && Case::Lower.allows(service) {
        service.to_owned()
    } else {
        changed(service, longest, is_service_letter)
    };
    format!("{prefix}_{tail}")
}

/// Whether a name may have capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// Only lower case, so that names that differ in case alone stay apart.
    Lower,
    /// As people chose it.
    Kept,
}

impl Case {
    fn allows(self, name: &str) -> bool {
        self == Self::Kept || !name.bytes().any(|byte| byte.is_ascii_uppercase())
    }
}

/// The name of a network.
pub(crate) fn network_name(name: &str, case: Case) -> String {
    legal(name, LONGEST_SERVICE, is_service_letter, case)
}

/// The name of a secret, or of a config people named.
pub(crate) fn stored_name(name: &str, case: Case) -> String {
    legal(name, LONGEST_STORED, is_stored_letter, case)
}

/// The name of a config that changes with its content.
pub(crate) fn content_name(name: &str, digest: &str) -> String {
    let short = digest.get(..10).unwrap_or(digest);
    let longest = LONGEST_STORED - short.len() - 1;
    let stem = legal(name, longest, is_stored_letter, Case::Lower);
    format!("{stem}_{short}")
}

/// SHA-256 over parts, each behind its length, in hexadecimal.
pub(crate) fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hexadecimal(&hasher.finalize())
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The name if Swarm takes it, or what it takes instead.
fn legal(name: &str, longest: usize, is_letter: fn(u8) -> bool, case: Case) -> String {
    let begins_well = name
        .as_bytes()
        .first()
        .is_some_and(u8::is_ascii_alphanumeric);
    if begins_well && ends_well(name) && fits(name, longest, is_letter) && case.allows(name) {
        return name.to_owned();
    }
    changed(name, longest, is_letter)
}

fn ends_well(name: &str) -> bool {
    name.as_bytes()
        .last()
        .is_some_and(u8::is_ascii_alphanumeric)
}

fn fits(name: &str, longest: usize, is_letter: fn(u8) -> bool) -> bool {
    name.len() <= longest && name.bytes().all(is_letter)
}

/// The name with what is not allowed replaced and cut, and a hash behind.
fn changed(name: &str, longest: usize, is_letter: fn(u8) -> bool) -> String {
    let digest = digest(&[name.as_bytes()]);
    let hash = digest.get(..8).unwrap_or(&digest);
    let clean = name.bytes().map(|byte| {
        if is_letter(byte) {
            char::from(byte)
        } else {
            '-'
        }
    });
    let trimmed = clean.skip_while(|letter| !letter.is_ascii_alphanumeric());
    let mut cut: String = trimmed
        .take(longest.saturating_sub(hash.len() + 1))
        .collect();
    if !cut.is_empty() {
        cut.push('-');
    }
    cut.push_str(hash);
    cut
}

fn is_service_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn is_stored_letter(byte: u8) -> bool {
    is_service_letter(byte) || byte == b'.'
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_swarm_takes_stays() {
        assert_eq!(service_name("shop", "web-1"), "shop_web-1");
        assert_eq!(service_name("shop", "_web"), "shop__web");
        assert_eq!(stored_name("shop_app.conf", Case::Lower), "shop_app.conf");
    }

    #[test]
    fn names_that_differ_in_what_is_not_allowed_stay_apart() {
        let names = [
            "a-b", "a_b", "a.b", "a b", ".a-b", "a-b-", "a-b_", "A-b", "é", "è", "",
        ];
        let services: HashSet<_> = names.iter().map(|name| service_name("s", name)).collect();
        assert_eq!(services.len(), names.len());
        let stored: HashSet<_> = names
            .iter()
            .map(|name| stored_name(name, Case::Lower))
            .collect();
        assert_eq!(stored.len(), names.len());
    }

    #[test]
    fn names_that_differ_in_case_alone_stay_apart() {
        assert_ne!(service_name("shop", "Web").to_lowercase(), "shop_web");
        assert_ne!(
            stored_name("shop_Key", Case::Lower).to_lowercase(),
            "shop_key"
        );
        assert_eq!(network_name("Company", Case::Kept), "Company");
    }

    #[test]
    fn long_names_are_cut_to_what_swarm_takes() {
        let long = "x".repeat(300);
        let prefix = stack_prefix(&long);
        assert_eq!(service_name(&prefix, &long).len(), LONGEST_SERVICE);
        assert_eq!(network_name(&long, Case::Lower).len(), LONGEST_SERVICE);
        assert_eq!(stored_name(&long, Case::Lower).len(), LONGEST_STORED);
        assert_eq!(content_name(&long, &digest(&[b"x"])).len(), LONGEST_STORED);
    }

    #[test]
    fn a_digest_does_not_confuse_its_parts() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }
}
