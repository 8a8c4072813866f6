//! Legal names: stable, and different for different values.
//!
//! A name that is legal already stays as it is. Any other is made legal and gets a digest of what
//! it was, so that `a_b`, `a.b` and `a-b` never meet.

use crate::hash;

/// The longest name of an object that others are derived from.
///
/// A label may have 63 characters; the names of a stateful set's revisions and of a cron job's
/// runs are 11 longer than its own.
pub(crate) const BASE_LIMIT: usize = 52;

/// The longest label there is (RFC 1123).
pub(crate) const LABEL_LIMIT: usize = 63;

const SUBDOMAIN_LIMIT: usize = 253;

/// Whether `name` is a label that begins with a letter (RFC 1035), as names of cluster services
/// must be.
pub(crate) fn is_label(name: &str, limit: usize) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && is_host_label(name, limit)
}

/// Whether `name` is a label that may begin with a digit (RFC 1123).
fn is_host_label(name: &str, limit: usize) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=limit).contains(&name.len())
        && name.chars().all(legal)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// Whether `name` is labels joined with dots.
pub(crate) fn is_subdomain(name: &str) -> bool {
    name.len() <= SUBDOMAIN_LIMIT
        && name
            .split('.')
            .all(|label| is_host_label(label, LABEL_LIMIT))
}

/// The legal name for `raw`, at most `limit` long.
pub(crate) fn label(raw: &str, limit: usize) -> String {
    if is_label(raw, limit) {
        return raw.to_owned();
    }
    with_digest(raw, limit, &[raw.as_bytes()])
}

/// The legal name for something that exists already and is not ours.
pub(crate) fn existing(raw: &str) -> String {
    if is_subdomain(raw) {
        return raw.to_owned();
    }
    label(raw, BASE_LIMIT)
}

/// A name that begins like `raw` and ends with a digest of `parts`.
pub(crate) fn with_digest(raw: &str, limit: usize, parts: &[&[u8]]) -> String {
    let suffix = hash::suffix(parts);
    let room = limit.saturating_sub(suffix.len() + 1);
    let mut name: String = raw.chars().map(legal_character).take(room).collect();
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name = format!("x{name}").chars().take(room).collect();
    }
    let name = name.trim_end_matches('-');
    format!("{name}-{suffix}")
}

fn legal_character(character: char) -> char {
    match character.to_ascii_lowercase() {
        lower if lower.is_ascii_lowercase() || lower.is_ascii_digit() => lower,
        _ => '-',
    }
}

/// A name below `base` that is not in `taken`: `<base>-<suffix>` where that is free.
pub(crate) fn derived(base: &str, suffix: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = format!("{base}-{suffix}");
    if is_label(&plain, LABEL_LIMIT) && !taken(&plain) {
        return plain;
    }
    with_digest(&plain, LABEL_LIMIT, &[base.as_bytes(), suffix.as_bytes()])
}

/// The key of a config map or secret for a file: letters, digits, `-`, `_` and `.`.
pub(crate) fn data_key(raw: &str) -> String {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_legal = !raw.is_empty() && raw.len() <= SUBDOMAIN_LIMIT && raw.chars().all(legal);
    if is_legal && !raw.starts_with("..") && raw != "." {
        return raw.to_owned();
    }
    label(raw, LABEL_LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legal_name_stays() {
        assert_eq!(label("shop-api", BASE_LIMIT), "shop-api");
        assert_eq!(data_key("nginx.conf"), "nginx.conf");
        assert_eq!(existing("team.data"), "team.data");
    }

    #[test]
    fn names_that_become_alike_get_different_digests() {
        let long = "a".repeat(80);
        let raw = [
            "shop_api", "shop.api", "SHOP-API", "-", "1st", "é", "", &long,
        ];
        let mut names: Vec<_> = raw.iter().map(|name| label(name, BASE_LIMIT)).collect();
        assert!(
            names.iter().all(|name| is_label(name, BASE_LIMIT)),
            "{names:?}"
        );
        names.sort();
        names.dedup();
        assert_eq!(names.len(), raw.len());
    }

    #[test]
    fn a_derived_name_gives_way_to_one_that_is_taken() {
        assert_eq!(derived("web", "published", |_| false), "web-published");
        let other = derived("web", "published", |name| name == "web-published");
        assert!(other.starts_with("web-published-") && is_label(&other, LABEL_LIMIT));
    }
}
