//! The differences we mean to have; docs/compose.md says why, rule by rule.

use std::collections::BTreeSet;
use std::fmt;

use anyhow::Result;

use super::case::{Case, Outcome};
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
    /// As above, and we warn of it with this code.
    Warned(&'static str, &'static [&'static str]),
    /// The reference refuses in such words what later documents change; we accept the whole, and
    /// refuse what comes before them.
    TheirsRefusedEarlier(&'static [&'static str]),
    /// Both accept, with such different values.
    Values(fn(&Difference) -> bool),
}

/// Every rule.
const RULES: &[Rule] = &[
    Rule {
        id: "reference-panics",
        explains: Explains::TheirsRefused(&[
            "panic in loader.Normalize: interface conversion: interface {} is nil, not string",
            "absContextPath: interface conversion: interface {} is *, not string",
            "(*UlimitsConfig).DecodeMapstructure: interface conversion: interface {} is *, not int",
        ]),
    },
    Rule {
        id: "reference-gives-up",
        explains: Explains::TheirsRefused(&["timeout"]),
    },
    Rule {
        id: "number-as-text",
        explains: Explains::TheirsRefused(&[
            "blkio_config.weight' expected type 'uint16', got unconvertible type 'string'",
            "].Weight' expected type 'uint16', got unconvertible type 'string'",
            "].tmpfs.mode' expected type 'uint32', got unconvertible type 'string'",
            ".build.ulimits.*: invalid type string for ulimits",
            ".use_api_socket must be a boolean",
            ".initial_sync must be a boolean",
            ".env_file.*.required must be a boolean",
            "models.*.context_size must be a integer",
            ".networks.*priority must be a number",
            "invalid boolean: ",
        ]),
    },
    Rule {
        id: "other-as-text",
        explains: Explains::TheirsRefused(&[
            ".build.provenance must be a boolean or string",
            ".build.sbom must be a boolean or string",
            ".logging.options.* must be a null, number or string",
            ".driver_opts.* must be a number or string",
            ".ipam.options.* must be a string",
        ]),
    },
    Rule {
        id: "whole-float",
        explains: Explains::TheirsRefused(&[
            ".ports: invalid type float64 for port",
            ".ulimits.*: invalid type float64 for ulimits",
            ".expose*unsupported expose value %!s(float64=",
            ".mode' unexpected value type float64 for mode",
            ".group_add[*]' expected type 'string', got unconvertible type 'float64'",
        ]),
    },
    Rule {
        id: "listed-twice",
        // A list we accept is refused by the schema for its doubles alone, but where a mapping
        // could stand the schema asks for that.
        explains: Explains::TheirsRefused(&[
            " items at * and * are equal",
            ".tmpfs must be a string",
            ".dns must be a string",
            ".ignore must be a string",
            ".include must be a string",
            ".no_cache_filter must be a string",
            ".dns_search must be a string",
            ".env_file must be a string",
            ".label_file must be a string",
            ".sysctls must be a mapping",
            ".build.ssh must be a mapping",
            ".args must be a mapping",
            ".labels must be a mapping",
            ".annotations must be a mapping",
            ".environment must be a mapping",
            ".extra_hosts must be a mapping",
            ".additional_contexts must be a mapping",
            ".options must be a mapping",
        ]),
    },
    Rule {
        id: "replaced-in-list",
        explains: Explains::TheirsRefused(&[
            ".ports.*.mode must be a string",
            ".ports.*.name must be a string",
            ".ports.*.app_protocol must be a string",
        ]),
    },
    Rule {
        id: "secret-driver",
        explains: Explains::Warned(
            "compose-secret-driver",
            &["must declare either `file` or `environment`"],
        ),
    },
    Rule {
        id: "empty-source",
        explains: Explains::Warned("compose-empty-source", &["field Source must not be empty"]),
    },
    Rule {
        id: "first-layout",
        explains: Explains::Warned("compose-v1-layout", &["additional properties"]),
    },
    Rule {
        id: "limit-in-one-place",
        explains: Explains::Warned("compose-conflict", &["can't set distinct values on"]),
    },
    Rule {
        id: "external-name",
        explains: Explains::Warned("compose-deprecated", &["external.name must be a string"]),
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
        explains: Explains::OursRefused(&["compose-invalid-value: * is not a whole number"]),
    },
    Rule {
        id: "date",
        explains: Explains::OursRefused(&["compose-wrong-type: * must be a *, not a date"]),
    },
    Rule {
        id: "mapping-as-value",
        explains: Explains::OursRefused(&[
            "compose-wrong-type: *.environment[*]` must be a string, not a mapping",
            "compose-wrong-type: *.labels[*]` must be a string, not a mapping",
            "compose-wrong-type: *.args[*]` must be a string, not a mapping",
            "compose-wrong-type: *.annotations[*]` must be a string, not a mapping",
            "compose-wrong-type: *.sysctls[*]` must be a string, not a mapping",
        ]),
    },
    Rule {
        id: "port-out-of-range",
        explains: Explains::OursRefused(&[
            "compose-invalid-value: *.ports[*].published`: not a port from 0 to 65535",
            "compose-invalid-value: *.ports[*].target`: * is not between 0 and 65535",
            "compose-invalid-value: *.ports[*].host_ip`: invalid IP address",
        ]),
    },
    Rule {
        id: "unused-test",
        explains: Explains::OursRefused(&[
            "compose-invalid-value: *.healthcheck.test`: a health check must start with",
        ]),
    },
    Rule {
        id: "include-nothing",
        explains: Explains::OursRefused(&["compose-include-form: an entry of * names no path"]),
    },
    Rule {
        id: "target-missing",
        explains: Explains::OursRefused(&["compose-missing-key: *]` has no `target`"]),
    },
    Rule {
        id: "source-missing",
        explains: Explains::OursRefused(&[
            "compose-missing-key: *.secrets[*]` has no `source`",
            "compose-missing-key: *.configs[*]` has no `source`",
        ]),
    },
    Rule {
        id: "empty-name",
        explains: Explains::OursRefused(&["compose-invalid-value: *: a name is empty"]),
    },
    Rule {
        id: "bytes-as-float",
        explains: Explains::Values(|found| {
            let is_nothing = matches!(found.theirs.as_str(), "nothing" | "\"0\"" | "0");
            let is_number = found.ours.trim_matches('"').parse::<u64>().is_ok();
            is_nothing && is_number && ends_in(&found.path, BYTES)
        }),
    },
    Rule {
        id: "extension-in-texts",
        explains: Explains::Values(|found| {
            let key = found.path.rsplit_once(".x-").map(|(parent, _)| parent);
            found.theirs == "nothing" && key.is_some_and(|parent| ends_in(parent, TEXTS))
        }),
    },
    Rule {
        id: "key-path",
        explains: Explains::Values(|found| {
            let theirs = found.theirs.trim_matches('"').split_once(": ");
            let ours = found.ours.trim_matches('"').split_once(": ");
            let unresolved = theirs
                .zip(ours)
                .is_some_and(|((id, text), (our_id, path))| {
                    let is_text = text.parse::<f64>().is_err() && text.parse::<bool>().is_err();
                    id == our_id && !is_text && path.ends_with(&format!("/{text}"))
                });
            found.path.contains(".build.ssh[") && unresolved
        }),
    },
    Rule {
        id: "no-services",
        explains: Explains::Values(|found| found.path == "services" && found.theirs == "{}"),
    },
    Rule {
        id: "device-without-limit",
        explains: Explains::Values(|found| {
            let parts = [".blkio_config.", ".discrete_resource_spec."];
            found.ours == "nothing"
                && matches!(found.theirs.as_str(), "\"\"" | "0" | "\"0\"")
                && parts.iter().any(|part| found.path.contains(part))
        }),
    },
    Rule {
        id: "no-test",
        explains: Explains::Values(|found| {
            found.path.contains("healthcheck.test[") && found.ours == "nothing"
        }),
    },
    Rule {
        id: "no-device-ids",
        explains: Explains::Values(|found| {
            found.path.ends_with("].count") && found.ours == "-1" && found.theirs == "nothing"
        }),
    },
    Rule {
        id: "hook-dns",
        explains: Explains::Values(|found| {
            let at = found.path.split_once(".pre_start[").map(|(_, rest)| rest);
            at.is_some_and(|at| at.contains("].dns")) && found.theirs.contains("\"\"")
        }),
    },
    Rule {
        id: "hook-pull-policy",
        explains: Explains::Values(|found| {
            found.path.contains(".pre_start[")
                && found.path.ends_with("].pull_policy")
                && found.ours == "\"missing\""
                && found.theirs == "\"if_not_present\""
        }),
    },
    Rule {
        id: "hook-gpus",
        explains: Explains::Values(|found| {
            let at = found.path.split_once(".pre_start[").map(|(_, rest)| rest);
            at.is_some_and(|at| at.contains("].gpus["))
                && found.ours == "nothing"
                && found.theirs == r#"{"count":-1}"#
        }),
    },
    Rule {
        id: "empty-target",
        explains: Explains::Values(|found| {
            found.path.contains(".secrets[")
                && found.path.ends_with("].target")
                && found.ours.starts_with("\"/run/secrets/")
                && found.theirs == "nothing"
        }),
    },
];

/// Amounts of bytes.
const BYTES: &[&str] = &[
    "rate",
    "mem_limit",
    "mem_reservation",
    "mem_swappiness",
    "memswap_limit",
    "shm_size",
    "tmpfs.size",
];

/// Mappings of names to texts.
const TEXTS: &[&str] = &[
    "annotations",
    "args",
    "driver_opts",
    "environment",
    "labels",
    "options",
    "storage_opt",
    "sysctls",
];

/// Whether a path ends in one of some keys.
fn ends_in(path: &str, keys: &[&str]) -> bool {
    let ends = |key: &&str| {
        path.strip_suffix(*key)
            .is_some_and(|rest| rest.ends_with('.'))
    };
    keys.iter().any(ends)
}

/// How two answers differ.
#[derive(Debug)]
pub(super) enum Disagreement {
    /// Both accept, with different values.
    Values(Difference),
    /// We refuse what the reference accepts.
    OursRefused(Vec<String>),
    /// The reference refuses what we accept, perhaps with warnings.
    TheirsRefused(String, Vec<String>),
}

/// The rule that explains a disagreement about a case: each part of it is to be explained, and the
/// rule of the first one counts.
pub(super) fn explain(disagreement: &Disagreement, case: &Case) -> Result<Option<&'static Rule>> {
    let mut first = None;
    for part in disagreement.parts() {
        let Some(rule) = explain_part(&part, case)? else {
            return Ok(None);
        };
        first.get_or_insert(rule);
    }
    Ok(first)
}

fn explain_part(part: &Part<'_>, case: &Case) -> Result<Option<&'static Rule>> {
    for rule in RULES.iter().filter(|rule| rule.fits(part)) {
        let is_so = match rule.explains {
            Explains::TheirsRefusedEarlier(_) => is_refused_before(case)?,
            Explains::OursRefused(_)
            | Explains::TheirsRefused(_)
            | Explains::Warned(..)
            | Explains::Values(_) => true,
        };
        if is_so {
            return Ok(Some(rule));
        }
    }
    Ok(None)
}

/// One thing of a disagreement that has to be explained by itself.
enum Part<'d> {
    /// A value.
    Value(&'d Difference),
    /// One of our errors.
    OurError(&'d str),
    /// One of the reference's errors, and our warnings.
    TheirError(&'d str, &'d [String]),
}

/// What later documents can mend: a value, and not a reference to something missing.
const FORM: &[&str] = &[
    "compose-wrong-type: ",
    "compose-invalid-value: ",
    "compose-missing-key: ",
    "compose-unknown-key: ",
    "compose-bad-name: ",
    "compose-cast: ",
];

/// Whether we refuse the case for the form of a value before its last document is read.
fn is_refused_before(case: &Case) -> Result<bool> {
    for earlier in case.earlier() {
        earlier.write()?;
        let outcome = earlier.load();
        earlier.clean();
        case.write()?;
        let errors = match outcome {
            Outcome::Refused(errors) => errors,
            Outcome::Accepted(..) => continue,
        };
        let of_form = |error: &String| FORM.iter().any(|code| error.starts_with(code));
        if errors.iter().any(of_form) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the parts of a pattern between its `*` are in the text, one after the other.
fn matches(text: &str, pattern: &str) -> bool {
    let mut rest = text;
    pattern.split('*').all(|part| {
        let found = rest.find(part).and_then(|at| rest.get(at + part.len()..));
        found.map(|after| rest = after).is_some()
    })
}

impl Rule {
    fn fits(&self, part: &Part<'_>) -> bool {
        let has = |text: &str, phrases: &[&str]| phrases.iter().any(|phrase| matches(text, phrase));
        match (&self.explains, part) {
            (Explains::OursRefused(phrases), Part::OurError(error))
            | (
                Explains::TheirsRefused(phrases) | Explains::TheirsRefusedEarlier(phrases),
                Part::TheirError(error, _),
            ) => has(error, phrases),
            (Explains::Warned(code, phrases), Part::TheirError(error, warnings)) => {
                let warned = |warning: &String| warning.split(':').next() == Some(code);
                has(error, phrases) && warnings.iter().any(warned)
            }
            (Explains::Values(fits), Part::Value(found)) => fits(found),
            (
                Explains::OursRefused(_)
                | Explains::TheirsRefused(_)
                | Explains::Warned(..)
                | Explains::TheirsRefusedEarlier(_)
                | Explains::Values(_),
                Part::Value(_) | Part::OurError(_) | Part::TheirError(..),
            ) => false,
        }
    }
}

/// What the reference writes before a list of errors.
const LIST: &str = "decoding failed due to the following error(s):";

impl Disagreement {
    fn parts(&self) -> Vec<Part<'_>> {
        match self {
            Self::Values(found) => vec![Part::Value(found)],
            Self::OursRefused(errors) => errors.iter().map(|error| Part::OurError(error)).collect(),
            Self::TheirsRefused(error, warnings) => errors_of(error)
                .map(|error| Part::TheirError(error, warnings))
                .collect(),
        }
    }

    /// How two outcomes differ, if they do.
    pub(super) fn between(ours: &Outcome, theirs: &Outcome, exactness: Exactness) -> Option<Self> {
        match (ours, theirs) {
            (Outcome::Accepted(ours, _), Outcome::Accepted(theirs, _)) => {
                difference(ours, theirs, exactness).map(Self::Values)
            }
            (Outcome::Refused(_), Outcome::Refused(_)) => None,
            (Outcome::Refused(errors), Outcome::Accepted(..)) => {
                Some(Self::OursRefused(errors.clone()))
            }
            (Outcome::Accepted(_, warnings), Outcome::Refused(errors)) => {
                Some(Self::TheirsRefused(errors.concat(), warnings.clone()))
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
            Self::TheirsRefused(error, _) => format!("theirs refused {}", general_message(error)),
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
            Self::TheirsRefused(error, _) => {
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

/// The errors of a message of the reference, which is one or a list.
fn errors_of(message: &str) -> impl Iterator<Item = &str> {
    let list = message.trim_start().strip_prefix(LIST);
    let lines = list.into_iter().flat_map(str::lines);
    let lines = lines.map(str::trim).filter(|line| !line.is_empty());
    let one = list.is_none().then_some(message);
    lines.chain(one)
}

/// The message without the file, the names and the values it speaks of.
pub(super) fn general_message(message: &str) -> String {
    let errors: BTreeSet<String> = errors_of(message).map(general_error).collect();
    errors.into_iter().collect::<Vec<_>>().join("; ")
}

fn general_error(message: &str) -> String {
    let message = match message.strip_prefix("validating ") {
        Some(rest) => rest.split_once(": ").map_or(rest, |(_, rest)| rest),
        None => message,
    };
    let words = message.split_whitespace().take(40);
    let words = words.map(|word| match word.split_once("].") {
        Some((_, attribute)) if is_name(word) => format!("….{}", general_path(attribute)),
        Some(_) | None if is_name(word) => "…".to_owned(),
        Some(_) | None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a word speaks of this file alone: it is quoted, a path or has a number in it.
fn is_name(word: &str) -> bool {
    word.contains(['`', '"', '\'', '/']) || word.chars().any(|character| character.is_ascii_digit())
}
