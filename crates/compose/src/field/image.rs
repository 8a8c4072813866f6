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
