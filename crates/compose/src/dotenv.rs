//! The grammar of `.env`, `env_file` and `label_file`.
//!
//! Source: compose-go 2.16.2, `dotenv/parser.go`, odd corners included: `KEY` alone at the very
//! end of a file, without a newline, sets the empty name to `KEY`.

use crate::template::{self, Lookup, TemplateError};
use crate::variables::Variables;

/// What is wrong in a text of variables.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DotenvErrorKind {
    /// `MY KEY=value`.
    #[error("the name `{0}` contains a space")]
    SpaceInName(String),
    /// `MY$KEY=value`.
    #[error("unexpected `{character}` in a variable name")]
    UnexpectedCharacter {
        /// The character no name may contain.
        character: char,
    },
    /// A quote that is opened and never closed.
    #[error("the quote opened here is never closed")]
    UnterminatedQuote,
    /// A value that cannot be substituted.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// What is wrong in a text of variables, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub(crate) struct DotenvError {
    /// The first byte of the trouble.
    pub(crate) at: usize,
    /// What is wrong.
    pub(crate) kind: DotenvErrorKind,
}

/// Reads a text of variables into `variables`.
///
/// Values may use variables: those `outer` knows first, then those already in `variables`. Names
/// of variables that are not set go to `unset`.
///
/// # Errors
///
/// Returns the first statement that cannot be read; those before it have been kept.
pub(crate) fn read(
    text: &str,
    outer: Lookup<'_, '_>,
    variables: &mut Variables,
    unset: &mut Vec<String>,
) -> Result<(), DotenvError> {
    let mut reader = Reader {
        text,
        outer,
        variables,
        unset,
    };
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while let Some(statement) = statement_start(rest) {
        rest = reader.statement(statement)?;
    }
    Ok(())
}

struct Reader<'a, 'v> {
    text: &'a str,
    outer: Lookup<'a, 'v>,
    variables: &'a mut Variables,
    unset: &'a mut Vec<String>,
}

impl<'a> Reader<'a, '_> {
    /// Reads one statement and returns what is left after it.
    fn statement(&mut self, statement: &'a str) -> Result<&'a str, DotenvError> {
        let name = read_name(statement).map_err(|kind| self.error(statement, kind))?;
        if name.text.contains(' ') {
            let kind = DotenvErrorKind::SpaceInName(name.text.to_owned());
            return Err(self.error(statement, kind));
        }
        if name.inherited {
            if let Some(value) = (self.outer)(name.text) {
                self.variables.set(name.text, value);
            }
            return Ok(name.rest);
        }
        let (value, rest) = self.value(name.rest)?;
        self.variables.set(name.text, value);
        Ok(rest)
    }

    fn value(&mut self, text: &'a str) -> Result<(String, &'a str), DotenvError> {
        let quote = text
            .chars()
            .next()
            .filter(|first| matches!(first, '"' | '\''));
        let Some(quote) = quote else {
            return self.unquoted(text);
        };
        let Some((value, rest)) = read_quoted(text, quote) else {
            return Err(self.error(text, DotenvErrorKind::UnterminatedQuote));
        };
        if quote == '\'' {
            return Ok((value, rest));
        }
        let value = self.expanded(text, &unescaped(&value))?;
        Ok((value, rest))
    }

    fn unquoted(&mut self, text: &'a str) -> Result<(String, &'a str), DotenvError> {
        let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
        let value = line.split_once(" #").map_or(line, |(value, _)| value);
        Ok((self.expanded(text, value.trim_end())?, rest))
    }

    fn expanded(&mut self, place: &str, value: &str) -> Result<String, DotenvError> {
        if !value.contains('$') {
            return Ok(value.to_owned());
        }
        let (outer, known) = (self.outer, &*self.variables);
        let lookup = |name: &str| outer(name).or_else(|| known.get(name));
        template::substitute(value, &lookup, self.unset)
            .map_err(|error| self.error(place, error.into()))
    }

    fn error(&self, place: &str, kind: DotenvErrorKind) -> DotenvError {
        DotenvError {
            at: self.text.len() - place.len(),
            kind,
        }
    }
}

/// Skips blank lines and comments; `None` at the end of the text.
fn statement_start(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once('\n')?.1.trim_start();
    }
    (!rest.is_empty()).then_some(rest)
}

struct Name<'a> {
    text: &'a str,
    rest: &'a str,
    /// `NAME` alone on its line: the value comes from outside.
    inherited: bool,
}

fn read_name(statement: &str) -> Result<Name<'_>, DotenvErrorKind> {
    let text = without_export(statement);
    for (at, character) in text.char_indices() {
        match character {
            '=' | ':' | '\n' => {
                let (name, rest) = text.split_at(at);
                return Ok(Name {
                    text: name.trim_end(),
                    rest: rest
                        .get(1..)
                        .unwrap_or_default()
                        .trim_start_matches(is_blank),
                    inherited: character == '\n',
                });
            }
            '_' | '.' | '-' | '[' | ']' => {}
            other if is_blank(other) || other.is_alphanumeric() => {}
            character => return Err(DotenvErrorKind::UnexpectedCharacter { character }),
        }
    }
    Ok(Name {
        text: "",
        rest: text.trim_start_matches(is_blank),
        inherited: false,
    })
}

fn without_export(statement: &str) -> &str {
    let after = statement.strip_prefix("export");
    let is_export = |rest: &&str| rest.starts_with([' ', '\t', '\n', '\r', '\u{c}']);
    after
        .filter(is_export)
        .map_or(statement, |rest| rest.trim_start_matches(is_blank))
}

/// White space that does not end a line.
fn is_blank(character: char) -> bool {
    matches!(
        character,
        '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}'
    )
}

/// Reads a quoted value: `text` starts with its quote. A backslash stays, but before the quote.
fn read_quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if character == quote && !escaped {
            return Some((value, text.get(at + 1..)?));
        }
        if character == '\\' && !escaped {
            escaped = true;
            continue;
        }
        if escaped && character != quote {
            value.push('\\');
        }
        escaped = false;
        value.push(character);
    }
    None
}

/// Replaces the escapes of double quotes. `\$` becomes `$$`, which the substitution reads as `$`.
fn unescaped(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        output.push_str(before);
        let mut characters = after.chars();
        let simple = match characters.next() {
            Some('$') => Some("$$"),
            Some('"') => Some("\""),
            Some('\\') => Some("\\"),
            Some('a') => Some("\u{7}"),
            Some('b') => Some("\u{8}"),
            Some('f') => Some("\u{c}"),
            Some('n') => Some("\n"),
            Some('r') => Some("\r"),
            Some('t') => Some("\t"),
            Some('v') => Some("\u{b}"),
            _ => None,
        };
        rest = match simple {
            Some(replacement) => {
                output.push_str(replacement);
                characters.as_str()
            }
            None => octal_or_backslash(after, &mut output),
        };
    }
    output.push_str(rest);
    output
}

/// Reads `0` and three octal digits after a backslash; writes the backslash for all else.
fn octal_or_backslash<'a>(after: &'a str, output: &mut String) -> &'a str {
    let digits = after.strip_prefix('0').and_then(|rest| rest.get(..3));
    let code = digits.and_then(|digits| u32::from_str_radix(digits, 8).ok());
    // `\0777` and the like are beyond a byte, which Go's reader of escapes refuses.
    let character = code.filter(|code| *code <= 0xff).and_then(char::from_u32);
    let Some(character) = character else {
        output.push('\\');
        return after;
    };
    output.push(character);
    after.get(4..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{DotenvError, DotenvErrorKind, read};
    use crate::variables::Variables;

    fn outer(name: &str) -> Option<&'static str> {
        (name == "OUTER").then_some("out")
    }

    fn parsed(text: &str) -> Result<Vec<(String, String)>, DotenvError> {
        let mut variables = Variables::new();
        read(text, &outer, &mut variables, &mut Vec::new())?;
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Ok(variables.iter().map(owned).collect())
    }

    fn assert_parsed(text: &str, expected: &[(&str, &str)]) {
        let expected = expected.iter();
        let expected = expected.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        assert_eq!(parsed(text), Ok(expected.collect()), "{text:?}");
    }

    #[test]
    fn statements_of_every_kind_are_read() {
        assert_parsed(
            "A=1\nexport B = 2 \nC: 3\r\n",
            &[("A", "1"), ("B", "2"), ("C", "3")],
        );
        assert_parsed("# note\nA=x # note\nB=x#y\n", &[("A", "x"), ("B", "x#y")]);
        assert_parsed("\u{feff}A=1", &[("A", "1")]);
        assert_parsed("OUTER\nNOWHERE\n", &[("OUTER", "out")]);
        assert_parsed("A.b-[0]=1\n456=x\n", &[("A.b-[0]", "1"), ("456", "x")]);
    }

    #[test]
    fn quotes_decide_about_escapes_and_variables() {
        assert_parsed("A='$B\\n'\n", &[("A", "$B\\n")]);
        assert_parsed(r#"A="x\ty\$z\101\0101\x07""#, &[("A", "x\ty$z\\101A\\x07")]);
        assert_parsed("A=\"two\nlines\"\nB=1", &[("A", "two\nlines"), ("B", "1")]);
        assert_parsed(r"A='it\'s'", &[("A", "it's")]);
        assert_parsed(r"A=\$OUTER", &[("A", "\\out")]);
    }

    #[test]
    fn later_lines_see_earlier_ones_and_the_outside_wins() {
        assert_parsed("A=1\nB=${A}2\n", &[("A", "1"), ("B", "12")]);
        assert_parsed("OUTER=in\nB=$OUTER", &[("OUTER", "in"), ("B", "out")]);
    }

    #[test]
    fn odd_corners_of_the_reference_are_kept() {
        assert_parsed("KEY", &[("", "KEY")]);
        assert_parsed("A=\"a\" b", &[("A", "a"), ("", "b")]);
    }

    #[test]
    fn trouble_is_placed() {
        let at = |text: &str| parsed(text).map_err(|error| (error.at, error.kind));
        let unterminated = DotenvErrorKind::UnterminatedQuote;
        assert_eq!(at("A=1\nB='x\n"), Err((6, unterminated)));
        let space = DotenvErrorKind::SpaceInName("MY KEY".to_owned());
        assert_eq!(at("MY KEY=1"), Err((0, space)));
        let odd = DotenvErrorKind::UnexpectedCharacter { character: '$' };
        assert_eq!(at("A=1\nB$=1"), Err((4, odd)));
    }
}
