//! The text of a file made fit to be shown, with the labels moved along.

use std::borrow::Cow;
use std::ops::Range;

use crate::escape;

/// Longer lines are cut around their first label, in bytes.
const LONGEST_LINE: usize = 160;

/// How much of a cut line stands before its first label, in bytes.
const BEFORE_LABEL: usize = 60;

/// A text without anything that steers a terminal, and labels in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt<'text> {
    /// The text.
    pub(crate) text: Cow<'text, str>,
    /// The labels, as byte ranges, in the order they were given.
    pub(crate) labels: Vec<Range<usize>>,
}

impl<'text> Excerpt<'text> {
    /// Makes `text` fit to be shown.
    pub(crate) fn new(text: &'text str, labels: Vec<Range<usize>>) -> Self {
        let is_fit = |line: &str| line.len() <= LONGEST_LINE && !line.contains(is_unfit);
        if text.split('\n').all(is_fit) {
            return Self {
                text: Cow::Borrowed(text),
                labels,
            };
        }
        let mut writer = Writer::new(&labels);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            writer.line(line, start);
            start += line.len();
        }
        writer.reach(start);
        Self {
            labels: writer.moved(),
            text: Cow::Owned(writer.text),
        }
    }
}

fn is_unfit(character: char) -> bool {
    character != '\t' && escape::is_unsafe(character)
}

/// Writes the new text, and notes where the ends of the labels come to stand.
struct Writer<'labels> {
    text: String,
    labels: &'labels [Range<usize>],
    /// The ends of all labels in the old text, in their order there, and their new places.
    ends: Vec<(usize, usize)>,
    reached: usize,
}

impl<'labels> Writer<'labels> {
    fn new(labels: &'labels [Range<usize>]) -> Self {
        let mut ends: Vec<(usize, usize)> = labels
            .iter()
            .flat_map(|label| [(label.start, 0), (label.end, 0)])
            .collect();
        ends.sort_unstable();
        Self {
            text: String::new(),
            labels,
            ends,
            reached: 0,
        }
    }

    fn line(&mut self, line: &str, start: usize) {
        let shown = self.shown(line, start);
        if shown.start > 0 {
            self.text.push('…');
        }
        for (at, character) in line.char_indices() {
            self.reach(start + at);
            if character == '\n' {
                self.text.push('\n');
            } else if shown.contains(&at) {
                self.push(character, line.get(at..));
            } else if at == shown.end {
                self.text.push('…');
            }
        }
    }

    fn push(&mut self, character: char, rest: Option<&str>) {
        if !is_unfit(character) {
            self.text.push(character);
        } else if rest != Some("\r\n") {
            escape::push_escaped(&mut self.text, character);
        }
    }

    /// The part of a line that is shown.
    fn shown(&self, line: &str, start: usize) -> Range<usize> {
        if line.len() <= LONGEST_LINE {
            return 0..line.len();
        }
        let inside = start..start + line.len();
        let first = self
            .labels
            .iter()
            .find(|label| inside.contains(&label.start));
        let first = first.map_or(0, |label| label.start - start);
        let mut from = first.saturating_sub(BEFORE_LABEL);
        // A few characters cut off would take more room than they leave.
        if from < BEFORE_LABEL / 4 {
            from = 0;
        }
        let from = line.floor_char_boundary(from);
        from..line.floor_char_boundary(from + LONGEST_LINE)
    }

    /// Notes the new places of the label ends up to `at` of the old text.
    fn reach(&mut self, at: usize) {
        while let Some((old, new)) = self.ends.get_mut(self.reached) {
            if *old > at {
                return;
            }
            *new = self.text.len();
            self.reached += 1;
        }
    }

    fn moved(&self) -> Vec<Range<usize>> {
        self.labels
            .iter()
            .map(|label| self.moved_end(label.start)..self.moved_end(label.end))
            .collect()
    }

    fn moved_end(&self, old: usize) -> usize {
        let index = self.ends.partition_point(|(end, _)| *end < old);
        self.ends
            .get(index)
            .map_or(self.text.len(), |(_, new)| *new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt<'text>(text: &'text str, labels: &[(usize, usize)]) -> Excerpt<'text> {
        Excerpt::new(
            text,
            labels.iter().map(|(start, end)| *start..*end).collect(),
        )
    }

    fn labelled<'e>(excerpt: &'e Excerpt<'_>) -> Vec<&'e str> {
        let labels = excerpt.labels.iter();
        labels.map(|label| &excerpt.text[label.clone()]).collect()
    }

    #[test]
    fn text_that_is_fit_stays_as_it_is() {
        let excerpt = excerpt("a: ü\n\tb: c", &[(0, 1)]);
        assert!(matches!(excerpt.text, Cow::Borrowed(_)));
    }

    #[test]
    fn labels_move_along_with_escapes() {
        let excerpt = excerpt(
            "a: \u{1b}[2J\r\nb: \u{202e}x\nc: d",
            &[(3, 7), (12, 16), (17, 18)],
        );
        assert_eq!(excerpt.text, "a: <U+001B>[2J\nb: <U+202E>x\nc: d");
        assert_eq!(labelled(&excerpt), ["<U+001B>[2J", "<U+202E>x", "c"]);
    }

    #[test]
    fn a_long_line_is_cut_around_its_label() {
        let text = format!("{{{}key: 1{}\nnext: 2", "ö".repeat(500), "x".repeat(5000));
        let excerpt = excerpt(&text, &[(1001, 1004)]);
        assert_eq!(labelled(&excerpt), ["key"]);
        assert!(
            excerpt.text.lines().all(|line| line.len() < 200),
            "{}",
            excerpt.text
        );
        assert!(excerpt.text.ends_with("…\nnext: 2"));
    }

    #[test]
    fn a_label_behind_the_last_character_stays_there() {
        let excerpt = excerpt("a\r\nb", &[(4, 4)]);
        assert_eq!((excerpt.labels[0].start, excerpt.labels[0].end), (3, 3));
    }
}
