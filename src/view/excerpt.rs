//! The text of a file made fit to be shown, with the labels moved along.

use std::ops::Range;

use crate::escape;

/// Longer lines are cut around their first label, in bytes.
const LONGEST_LINE: usize = 160;

/// How much of a cut line stands before its first label, in bytes.
const BEFORE_LABEL: usize = 60;

/// Lines shown before and after what is labelled; labels no further apart stand in one window.
const MARGIN: usize = 4;

/// A label over more lines than this is one for its first line.
const LONGEST_LABEL: usize = 24;

/// Parts of a text without anything that steers a terminal, and labels in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// The parts, one after the other.
    pub(crate) text: String,
    /// Where each part lies.
    pub(crate) windows: Vec<Window>,
    /// The labels, as byte ranges of the parts, in the order they were given.
    pub(crate) labels: Vec<Range<usize>>,
}

/// One part of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Its bytes in the excerpt.
    pub(crate) shown: Range<usize>,
    /// Its first byte in the whole text.
    pub(crate) start: usize,
}

impl Excerpt {
    /// Takes what is around the labels out of `text` and makes it fit to be shown.
    pub(crate) fn new(text: &str, labels: &[Range<usize>]) -> Self {
        let labels: Vec<Range<usize>> = labels.iter().map(|label| short(text, label)).collect();
        let mut writer = Writer::new(&labels);
        let mut windows = Vec::new();
        for window in surroundings(text, &labels) {
            let begin = writer.text.len();
            let mut start = window.start;
            for line in text
                .get(window.clone())
                .unwrap_or_default()
                .split_inclusive('\n')
            {
                writer.line(line, start);
                start += line.len();
            }
            writer.reach(start);
            windows.push(Window {
                shown: begin..writer.text.len(),
                start: window.start,
            });
        }
        Self {
            labels: writer.moved(),
            text: writer.text,
            windows,
        }
    }
}

/// The label, or the part of it in its first line if it goes over very many.
fn short(text: &str, label: &Range<usize>) -> Range<usize> {
    let inside = text.get(label.clone()).unwrap_or_default();
    let mut breaks = inside.match_indices('\n').map(|(at, _)| at);
    match (breaks.next(), breaks.nth(LONGEST_LABEL)) {
        (Some(first), Some(_)) => label.start..label.start + first,
        (Some(_) | None, _) => label.clone(),
    }
}

/// The lines around each label, in their order; those that meet are one.
fn surroundings(text: &str, labels: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut around: Vec<Range<usize>> = labels.iter().map(|label| around(text, label)).collect();
    around.sort_unstable_by_key(|window| window.start);
    let mut windows: Vec<Range<usize>> = Vec::new();
    for window in around {
        match windows.last_mut() {
            Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
            Some(_) | None => windows.push(window),
        }
    }
    windows
}

fn around(text: &str, label: &Range<usize>) -> Range<usize> {
    let before = text.get(..label.start).unwrap_or_default();
    let after = text.get(label.end..).unwrap_or_default();
    let start = before.rmatch_indices('\n').nth(MARGIN);
    let end = after.match_indices('\n').nth(MARGIN);
    let start = start.map_or(0, |(at, _)| at + 1);
    start..end.map_or(text.len(), |(at, _)| label.end + at + 1)
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
        let part = line.get(shown.clone()).unwrap_or_default();
        for (at, character) in part.char_indices() {
            self.reach(start + shown.start + at);
            match character {
                '\n' => self.text.push('\n'),
                character => self.push(character, part.get(at..)),
            }
        }
        if shown.end < line.len() {
            self.cut_end(line, start, shown.end);
        }
    }

    /// Leaves out what of a line is behind `end`, but for its line break.
    fn cut_end(&mut self, line: &str, start: usize, end: usize) {
        self.reach(start + end);
        let content = line.trim_end_matches('\n').len();
        if end < content {
            self.text.push('…');
        }
        self.reach(start + content);
        if content < line.len() {
            self.text.push('\n');
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

    fn excerpt(text: &str, labels: &[(usize, usize)]) -> Excerpt {
        let labels = labels.iter().map(|(start, end)| *start..*end);
        Excerpt::new(text, &labels.collect::<Vec<_>>())
    }

    fn labelled(excerpt: &Excerpt) -> Vec<&str> {
        let labels = excerpt.labels.iter();
        labels.map(|label| &excerpt.text[label.clone()]).collect()
    }

    #[test]
    fn text_that_is_fit_stays_as_it_is() {
        let excerpt = excerpt("a: ü\n\tb: c", &[(0, 1)]);
        assert_eq!(excerpt.text, "a: ü\n\tb: c");
    }

    #[test]
    fn labels_far_apart_have_windows_of_their_own() {
        let text = "line\n".repeat(100) + "a: 1\n" + &"line\n".repeat(1000) + "b: 2\n";
        let excerpt = excerpt(&text, &[(5500, 5501), (500, 501), (505, 509)]);
        assert_eq!(labelled(&excerpt), ["l", "a", "line"]);
        let starts: Vec<usize> = excerpt.windows.iter().map(|window| window.start).collect();
        assert_eq!(starts, [480, 5480]);
        assert_eq!(excerpt.text.lines().count(), 10 + 6);
    }

    #[test]
    fn a_label_over_a_whole_file_is_one_for_its_first_line() {
        let text = "line\n".repeat(1000);
        let excerpt = excerpt(&text, &[(5, 5000)]);
        assert_eq!(labelled(&excerpt), ["line"]);
        assert_eq!(excerpt.text.lines().count(), 1 + 1 + MARGIN);
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
