//! Reading on behind an error: what stood in the way is replaced by blanks.
//!
//! Blanks have the length of what they replace, so every span still fits the text as it was.

use std::ops::Range;

/// How many columns a tab is worth when lines are compared; what most editors show.
const TAB_COLUMNS: usize = 8;

/// The lines that one error makes unreadable: the line at `from`, and the lines below it that are
/// indented deeper and so belong to it.
pub(crate) fn block_at(text: &str, from: usize) -> Range<usize> {
    let start = line_start(text, from);
    let first = line(text, start);
    let mut end = start + first.len();
    loop {
        let next = line(text, end);
        if next.is_empty() || !belongs(next, first) {
            return start..end;
        }
        end += next.len();
    }
}

/// Whether `line` lies inside the block that `first` opens.
fn belongs(line: &str, first: &str) -> bool {
    let blank = line.trim().is_empty();
    // Lines with tabs one below the other are one mistake, not many.
    let same_tabs = indentation(first).contains('\t') && indentation(line).contains('\t');
    let closes = line.trim_start().starts_with([']', '}']) && columns(line) == columns(first);
    blank || same_tabs || closes || columns(line) > columns(first)
}

fn columns(line: &str) -> usize {
    indentation(line)
        .bytes()
        .map(|byte| if byte == b'\t' { TAB_COLUMNS } else { 1 })
        .sum()
}

fn indentation(line: &str) -> &str {
    let content = line.trim_start_matches([' ', '\t']);
    line.strip_suffix(content).unwrap_or_default()
}

/// The line that holds the byte `at`, and the lines below it as long as they are indented with
/// tabs.
pub(crate) fn tabbed_lines_at(text: &str, at: usize) -> Range<usize> {
    let start = line_start(text, at);
    let mut end = start + line(text, start).len();
    loop {
        let next = line(text, end);
        if !indentation(next).contains('\t') {
            return start..end;
        }
        end += next.len();
    }
}

/// A copy with a blank for every tab in the indentation of the lines in `range`.
pub(crate) fn without_tabs(text: &str, range: &Range<usize>) -> String {
    let mut copy = text.get(..range.start).unwrap_or_default().to_owned();
    for line in text
        .get(range.clone())
        .unwrap_or_default()
        .split_inclusive('\n')
    {
        let indentation = indentation(line);
        copy.extend(std::iter::repeat_n(' ', indentation.len()));
        copy.push_str(line.get(indentation.len()..).unwrap_or_default());
    }
    copy.push_str(text.get(range.end..).unwrap_or_default());
    copy
}

/// Where the line that holds the byte `at` begins.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    before.rfind('\n').map_or(0, |newline| newline + 1)
}

/// The line that begins at `start`, with its line break.
pub(crate) fn line(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or_default();
    rest.split_inclusive('\n').next().unwrap_or_default()
}

/// A copy with blanks over `range`; line breaks stay.
pub(crate) fn blanked(text: &str, range: &Range<usize>) -> String {
    let (Some(before), Some(inside), Some(after)) = (
        text.get(..range.start),
        text.get(range.clone()),
        text.get(range.end..),
    ) else {
        return text.to_owned();
    };
    let mut copy = String::with_capacity(text.len());
    copy.push_str(before);
    copy.extend(inside.bytes().map(blank));
    copy.push_str(after);
    copy
}

fn blank(byte: u8) -> char {
    match byte {
        b'\n' => '\n',
        b'\r' => '\r',
        _ => ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::{blanked, block_at};

    #[test]
    fn a_block_is_its_line_and_what_is_indented_deeper() {
        let text = "a:\n  b:\n    c: 1\n\n    d: 2\n  e: 3\n";
        assert_eq!(
            text.get(block_at(text, 5)),
            Some("  b:\n    c: 1\n\n    d: 2\n")
        );
        assert_eq!(text.get(block_at(text, 10)), Some("    c: 1\n\n"));
    }

    #[test]
    fn lines_with_tabs_below_each_other_are_one_block() {
        let text = "a:\n\tb: 1\n\tc: 2\n  d: 3\n";
        assert_eq!(text.get(block_at(text, 3)), Some("\tb: 1\n\tc: 2\n"));
    }

    #[test]
    fn blanks_keep_the_length_in_bytes_and_the_lines() {
        let text = "a: é\r\nb: ü\n";
        let copy = blanked(text, &(3..12));
        assert_eq!(copy.len(), text.len());
        assert_eq!(copy.lines().count(), text.lines().count());
        assert_eq!(copy.trim_end(), "a:");
    }
}
