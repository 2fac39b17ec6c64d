//! Places in the text of a model, as people count them.

use crate::diagnostic::Position;

/// Where the lines of a text begin. Many tools write a model on one line, so that characters are
/// not counted from its beginning each time.
#[derive(Debug)]
pub(super) struct Lines {
    starts: Vec<usize>,
    /// How many characters stand before each so many bytes.
    counts: Vec<usize>,
    text: String,
}

/// Every how many bytes characters are counted.
const COUNTED_BYTES: usize = 1024;

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(ends).collect(),
            counts: text
                .as_bytes()
                .chunks(COUNTED_BYTES)
                .scan(0, |sum, chunk| {
                    Some(std::mem::replace(sum, *sum + begun(chunk)))
                })
                .collect(),
            text: text.to_owned(),
        }
    }

    /// How many characters begin before a byte.
    fn chars_before(&self, at: usize) -> usize {
        let chunk = at / COUNTED_BYTES;
        let before = self.counts.get(chunk).copied().unwrap_or(0);
        let rest = self.text.as_bytes().get(chunk * COUNTED_BYTES..at);
        before + rest.map_or(0, begun)
    }

    /// The place of some bytes of the text.
    pub(super) fn position(&self, range: std::ops::Range<usize>) -> Position {
        let line = self.starts.partition_point(|start| *start <= range.start);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line));
        let start = start.copied().unwrap_or(0);
        let chars = |range: std::ops::Range<usize>| {
            let count = self.chars_before(range.end);
            let count = count.saturating_sub(self.chars_before(range.start));
            u32::try_from(count).unwrap_or(u32::MAX - 1)
        };
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: chars(start..range.start) + 1,
            length: chars(range).max(1),
        }
    }
}

/// How many characters begin in these bytes of UTF-8.
fn begun(bytes: &[u8]) -> usize {
    let bytes = bytes.iter();
    bytes.filter(|byte| **byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a place is counted in characters, wherever it is. Method: every character of a text
    /// with long lines and letters of two bytes, counted by hand.
    #[test]
    fn places_are_counted_in_characters() {
        let text = format!("{}\nx{}я\n{}", "яz".repeat(1_500), "щ".repeat(700), "ab");
        let lines = Lines::of(&text);
        let (mut line, mut column) = (1, 1);
        for (at, c) in text.char_indices() {
            let place = lines.position(at..at + c.len_utf8());
            assert_eq!((place.line, place.column, place.length), (line, column, 1));
            (line, column) = if c == '\n' {
                (line + 1, 1)
            } else {
                (line, column + 1)
            };
        }
        let end = lines.position(text.len()..text.len());
        assert_eq!((end.line, end.column), (3, 3));
    }
}
