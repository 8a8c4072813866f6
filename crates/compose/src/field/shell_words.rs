//! Commands, and how a line of text is split into one.

use serde::{Serialize, Serializer};
use thiserror::Error;

/// A program and its arguments. An empty list clears what the image brings.
///
/// Source: [Compose specification, `command`](https://docs.docker.com/reference/compose-file/services/#command).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ShellCommand(pub Vec<String>);

/// Why a line cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ShellWordsError {
    /// A quote, a backquote, `$(` or a backslash at the end has no partner.
    #[error("a quote in the command is not closed")]
    Unterminated,
    /// An opening parenthesis outside quotes.
    #[error("an opening parenthesis must stand in quotes")]
    Parenthesis,
}

/// A line split into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The words.
    pub words: Vec<String>,
    /// What was cut off, from the first `;`, `|`, `&`, `<` or `>` outside quotes.
    pub cut: Option<String>,
}

impl ShellCommand {
    /// Splits a line as compose does (mattn/go-shellwords).
    ///
    /// # Errors
    ///
    /// Returns [`ShellWordsError`] when quotes or parentheses do not match.
    pub fn split(line: &str) -> Result<Split, ShellWordsError> {
        let mut splitter = Splitter::default();
        let mut cut = None;
        for (at, letter) in line.char_indices() {
            if splitter.stops_at(letter) {
                splitter.drop_descriptor(letter);
                cut = line.get(at..).map(str::to_owned);
                break;
            }
            splitter.read(letter)?;
        }
        Ok(Split {
            words: splitter.finish()?,
            cut,
        })
    }
}

impl Serialize for ShellCommand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Which quotes a letter stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the reference lets these overlap in odd input"
)]
struct Quotes {
    single: bool,
    double: bool,
    back: bool,
    dollar: bool,
}

#[derive(Debug, Default)]
struct Splitter {
    words: Vec<String>,
    word: String,
    /// Whether `word` counts even when it is empty.
    in_word: bool,
    escaped: bool,
    quotes: Quotes,
}

impl Splitter {
    fn quoted(&self) -> bool {
        self.quotes != Quotes::default()
    }

    fn stops_at(&self, letter: char) -> bool {
        matches!(letter, ';' | '&' | '|' | '<' | '>') && !self.escaped && !self.quoted()
    }

    /// `2>` is a file descriptor, not a word.
    fn drop_descriptor(&mut self, letter: char) {
        if letter == '>' && self.word.starts_with(|first: char| first.is_ascii_digit()) {
            self.in_word = false;
        }
    }

    fn read(&mut self, letter: char) -> Result<(), ShellWordsError> {
        if self.escaped {
            self.escaped = false;
            self.push(letter);
            return Ok(());
        }
        match letter {
            '\\' if !self.quotes.single => self.escaped = true,
            // Unlike any other letter, this one does not begin a word by itself.
            '\\' => self.word.push(letter),
            ' ' | '\t' | '\r' | '\n' => self.read_blank(letter),
            '"' | '\'' if self.toggle_quote(letter) => {}
            '(' if !self.quotes.single && !self.quotes.double && !self.quotes.back => {
                self.read_open()?;
            }
            other => {
                self.toggle_substitution(other);
                self.push(other);
            }
        }
        Ok(())
    }

    fn push(&mut self, letter: char) {
        self.in_word = true;
        self.word.push(letter);
    }

    fn read_blank(&mut self, letter: char) {
        if self.quoted() {
            self.word.push(letter);
        } else if self.in_word {
            self.words.push(std::mem::take(&mut self.word));
            self.in_word = false;
        }
    }

    /// Opens or closes a quote; `false` when the letter stands for itself here.
    fn toggle_quote(&mut self, letter: char) -> bool {
        let Quotes {
            single,
            double,
            back: _,
            dollar,
        } = self.quotes;
        let (own, other) = if letter == '"' {
            (double, single)
        } else {
            (single, double)
        };
        if other || dollar {
            return false;
        }
        if own {
            self.in_word = true;
        }
        if letter == '"' {
            self.quotes.double = !double;
        } else {
            self.quotes.single = !single;
        }
        true
    }

    /// A parenthesis is only taken behind `$`.
    fn read_open(&mut self) -> Result<(), ShellWordsError> {
        if self.quotes.dollar || !self.word.ends_with('$') {
            return Err(ShellWordsError::Parenthesis);
        }
        self.quotes.dollar = true;
        self.word.push('(');
        Ok(())
    }

    /// Backquotes and the end of `$(…)` change the state and stay in the word.
    fn toggle_substitution(&mut self, letter: char) {
        let Quotes {
            single,
            double,
            back,
            dollar,
        } = self.quotes;
        if letter == '`' && !single && !double && !dollar {
            self.quotes.back = !back;
        }
        if letter == ')' && !single && !double && !back {
            self.quotes.dollar = !dollar;
        }
    }

    fn finish(mut self) -> Result<Vec<String>, ShellWordsError> {
        if self.in_word {
            self.words.push(std::mem::take(&mut self.word));
        }
        if self.escaped || self.quoted() {
            return Err(ShellWordsError::Unterminated);
        }
        Ok(self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Vec<String>, ShellWordsError> {
        ShellCommand::split(line).map(|split| split.words)
    }

    #[test]
    fn quotes_and_backslashes_are_taken_off() {
        for (line, expected) in [
            ("", vec![]),
            ("a  b", vec!["a", "b"]),
            (r#"a "b c" 'd "e'"#, vec!["a", "b c", "d \"e"]),
            (r"a\ b", vec!["a b"]),
            (r#"a "" ''"#, vec!["a", "", ""]),
            ("a #b", vec!["a", "#b"]),
            (
                "echo $(date now) `x y`",
                vec!["echo", "$(date now)", "`x y`"],
            ),
            ("*.txt", vec!["*.txt"]),
        ] {
            assert_eq!(
                words(line),
                Ok(expected.into_iter().map(str::to_owned).collect()),
                "{line}"
            );
        }
    }

    #[test]
    fn a_line_is_cut_at_shell_operators() {
        for (line, left, cut) in [
            ("echo a; b", vec!["echo", "a"], "; b"),
            ("a && b", vec!["a"], "&& b"),
            ("a 2>err", vec!["a"], ">err"),
            ("a b>c", vec!["a", "b"], ">c"),
        ] {
            let left = left.into_iter().map(str::to_owned).collect();
            assert_eq!(
                ShellCommand::split(line),
                Ok(Split {
                    words: left,
                    cut: Some(cut.to_owned())
                })
            );
        }
    }

    #[test]
    fn unbalanced_lines_are_refused() {
        assert_eq!(words("a 'b"), Err(ShellWordsError::Unterminated));
        assert_eq!(words("a \\"), Err(ShellWordsError::Unterminated));
        assert_eq!(words("a (b)"), Err(ShellWordsError::Parenthesis));
    }
}
