//! Reads nodes into typed values, and reports everything that does not fit.

use std::borrow::Cow;
use std::fmt::{self, Display, Write as _};

use tranship_yaml::{Diagnostic, Diagnostics, Key, Kind, Mapping, Node, Scalar, ScalarKind, Span};

use super::attribute::Attributes;
use super::codes;
use super::json::json;
use super::nearest::nearest;

/// One step of the way from the top of the tree to a node.
#[derive(Clone, Copy, Debug)]
enum Step<'t> {
    Key(&'t str),
    Item(usize),
}

/// What the reader forgives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// What the reference loader refuses is refused.
    #[default]
    Strict,
    /// Unknown keys are warnings, and what is used without a declaration is declared.
    Lenient,
}

/// Reads nodes into typed values, and keeps what is wrong with them.
pub(crate) struct Decoder<'t> {
    path: Vec<Step<'t>>,
    diagnostics: Diagnostics,
    strictness: Strictness,
}

impl<'t> Decoder<'t> {
    pub(crate) fn new(strictness: Strictness) -> Self {
        Self {
            path: Vec::new(),
            diagnostics: Diagnostics::default(),
            strictness,
        }
    }

    /// Everything that was wrong.
    pub(crate) fn finish(self) -> Diagnostics {
        self.diagnostics
    }

    /// Reads the value behind a key, so that messages name the key.
    pub(crate) fn at_key<R>(&mut self, key: &'t str, read: impl FnOnce(&mut Self) -> R) -> R {
        self.at(Step::Key(key), read)
    }

    /// Reads an item of a list, so that messages name its number.
    pub(crate) fn at_item<R>(&mut self, index: usize, read: impl FnOnce(&mut Self) -> R) -> R {
        self.at(Step::Item(index), read)
    }

    fn at<R>(&mut self, step: Step<'t>, read: impl FnOnce(&mut Self) -> R) -> R {
        self.path.push(step);
        let result = read(self);
        self.path.pop();
        result
    }

    /// Reads a mapping with known keys.
    pub(crate) fn mapping<A: Attributes>(&mut self, node: &'t Node) -> Option<A> {
        let Some(mapping) = node.as_mapping() else {
            return self.wrong_type(node, "a mapping");
        };
        let mut attributes = A::default();
        for (key, value) in mapping {
            self.at_key(&key.text, |decoder| {
                decoder.attribute(&mut attributes, key, value);
            });
        }
        let mut complete = true;
        for required in A::REQUIRED {
            if !mapping.contains_key(required) {
                self.missing_key(node, required);
                complete = false;
            }
        }
        complete.then_some(attributes)
    }

    fn attribute<A: Attributes>(&mut self, attributes: &mut A, key: &Key, value: &'t Node) {
        if attributes.set(&key.text, value, self) {
            return;
        }
        if A::EXTENSIBLE && key.text.starts_with("x-") {
            attributes.extend(&key.text, json(value));
            return;
        }
        let mut known = Vec::new();
        A::keys(&mut known);
        self.unknown_key(key, &known);
    }

    /// The entries of a mapping with free keys; null counts as none.
    pub(crate) fn entries(&mut self, node: &'t Node) -> Option<&'t Mapping> {
        match node.as_mapping() {
            Some(mapping) => Some(mapping),
            None => self.wrong_type(node, "a mapping"),
        }
    }

    /// The items of a list.
    pub(crate) fn items(&mut self, node: &'t Node) -> Option<&'t [Node]> {
        match node.as_sequence() {
            Some(items) => Some(items),
            None => self.wrong_type(node, "a list"),
        }
    }

    /// Reads every item of a list; items that cannot be read are left out.
    pub(crate) fn list<T>(
        &mut self,
        node: &'t Node,
        mut read: impl FnMut(&'t Node, &mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let items = self.items(node)?;
        let mut list = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            list.extend(self.at_item(index, |decoder| read(item, decoder)));
        }
        Some(list)
    }

    /// A scalar that is a string.
    pub(crate) fn string(&mut self, node: &'t Node) -> Option<&'t str> {
        match &node.kind {
            Kind::Scalar(scalar) if scalar.kind == ScalarKind::String => Some(&scalar.text),
            Kind::Scalar(_) | Kind::Sequence(_) | Kind::Mapping(_) => {
                self.wrong_type(node, "a string")
            }
        }
    }

    /// A string of a certain form, which `help` shows.
    pub(crate) fn string_like(&mut self, node: &'t Node, help: &str) -> Option<&'t str> {
        match node.as_scalar() {
            Some(scalar) if matches!(scalar.kind, ScalarKind::Integer | ScalarKind::Float) => self
                .invalid(
                    node,
                    &format_args!("`{}` is a number, not a string", scalar.text),
                    help,
                ),
            Some(_) | None => self.string(node),
        }
    }

    /// A scalar but null, as the text the reference loader makes of it.
    pub(crate) fn text(&mut self, node: &'t Node) -> Option<Cow<'t, str>> {
        match node.as_scalar() {
            Some(scalar) if scalar.kind != ScalarKind::Null => {
                Some(self.go_text(node.span, scalar))
            }
            Some(_) | None => self.wrong_type(node, "a string"),
        }
    }

    /// A string or a number, as text.
    pub(crate) fn string_or_number(&mut self, node: &'t Node) -> Option<Cow<'t, str>> {
        match node.as_scalar().map(|scalar| scalar.kind) {
            Some(ScalarKind::String | ScalarKind::Integer | ScalarKind::Float) => self.text(node),
            Some(ScalarKind::Null | ScalarKind::Bool | ScalarKind::Timestamp) | None => {
                self.wrong_type(node, "a string or a number")
            }
        }
    }

    /// The text the reference loader makes of a scalar; a date or an exponent is worth a warning.
    fn go_text(&mut self, span: Span, scalar: &'t Scalar) -> Cow<'t, str> {
        let text = scalar.go_text();
        let surprising = match scalar.kind {
            ScalarKind::Timestamp => true,
            ScalarKind::Float => text.contains('e'),
            ScalarKind::Null | ScalarKind::Bool | ScalarKind::Integer | ScalarKind::String => false,
        };
        if surprising && *text != *scalar.text {
            let message = format!("`{}` is not a string and becomes `{text}`", scalar.text);
            let help = format!("write \"{}\" in quotes to keep it", scalar.text);
            self.warn(
                Diagnostic::warning(codes::TEXT_CHANGES, message)
                    .at(span, "")
                    .help(help),
            );
        }
        text
    }

    /// A boolean, or a word that stands for one.
    pub(crate) fn boolean(&mut self, node: &'t Node) -> Option<bool> {
        let Some(scalar) = node.as_scalar() else {
            return self.wrong_type(node, "a boolean");
        };
        if let Some(value) = scalar.as_bool() {
            return Some(value);
        }
        if scalar.kind != ScalarKind::String {
            return self.wrong_type(node, "a boolean");
        }
        self.boolean_word(node, &scalar.text)
    }

    fn boolean_word(&mut self, node: &'t Node, text: &str) -> Option<bool> {
        let lowercase = text.to_ascii_lowercase();
        let value = match lowercase.as_str() {
            "true" | "y" | "yes" | "on" | "1" | "t" => true,
            "false" | "n" | "no" | "off" | "0" | "f" => false,
            _ => {
                return self.invalid(
                    node,
                    &format_args!("`{text}` is not a boolean"),
                    "write true or false",
                );
            }
        };
        if !matches!(lowercase.as_str(), "true" | "false") {
            let message = format!("`{text}` is read as {value}");
            self.warn(
                Diagnostic::warning(crate::codes::BOOLEAN_SPELLING, message)
                    .at(node.span, "")
                    .help(format!("write {value}")),
            );
        }
        Some(value)
    }

    /// A whole number, or a text that holds one.
    pub(crate) fn integer(&mut self, node: &'t Node) -> Option<i128> {
        let Some(scalar) = node.as_scalar() else {
            return self.wrong_type(node, "a whole number");
        };
        let value = match scalar.kind {
            ScalarKind::Integer => scalar
                .as_i64()
                .map(i128::from)
                .or(scalar.as_u64().map(i128::from)),
            ScalarKind::Float => scalar.as_f64().and_then(whole),
            ScalarKind::String => scalar.text.parse().ok(),
            ScalarKind::Null | ScalarKind::Bool | ScalarKind::Timestamp => {
                return self.wrong_type(node, "a whole number");
            }
        };
        value.or_else(|| self.not_an_integer(node, &scalar.text))
    }

    fn not_an_integer<T>(&mut self, node: &Node, text: &str) -> Option<T> {
        let help = match text {
            "" => "give a number; an unset variable leaves nothing here",
            _ => "give a whole number",
        };
        self.invalid(node, &format_args!("`{text}` is not a whole number"), help)
    }

    /// A text parsed by its type.
    pub(crate) fn parse<T>(&mut self, node: &Node, text: &str, help: &str) -> Option<T>
    where
        T: std::str::FromStr<Err: Display>,
    {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => self.invalid(node, &error, help),
        }
    }

    /// Reports a value that is not one of the known words.
    pub(crate) fn not_a_word<T>(&mut self, node: &Node, found: &str, words: &[&str]) -> Option<T> {
        let help = word_help(found, words);
        self.invalid(
            node,
            &format_args!("`{found}` is not one of the allowed words"),
            &help,
        )
    }

    /// Warns of a value that is none of the known words, and which the reference lets through.
    pub(crate) fn odd_word(&mut self, node: &Node, found: &str, words: &[&str]) {
        if found.is_empty() {
            return;
        }
        let message = format!("{}: no engine knows `{found}`", self.place());
        self.warn(
            Diagnostic::warning(codes::UNKNOWN_WORD, message)
                .at(node.span, "")
                .help(word_help(found, words)),
        );
    }

    /// Reports a value of the wrong type.
    pub(crate) fn wrong_type<T>(&mut self, node: &Node, wanted: &str) -> Option<T> {
        let found = node.kind_name();
        let message = format!("{} must be {wanted}, not {found}", self.place());
        let label = if node.is_null() {
            "nothing is given here".to_owned()
        } else {
            format!("this is {found}")
        };
        let mut diagnostic = Diagnostic::error(codes::WRONG_TYPE, message).at(node.span, label);
        if node.is_null() {
            diagnostic = diagnostic.help("give a value, or remove the key");
        } else if wanted == "a string" && node.as_scalar().is_some() {
            diagnostic = diagnostic.help("put it in quotes");
        }
        self.diagnostics.push(diagnostic);
        None
    }

    /// Reports a value that cannot be read.
    pub(crate) fn invalid<T>(&mut self, node: &Node, what: &dyn Display, help: &str) -> Option<T> {
        let message = format!("{}: {what}", self.place());
        let mut diagnostic = Diagnostic::error(codes::INVALID_VALUE, message).at(node.span, "");
        if !help.is_empty() {
            diagnostic = diagnostic.help(help);
        }
        self.diagnostics.push(diagnostic);
        None
    }

    /// Reports a key that must be given and is not.
    pub(crate) fn missing_key(&mut self, node: &Node, key: &str) {
        let message = format!("{} has no `{key}`", self.place());
        self.diagnostics.push(
            Diagnostic::error(codes::MISSING_KEY, message)
                .at(node.span, "")
                .help(format!("add `{key}:`")),
        );
    }

    /// Reports a key nobody defines.
    pub(crate) fn unknown_key(&mut self, key: &Key, known: &[&str]) {
        let place = self.parent_place();
        let message = format!("unknown key `{}` in {place}", key.text);
        let diagnostic = match self.strictness {
            Strictness::Strict => Diagnostic::error(codes::UNKNOWN_KEY, message),
            Strictness::Lenient => Diagnostic::warning(codes::UNKNOWN_KEY, message),
        };
        let diagnostic = diagnostic.at(key.span, "not a compose key here");
        self.diagnostics.push(match nearest(&key.text, known) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help("remove it, or begin it with `x-` to keep it as your own"),
        });
    }

    /// Reports a name with characters no name may have.
    pub(crate) fn bad_name(&mut self, key: &Key) {
        let message = format!("`{}` in {} is not a legal name", key.text, self.place());
        self.diagnostics.push(
            Diagnostic::error(codes::BAD_NAME, message)
                .at(key.span, "")
                .help("use letters, digits, `.`, `_` and `-`"),
        );
    }

    /// Keeps a warning.
    pub(crate) fn warn(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The way to the present node, in backticks.
    pub(crate) fn place(&self) -> String {
        place(&self.path)
    }

    fn parent_place(&self) -> String {
        place(
            self.path
                .get(..self.path.len().saturating_sub(1))
                .unwrap_or_default(),
        )
    }
}

/// A float without a fraction.
fn whole(value: f64) -> Option<i128> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the fraction is tested first"
    )]
    (value.fract() == 0.0).then_some(value as i128)
}

fn word_help(found: &str, words: &[&str]) -> String {
    match nearest(found, words) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of `{}`", words.join("`, `")),
    }
}

fn place(path: &[Step<'_>]) -> String {
    if path.is_empty() {
        return "the file".to_owned();
    }
    let mut text = String::from("`");
    for (index, step) in path.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write_step(&mut text, *step, index == 0);
    }
    text.push('`');
    text
}

fn write_step(text: &mut String, step: Step<'_>, first: bool) -> fmt::Result {
    match step {
        Step::Key(key) if first => text.write_str(key),
        Step::Key(key) => write!(text, ".{key}"),
        Step::Item(index) => write!(text, "[{index}]"),
    }
}
