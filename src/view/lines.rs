//! Which line of a file a byte lies in.

use tranship_yaml::{FileId, Sources};

/// Bytes between two counts that are kept: few for large files, and quick to count from.
const STEP: usize = 4096;

/// The line numbers of every text of a load, found without reading a text again for each place.
#[derive(Debug)]
pub(crate) struct LineNumbers<'sources> {
    files: Vec<File<'sources>>,
}

#[derive(Debug)]
struct File<'sources> {
    text: &'sources str,
    /// The line breaks before every multiple of [`STEP`].
    breaks: Vec<usize>,
}

impl<'sources> LineNumbers<'sources> {
    /// Counts the lines of every text.
    pub(crate) fn new(sources: &'sources Sources) -> Self {
        let texts = (0..).map_while(|file| sources.get(FileId(file)));
        Self {
            files: texts.map(|source| File::new(&source.text)).collect(),
        }
    }

    /// The line of a byte, from 1; `None` where the file has no such byte, nor ends before it.
    pub(crate) fn line(&self, file: FileId, at: usize) -> Option<usize> {
        self.files.get(file.0 as usize)?.line(at)
    }
}

impl<'sources> File<'sources> {
    fn new(text: &'sources str) -> Self {
        let mut sum = 0;
        let counts = text.as_bytes().chunks(STEP).map(|bytes| {
            sum += breaks(bytes);
            sum
        });
        Self {
            text,
            breaks: std::iter::once(0).chain(counts).collect(),
        }
    }

    fn line(&self, at: usize) -> Option<usize> {
        let step = at / STEP;
        let rest = self.text.as_bytes().get(step * STEP..at)?;
        Some(self.breaks.get(step)? + breaks(rest) + 1)
    }
}

fn breaks(bytes: &[u8]) -> usize {
    bytes.iter().copied().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_a_long_text_has_its_line() {
        let mut sources = Sources::default();
        let text = "abc\n\nd\n".repeat(STEP / 3);
        let file = sources.add("a", text.as_str());
        let numbers = LineNumbers::new(&sources);
        for at in (0..text.len())
            .step_by(41)
            .chain([STEP - 1, STEP, 2 * STEP, text.len()])
        {
            let expected = text[..at].matches('\n').count() + 1;
            assert_eq!(numbers.line(file, at), Some(expected), "byte {at}");
        }
        assert_eq!(numbers.line(file, text.len() + 1), None);
    }
}
