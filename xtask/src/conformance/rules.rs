//! The differences we mean to have; docs/compose.md says why, rule by rule.

use std::fmt;

use super::case::Outcome;
use super::difference::{Difference, Exactness, difference};

/// A difference that is explained.
pub(super) struct Rule {
    /// The heading in docs/compose.md.
    pub(super) id: &'static str,
    explains: Explains,
}

/// What a rule is about; it fits when one of its phrases is found.
enum Explains {
    /// We refuse, with nothing but such errors; the reference accepts.
    OursRefused(&'static [&'static str]),
    /// The reference refuses in such words; we accept.
    TheirsRefused(&'static [&'static str]),
    /// As above, in a case of more than one document.
    TheirsRefusedEarlier(&'static [&'static str]),
    /// Both accept, with such different values.
    Values(fn(&Difference) -> bool),
}

/// Every rule.
const RULES: &[Rule] = &[
    Rule {
        id: "reference-panics",
        explains: Explains::TheirsRefused(&["panic: "]),
    },
    Rule {
        id: "reference-gives-up",
        explains: Explains::TheirsRefused(&["timeout"]),
    },
    Rule {
        id: "number-as-text",
        explains: Explains::TheirsRefused(&[
            "got unconvertible type 'string'",
            "invalid type string for ulimits",
            "use_api_socket must be a boolean",
            "initial_sync must be a boolean",
            "required must be a boolean",
            "context_size must be a integer",
            "priority must be a number",
            "invalid boolean: ",
            ".build.ssh.",
            "must be a boolean or string",
            "must be a null, number or string",
            "must be a number or string",
        ]),
    },
    Rule {
        id: "whole-float",
        explains: Explains::TheirsRefused(&["invalid type float64", "%!s(float64="]),
    },
    Rule {
        id: "listed-twice",
        // A list we accept is refused by the schema for its doubles alone, but where a mapping
        // could stand the schema asks for that.
        explains: Explains::TheirsRefused(&[
            "are equal",
            "tmpfs must be a string",
            "dns must be a string",
            "ignore must be a string",
            "include must be a string",
            "no_cache_filter must be a string",
            "dns_search must be a string",
            "env_file must be a string",
            "label_file must be a string",
            "sysctls must be a mapping",
            "ssh must be a mapping",
            "args must be a mapping",
            "labels must be a mapping",
            "annotations must be a mapping",
            "environment must be a mapping",
            "extra_hosts must be a mapping",
            "additional_contexts must be a mapping",
            "options must be a mapping",
        ]),
    },
    Rule {
        id: "secret-driver",
        explains: Explains::TheirsRefused(&["must declare either `file` or `environment`"]),
    },
    Rule {
        id: "empty-source",
        explains: Explains::TheirsRefused(&["field Source must not be empty"]),
    },
    Rule {
        id: "first-layout",
        explains: Explains::TheirsRefused(&["additional properties"]),
    },
    Rule {
        id: "limit-in-one-place",
        explains: Explains::TheirsRefused(&["can't set distinct values on"]),
    },
    Rule {
        id: "external-name",
        explains: Explains::TheirsRefused(&["external.name must be a string"]),
    },
    Rule {
        id: "replaced-later",
        explains: Explains::TheirsRefusedEarlier(&[
            " must be a",
            " missing property",
            "value must be one of",
            "additional properties",
            "does not match",
            "unexpected type",
            "is missing a",
        ]),
    },
    Rule {
        id: "fraction",
        explains: Explains::OursRefused(&["is not a whole number"]),
    },
    Rule {
        id: "date-as-name",
        explains: Explains::OursRefused(&["must be a string, not a date"]),
    },
    Rule {
        id: "rate-as-float",
        explains: Explains::Values(|found| {
            found.path.ends_with("].rate") && found.theirs == "\"0\""
        }),
    },
    Rule {
        id: "empty-option",
        explains: Explains::Values(|found| found.path.ends_with(".provider.options")),
    },
    Rule {
        id: "include-nothing",
        explains: Explains::OursRefused(&["compose-include-form"]),
    },
    Rule {
        id: "target-missing",
        explains: Explains::OursRefused(&["has no `target`"]),
    },
    Rule {
        id: "key-path",
        explains: Explains::Values(|found| found.path.contains(".build.ssh[")),
    },
    Rule {
        id: "no-services",
        explains: Explains::Values(|found| found.path == "services" && found.theirs == "{}"),
    },
    Rule {
        id: "device-without-limit",
        explains: Explains::Values(|found| {
            let parts = [".blkio_config.", ".discrete_resource_spec."];
            found.ours == "nothing" && parts.iter().any(|part| found.path.contains(part))
        }),
    },
    Rule {
        id: "no-test",
        explains: Explains::Values(|found| found.path.contains("healthcheck.test[")),
    },
    Rule {
        id: "no-device-ids",
        explains: Explains::Values(|found| {
            found.path.ends_with("].count") && found.ours == "-1" && found.theirs == "nothing"
        }),
    },
    Rule {
        id: "hook-short-forms",
        explains: Explains::Values(|found| found.path.contains(".pre_start[")),
    },
    Rule {
        id: "empty-word",
        explains: Explains::Values(|found| found.ours == "\"\"" && found.theirs == "nothing"),
    },
];

/// How two answers differ.
#[derive(Debug)]
pub(super) enum Disagreement {
    /// Both accept, with different values.
    Values(Difference),
    /// We refuse what the reference accepts.
    OursRefused(Vec<String>),
    /// The reference refuses what we accept.
    TheirsRefused(String),
}

/// The rule that explains a disagreement; `several` says whether the case has more than one
/// document.
pub(super) fn explain(disagreement: &Disagreement, several: bool) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.explains(disagreement, several))
}

impl Rule {
    fn explains(&self, disagreement: &Disagreement, several: bool) -> bool {
        let has = |text: &str, phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
        match (&self.explains, disagreement) {
            (Explains::OursRefused(phrases), Disagreement::OursRefused(errors)) => {
                errors.iter().all(|error| has(error, phrases))
            }
            (Explains::TheirsRefused(phrases), Disagreement::TheirsRefused(error)) => {
                has(error, phrases)
            }
            (Explains::TheirsRefusedEarlier(phrases), Disagreement::TheirsRefused(error)) => {
                several && has(error, phrases)
            }
            (Explains::Values(fits), Disagreement::Values(found)) => fits(found),
            (
                Explains::OursRefused(_)
                | Explains::TheirsRefused(_)
                | Explains::TheirsRefusedEarlier(_)
                | Explains::Values(_),
                _,
            ) => false,
        }
    }
}

impl Disagreement {
    /// How two outcomes differ, if they do.
    pub(super) fn between(ours: &Outcome, theirs: &Outcome, exactness: Exactness) -> Option<Self> {
        match (ours, theirs) {
            (Outcome::Accepted(ours), Outcome::Accepted(theirs)) => {
                difference(ours, theirs, exactness).map(Self::Values)
            }
            (Outcome::Refused(_), Outcome::Refused(_)) => None,
            (Outcome::Refused(errors), Outcome::Accepted(_)) => {
                Some(Self::OursRefused(errors.clone()))
            }
            (Outcome::Accepted(_), Outcome::Refused(errors)) => {
                Some(Self::TheirsRefused(errors.concat()))
            }
        }
    }

    /// A word for what differs, the same for all cases with the same cause: a path without its
    /// names, or the message without the values it quotes.
    pub(super) fn cause(&self) -> String {
        match self {
            Self::Values(difference) => format!("values {}", general_path(&difference.path)),
            Self::OursRefused(errors) => {
                let first = errors.first().map(String::as_str).unwrap_or_default();
                format!("ours refused {}", general_message(first))
            }
            Self::TheirsRefused(error) => format!("theirs refused {}", general_message(error)),
        }
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Values(difference) => write!(formatter, "{difference}"),
            Self::OursRefused(errors) => {
                write!(formatter, "refused by us alone: {}", errors.join("; "))
            }
            Self::TheirsRefused(error) => {
                write!(formatter, "refused by the reference alone: {error}")
            }
        }
    }
}

fn general_path(path: &str) -> String {
    let steps = path.split(['.', '[']).enumerate();
    let steps = steps.map(|(index, step)| match step {
        step if step.ends_with(']') => "[]",
        _ if index == 1 => "*",
        step => step,
    });
    steps.collect::<Vec<_>>().join(".")
}

/// The message without the file, the names and the values it speaks of.
pub(super) fn general_message(message: &str) -> String {
    let message = match message.strip_prefix("validating ") {
        Some(rest) => rest.split_once(": ").map_or(rest, |(_, rest)| rest),
        None => message,
    };
    let words = message.split_whitespace().take(40);
    let words = words.map(|word| if is_name(word) { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a word speaks of this file alone: it is quoted, a path or has a number in it.
fn is_name(word: &str) -> bool {
    word.contains(['`', '"', '\'', '/']) || word.chars().any(|character| character.is_ascii_digit())
}
