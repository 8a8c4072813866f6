//! Image references.

use std::fmt;

use serde::{Serialize, Serializer};

/// A reference to an image: `[registry/]repository[:tag][@digest]`.
///
/// Taken apart without judging it, because the reference loader lets any text through. Printing
/// gives back the text as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ImageReference {
    /// Registry and repository, such as `ghcr.io/acme/shop` or `nginx`.
    pub name: String,
    /// The tag, without its colon.
    pub tag: Option<String>,
    /// The digest, such as `sha256:…`, without its `@`.
    pub digest: Option<String>,
}

impl ImageReference {
    /// Whether an engine takes it: the grammar of `distribution/reference`, which Docker and
    /// containerd use.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let path = match self.name.split_once('/') {
            Some((first, rest)) if is_domain(first) => rest,
            Some(_) | None => &self.name,
        };
        self.name.len() <= LONGEST_NAME
            && path.split('/').all(is_component)
            && self.tag.as_deref().is_none_or(is_tag)
            && self.digest.as_deref().is_none_or(is_digest)
    }
}

/// Most bytes of registry and repository together.
const LONGEST_NAME: usize = 255;

/// Most bytes of a tag.
const LONGEST_TAG: usize = 128;

/// Whether what stands before the first slash is a registry: it looks like a host.
fn is_domain(text: &str) -> bool {
    let looks_like_host = text.contains(['.', ':']) || text == "localhost" || has_capital(text);
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || ".-:[]".contains(sign);
    looks_like_host && text.chars().all(is_sign)
}

fn has_capital(text: &str) -> bool {
    text.contains(|sign: char| sign.is_ascii_uppercase())
}

/// A part of a repository: words of small letters and digits with `.`, `_`, `__` or dashes between.
fn is_component(text: &str) -> bool {
    let is_word = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit();
    let is_separator = |between: &str| {
        matches!(between, "" | "." | "_" | "__") || between.chars().all(|sign| sign == '-')
    };
    text.starts_with(is_word) && text.ends_with(is_word) && text.split(is_word).all(is_separator)
}

fn is_tag(text: &str) -> bool {
    let is_word = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    text.len() <= LONGEST_TAG
        && text.starts_with(is_word)
        && text
            .chars()
            .all(|sign| is_word(sign) || ".-".contains(sign))
}

/// `algorithm:hexadecimal digits`, 32 of them at least.
fn is_digest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(algorithm, digits)| {
        algorithm.starts_with(|sign: char| sign.is_ascii_alphabetic())
            && digits.len() >= 32
            && digits.chars().all(|sign| sign.is_ascii_hexdigit())
    })
}

impl From<&str> for ImageReference {
    fn from(text: &str) -> Self {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        // A colon before the last slash belongs to the registry's port.
        let (name, tag) = match rest.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            Some(_) | None => (rest, None),
        };
        Self {
            name: name.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        }
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)?;
        if let Some(tag) = &self.tag {
            write!(formatter, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(formatter, "@{digest}")?;
        }
        Ok(())
    }
}

impl Serialize for ImageReference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_a_registry_is_not_a_tag() {
        let image = ImageReference::from("localhost:5000/shop");
        assert_eq!(
            (image.name.as_str(), image.tag),
            ("localhost:5000/shop", None)
        );
        let image = ImageReference::from("localhost:5000/shop:1.2@sha256:ab");
        assert_eq!(image.tag.as_deref(), Some("1.2"));
        assert_eq!(image.digest.as_deref(), Some("sha256:ab"));
    }

    #[test]
    fn an_engine_takes_some_names_and_not_others() {
        let digest = "0".repeat(64);
        let with_digest = format!("ghcr.io/acme/shop@sha256:{digest}");
        for valid in [
            "nginx",
            "nginx:1.27-alpine",
            "localhost:5000/shop",
            "ACME/shop",
            "acme/my__shop.web-1:_1",
            &with_digest,
        ] {
            assert!(ImageReference::from(valid).is_valid(), "{valid}");
        }
        for invalid in [
            "",
            "nginx:",
            "apache/airflow:|version|",
            "Nginx",
            "acme/Shop",
            "acme//shop",
            "shop web",
            "shop-",
            "nginx@sha256:12",
            "http://example.com/shop",
        ] {
            assert!(!ImageReference::from(invalid).is_valid(), "{invalid}");
        }
    }

    #[test]
    fn any_text_is_printed_as_written() {
        for text in [
            "",
            "nginx",
            "a:",
            "a@",
            "a:b:c",
            "@",
            "localhost:5000/shop:1.2@sha256:ab",
        ] {
            assert_eq!(ImageReference::from(text).to_string(), text);
        }
    }
}
