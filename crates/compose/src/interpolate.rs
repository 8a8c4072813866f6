//! Variables in a whole tree, and the types their values must have.
//!
//! Source: compose-go 2.16.2, `interpolation/interpolation.go` and `loader/interpolate.go`.

use std::sync::{Arc, LazyLock};

use indexmap::{IndexMap, IndexSet};
use tranship_yaml::{Diagnostic, Diagnostics, Kind, Node, Scalar, ScalarKind, Sources, Span};

use crate::codes;
use crate::place::Place;
use crate::template::{self, TemplateError};
use crate::trie::Branch;
use crate::variables::Variables;

/// The type a text is turned into after its variables were replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cast {
    Boolean,
    Integer,
    Float,
    Umask,
}

static CASTS: LazyLock<Branch<Cast>> = LazyLock::new(casts);

fn casts() -> Branch<Cast> {
    use Cast::{Boolean, Float, Integer, Umask};
    let mut casts = Branch::new();
    casts.add_below(
        &["networks.*"],
        &[
            ("external", Boolean),
            ("internal", Boolean),
            ("attachable", Boolean),
            ("enable_ipv4", Boolean),
            ("enable_ipv6", Boolean),
        ],
    );
    casts.add_below(
        &["volumes.*", "secrets.*", "configs.*"],
        &[("external", Boolean)],
    );
    casts.add_below(
        &["services.*", "jobs.*", "services.*.pre_start.*"],
        &[
            ("cpu_count", Integer),
            ("cpu_percent", Float),
            ("cpu_period", Integer),
            ("cpu_quota", Integer),
            ("cpu_rt_period", Integer),
            ("cpu_rt_runtime", Integer),
            ("cpus", Float),
            ("cpu_shares", Integer),
            ("init", Boolean),
            ("networks.*.use_service_name_alias", Boolean),
            ("oom_kill_disable", Boolean),
            ("oom_score_adj", Integer),
            ("pids_limit", Integer),
            ("privileged", Boolean),
            ("read_only", Boolean),
            ("umask", Umask),
            ("ulimits.*", Integer),
            ("ulimits.*.hard", Integer),
            ("ulimits.*.soft", Integer),
            ("volumes.[].read_only", Boolean),
            ("volumes.[].volume.nocopy", Boolean),
        ],
    );
    casts.add_below(
        &["services.*", "jobs.*"],
        &[
            ("depends_on.*.required", Boolean),
            ("depends_on.*.restart", Boolean),
            ("healthcheck.retries", Integer),
            ("healthcheck.disable", Boolean),
            ("ports.[].target", Integer),
            ("stdin_open", Boolean),
            ("tty", Boolean),
        ],
    );
    casts.add_below(
        &["services.*"],
        &[
            ("deploy.replicas", Integer),
            ("deploy.update_config.parallelism", Integer),
            ("deploy.update_config.max_failure_ratio", Float),
            ("deploy.rollback_config.parallelism", Integer),
            ("deploy.rollback_config.max_failure_ratio", Float),
            ("deploy.restart_policy.max_attempts", Integer),
            ("deploy.placement.max_replicas_per_node", Integer),
            ("scale", Integer),
        ],
    );
    casts
}

/// Replaces the variables of one tree after another, and remembers what was missing.
#[derive(Debug, Default)]
pub(crate) struct Interpolation {
    /// Every variable that was used without a value, with its places.
    unset: IndexMap<String, IndexSet<Span>>,
    /// The places of values that could not be had; what else is wrong with them is not news.
    pub(crate) spoiled: Vec<Span>,
    /// What went wrong.
    pub(crate) diagnostics: Diagnostics,
}

impl Interpolation {
    /// Replaces every variable of `node`, and turns texts into the types they must have.
    ///
    /// A value that cannot be had stays as written, and is reported.
    pub(crate) fn tree(&mut self, node: &mut Node, variables: &Variables, sources: &Sources) {
        let mut walk = Walk {
            variables,
            sources,
            found: self,
        };
        walk.node(node, &Place::Top, Some(&CASTS));
    }

    /// Remembers a variable that was used without a value.
    pub(crate) fn note_unset(&mut self, name: String, span: Span) {
        self.unset.entry(name).or_default().insert(span);
    }

    /// One warning for every variable without a value, then what went wrong.
    pub(crate) fn into_diagnostics(self) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        for (name, places) in self.unset {
            diagnostics.push(unset_warning(&name, &places));
        }
        diagnostics.append(self.diagnostics);
        diagnostics
    }
}

/// More variables without a value than this in one text are an attack: each is looked for in the
/// text to be shown.
const UNSET_IN_ONE_TEXT: usize = 1_000;

/// Where a variable is used is shown so many times and no more.
const SHOWN_PLACES: usize = 4;

fn unset_warning(name: &str, places: &IndexSet<Span>) -> Diagnostic {
    let message = match places.len() {
        0 | 1 => format!("variable `{name}` is not set; a blank string stands in for it"),
        count => {
            format!(
                "variable `{name}` is not set; a blank string stands in for it in {count} places"
            )
        }
    };
    let warning = Diagnostic::warning(codes::UNSET_VARIABLE, message).help(format!(
        "set `{name}` in the environment or in `.env`, or write `${{{name}:-default}}`; a `$` meant literally is written `$$`"
    ));
    let shown = places.iter().take(SHOWN_PLACES);
    shown.fold(warning, |warning, span| warning.at(*span, "used here"))
}

struct Walk<'a> {
    variables: &'a Variables,
    sources: &'a Sources,
    found: &'a mut Interpolation,
}

impl Walk<'_> {
    fn node(&mut self, node: &mut Node, place: &Place<'_>, casts: Option<&Branch<Cast>>) {
        let span = node.span;
        match &mut node.kind {
            Kind::Mapping(entries) => {
                for (key, value) in entries {
                    let below = casts.and_then(|casts| casts.key(&key.text));
                    self.node(value, &place.key(&key.text), below);
                }
            }
            Kind::Sequence(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.node(item, &place.item(index), casts.and_then(Branch::item));
                }
            }
            Kind::Scalar(scalar) if scalar.kind == ScalarKind::String => {
                self.text(scalar, span, place, casts.and_then(Branch::rule));
            }
            Kind::Scalar(_) => {}
        }
    }

    fn text(&mut self, scalar: &mut Scalar, span: Span, place: &Place<'_>, cast: Option<Cast>) {
        if scalar.text.contains('$') && !self.substitute(scalar, span, place) {
            return;
        }
        if let Some(cast) = cast {
            self.cast(scalar, span, place, cast);
        }
    }

    /// Returns whether the text could be had.
    fn substitute(&mut self, scalar: &mut Scalar, span: Span, place: &Place<'_>) -> bool {
        let mut unset = Vec::new();
        let lookup = |name: &str| self.variables.get(name);
        let mut result = template::substitute(&scalar.text, &lookup, &mut unset);
        if unset.len() > UNSET_IN_ONE_TEXT {
            unset.clear();
            result = Err(TemplateError::TooLong);
        }
        for name in unset {
            let at = self.variable_span(span, &name);
            self.found.note_unset(name, at);
        }
        match result {
            Ok(text) => {
                let template = std::mem::replace(&mut scalar.text, Arc::from(text));
                scalar.template = Some(template);
                true
            }
            Err(error) => {
                self.refuse(
                    template_error(&error, place, self.narrow(span, &error)),
                    span,
                );
                false
            }
        }
    }

    fn cast(&mut self, scalar: &mut Scalar, span: Span, place: &Place<'_>, cast: Cast) {
        match cast.apply(&scalar.text) {
            Some(Casted { text, kind, odd }) => {
                if odd {
                    self.found
                        .diagnostics
                        .push(odd_boolean(scalar, &text, span));
                }
                if text != *scalar.text {
                    scalar.text = Arc::from(text);
                }
                scalar.kind = kind;
            }
            None => self.refuse(cast_error(scalar, cast, place, span), span),
        }
    }

    fn refuse(&mut self, error: Diagnostic, span: Span) {
        self.found.diagnostics.push(error);
        self.found.spoiled.push(span);
    }

    /// The place of the expression an error speaks of, where it can be told.
    fn narrow(&self, span: Span, error: &TemplateError) -> Span {
        match error {
            TemplateError::Required { name, .. } => self.variable_span(span, name),
            TemplateError::Malformed { excerpt } => self.find(span, excerpt).unwrap_or(span),
            TemplateError::TooDeep | TemplateError::TooLong => span,
        }
    }

    /// The place of the first expression that names the variable.
    fn variable_span(&self, span: Span, name: &str) -> Span {
        let braced = self.find(span, &format!("${{{name}"));
        braced
            .or_else(|| self.find(span, &format!("${name}")))
            .unwrap_or(span)
    }

    fn find(&self, span: Span, needle: &str) -> Option<Span> {
        let text = &self.sources.get(span.file)?.text;
        let written = text.get(span.start as usize..span.end as usize)?;
        let at = u32::try_from(written.find(needle)?).ok()?;
        let length = u32::try_from(needle.len()).ok()?;
        Some(Span {
            file: span.file,
            start: span.start + at,
            end: span.start + at + length,
        })
    }
}

/// A text turned into another type.
struct Casted {
    text: String,
    kind: ScalarKind,
    /// Spelled as YAML 1.2 does not know it.
    odd: bool,
}

impl Cast {
    fn apply(self, text: &str) -> Option<Casted> {
        let (text, kind, odd) = match self {
            Cast::Boolean => {
                let (value, odd) = boolean(text)?;
                (value.to_owned(), ScalarKind::Bool, odd)
            }
            Cast::Integer => (integer(text)?.to_string(), ScalarKind::Integer, false),
            Cast::Float => (float(text)?, ScalarKind::Float, false),
            Cast::Umask => (umask(text)?.to_string(), ScalarKind::Integer, false),
        };
        Some(Casted { text, kind, odd })
    }

    fn wanted(self) -> &'static str {
        match self {
            Cast::Boolean => "`true` or `false`",
            Cast::Integer => "a whole number",
            Cast::Float => "a number",
            Cast::Umask => "a file mode, such as `077`",
        }
    }
}

fn boolean(text: &str) -> Option<(&'static str, bool)> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(("true", false)),
        "false" => Some(("false", false)),
        "y" | "yes" | "on" => Some(("true", true)),
        "n" | "no" | "off" => Some(("false", true)),
        _ => None,
    }
}

fn integer(text: &str) -> Option<i64> {
    // Rust and Go agree on signs and leading zeros.
    text.parse().ok()
}

/// Go takes what Rust takes, and underscores and hexadecimal floats on top, which nobody writes.
fn float(text: &str) -> Option<String> {
    let value: f64 = text.parse().ok()?;
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let readable = plain && text.starts_with(|first: char| first.is_ascii_digit());
    Some(match readable {
        true => text.to_owned(),
        false if value.is_infinite() && value > 0.0 => ".inf".to_owned(),
        false if value.is_infinite() => "-.inf".to_owned(),
        false if value.is_nan() => ".nan".to_owned(),
        false => format!("{value:?}"),
    })
}

/// `0`, `0o`, `0x` and `0b` choose the base, as in a YAML integer.
fn umask(text: &str) -> Option<u32> {
    let prefixed = [
        ("0x", 16),
        ("0X", 16),
        ("0o", 8),
        ("0O", 8),
        ("0b", 2),
        ("0B", 2),
    ];
    for (prefix, base) in prefixed {
        if let Some(digits) = text.strip_prefix(prefix) {
            return unsigned(digits, base);
        }
    }
    match text.strip_prefix('0') {
        Some(digits) if !digits.is_empty() => unsigned(digits, 8),
        _ => unsigned(text, 10),
    }
}

fn unsigned(digits: &str, base: u32) -> Option<u32> {
    if digits.starts_with('+') {
        return None;
    }
    u32::from_str_radix(digits, base).ok()
}

/// The error of a text whose variables could not be replaced.
pub(crate) fn template_error(error: &TemplateError, place: &Place<'_>, span: Span) -> Diagnostic {
    let (code, help) = match error {
        TemplateError::Malformed { .. } => (
            codes::TEMPLATE,
            "write `${NAME}` or `${NAME:-default}`; a `$` meant literally is written `$$`"
                .to_owned(),
        ),
        TemplateError::Required { name, .. } => (
            codes::REQUIRED_VARIABLE,
            format!("set `{name}` in the environment or in `.env`"),
        ),
        TemplateError::TooDeep | TemplateError::TooLong => (
            codes::TEMPLATE_BUDGET,
            "use fewer or shorter variables in one value".to_owned(),
        ),
    };
    let message = format!("{error} in `{place}`");
    Diagnostic::error(code, message)
        .at(span, "needed here")
        .help(help)
}

fn cast_error(scalar: &Scalar, cast: Cast, place: &Place<'_>, span: Span) -> Diagnostic {
    let wanted = cast.wanted();
    let message = format!("`{place}` must be {wanted}, but is `{}`", scalar.text);
    let error = Diagnostic::error(codes::CAST, message).at(span, format!("not {wanted}"));
    match &scalar.template {
        Some(_) => error.help("set its variables, or give them a default"),
        None => error,
    }
}

fn odd_boolean(scalar: &Scalar, value: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` for a boolean is not known to YAML 1.2", scalar.text);
    Diagnostic::warning(codes::BOOLEAN_SPELLING, message)
        .at(span, format!("read as `{value}`"))
        .help(format!("write `{value}`"))
}
