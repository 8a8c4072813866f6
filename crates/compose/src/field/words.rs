//! Attributes whose value is one of a few words.

/// Defines an attribute whose value is one of a few words; anything else is refused.
macro_rules! closed_words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
        }

        impl $name {
            /// The word as compose spells it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::project::attribute::Attribute for $name {
            fn decode<'t>(
                node: &'t tranship_yaml::Node,
                decoder: &mut $crate::project::decoder::Decoder<'t>,
            ) -> Option<Self> {
                match decoder.string(node)? {
                    $($word => Some(Self::$variant),)*
                    other => decoder.not_a_word(node, other, &[$($word),*]),
                }
            }
        }
    };
}

/// Defines an attribute whose value should be one of a few words. The reference loader lets any
/// text through, so another text is kept, with a warning.
macro_rules! open_words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
            /// A text no engine knows, as written; the reader was warned.
            Other(String),
        }

        impl $name {
            /// The word as compose spells it, or the text as written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::project::attribute::Attribute for $name {
            fn decode<'t>(
                node: &'t tranship_yaml::Node,
                decoder: &mut $crate::project::decoder::Decoder<'t>,
            ) -> Option<Self> {
                match decoder.string(node)? {
                    $($word => Some(Self::$variant),)*
                    other => {
                        decoder.odd_word(node, other, &[$($word),*]);
                        Some(Self::Other(other.to_owned()))
                    }
                }
            }

            fn is_void(&self) -> bool {
                matches!(self, Self::Other(text) if text.is_empty())
            }
        }
    };
}

pub(crate) use {closed_words, open_words};
