//! Scalars as text.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{RenderError, spaces};

/// Words some reader takes for something other than a string, in lower case.
const RESERVED: &[&str] = &[
    "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf",
];

/// Writes several lines as a block where that shows them as they are, and else in quotes.
pub(super) fn lines(text: &mut String, value: &str, indent: usize) -> Result<(), RenderError> {
    let body = value.strip_suffix('\n');
    let shown = body.unwrap_or(value);
    let is_plain = |line: &str| {
        !line.ends_with(' ')
            && line
                .chars()
                .all(|letter| matches!(letter, ' '..='~' | 'À'..='ÿ'))
    };
    let is_block = !shown.is_empty()
        && !shown.starts_with(['\n', ' '])
        && !shown.ends_with('\n')
        && shown.split('\n').all(is_plain);
    if !is_block {
        text.push_str(&quoted(value)?);
        text.push('\n');
        return Ok(());
    }
    text.push_str(if body.is_some() { "|\n" } else { "|-\n" });
    for line in shown.split('\n') {
        if !line.is_empty() {
            spaces(text, indent);
            text.push_str(line);
        }
        text.push('\n');
    }
    Ok(())
}

/// A string of one line as it is written, in quotes where it has to be.
pub(super) fn word(value: &str) -> Result<Cow<'_, str>, RenderError> {
    if cannot_be_mistaken(value) {
        return Ok(Cow::Borrowed(value));
    }
    if is_quoted_as_it_is(value) {
        return Ok(Cow::Owned(["\"", value, "\""].concat()));
    }
    quoted(value).map(Cow::Owned)
}

/// Whether no reader takes a plain scalar for anything but this string: it begins like a word, a
/// path or an option, so it is no number and no mark, goes on with signs that have no meaning
/// inside, and is no word that has one. A colon means something before a blank or at the end.
///
/// What is long is one word of signs that mean nothing anywhere: the library would fold the rest.
fn cannot_be_mistaken(value: &str) -> bool {
    let bytes = value.as_bytes();
    let sound = |byte: &u8| SOUNDS.get(usize::from(*byte)).unwrap_or(&LOUD);
    let loudest = bytes
        .iter()
        .fold(QUIET, |loudest, byte| loudest | sound(byte));
    let is_short = value.len() <= UNFOLDED;
    let is_plain_inside = match loudest {
        QUIET => true,
        GENTLE => is_short && !value.contains(": "),
        _ => false,
    };
    let begins_plainly = match bytes {
        [b'-', b'-', letter, ..] => is_short && letter.is_ascii_alphabetic(),
        [b'/', ..] => is_short,
        [first, ..] => first.is_ascii_alphabetic(),
        [] => false,
    };
    is_plain_inside
        && begins_plainly
        && !matches!(bytes.last(), Some(b':' | b' '))
        && !is_reserved(value)
}

fn is_reserved(value: &str) -> bool {
    value.len() <= LONGEST_RESERVED
        && RESERVED
            .iter()
            .any(|reserved| value.eq_ignore_ascii_case(reserved))
}

/// Whether a string surely needs quotes and nothing else: a word that means something, or digits
/// and points, which some reader takes for a number.
fn is_quoted_as_it_is(value: &str) -> bool {
    let is_number = value.starts_with(|first: char| first.is_ascii_digit())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_number || is_reserved(value)
}

/// The length of `false`, which no reserved word exceeds.
const LONGEST_RESERVED: usize = 5;

/// The length up to which the library folds nothing.
const UNFOLDED: usize = 80;

/// A byte that means nothing in a plain scalar.
const QUIET: u8 = 0;

/// A byte that means nothing inside a plain scalar, but something at its ends or beside others.
const GENTLE: u8 = 1;

/// A byte that has to be looked at closely.
const LOUD: u8 = 2;

/// What each byte is.
const SOUNDS: [u8; 256] = {
    let mut sounds = [LOUD; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        #[expect(clippy::indexing_slicing, reason = "there is one for every byte")]
        {
            sounds[byte as usize] = match byte {
                b'#' => LOUD,
                b'-' | b'_' | b'.' | b'/' | b'=' | b'@' | b':' => QUIET,
                _ if byte.is_ascii_alphanumeric() => QUIET,
                _ => GENTLE,
            };
        }
        byte += 1;
    }
    sounds
};

/// A string as the library writes it alone on a line.
fn quoted(value: &str) -> Result<String, RenderError> {
    if value.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        return Ok(escaped(value));
    }
    let mut text = serde_saphyr::to_string(&value)?;
    text.truncate(text.trim_end_matches('\n').len());
    // Folded over several lines it would need to know how far it is indented.
    Ok(if text.contains('\n') {
        escaped(value)
    } else {
        text
    })
}

/// A string in double quotes, with everything escaped that is not plain ASCII.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 8);
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            ' '..='~' => text.push(letter),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\U{:08X}", u32::from(letter));
            }
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every string of up to four of these signs.
    fn short() -> Vec<String> {
        let signs = [
            "a", "no", "/", "-", ":", " ", "#", ".", "1", "0", "\"", "{", ",", "$", "~",
        ];
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..4 {
            let longer = |text: &String| signs.map(|sign| format!("{text}{sign}"));
            last = last.iter().flat_map(longer).collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    /// A string that begins in each way, goes on with each sign, and is about as long as is folded.
    fn long() -> Vec<String> {
        let beginnings = ["a", "/a", "--a", "1"];
        let signs = ["a", " a", "/", "-", ":", ".", "{", ",", "$", "\"", "é"];
        let lengths = UNFOLDED - 2..UNFOLDED + 3;
        let mut all = Vec::new();
        for length in lengths {
            for (beginning, sign) in beginnings
                .iter()
                .flat_map(|one| signs.map(|sign| (one, sign)))
            {
                let text = format!("{beginning}{}", sign.repeat(length));
                all.push(text.chars().take(length).collect());
            }
        }
        all
    }

    #[test]
    fn what_is_decided_at_once_is_what_the_library_decides() {
        let reserved = RESERVED.iter().map(|word| word.to_uppercase());
        let mut decided = 0;
        for text in short().into_iter().chain(reserved).chain(long()) {
            let is_decided = cannot_be_mistaken(&text) || is_quoted_as_it_is(&text);
            // Long words are written as they are, which the library folds.
            if text.len() <= UNFOLDED || !is_decided {
                assert_eq!(word(&text).unwrap(), quoted(&text).unwrap(), "{text:?}");
            }
            decided += usize::from(is_decided);
        }
        assert!(decided > 5_000, "{decided}");
    }

    #[test]
    fn of_long_strings_only_words_are_written_as_they_are() {
        let plain: Vec<String> = long()
            .into_iter()
            .filter(|text| text.len() > UNFOLDED && cannot_be_mistaken(text))
            .collect();
        assert!(!plain.is_empty());
        for text in plain {
            let is_quiet = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./=@:".contains(&byte);
            assert!(
                text.starts_with('a') && text.bytes().all(is_quiet),
                "{text}"
            );
        }
    }
}
