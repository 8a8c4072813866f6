//! The substitution grammar: `$NAME`, `${NAME}` and the operators, on one text.
//!
//! Source: compose-go 2.16.2, `template/template.go`; the grammar there is a regular expression,
//! and this reader finds the same matches: with an operator, an expression reaches at most to the
//! last `}` of its line.

mod expressions;

pub(crate) use expressions::expressions;

/// How many defaults may stand inside each other.
const NESTING: usize = 16;
/// How many bytes a text may grow by.
const GROWTH: usize = 1 << 20;

/// Where the values come from.
pub(crate) type Lookup<'l, 'v> = &'l dyn Fn(&str) -> Option<&'v str>;

/// Why a text could not be substituted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TemplateError {
    /// A `${` that starts no expression.
    #[error("`{excerpt}` is not a variable expression")]
    Malformed {
        /// The text from the `${` on.
        excerpt: String,
    },
    /// `${NAME:?reason}` or `${NAME?reason}` without a value.
    #[error("required variable `{name}` has no value{}", reason_suffix(.reason))]
    Required {
        /// The variable.
        name: String,
        /// What the file says about it; may be empty.
        reason: String,
    },
    /// Defaults inside defaults inside defaults.
    #[error("variable expressions are nested more than {NESTING} deep")]
    TooDeep,
    /// The values would make the text too long.
    #[error("the variables make this text grow by more than {GROWTH} bytes")]
    TooLong,
}

fn reason_suffix(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(": {reason}")
    }
}

/// Replaces every variable of `template` by its value.
///
/// A value is never looked into again. Names of variables that are not set, and for which nothing
/// is said, go to `unset`; the empty text stands in for them.
///
/// # Errors
///
/// Returns the first expression that is malformed, lacks a required value or leaves the limits.
pub(crate) fn substitute(
    template: &str,
    lookup: Lookup<'_, '_>,
    unset: &mut Vec<String>,
) -> Result<String, TemplateError> {
    let mut substitution = Substitution {
        lookup,
        unset,
        limit: template.len() + GROWTH,
    };
    let mut output = String::with_capacity(template.len());
    substitution.text(template, 0, &mut output)?;
    Ok(output)
}

struct Substitution<'a, 'v> {
    lookup: Lookup<'a, 'v>,
    unset: &'a mut Vec<String>,
    /// The longest text that may come out, in bytes.
    limit: usize,
}

/// The line an expression stands in, as lengths of what is left of the text.
#[derive(Clone, Copy)]
struct Line {
    /// What is left behind the end of the line.
    end: usize,
    /// What is left at the last `}` of the line.
    last_brace: Option<usize>,
}

impl Substitution<'_, '_> {
    fn text(&mut self, text: &str, depth: usize, output: &mut String) -> Result<(), TemplateError> {
        if depth > NESTING {
            return Err(TemplateError::TooDeep);
        }
        let mut rest = text;
        let mut line = None;
        while let Some((before, after)) = rest.split_once('$') {
            self.write(before, output)?;
            rest = self.dollar(after, depth, &mut line, output)?;
        }
        self.write(rest, output)
    }

    fn write(&self, text: &str, output: &mut String) -> Result<(), TemplateError> {
        if output.len() + text.len() > self.limit {
            return Err(TemplateError::TooLong);
        }
        output.push_str(text);
        Ok(())
    }

    /// Reads what follows a `$` and returns what is left after it.
    fn dollar<'t>(
        &mut self,
        after: &'t str,
        depth: usize,
        line: &mut Option<Line>,
        output: &mut String,
    ) -> Result<&'t str, TemplateError> {
        if let Some(rest) = after.strip_prefix('$') {
            self.write("$", output)?;
            return Ok(rest);
        }
        if let Some(inner) = after.strip_prefix('{') {
            return self.braced(inner, depth, line, output);
        }
        let (name, rest) = split_name(after);
        if name.is_empty() {
            self.write("$", output)?;
        } else {
            self.plain(name, output)?;
        }
        Ok(rest)
    }

    fn plain(&mut self, name: &str, output: &mut String) -> Result<(), TemplateError> {
        let Some(value) = (self.lookup)(name) else {
            self.unset.push(name.to_owned());
            return Ok(());
        };
        self.write(value, output)
    }

    /// Reads what follows a `${`.
    fn braced<'t>(
        &mut self,
        inner: &'t str,
        depth: usize,
        line: &mut Option<Line>,
        output: &mut String,
    ) -> Result<&'t str, TemplateError> {
        let (name, tail) = split_name(inner);
        if name.is_empty() {
            return Err(malformed(inner));
        }
        if let Some(rest) = tail.strip_prefix('}') {
            self.plain(name, output)?;
            return Ok(rest);
        }
        let Some((operator, _)) = Operator::read(tail) else {
            return Err(malformed(inner));
        };
        let Some((expression, rest)) = split_expression(inner, line) else {
            return Err(malformed(inner));
        };
        let word = expression
            .get(name.len() + operator.len()..)
            .unwrap_or_default();
        self.operation(name, operator, word, depth, output)?;
        Ok(rest)
    }

    fn operation(
        &mut self,
        name: &str,
        operator: Operator,
        word: &str,
        depth: usize,
        output: &mut String,
    ) -> Result<(), TemplateError> {
        let value = (self.lookup)(name);
        let filled = value.filter(|value| !operator.empty_is_unset || !value.is_empty());
        match operator.kind {
            OperatorKind::Default => match filled {
                Some(value) => self.write(value, output),
                None => self.text(word, depth + 1, output),
            },
            OperatorKind::Alternative => match filled {
                Some(_) => self.text(word, depth + 1, output),
                None => self.write(value.unwrap_or_default(), output),
            },
            OperatorKind::Required => match filled {
                Some(value) => self.write(value, output),
                None => Err(self.required(name, word, depth)),
            },
        }
    }

    fn required(&mut self, name: &str, word: &str, depth: usize) -> TemplateError {
        let mut reason = String::new();
        match self.text(word, depth + 1, &mut reason) {
            Ok(()) => TemplateError::Required {
                name: name.to_owned(),
                reason,
            },
            Err(error) => error,
        }
    }
}

/// What an expression says besides its name.
#[derive(Clone, Copy)]
pub(crate) enum OperatorKind {
    /// `-`
    Default,
    /// `+`
    Alternative,
    /// `?`
    Required,
}

#[derive(Clone, Copy)]
struct Operator {
    kind: OperatorKind,
    /// Written with a colon: an empty value counts as none.
    empty_is_unset: bool,
}

impl Operator {
    fn read(tail: &str) -> Option<(Self, &str)> {
        let (empty_is_unset, tail) = match tail.strip_prefix(':') {
            Some(tail) => (true, tail),
            None => (false, tail),
        };
        let mut characters = tail.chars();
        let kind = match characters.next()? {
            '-' => OperatorKind::Default,
            '+' => OperatorKind::Alternative,
            '?' => OperatorKind::Required,
            _ => return None,
        };
        let operator = Self {
            kind,
            empty_is_unset,
        };
        Some((operator, characters.as_str()))
    }

    fn len(self) -> usize {
        1 + usize::from(self.empty_is_unset)
    }
}

fn malformed(inner: &str) -> TemplateError {
    let shown: String = inner
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(60)
        .collect();
    TemplateError::Malformed {
        excerpt: format!("${{{shown}"),
    }
}

fn split_name(text: &str) -> (&str, &str) {
    let is_first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let is_next = |byte: u8| is_first(byte) || byte.is_ascii_digit();
    let length = match text.bytes().next() {
        Some(first) if is_first(first) => text.bytes().take_while(|byte| is_next(*byte)).count(),
        _ => 0,
    };
    text.split_at(length)
}

/// Splits what follows a `${` at the `}` that closes it.
fn split_expression<'t>(inner: &'t str, line: &mut Option<Line>) -> Option<(&'t str, &'t str)> {
    let known = line.filter(|line| line.end < inner.len());
    let line = *line.insert(known.unwrap_or_else(|| read_line(inner)));
    let last = inner.len().checked_sub(line.last_brace?)?;
    let closing = closing_brace(inner.get(..=last)?).unwrap_or(last);
    Some((inner.get(..closing)?, inner.get(closing + 1..)?))
}

fn read_line(inner: &str) -> Line {
    let length = inner.find('\n').unwrap_or(inner.len());
    let braces = inner.get(..length).and_then(|line| line.rfind('}'));
    Line {
        end: inner.len() - length,
        last_brace: braces.map(|at| inner.len() - at),
    }
}

/// The first `}` that leaves no `{` open. As in the reference, the byte after a `{` is not looked
/// at, so `{}` counts as one open brace.
fn closing_brace(inner: &str) -> Option<usize> {
    let mut open = 1_usize;
    let mut bytes = inner.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'}' if open == 1 => return Some(at),
            b'}' => open -= 1,
            b'{' => {
                open += 1;
                bytes.next();
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{TemplateError, substitute};

    fn lookup(name: &str) -> Option<&'static str> {
        match name {
            "FOO" => Some("first"),
            "BAR" => Some(""),
            "LONG" => Some("0123456789"),
            _ => None,
        }
    }

    fn substituted(template: &str) -> Result<String, TemplateError> {
        substitute(template, &lookup, &mut Vec::new())
    }

    #[test]
    fn every_operator_is_read() {
        for (template, expected) in [
            ("$FOO-bar", "first-bar"),
            ("${FOO}", "first"),
            ("$$FOO ${UNSET}", "$FOO "),
            ("${BAR:-x}${BAR-x}", "x"),
            ("${UNSET:-x}${UNSET-y}", "xy"),
            ("${FOO:+x}${BAR:+x}${BAR+y}${UNSET+z}", "xy"),
            ("${FOO:?no}${BAR?no}", "first"),
            ("${UNSET-a:-b}", "a:-b"),
            ("${UNSET:-${BAR:-$FOO}_}", "first_"),
            ("${UNSET:-{\"x\":1}}", "{\"x\":1}"),
            ("${UNSET:-}}", "}"),
            ("${UNSET:-\\}}", "\\}"),
            ("{{{ ${FOO:-foo} ${BAR:-d} }}}", "{{{ first d }}}"),
        ] {
            assert_eq!(substituted(template).as_deref(), Ok(expected), "{template}");
        }
    }

    #[test]
    fn dollar_without_a_name_stays() {
        for template in ["$", "a $ b", "$1", "$}", "^x$", "$é"] {
            assert_eq!(substituted(template).as_deref(), Ok(template));
        }
    }

    #[test]
    fn malformed_expression_is_refused() {
        for template in [
            "${",
            "${}",
            "${1A}",
            "${A.b}",
            "${A }",
            "${A/x/y}",
            "${A:=x}",
            "${A: -x}",
            "${é}",
            "${A:-x\ny}",
        ] {
            let refused = matches!(substituted(template), Err(TemplateError::Malformed { .. }));
            assert!(refused, "{template}");
        }
    }

    #[test]
    fn reason_of_a_required_variable_is_substituted() {
        let error = TemplateError::Required {
            name: "UNSET".to_owned(),
            reason: "set first".to_owned(),
        };
        assert_eq!(substituted("${UNSET:?set $FOO}"), Err(error));
    }

    #[test]
    fn unset_variables_are_named_once_for_each_use() {
        let mut unset = Vec::new();
        let result = substitute("$A ${B} ${C:-$D}", &lookup, &mut unset);
        assert_eq!(result.as_deref(), Ok("  "));
        assert_eq!(unset, ["A", "B", "D"]);
    }

    #[test]
    fn nesting_has_a_limit() {
        let deep = |levels: usize| format!("{}x{}", "${A:-".repeat(levels), "}".repeat(levels));
        assert_eq!(substituted(&deep(16)).as_deref(), Ok("x"));
        assert_eq!(substituted(&deep(17)), Err(TemplateError::TooDeep));
    }

    #[test]
    fn growth_has_a_limit() {
        let many = "$LONG".repeat(220_000);
        assert_eq!(substituted(&many), Err(TemplateError::TooLong));
    }

    #[test]
    fn many_expressions_on_one_line_take_linear_time() {
        let many = "${A:-b}".repeat(100_000);
        assert_eq!(substituted(&many).map(|text| text.len()), Ok(100_000));
    }
}
